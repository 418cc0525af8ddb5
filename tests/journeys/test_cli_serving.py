"""`doorstep serve` as an operator meets it: it starts, says what to know, stops, and leaves nothing behind."""

import os
import signal
import socket
import sqlite3
from pathlib import Path

import httpx
import pytest

from tests.journeys.console import Serving, doorstep, eventually, is_running, serving

GOOD_SECRET = "k" * 48


def get(running: Serving, path: str) -> httpx.Response:
    return httpx.get(running.address + path, timeout=30)


def test_it_serves_the_demo_city_and_tells_how_to_begin(tmp_path: Path) -> None:
    with serving(tmp_path, "--demo", "--workers", "2") as running:
        assert get(running, "/readyz").json() == {"state": "ready"}
        assert set(running.children()) == {"web", "web1", "jobs"}
        assert eventually(lambda: "/c/" in "".join(running.out))
        told = "".join(running.out)
        link = next(word for word in told.split() if "/c/" in word)
        assert link.startswith(running.address)
        assert get(running, link.removeprefix(running.address)).status_code in (200, 303)
        for part in (
            "/desk",
            "/t",
            "doorstep-trial",
            "dispatcher",
            "演示证书",
            "demo authority",
            "__Host-",
            "messages",
        ):
            assert part in told, part
        answer = httpx.post(
            f"{running.address}/sign-in",
            data={"login": "dispatcher", "password": "doorstep-trial"},
            headers={"Sec-Fetch-Site": "same-origin"},
        )
        assert (answer.status_code, answer.headers["location"]) == (303, "/desk")
        assert running.stop() == 0
        assert link.rsplit("/", 1)[1] not in "".join(running.log), "a link's secret stands in no log"
        assert "GET /c/" in "".join(running.log), "the request itself was logged"
    with serving(tmp_path, "--demo", "--no-jobs") as again:
        assert set(again.children()) == {"web"}
        told = "".join(again.out)
        assert "Writing the demo city" not in told, "filled once"
        assert "doorstep-trial" in told
        assert "No jobs here" in told
        assert again.stop(signal.SIGINT) == 0


def test_a_process_that_dies_is_started_again(tmp_path: Path) -> None:
    with serving(tmp_path) as running:
        before = running.children()
        for role in ("jobs", "web"):
            os.kill(before[role], signal.SIGKILL)
        assert eventually(
            lambda: (
                running.children().keys() == before.keys()
                and not set(running.children().values()) & set(before.values())
            )
        )
        assert eventually(lambda: _answers(running))
        assert any("jobs ended" in line for line in running.log)


def _answers(running: Serving) -> bool:
    try:
        return get(running, "/healthz").status_code == 200
    except httpx.HTTPError:
        return False


def test_killing_the_parent_leaves_no_orphans(tmp_path: Path) -> None:
    with serving(tmp_path) as running:
        pids = list(running.children().values())
        assert len(pids) == 2
        running.process.kill()
        running.process.wait()
        assert eventually(lambda: not any(is_running(pid) for pid in pids))


def test_stopping_ends_every_process(tmp_path: Path) -> None:
    with serving(tmp_path) as running:
        pids = list(running.children().values())
        assert running.stop() == 0
        assert not any(is_running(pid) for pid in pids)
        assert "已停止" in "".join(running.out) or eventually(lambda: "已停止" in "".join(running.out), 5)


def test_production_needs_a_secret_of_its_own(tmp_path: Path) -> None:
    said = doorstep(tmp_path, "serve", "--port", "0", environment="production")
    assert said.code == 3
    assert "DOORSTEP_SECRET" in said.err
    assert "无法启动" in said.err
    short = doorstep(tmp_path, "serve", "--port", "0", environment="production", secret="short")
    assert (short.code, "longer" in short.err, "short random" in short.err) == (3, True, False)


def test_production_needs_a_data_key_and_another_one_opens_nothing(tmp_path: Path) -> None:
    said = doorstep(tmp_path, "migrate", environment="production", secret=GOOD_SECRET)
    assert said.code == 3
    assert "DOORSTEP_DATA_KEY" in said.err
    order = tmp_path / "orders.csv"
    order.write_text(
        "工单号,类型,客户姓名,联系电话,装机地址,宽带账号\nA-1,装机,王五,13800000011,龘园路1号,sh02150001\n",
        encoding="utf-8",
    )
    assert doorstep(tmp_path, "import", str(order), data_key=GOOD_SECRET).code == 0
    assert doorstep(tmp_path, "ledger", "verify", data_key=GOOD_SECRET).code == 0
    other = doorstep(tmp_path, "ledger", "verify", data_key="d" * 48)
    assert (other.code, "DOORSTEP_DATA_KEY" in other.err) == (3, True)


def test_production_migrates_only_when_told(tmp_path: Path) -> None:
    production = {"environment": "production", "secret": GOOD_SECRET, "data_key": "d" * 48}
    production |= {"public_url": "https://visits.example.net"}
    refused = doorstep(tmp_path, "serve", "--port", "0", **production)
    assert refused.code == 3
    assert "run `doorstep migrate`" in refused.err
    assert doorstep(tmp_path, "migrate", **production).code == 0
    with serving(tmp_path, **production) as running:
        assert "https://visits.example.net" in "".join(running.out)
        assert "__Host-" not in "".join(running.out), "on https there is nothing to remark"


def test_a_newer_schema_and_a_damaged_file_are_refused_with_what_to_do(tmp_path: Path) -> None:
    assert doorstep(tmp_path, "migrate").code == 0
    file = tmp_path / "var" / "doorstep.db"
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    for command in (["serve", "--port", "0"], ["jobs"], ["migrate"], ["user", "list"]):
        newer = doorstep(tmp_path, *command)
        assert newer.code == 3
        assert "newer version" in newer.err
    file.write_bytes(b"this was a database once" * 500)
    for extra in ("-wal", "-shm"):
        file.with_name(file.name + extra).unlink(missing_ok=True)
    damaged = doorstep(tmp_path, "serve", "--port", "0")
    assert damaged.code == 3
    assert "restore a backup" in damaged.err
    assert "数据库无法使用" in damaged.err


def test_damage_inside_the_file_is_found_at_start(tmp_path: Path) -> None:
    assert doorstep(tmp_path, "demo").code == 0
    file = tmp_path / "var" / "doorstep.db"
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    content = bytearray(file.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 40_000] = b"\xa5" * 40_000
    file.write_bytes(content)
    damaged = doorstep(tmp_path, "serve", "--port", "0")
    assert damaged.code == 3
    assert "damaged" in damaged.err


@pytest.mark.parametrize(
    ("wrong", "value"),
    [("pool_size", "many-secret"), ("time_zone", "Mars/secret"), ("quiet_from", "24"), ("environment", "secret-prod")],
)
def test_a_wrong_setting_is_named_and_its_value_is_not_shown(tmp_path: Path, wrong: str, value: str) -> None:
    said = doorstep(tmp_path, "user", "list", **{wrong: value})
    assert said.code == 3
    assert f"DOORSTEP_{wrong.upper()}" in said.err
    assert "secret" not in said.err


def test_a_taken_port_and_a_database_that_is_away_are_told_plainly(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        said = doorstep(tmp_path, "serve", "--port", port)
    assert (said.code, "--port 8080" in said.err) == (3, True)
    away = doorstep(tmp_path, "serve", "--port", "0", database_url="postgresql://nobody:geheim@127.0.0.1:1/none")
    assert away.code == 3
    assert "DOORSTEP_DATABASE_URL" in away.err
    assert "geheim" not in away.err


def test_the_published_password_is_not_served_to_strangers(tmp_path: Path) -> None:
    assert doorstep(tmp_path, "demo").code == 0
    said = doorstep(tmp_path, "serve", "--port", "0", "--host", "0.0.0.0")
    assert said.code == 3
    assert "doorstep user password" in said.err


def test_a_seal_that_cannot_be_used_is_told_at_start(tmp_path: Path) -> None:
    tmp_path.mkdir(exist_ok=True)
    (tmp_path / "seal.p12").write_bytes(b"no seal")
    said = doorstep(tmp_path, "serve", "--port", "0", seal_pkcs12=tmp_path / "seal.p12")
    assert said.code != 0
    assert "seal.p12" in said.err


def test_wrong_usage_is_two(tmp_path: Path) -> None:
    assert doorstep(tmp_path, "serve", "--workers", "0").code == 2
    assert doorstep(tmp_path, "fly").code == 2
    assert doorstep(tmp_path, "--help").code == 0

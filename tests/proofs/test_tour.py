"""The tour plays the whole day on either engine and leaves what it promises."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from dispatch.database import Database
from tests.proofs.serving import COMMAND

SAMPLE = Path(__file__).resolve().parents[2] / "docs/samples/orders-zh.csv"


def tour(out: Path, database: Database, *more: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "DOORSTEP_DATABASE_URL": database.url.render_as_string(hide_password=False)}
    return subprocess.run([COMMAND, "tour", "--out", str(out), *more], env=environment, capture_output=True, text=True)


@pytest.mark.heavy
@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("database_url", "orders"),
    [("sqlite", None), ("postgresql", SAMPLE)],
    ids=["own orders on SQLite", "a file's orders on PostgreSQL"],
    indirect=["database_url"],
)
def test_the_tour_plays_a_day_and_leaves_its_proofs(database: Database, tmp_path: Path, orders: Path | None) -> None:
    out = tmp_path / "out"
    ran = tour(out, database, *(["--orders", str(orders)] if orders else []))
    assert ran.returncode == 0, ran.stdout + ran.stderr
    health = json.loads((out / "health-file.json").read_text())
    assert len(health["visits"]) == 1
    assert len(list((out / "messages").glob("*.json"))) >= 4
    signatures = subprocess.run(["pdfsig", "-nocert", out / "record.pdf"], capture_output=True, text=True).stdout
    assert signatures.count("Signature is Valid") == 3
    assert "Total document signed" in signatures
    environment = {
        **os.environ,
        "DOORSTEP_DATA_DIR": str(out / "var"),
        "DOORSTEP_DATABASE_URL": database.url.render_as_string(hide_password=False),
    }

    def verdict(file: Path) -> int:
        return subprocess.run([COMMAND, "verify", str(file)], env=environment, capture_output=True).returncode

    assert verdict(out / "record.pdf") == 0
    whole = (out / "record.pdf").read_bytes()
    for name, content in (
        ("flipped", whole[:5000] + bytes([whole[5000] ^ 1]) + whole[5001:]),
        ("longer", whole + b"\n"),
    ):
        (out / name).write_bytes(content)
        assert verdict(out / name) == 1, name
    text = subprocess.run(["pdftotext", out / "record.pdf", "-"], capture_output=True, text=True).stdout
    if orders is None:
        assert "王𬭎" in text
        assert "上海市浦东新区张江镇龘园路88弄3号楼1202室（㛃湾小区）" in "".join(text.split())

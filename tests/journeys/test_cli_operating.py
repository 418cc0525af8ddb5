"""What an operator does at the console, with the real command: accounts, tokens, import, verify, backup, demo."""

import sqlite3
import zipfile
from pathlib import Path
from uuid import UUID

import pytest

from tests.journeys.console import doorstep

PASSWORD = "a-long-password\n"
GOOD = "工单号,类型,客户姓名,联系电话,装机地址\nWO-1,维修,王𬭎,13800000001,龘园路1号\n"
BAD_ROW = "WO-2,维修,林㛃,1.38E+10,龘园路2号\n"


def test_accounts_and_tokens_are_kept_from_the_console(tmp_path: Path) -> None:
    added = doorstep(tmp_path, "user", "add", "han", "--role", "dispatcher", "--name", "韩𬭎", stdin=PASSWORD)
    assert (added.code, "已新建账号 han" in added.out, "is there" in added.out) == (0, True, True)
    listed = doorstep(tmp_path, "user", "list")
    assert "han" in listed.out
    assert "韩𬭎" in listed.out
    assert "a-long-password" not in added.out + listed.out
    again = doorstep(tmp_path, "user", "add", "han", "--role", "admin", stdin=PASSWORD)
    assert (again.code, "已存在" in again.err, "exists already" in again.err) == (1, True, True)
    short = doorstep(tmp_path, "user", "add", "wu", "--role", "admin", stdin="short\n")
    assert (short.code, "10" in short.err) == (1, True)
    none = doorstep(tmp_path, "user", "add", "wu", "--role", "admin", stdin="")
    assert (none.code, "standard input" in none.err) == (1, True)
    assert doorstep(tmp_path, "user", "add", "wu", "--role", "emperor", stdin=PASSWORD).code == 2
    alone = doorstep(tmp_path, "user", "add", "wu", "--role", "technician", stdin=PASSWORD)
    assert (alone.code, "--technician" in alone.err) == (1, True)

    made = doorstep(tmp_path, "token", "create", "han", "--label", "bss", "--days", "30")
    token = made.out.strip()
    assert made.code == 0
    assert token.startswith("ds_")
    assert "\n" not in token, "only the token stands on standard output"
    tokens = doorstep(tmp_path, "token", "list", "han")
    assert "bss" in tokens.out
    assert "valid" in tokens.out
    assert token not in tokens.out
    assert doorstep(tmp_path, "token", "revoke", tokens.out.split()[0]).code == 0
    assert "ended" in doorstep(tmp_path, "token", "list").out
    assert doorstep(tmp_path, "token", "revoke", "zzz").code == 1

    assert doorstep(tmp_path, "user", "role", "han", "supervisor").code == 0
    assert "supervisor" in doorstep(tmp_path, "user", "list").out
    assert doorstep(tmp_path, "user", "password", "han", stdin="another-long-one\n").code == 0
    assert doorstep(tmp_path, "user", "disable", "han").code == 0
    assert "disabled" in doorstep(tmp_path, "user", "list").out
    nobody = doorstep(tmp_path, "user", "disable", "nobody")
    assert (nobody.code, "没有账号" in nobody.err, "no account" in nobody.err) == (1, True, True)


def test_a_file_is_imported_whole_or_not_at_all(tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    file.write_text(GOOD + BAD_ROW, encoding="utf-8")
    refused = doorstep(tmp_path, "import", "orders.csv", "--refused-rows", "back.csv")
    assert refused.code == 1
    assert "第 3 行" in refused.err
    assert "lines 3 cannot be read" in refused.err
    assert "Nothing was imported" in refused.err
    back = (tmp_path / "back.csv").read_text(encoding="utf-8-sig")
    assert "林㛃" in back
    assert "WO-1" not in back
    tried = doorstep(tmp_path, "import", "orders.csv", "--skip-bad", "--dry-run", "--language", "en")
    assert (tried.code, "New: 1." in tried.out, "nothing stored" in tried.out) == (0, True, True)
    assert "Orders read: 1" in tried.out
    taken = doorstep(tmp_path, "import", "orders.csv", "--skip-bad")
    assert (taken.code, "New: 1." in taken.out) == (0, True), "the dry run stored nothing"
    again = doorstep(tmp_path, "import", "orders.csv", "--skip-bad")
    assert (again.code, "Known already: 1." in again.out) == (0, True)
    file.write_text(GOOD.replace("龘园路1号", "龘园路9号"), encoding="utf-8")
    changed = doorstep(tmp_path, "import", "orders.csv")
    assert (changed.code, "known with other content" in changed.err) == (1, True)
    file.write_bytes(b"%PDF-1.7 no table")
    wrong = doorstep(tmp_path, "import", "orders.csv")
    assert (wrong.code, "CSV" in wrong.err) == (1, True)
    assert doorstep(tmp_path, "import", "nothing.csv").code == 2


@pytest.mark.timeout(300)
def test_what_was_backed_up_is_restored_and_proves_its_records(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    assert doorstep(first, "backup", "b.tar.gz").code == 3, "there is nothing to back up yet"
    filled = doorstep(first, "demo")
    assert (filled.code, "12 technicians, 80 work orders" in filled.out) == (0, True)
    twice = doorstep(first, "demo")
    assert (twice.code, "非空" in twice.err or "空库" in twice.err) == (1, True)
    backed = doorstep(first, "backup", "b.tar.gz")
    assert backed.code == 0
    assert doorstep(first, "backup", "b.tar.gz").code == 1, "an earlier backup is never overwritten"
    onto = doorstep(first, "restore", "b.tar.gz")
    assert (onto.code, "not empty" in onto.err) == (1, True)
    file = str(first / "b.tar.gz")
    restored = doorstep(second, "restore", file)
    assert restored.code == 0, restored.err
    rows = backed.out.split(" rows")[0].split()[-1]
    assert f"Restored {rows} rows" in restored.out
    assert doorstep(second, "user", "list").out == doorstep(first, "user", "list").out
    (first / "cut.tar.gz").write_bytes((first / "b.tar.gz").read_bytes()[:5000])
    cut = doorstep(tmp_path / "third", "restore", str(first / "cut.tar.gz"))
    assert (cut.code, "无法使用" in cut.err) == (1, True)


def test_verifying_says_what_a_file_is_by_its_exit_code_too(tmp_path: Path) -> None:
    file = tmp_path / "letter.pdf"
    file.write_bytes(b"%PDF-1.4\n%%EOF\n")
    said = doorstep(tmp_path, "verify", "letter.pdf")
    assert (said.code, "Not one of our records" in said.out, "不是本系统" in said.out) == (1, True, True)
    assert doorstep(tmp_path, "verify", "missing.pdf").code == 2


def test_the_demo_city_is_not_filled_where_its_numbers_would_be_called(tmp_path: Path) -> None:
    said = doorstep(tmp_path, "demo", sms_url="https://sms.example.net/send")
    assert (said.code, "DOORSTEP_SMS_URL" in said.err) == (1, True)


def test_outside_of_trials_passwords_are_made_up_and_told_once(tmp_path: Path) -> None:
    told = doorstep(tmp_path, "demo", host="0.0.0.0")
    assert told.code == 0
    assert "doorstep-trial" not in told.out
    lines = [line.split() for line in told.out.splitlines() if line.startswith("  ")]
    passwords = {line[0]: line[1] for line in lines if line and line[0] in ("admin", "dispatcher", "t01")}
    assert len(set(passwords.values())) == 3
    assert all(len(password) >= 12 for password in passwords.values())


def test_a_lines_whole_file_is_exported_from_the_console(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text(GOOD, encoding="utf-8")
    assert doorstep(tmp_path, "import", "orders.csv").code == 0
    with sqlite3.connect(next(tmp_path.rglob("doorstep.db"))) as database:
        line = UUID(database.execute("SELECT id FROM lines").fetchone()[0])
    exported = doorstep(tmp_path, "export", "line", str(line), "--out", "line.zip")
    assert (exported.code, exported.err) == (0, "")
    assert zipfile.ZipFile(tmp_path / "line.zip").testzip() is None
    assert (tmp_path / "line.zip").stat().st_mode & 0o077 == 0
    assert doorstep(tmp_path, "export", "line", str(line), "--out", "line.zip").code == 1, "nothing is overwritten"
    assert doorstep(tmp_path, "export", "customer", str(line), "--out", "other.zip").code == 1

"""The shape of the house, held by the contracts in .importlinter and a few rules that imports do not show."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
OURS = [path for package in ("checklists", "dispatch", "mobile_api") for path in (ROOT / package).rglob("*.py")]
TOO_LONG = 300
NO_NAMES = {"utils", "helpers", "services", "manager", "common", "misc"}


def test_every_import_contract_is_kept() -> None:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout[-3000:]
    assert "0 broken" in ran.stdout


@pytest.mark.parametrize("path", OURS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_is_one_room(path: Path) -> None:
    assert path.stem not in NO_NAMES
    assert len(path.read_text().splitlines()) <= TOO_LONG, "cut it by capability"

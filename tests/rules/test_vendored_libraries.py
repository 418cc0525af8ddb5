"""What the browser runs from others is exactly what the lock names, with its licence beside it."""

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCK_TEXT = (ROOT / "tools/browser_libraries.lock.json").read_text()
LIBRARIES: list[dict[str, Any]] = json.loads(LOCK_TEXT)["libraries"]
FILES = [(library, file) for library in LIBRARIES for file in library["files"]]
NAMES = [f"{library['package']}:{file['name']}" for library, file in FILES]


@pytest.mark.parametrize(("library", "file"), FILES, ids=NAMES)
def test_a_vendored_file_is_the_one_in_the_lock(library: dict[str, Any], file: dict[str, Any]) -> None:
    content = (ROOT / library["to"] / file["name"]).read_bytes()
    assert "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode() == file["sha512"]


def test_nothing_is_vendored_that_the_lock_does_not_name() -> None:
    named = {ROOT / library["to"] / file["name"] for library, file in FILES}
    folders = [ROOT / "mobile_api/static/vendor", ROOT / "tests/browser/vendor"]
    there = {path for folder in folders for path in folder.rglob("*") if path.is_file()}
    assert there == named


@pytest.mark.parametrize("library", LIBRARIES, ids=[library["package"] for library in LIBRARIES])
def test_every_library_comes_with_its_licence(library: dict[str, Any]) -> None:
    licences = [file["name"] for file in library["files"] if file["name"].startswith("LICENSE")]
    assert licences
    assert all((ROOT / library["to"] / name).stat().st_size > 200 for name in licences)


def test_the_lock_names_packages_and_hashes_but_no_addresses() -> None:
    assert "://" not in LOCK_TEXT
    assert all(library["integrity"].startswith("sha512-") for library in LIBRARIES)
    assert LIBRARIES


def test_only_permissive_libraries_reach_the_customers_browser() -> None:
    shipped = {library["licence"] for library in LIBRARIES if library["to"].startswith("mobile_api/")}
    assert shipped <= {"MIT", "0BSD", "ISC"}

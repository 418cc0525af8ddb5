"""What files of tests share that need the same past in the database."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from dispatch.house import House, open_house
from tests.conftest import Original, a_copy
from tests.makers import some_settings


@pytest.fixture
def house(request: pytest.FixtureRequest, original: Original, tmp_path: Path) -> Iterator[House]:
    """A copy of the file's `original`, to do with as one likes."""
    shutil.copytree(original.folder, tmp_path / "var")
    with a_copy(request, original.engine, tmp_path, original.address) as address:
        copied = open_house(some_settings(tmp_path / "var", address))
        yield copied
        copied.database.dispose()

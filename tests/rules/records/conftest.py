"""A keyring and signed records that the tests of one session share; nothing in them is ever changed."""

from pathlib import Path
from typing import Any

import pytest

from dispatch.records.drawing import DrawnRecord, draw_record
from dispatch.records.signing.keyring import Keyring
from dispatch.records.signing.sign import sign_record
from tests.rules.records.made_records import ADDRESS_TO_VERIFY, Photos, completed_record, missed_record, pen_strokes


def drawn(record: dict[str, Any], photos: Photos | None = None) -> DrawnRecord:
    """The record as an unsigned PDF."""
    strokes = {"customer": pen_strokes(3), "technician": pen_strokes(11, 3)}
    return draw_record(record, strokes=strokes, photo=photos or Photos(0), verify_url=ADDRESS_TO_VERIFY)


@pytest.fixture(scope="session")
def keyring(tmp_path_factory: pytest.TempPathFactory) -> Keyring:
    return Keyring.open(tmp_path_factory.mktemp("keyring") / "keys")


@pytest.fixture(scope="session")
def signed(keyring: Keyring) -> bytes:
    """A completed visit with all three signatures."""
    record = completed_record()
    return sign_record(drawn(record).pdf, keyring, record=record)


@pytest.fixture(scope="session")
def signed_missed_visit(keyring: Keyring) -> bytes:
    """The smallest record: technician and seal."""
    record = missed_record()
    return sign_record(drawn(record).pdf, keyring, record=record)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where a test puts the PDF that other programs read."""
    return tmp_path / "record.pdf"

"""Records keep the rules of PDF/A-3a and PDF/UA-1, unsigned, signed and time-stamped; the rules find what is broken."""

from collections.abc import Callable, Iterator

import pytest

from dispatch.records.provenance import ALL_DEMO
from dispatch.records.signing.keyring import Keyring
from dispatch.records.signing.sign import sign_and_stamp
from dispatch.records.signing.stamping import StampService
from tests.archive_rules import broken_rules
from tests.rules.records.conftest import drawn
from tests.rules.records.made_records import Photos, completed_record, missed_record, refused_record
from tests.stamping import TimeStampServer, time_stamp_server


@pytest.fixture(scope="module")
def tsa() -> Iterator[TimeStampServer]:
    with time_stamp_server() as server:
        yield server


def test_every_kind_of_record_keeps_the_rules() -> None:
    photos = Photos(5)
    for record in (completed_record("zh", photos), completed_record("en"), refused_record(), missed_record()):
        assert broken_rules(drawn(record, photos).pdf) == []


def test_signatures_and_time_stamps_break_none(signed: bytes, keyring: Keyring, tsa: TimeStampServer) -> None:
    assert broken_rules(signed) == []
    record = completed_record()
    service = StampService(tsa.url, [tsa.root[0]])
    assert broken_rules(sign_and_stamp(drawn(record).pdf, keyring, service, record=record).pdf) == []
    assert ALL_DEMO.zh


def swapped(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    """The same length, so that the rest of the file still reads."""
    assert len(old) == len(new)

    def change(data: bytes) -> bytes:
        assert old in data, old
        return data.replace(old, new)

    return change


@pytest.mark.parametrize(
    ("damage", "clause"),
    [
        (swapped(b"/Marked true", b"/Marked fals"), ""),
        (swapped(b"/GTS_PDFA1", b"/GTS_PDFX1"), "6.2.3"),
        (swapped(b"<pdfaid:part>3<", b"<pdfaid:part>2<"), "6.6"),
        (swapped(b"<pdfuaid:part>1<", b"<pdfuaid:part>2<"), "6.6"),
        (swapped(b"/DisplayDocTitle true", b"/DisplayDocTitlx true"), "7.1"),
        (swapped(b"/AFRelationship", b"/AFRelationshix"), "6.8"),
        (swapped(b"/S /Figure", b"/S /Figurx"), "parent tree"),
        (swapped(b"/S /H2", b"/S /H4"), "7.3"),
        (swapped(b"/Scope /Column", b"/Scope /Colums"), "7.5"),
        (swapped(b"/ToUnicode", b"/ToUnicodx"), "6.2.11"),
        (swapped(b"/FontFile2", b"/FontFilex"), "6.2.11"),
        (swapped(b"/Tabs /S", b"/Tabs /R"), "7.18"),
        (swapped(b"/F 4 ", b"/F 2 "), "6.3"),
        (lambda data: data + b"more", "6.1.2"),
    ],
)
def test_what_is_broken_is_found(damage: Callable[[bytes], bytes], clause: str) -> None:
    pdf = drawn(completed_record()).pdf
    assert broken_rules(pdf) == []
    try:
        found = broken_rules(damage(pdf))
    except Exception:
        found = ["cannot be read"]
        assert not clause
    assert any(clause in one for one in found), found

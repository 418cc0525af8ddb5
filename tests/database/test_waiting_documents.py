"""A time-stamp service that is down holds up no sealing: the document waits and comes by itself. Both engines."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from dispatch.clock import utc_now
from dispatch.house import House, open_house
from dispatch.records import documents
from dispatch.records.documents import DocumentWaits, document_of, draw_missing
from dispatch.records.tables import Document, DocumentTry, Record
from dispatch.records.verifying import verify_document
from dispatch.records.waiting import next_try
from tests.journeys.customer_stages import a_guest
from tests.makers import NOON, some_settings, the_cast
from tests.stamping import TimeStampServer, time_stamp_server

HOURS = 24.0


@pytest.fixture(scope="module")
def tsa() -> Iterator[TimeStampServer]:
    with time_stamp_server() as server:
        yield server


@pytest.fixture
def house(tmp_path: Path, database_url: str, tsa: TimeStampServer) -> Iterator[House]:
    from cryptography.hazmat.primitives.serialization import Encoding

    authorities = tmp_path / "tsa.pem"
    authorities.write_bytes(tsa.root[0].public_bytes(Encoding.PEM))
    settings = some_settings(
        tmp_path / "var",
        database_url,
        tsa_url=tsa.url,
        tsa_authorities=authorities,
        tsa_timeout_seconds=2,
        tsa_patience_hours=HOURS,
    )
    opened = open_house(settings)
    with opened.database.writing() as session:
        technician = the_cast(session, opened.settings, utc_now()).technician_id
    tsa.behaviour = "busy"
    a_guest(opened, technician, "sealed")  # sealed while the service is down
    yield opened
    tsa.behaviour = "well"
    opened.database.dispose()


def the_record(house: House) -> Record:
    with house.database.reading() as session:
        return session.scalars(sa.select(Record)).one()


def later(monkeypatch: pytest.MonkeyPatch, by: timedelta) -> datetime:
    moment = utc_now() + by
    monkeypatch.setattr(documents, "utc_now", lambda: moment)
    return moment


def test_the_document_waits_and_comes_once_the_service_answers(
    house: House, tsa: TimeStampServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = the_record(house)
    assert draw_missing(house) == 0
    asked = tsa.asked
    assert draw_missing(house) == 0
    with pytest.raises(DocumentWaits, match="sealed"):
        document_of(house, record.id)
    assert tsa.asked == asked, "before its next try nobody is asked"
    with house.database.reading() as session:
        waiting = session.get_one(DocumentTry, record.id)
        assert (waiting.tries, "503" in waiting.trouble) == (1, True)
    tsa.behaviour = "well"
    later(monkeypatch, timedelta(seconds=11))
    assert draw_missing(house) == 1
    with house.database.reading() as session:
        assert session.get_one(Document, record.id).level == "B-LTA"
        assert session.get(DocumentTry, record.id) is None
    verdict = verify_document(house, document_of(house, record.id))
    assert (verdict.state, verdict.compared) == ("genuine", True)
    assert all(one.stamped for one in verdict.signatures)


@pytest.mark.parametrize(("hours", "level"), [(HOURS - 0.1, None), (HOURS + 0.1, "B-B")])
def test_after_the_patience_it_is_signed_without_stamps_and_not_before(
    house: House, monkeypatch: pytest.MonkeyPatch, hours: float, level: str | None
) -> None:
    record = the_record(house)
    draw_missing(house)
    later(monkeypatch, timedelta(hours=hours))
    assert draw_missing(house) == (1 if level else 0)
    with house.database.reading() as session:
        made = session.get(Document, record.id)
    assert (made.level if made else None) == level


def test_the_waits_double_up_to_ten_minutes() -> None:
    waits = [(next_try(tries, NOON) - NOON).total_seconds() for tries in (1, 2, 3, 6, 7, 8, 5000)]
    assert waits == [10, 20, 40, 320, 600, 600, 600]

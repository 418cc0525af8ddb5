"""The feed of changes: whoever comes back learns of everything that was committed meanwhile, and of nothing else."""

from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from dispatch.database import Database
from dispatch.live.feed import MOST, Change, forget_old_changes, news_since, place_now
from dispatch.settings import Settings
from dispatch.technicians.tables import Technician
from dispatch.visits.booking import cancel_visit, reschedule_visit
from tests.makers import a_booking, a_shift, a_technician, a_turn, an_order, some_settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return some_settings(tmp_path, "sqlite://")


def here(database: Database, now: datetime) -> str:
    with database.reading() as session:
        return place_now(session, now)


def news(database: Database, place: str, now: datetime) -> set[Change] | None:
    with database.reading() as session:
        found = news_since(session, place, now)
    return None if found.anew else set(found.changes)


def note(session: Session, thing: UUID) -> None:
    session.execute(
        text("INSERT INTO live_changes (kind, thing) VALUES ('visit', :thing)"),
        {"thing": thing.hex if session.get_bind().dialect.name == "sqlite" else thing},
    )


def test_everything_that_is_done_to_a_visit_is_news(database: Database, settings: Settings, now: datetime) -> None:
    with database.writing() as session:
        technician = a_technician(session)
        place = None
    for verb in ("book", "move", "cancel"):
        place = here(database, now)
        with database.writing() as session:
            turn = a_turn(session, settings, now)
            if verb == "book":
                visit = a_booking(turn, session.get(Technician, technician.id)).visit
            elif verb == "move":
                reschedule_visit(turn, visit.id, visit.window, asked_by="company", reason="", technician_id=None)
            else:
                cancel_visit(turn, visit.id, asked_by="customer", reason="")
        assert Change("visit", visit.id) in (news(database, place, now) or set())
    assert news(database, here(database, now), now) == set()


def test_orders_shifts_and_people_are_news(database: Database, settings: Settings, now: datetime) -> None:
    place = here(database, now)
    with database.writing() as session:
        technician = a_technician(session)
        a_shift(session, technician, now)
        order = an_order(a_turn(session, settings, now))
    assert news(database, place, now) == {
        Change("technician", technician.id),
        Change("order", order.id),
        Change("customer", order.customer_id),
        Change("site", order.site_id),
    }


def test_what_was_rolled_back_is_no_news(database: Database, now: datetime) -> None:
    place = here(database, now)
    with Session(database.engine) as session:
        a_technician(session)
        session.flush()
        session.rollback()
    assert news(database, place, now) == set()


def test_a_change_that_is_committed_late_is_not_missed(database: Database, now: datetime) -> None:
    """Its number is lower than one that was read already: a reader that only remembers numbers never sees it."""
    if database.is_sqlite:
        pytest.skip("SQLite has one writer: there is no late one")
    late, quick = UUID(int=1), UUID(int=2)
    place = here(database, now)
    with database.writing() as slow:
        note(slow, late)
        slow.flush()
        with database.writing() as session:
            note(session, quick)
        with database.reading() as session:
            found = news_since(session, place, now)
        assert found.changes == (Change("visit", quick),)
    assert news(database, found.place, now) == {Change("visit", late)}


def test_each_change_is_told_once_however_readers_and_writers_interleave(database: Database, now: datetime) -> None:
    if database.is_sqlite:
        pytest.skip("SQLite has one writer")
    place, heard = here(database, now), list[Change]()
    open_: list[tuple[Session, UUID]] = []
    for number in range(1, 61):
        session = Session(database.engine)
        note(session, UUID(int=number))
        session.flush()
        open_.append((session, UUID(int=number)))
        if number % 3 == 0:  # commit the newest first, the oldest last
            open_.pop()[0].commit()
        if len(open_) > 6:
            open_.pop(0)[0].commit()
        if number % 4 == 0:
            with database.reading() as reading:
                found = news_since(reading, place, now)
            place, heard = found.place, heard + list(found.changes)
    for session, _ in open_:
        session.commit()
    with database.reading() as reading:
        heard += news_since(reading, place, now).changes
    assert sorted(one.thing.int for one in heard) == list(range(1, 61))


@pytest.mark.parametrize("place", ["", "x", "0" * 32 + ".1.1", "9" * 32 + ".1.5:1:", "a" * 6000, "é.1.1"])
def test_a_place_that_is_none_of_ours_means_read_anew(database: Database, place: str, now: datetime) -> None:
    assert news(database, place, now) is None


@pytest.mark.parametrize(
    "position", ["9:1:", "1:99999999999999999:", "5:9:9", "5:9:7,6", "999999999999", "1:2:x", "0:0:"]
)
def test_a_bent_place_means_read_anew_and_never_an_error(database: Database, position: str, now: datetime) -> None:
    epoch = here(database, now).split(".")[0]
    assert news(database, f"{epoch}.{int(now.timestamp())}.{position}", now) is None


def test_a_place_is_good_for_a_day(database: Database, now: datetime) -> None:
    place = here(database, now)
    assert news(database, place, now + timedelta(hours=23, minutes=59)) == set()
    assert news(database, place, now + timedelta(hours=24, minutes=1)) is None


def test_with_very_much_news_reading_anew_is_cheaper(database: Database, now: datetime) -> None:
    place = here(database, now)
    for count, anew in ((MOST, False), (1, True)):
        with database.writing() as session:
            for number in range(count):
                note(session, UUID(int=number + 1))
        assert (news(database, place, now) is None) is anew


def test_old_news_is_forgotten_and_young_news_kept(database: Database, now: datetime) -> None:
    with database.writing() as session:
        note(session, UUID(int=1))
    with database.reading() as session:
        at = database.now()
    with database.writing() as session:
        assert forget_old_changes(session, at + timedelta(hours=25)) == 0
        assert forget_old_changes(session, at + timedelta(hours=27)) == 1

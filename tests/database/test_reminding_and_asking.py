"""The reminder of the evening before and the question of the day after: each once, and only where it is of use."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.accounts.viewer import Viewer
from dispatch.database import Database
from dispatch.errors import Invalid, NotAllowed
from dispatch.house import House
from dispatch.notices.tables import CallTask, Notice
from dispatch.objects import FolderStore
from dispatch.records.asking import announce_return_call, owe_satisfaction, promised_call
from dispatch.records.rating import Rating, rate_visit
from dispatch.settings import Settings
from dispatch.visits.booking import cancel_visit, reschedule_visit
from dispatch.visits.reminding import owe_reminders
from dispatch.visits.tables import Visit
from dispatch.visits.windows import Window
from tests.database.told import everything_was_told, kinds_of
from tests.journeys.customer_stages import a_guest
from tests.makers import a_booking, a_technician, a_turn, some_settings

HOUR, SECOND, DAY = timedelta(hours=1), timedelta(seconds=1), timedelta(days=1)
START = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)  # Tuesday, two in the afternoon in Shanghai
DUE = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)  # six in the evening before
BOOKED = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    return some_settings(tmp_path / "var", database_url)


def a_visit(session: Session, settings: Settings, start: datetime = START, booked: datetime = BOOKED) -> UUID:
    visit = a_booking(a_turn(session, settings, booked), None, Window(start, start + HOUR)).visit
    everything_was_told(session, booked)
    return visit.id


def remind(session: Session, settings: Settings, now: datetime) -> int:
    return owe_reminders(a_turn(session, settings, now))


def test_reminded_once_from_six_on_the_evening_before(database: Database, settings: Settings) -> None:
    with database.writing() as session:
        visit_id = a_visit(session, settings)
        a_visit(session, settings, START + DAY)
        assert remind(session, settings, DUE - SECOND) == 0
        assert remind(session, settings, DUE) == 1
        assert [remind(session, settings, DUE + minutes * timedelta(minutes=1)) for minutes in (0, 1, 60)] == [0, 0, 0]
        assert kinds_of(session, visit_id) == [("booked", "accepted"), ("reminder", "owed")]


def test_a_standstill_is_made_up_for_until_two_hours_before(database: Database, settings: Settings) -> None:
    with database.writing() as session:
        a_visit(session, settings)
        assert remind(session, settings, START - 2 * HOUR) == 0
        assert remind(session, settings, START - 2 * HOUR - SECOND) == 1


def test_who_was_told_that_evening_is_not_told_again(database: Database, settings: Settings) -> None:
    with database.writing() as session:
        a_visit(session, settings, booked=DUE)
        told_before = a_visit(session, settings, booked=DUE - SECOND)
        assert remind(session, settings, DUE + HOUR) == 1
        assert kinds_of(session, told_before)[-1] == ("reminder", "owed")


def test_who_was_not_told_yet_has_that_notice_coming(database: Database, settings: Settings) -> None:
    with database.writing() as session:
        a_booking(a_turn(session, settings, BOOKED), None, Window(START, START + HOUR))
        assert remind(session, settings, DUE) == 0


def test_a_move_closes_the_reminder_and_the_new_time_gets_its_own(database: Database, settings: Settings) -> None:
    with database.writing() as session:
        visit_id = a_visit(session, settings)
        assert remind(session, settings, DUE) == 1
        later = Window(START + DAY, START + DAY + HOUR)
        turn = a_turn(session, settings, DUE + SECOND)
        reschedule_visit(turn, visit_id, later, asked_by="company", reason="抢修", technician_id=None)
        assert kinds_of(session, visit_id)[1:] == [("reminder", "superseded"), ("moved", "owed")]
        everything_was_told(session, DUE + SECOND)
        assert remind(session, settings, DUE + DAY - SECOND) == 0
        assert remind(session, settings, DUE + DAY) == 1
        facts = session.scalars(select(Notice.facts).where(Notice.kind == "reminder", Notice.state == "owed")).one()
        assert datetime.fromisoformat(facts["window"]["start"]) == later.start


def test_a_cancelled_visit_is_not_reminded_of(database: Database, settings: Settings) -> None:
    with database.writing() as session:
        visit_id = a_visit(session, settings)
        cancel_visit(a_turn(session, settings, BOOKED + HOUR), visit_id, asked_by="customer", reason="")
        everything_was_told(session, BOOKED + HOUR)
        assert remind(session, settings, DUE) == 0


@pytest.fixture
def house(database: Database, settings: Settings) -> House:
    settings.data_dir.mkdir(parents=True)
    return House(settings, database, FolderStore(settings.data_dir / "objects"))


def sealed(house: House) -> tuple[UUID, datetime]:
    with house.database.writing() as session:
        technician = a_technician(session).id
    guest = a_guest(house, technician, "sealed")
    with house.database.writing() as session:
        visit = session.get_one(Visit, guest.visit_id)
        assert visit.ended_at is not None
        everything_was_told(session, visit.ended_at)
        return guest.visit_id, visit.ended_at


def ten_the_next_day(house: House, ended: datetime) -> datetime:
    local = ended.astimezone(house.settings.zone) + DAY
    return local.replace(hour=10, minute=0, second=0, microsecond=0).astimezone(UTC)


def ask(house: House, now: datetime) -> int:
    with house.database.writing() as session:
        return owe_satisfaction(a_turn(session, house.settings, now))


def test_asked_once_at_ten_the_next_day(house: House) -> None:
    visit_id, ended = sealed(house)
    due = ten_the_next_day(house, ended)
    assert ask(house, due - SECOND) == 0
    assert [ask(house, due + hours * HOUR) for hours in (0, 0, 1, 24)] == [1, 0, 0, 0]
    with house.database.reading() as session:
        assert kinds_of(session, visit_id)[-1] == ("satisfaction", "owed")


def test_not_asked_about_what_is_a_week_old(house: House) -> None:
    _, ended = sealed(house)
    assert ask(house, ended + 7 * DAY + SECOND) == 0
    assert ask(house, ended + 7 * DAY) == 1


def test_who_has_rated_is_not_asked(house: House) -> None:
    visit_id, ended = sealed(house)
    with house.database.writing() as session:
        customer = Viewer(role="customer", name="link", visit_id=visit_id)
        rate_visit(a_turn(session, house.settings, ended + HOUR, customer), visit_id, Rating(5, None, None))
    assert ask(house, ten_the_next_day(house, ended)) == 0


def noon_of(house: House, ended: datetime, days: int) -> datetime:
    return ten_the_next_day(house, ended) + (days - 1) * DAY + 2 * HOUR


def test_a_return_call_is_promised_once_and_becomes_a_task(house: House) -> None:
    visit_id, ended = sealed(house)
    start = noon_of(house, ended, 2)
    with house.database.writing() as session:
        turn = a_turn(session, house.settings, ended + HOUR)
        notice, task = announce_return_call(turn, visit_id, Window(start, start + 2 * HOUR))
        assert (notice.kind, task.kind, task.due_at) == ("return_call", "return_call", start + 2 * HOUR)
        assert notice.facts["number"].startswith("SR-")
        assert promised_call(turn, visit_id) == Window(start, start + 2 * HOUR)
        with pytest.raises(NotAllowed):
            announce_return_call(turn, visit_id, Window(start + DAY, start + DAY + HOUR))
        assert len(session.scalars(select(CallTask)).all()) == 1


def test_a_return_call_is_promised_by_day_and_within_four_hours(house: House) -> None:
    visit_id, ended = sealed(house)
    noon = noon_of(house, ended, 2)
    with house.database.writing() as session:
        turn = a_turn(session, house.settings, ended + HOUR)
        for start, end in (
            (noon - 4 * HOUR - SECOND, noon - 2 * HOUR),  # before eight
            (noon + 8 * HOUR, noon + 9 * HOUR + SECOND),  # after nine in the evening
            (noon, noon + 4 * HOUR + SECOND),
            (ended - 2 * HOUR, ended - HOUR),
        ):
            with pytest.raises(Invalid):
                announce_return_call(turn, visit_id, Window(start, end))
        announce_return_call(turn, visit_id, Window(noon + 5 * HOUR, noon + 9 * HOUR))


def test_before_the_work_is_done_no_return_call_is_promised(house: House) -> None:
    with house.database.writing() as session:
        technician = a_technician(session).id
    guest = a_guest(house, technician, "begun")
    with house.database.writing() as session:
        visit = session.get_one(Visit, guest.visit_id)
        turn = a_turn(session, house.settings, visit.created_at)
        noon = noon_of(house, visit.created_at, 2)
        with pytest.raises(NotAllowed):
            announce_return_call(turn, guest.visit_id, Window(noon, noon + HOUR))

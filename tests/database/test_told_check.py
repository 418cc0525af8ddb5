"""`doorstep notices check` over real bookings and changes: it proves the honest story and finds every hole in it."""

from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import delete, select, update

from dispatch.accounts.viewer import Viewer
from dispatch.clock import utc_now
from dispatch.database import Database
from dispatch.notices.channels.files import FilesChannel
from dispatch.notices.figures import figures
from dispatch.notices.rounds import Sender
from dispatch.notices.tables import Attempt, CallTask, Notice
from dispatch.notices.watching import watch
from dispatch.settings import Settings
from dispatch.visits.booking import cancel_visit, reschedule_visit
from dispatch.visits.rules import Override
from dispatch.visits.told_check import Checked, check_period
from tests.makers import a_booking, a_technician, a_turn, a_window, some_settings

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    return some_settings(tmp_path / "var", database_url, quiet_from=0, quiet_until=0)


def send(database: Database, settings: Settings, now: datetime) -> None:
    channels = {"sms": FilesChannel(settings.data_dir / "messages")}
    sender = Sender(database, settings, channels, lambda notice: "https://example.net/c/x")
    sender.round(lambda: now)
    sender.close()


def the_story(database: Database, settings: Settings, now: datetime) -> UUID:
    """Booked, given to another, moved, cancelled: each told before the next."""
    with database.writing() as session:
        turn = a_turn(session, settings, now)
        first, second = a_technician(session), a_technician(session, "T-002", "钱进")
        visit = a_booking(turn, first, a_window(now + 3 * DAY)).visit
        visit_id, other = visit.id, second.id
    send(database, settings, now)
    for step in range(3):
        with database.writing() as session:
            turn = a_turn(session, settings, now + (step + 1) * HOUR)
            if step == 2:
                cancel_visit(turn, visit_id, asked_by="company", reason="线路抢修")
            else:
                window = a_window(now + (3 if step == 0 else 4) * DAY)
                reschedule_visit(turn, visit_id, window, asked_by="company", reason="线路抢修", technician_id=other)
        send(database, settings, now + (step + 1) * HOUR)
    return visit_id


def checked(database: Database, now: datetime, at: datetime) -> Checked:
    with database.reading() as session:
        return check_period(session, now - HOUR, now + DAY, at)


def test_an_honest_story_is_proved(database: Database, settings: Settings) -> None:
    now = utc_now()
    the_story(database, settings, now)
    found = checked(database, now, now + DAY)
    assert found.is_proved
    assert dict(found.verdicts) == {"in_time": 4}


@pytest.mark.parametrize("kind", ["booked", "technician_changed", "moved", "cancelled"])
def test_a_notice_that_is_not_there_is_found(database: Database, settings: Settings, kind: str) -> None:
    now = utc_now()
    the_story(database, settings, now)
    with database.writing() as session:
        gone = session.scalars(select(Notice.id).where(Notice.kind == kind)).all()
        session.execute(delete(Attempt).where(Attempt.notice_id.in_(gone)))
        session.execute(delete(Notice).where(Notice.id.in_(gone)))
    found = checked(database, now, now + DAY)
    assert [(one.what, one.verdict) for one in found.findings] == [(kind, "missing")]


def test_a_late_notice_that_nobody_called_a_breach_is_found(database: Database, settings: Settings) -> None:
    now = utc_now()
    the_story(database, settings, now)
    with database.writing() as session:
        session.execute(update(Notice).where(Notice.kind == "moved").values(accepted_at=Notice.deadline, deadline=now))
    assert [one.verdict for one in checked(database, now, now + DAY).findings] == ["late_unmarked"]


def test_what_the_watch_did_about_an_outage_is_proved_and_without_it_found(
    database: Database, settings: Settings
) -> None:
    now = utc_now()
    with database.writing() as session:
        turn = a_turn(session, settings, now)
        visit_id = a_booking(turn, None, a_window(now + 5 * HOUR)).visit.id
    send(database, settings, now)
    with database.writing() as session:
        turn = a_turn(session, settings, now)
        reschedule_visit(
            turn, visit_id, a_window(now + 30 * HOUR), asked_by="company", reason="线路抢修", technician_id=None
        )
    after = now + 4 * HOUR  # an hour after the last moment to tell it
    assert [one.verdict for one in checked(database, now, after).findings] == ["late_unmarked"]
    watch(database, after)
    found = checked(database, now, after)
    assert found.is_proved
    assert dict(found.verdicts) == {"in_time": 1, "breach": 1}
    with database.writing() as session:
        session.execute(delete(CallTask))
    assert [one.verdict for one in checked(database, now, after).findings] == ["late_uncalled"]


def test_a_move_back_before_anything_left_owes_nothing_and_is_no_hole(database: Database, settings: Settings) -> None:
    now = utc_now()
    first = a_window(now + 3 * DAY)
    with database.writing() as session:
        visit_id = a_booking(a_turn(session, settings, now), None, first).visit.id
    send(database, settings, now)
    for window in (a_window(now + 4 * DAY), first):
        with database.writing() as session:
            turn = a_turn(session, settings, now)
            reschedule_visit(turn, visit_id, window, asked_by="company", reason="线路抢修", technician_id=None)
    found = checked(database, now, now + DAY)
    assert found.is_proved, found.findings
    assert dict(found.verdicts) == {"in_time": 1, "replaced": 1, "not_owed": 1}


def test_another_name_before_the_first_left_is_said_with_it(database: Database, settings: Settings) -> None:
    now = utc_now()
    with database.writing() as session:
        turn = a_turn(session, settings, now)
        first, second = a_technician(session), a_technician(session, "T-002", "钱进")
        window = a_window(now + 3 * DAY)
        visit_id, other = a_booking(turn, first, window).visit.id, second.id
        reschedule_visit(turn, visit_id, window, asked_by="company", reason="", technician_id=other)
    send(database, settings, now)
    found = checked(database, now, now + DAY)
    assert found.is_proved, found.findings
    assert dict(found.verdicts) == {"replaced": 1, "in_time": 1}


def test_an_override_is_a_breach_in_the_check_and_in_the_figures(database: Database, settings: Settings) -> None:
    now = utc_now()
    with database.writing() as session:
        turn = a_turn(session, settings, now)
        visit_id = a_booking(turn, None, a_window(now + 3 * HOUR)).visit.id
    send(database, settings, now)
    with database.writing() as session:
        supervisor = Viewer(role="supervisor", name="supervisor", language="zh")
        turn = a_turn(session, settings, now + 2 * HOUR, supervisor)
        override = Override("光缆抢修", "reached_agreed", turn.now)
        cancel_visit(turn, visit_id, asked_by="company", reason="光缆抢修", override=override)
    send(database, settings, now + 2 * HOUR)
    assert dict(checked(database, now, now + DAY).verdicts) == {"in_time": 1, "breach": 1}
    with database.reading() as session:
        assert figures(session, now + DAY).breaches == 1


def test_back_to_what_the_customer_had_asked_for_is_no_hole(database: Database, settings: Settings) -> None:
    now = utc_now()
    with database.writing() as session:
        visit_id = a_booking(a_turn(session, settings, now), None, a_window(now + 3 * DAY)).visit.id
    send(database, settings, now)
    wished = a_window(now + 4 * DAY)
    for window, asked_by in ((wished, "customer"), (a_window(now + 5 * DAY), "company"), (wished, "company")):
        with database.writing() as session:
            turn = a_turn(session, settings, now)
            reschedule_visit(turn, visit_id, window, asked_by=asked_by, reason="线路抢修", technician_id=None)  # type: ignore[arg-type]
    send(database, settings, now)
    found = checked(database, now, now + DAY)
    assert found.is_proved, found.findings


def test_only_the_period_asked_for_is_judged(database: Database, settings: Settings) -> None:
    now = utc_now()
    the_story(database, settings, now)
    with database.reading() as session:
        assert sum(check_period(session, now + HOUR, now + 3 * HOUR, now + DAY).verdicts.values()) == 2
        assert not check_period(session, now + DAY, now + 2 * DAY, now + DAY).verdicts

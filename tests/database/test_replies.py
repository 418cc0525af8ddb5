"""Answers by SMS act through the customer's own verbs, once, and only when they can mean but one thing."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dispatch.customers.actions import CustomerFacts
from dispatch.database import Database
from dispatch.notices.channels.protocol import Replied
from dispatch.notices.tables import CallTask, Reply
from dispatch.settings import Settings
from dispatch.visits.booking import reschedule_visit
from dispatch.visits.on_the_day import arrive, depart
from dispatch.visits.replying import take_reply
from dispatch.visits.tables import Visit
from tests.database.told import everything_was_told
from tests.makers import NOON, a_booking, a_technician, a_turn, a_window, an_order, some_settings

PHONE = "13800000001"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    return some_settings(tmp_path / "var", database_url)


def a_told_visit(session: Session, settings: Settings, days: int = 2) -> UUID:
    visit = a_booking(a_turn(session, settings), None, a_window(NOON + days * DAY)).visit
    everything_was_told(session, NOON)
    return visit.id


def say(session: Session, settings: Settings, text: str, key: str = "g-1", **more: object) -> Reply:
    now = more.pop("now", NOON + HOUR)
    replied = Replied(key, str(more.pop("phone", PHONE)), text)
    return take_reply(a_turn(session, settings, now), "http", replied)  # type: ignore[arg-type]


def calls(session: Session) -> list[tuple[str, str]]:
    return [(task.kind, task.why) for task in session.scalars(select(CallTask).order_by(CallTask.opened_at))]


def test_yes_confirms_the_one_visit_and_twice_is_once(database: Database, settings: Settings) -> None:
    with database.writing() as session:
        visit_id = a_told_visit(session, settings)
        first, again = say(session, settings, "１。"), say(session, settings, "１。")
        assert first.id == again.id
        assert (first.meaning, first.visit_id) == ("confirm", visit_id)
        visit = session.get_one(Visit, visit_id)
        assert visit.confirmed_at == NOON + HOUR
        assert visit.version == 2
        assert calls(session) == []
        assert session.scalar(select(func.count()).select_from(Reply)) == 1


def test_no_asks_for_a_call(database: Database, settings: Settings) -> None:
    with database.writing() as session:
        visit_id = a_told_visit(session, settings)
        say(session, settings, "改时间")
        assert calls(session) == [("call_me", "改时间")]
        assert session.get_one(Visit, visit_id).confirmed_at is None
        say(session, settings, "2", "g-2")
        assert len(calls(session)) == 1, "one call is enough"


@pytest.mark.parametrize("text", ["几点到？", "TD", "<script>"])
def test_what_no_rule_understands_is_read_by_a_person(database: Database, settings: Settings, text: str) -> None:
    with database.writing() as session:
        visit_id = a_told_visit(session, settings)
        reply = say(session, settings, text)
        assert calls(session) == [("reply", text)]
        assert reply.visit_id == visit_id
        assert session.get_one(Visit, visit_id).confirmed_at is None


def test_of_two_visits_nobody_guesses_which(database: Database, settings: Settings) -> None:
    with database.writing() as session:
        visits = [a_told_visit(session, settings, days) for days in (2, 3)]
        reply = say(session, settings, "1")
        assert reply.visit_id is None
        assert calls(session) == [("reply", "1")]
        assert all(session.get_one(Visit, one).confirmed_at is None for one in visits)


def test_yes_to_an_old_time_does_not_confirm_the_new_one(database: Database, settings: Settings) -> None:
    with database.writing() as session:
        visit_id = a_told_visit(session, settings)
        turn = a_turn(session, settings, NOON + HOUR)
        window = a_window(NOON + 4 * DAY)
        reschedule_visit(turn, visit_id, window, asked_by="company", reason="抢修", technician_id=None)
        say(session, settings, "1")
        assert session.get_one(Visit, visit_id).confirmed_at is None
        assert calls(session) == [("reply", "1")]
        everything_was_told(session, NOON + HOUR)
        say(session, settings, "1", "g-2")
        assert session.get_one(Visit, visit_id).confirmed_at is not None


def test_an_answer_after_a_week_or_to_a_visit_that_has_begun_is_for_a_person(
    database: Database, settings: Settings
) -> None:
    with database.writing() as session:
        visit_id = a_told_visit(session, settings, days=20)
        say(session, settings, "1", now=NOON + 7 * DAY + timedelta(seconds=1))
        assert session.get_one(Visit, visit_id).confirmed_at is None
        say(session, settings, "1", "g-2", now=NOON + 7 * DAY)
        assert session.get_one(Visit, visit_id).confirmed_at is not None
        technician = a_technician(session)
        other = a_booking(
            a_turn(session, settings, NOON), technician, a_window(NOON + 2 * HOUR), planned_start=NOON + 2 * HOUR
        ).visit
        turn = a_turn(session, settings, NOON + HOUR)
        depart(turn, other.id)
        arrive(turn, other.id)
        say(session, settings, "2", "g-3")
        assert {kind for kind, _ in calls(session)} == {"reply", "call_me"}, "the visit that is still to come"


def test_a_stranger_and_a_number_that_is_none_are_kept_and_nobody_is_called(
    database: Database, settings: Settings
) -> None:
    with database.writing() as session:
        for key, phone in enumerate(("13911111111", "not a number", "\x00")):
            reply = say(session, settings, "1\x00", f"s-{key}", phone=phone)
            assert (reply.visit_id, reply.text) == (None, "1")
        assert calls(session) == []


def test_a_customer_who_was_told_nothing_of_late_is_still_called(database: Database, settings: Settings) -> None:
    with database.writing() as session:
        an_order(a_turn(session, settings), customer=CustomerFacts("李", "13900000000"))
        say(session, settings, "你们几点上班", phone="+86 139 0000 0000")
        assert calls(session) == [("reply", "你们几点上班")]

"""After a visit: return calls with their tries, complaints out of unhappy answers, compensation from what happened."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from dispatch.care.compensation.ledger import approve, decline, hand_over
from dispatch.care.compensation.proposing import propose_from_evidence
from dispatch.care.compensation.tables import Compensation
from dispatch.care.complaints.tables import Complaint
from dispatch.care.knowledge.actions import file_closed_complaints
from dispatch.care.knowledge.queries import search
from dispatch.care.return_calls.actions import ask_by_link, keep_answers, note_try, plan_return_calls
from dispatch.care.return_calls.rules import Answers
from dispatch.care.return_calls.tables import ReturnCall
from dispatch.care.tasks.actions import escalate, make_task
from dispatch.database import Database
from dispatch.errors import Forbidden, Invalid, NotAllowed
from dispatch.notices.tables import Notice
from dispatch.settings import Settings
from dispatch.visits.tables import Visit, VisitChange, WorkOrder
from tests.database.care_cast import DAY, HOUR, NOW, CareCast, care_cast
from tests.database.test_complaints import to_told, told
from tests.makers import some_settings

ELEVEN = NOW + HOUR  # in Shanghai
HAPPY = Answers("yes", 5, 5, 10, False)


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    return some_settings(tmp_path / "var", database_url)


def ended(cast: CareCast, at: datetime = NOW - DAY) -> Visit:
    visit = cast.session.get_one(Visit, cast.visit_id)
    visit.status, visit.arrived_at, visit.ended_at = "sealed", visit.window_start, at
    cast.session.flush()
    return visit


def a_call(cast: CareCast) -> ReturnCall:
    ended(cast)
    assert plan_return_calls(cast.turn("system")) == 1
    return cast.session.scalars(select(ReturnCall)).one()


def test_each_completed_visit_gets_one_return_call_at_a_decent_hour(database: Database, settings: Settings) -> None:
    with database.writing() as session:
        cast = care_cast(session, settings)
        assert plan_return_calls(cast.turn("system")) == 0, "nothing was done yet"
        call = a_call(cast)
        assert plan_return_calls(cast.turn("system")) == 0, "once a visit"
        assert call.next_at == datetime(2026, 11, 24, 1, tzinfo=UTC), "18 hours later it is four; from nine on"
        assert call.technician_id == cast.technician_id


def test_nobody_is_called_when_the_share_is_nought_or_mail_is_preferred(database: Database, settings: Settings) -> None:
    with database.writing() as session:
        cast = care_cast(session, settings.model_copy(update={"return_calls_share": 0}))
        ended(cast)
        assert plan_return_calls(cast.turn("system")) == 0
        cast.settings = settings
        cast.session.get_one(Visit, cast.visit_id)
        from dispatch.customers.tables import Customer

        session.get_one(Customer, cast.customer_id).channel = "mail"
        assert plan_return_calls(cast.turn("system")) == 1
        assert session.scalars(select(ReturnCall.state)).one() == "by_link"


def test_three_tries_end_it_and_a_dropped_call_is_dialled_again(database: Database, settings: Settings) -> None:
    with database.writing() as session:
        cast = care_cast(session, settings)
        call = a_call(cast)
        note_try(cast.turn("agent1", ELEVEN), call.id, "dropped")
        assert call.next_at == ELEVEN + timedelta(minutes=2)
        note_try(cast.turn("agent1", ELEVEN + timedelta(minutes=2)), call.id, "no_answer")
        assert call.state == "due"
        note_try(cast.turn("agent2", ELEVEN + 4 * HOUR), call.id, "busy")
        assert (call.state, len(call.tries)) == ("unreached", 3)
        with pytest.raises(NotAllowed) as refused:
            note_try(cast.turn("agent2", ELEVEN + 5 * HOUR), call.id, "busy")
        assert refused.value.name == "return-call-ended"


def test_nobody_is_rung_at_noon(database: Database, settings: Settings) -> None:
    with database.writing() as session:
        cast = care_cast(session, settings)
        call = a_call(cast)
        for at in (NOW + 2 * HOUR, NOW + 10 * HOUR + timedelta(minutes=1), NOW + 13 * HOUR):  # noon, eight, eleven
            with pytest.raises(NotAllowed) as refused:
                keep_answers(cast.turn("agent1", at), call.id, HAPPY)
            assert refused.value.name == "hour-indecent"


def test_unhappy_answers_open_a_complaint_about_that_visit(database: Database, settings: Settings) -> None:
    with database.writing() as session:
        cast = care_cast(session, settings)
        call = a_call(cast)
        answers = Answers("no", 2, 1, 0, True, "要了一包烟", "态度很差")
        keep_answers(cast.turn("agent1", ELEVEN), call.id, answers)
        complaint = session.get_one(Complaint, call.complaint_id)
        assert (complaint.visit_id, complaint.subject, complaint.severity) == (cast.visit_id, "conduct", 3)
        assert (complaint.channel, complaint.technician_id) == ("return_call", cast.technician_id)
        assert all(part in complaint.matter for part in ("要了一包烟", "没有解决", "态度很差"))
        assert session.scalars(select(Notice.kind).where(Notice.kind == "complaint_received")).all()


def test_happy_answers_open_none_and_by_link_asks_in_writing(database: Database, settings: Settings) -> None:
    with database.writing() as session:
        cast = care_cast(session, settings)
        call = a_call(cast)
        keep_answers(cast.turn("agent1", ELEVEN), call.id, HAPPY)
        assert (call.state, call.complaint_id) == ("done", None)
        session.rollback()
    with database.writing() as session:
        cast = care_cast(session, settings)
        assert ask_by_link(cast.turn("agent1", ELEVEN), a_call(cast).id).state == "by_link"


def proposals(cast: CareCast) -> list[tuple[str, int, list[str]]]:
    rows = cast.session.scalars(select(Compensation).order_by(Compensation.rule)).all()
    return [(one.rule, one.amount_fen, sorted({part["what"] for part in one.proof})) for one in rows]


def test_a_missed_visit_is_proposed_once_with_the_rows_that_prove_it(database: Database, settings: Settings) -> None:
    with database.writing() as session:
        cast = care_cast(session, settings)
        assert propose_from_evidence(cast.turn("system")) == 1
        assert propose_from_evidence(cast.turn("system", NOW + DAY)) == 0
        assert proposals(cast) == [("missed_visit", 5000, ["change", "visit"])]
        row = session.scalars(select(Compensation)).one()
        assert row.proof[0]["id"] == str(cast.visit_id)
        assert row.state == "proposed", "a person decides"


def test_a_late_visit_told_too_late_is_proposed_twice_over(database: Database, settings: Settings) -> None:
    with database.writing() as session:
        cast = care_cast(session, settings)
        visit = ended(cast)
        visit.arrived_at = visit.window_end + timedelta(minutes=61)
        notice = session.scalars(select(Notice).where(Notice.visit_id == visit.id)).one()
        notice.kind, notice.breached_at, notice.deadline = "moved", NOW - DAY, NOW - DAY
        session.flush()
        assert propose_from_evidence(cast.turn("system")) == 2
        assert proposals(cast) == [("late_notice", 2000, ["notice"]), ("late_visit", 3000, ["change", "visit"])]


def by_customer(cast: CareCast, what: str) -> None:
    cast.session.add(
        VisitChange(
            visit_id=cast.visit_id, version=7, at=NOW - 2 * DAY, what=what, by="customer:link",
            asked_by="customer", facts={},
        )
    )  # fmt: skip
    cast.session.flush()


@pytest.mark.parametrize("what", ["confirmed", "moved"])
def test_a_visit_that_was_missed_at_the_customers_own_time_is_ours_all_the_same(
    database: Database, settings: Settings, what: str
) -> None:
    with database.writing() as session:
        cast = care_cast(session, settings)
        by_customer(cast, what)
        assert propose_from_evidence(cast.turn("system")) == 1
        assert proposals(cast) == [("missed_visit", 5000, ["change", "visit"])]


@pytest.mark.parametrize(("what", "made"), [("confirmed", 1), ("wished", 1), ("moved", 0)])
def test_an_order_is_late_unless_the_customer_put_it_off(
    database: Database, settings: Settings, what: str, made: int
) -> None:
    with database.writing() as session:
        cast = care_cast(session, settings)
        by_customer(cast, what)
        visit = ended(cast, NOW - HOUR)
        session.get_one(WorkOrder, visit.work_order_id).reported_at = NOW - 4 * DAY
        session.flush()
        assert propose_from_evidence(cast.turn("system")) == made


def test_nobody_home_grants_nothing(database: Database, settings: Settings) -> None:
    with database.writing() as session:
        cast = care_cast(session, settings)
        session.get_one(Visit, cast.visit_id).status = "no_access"
        session.flush()
        assert propose_from_evidence(cast.turn("system")) == 0


def test_a_late_repair_is_proposed_for_its_order(database: Database, settings: Settings) -> None:
    with database.writing() as session:
        cast = care_cast(session, settings)
        visit = ended(cast, NOW - HOUR)
        order = session.get_one(WorkOrder, visit.work_order_id)
        order.reported_at = NOW - 4 * DAY
        session.flush()
        assert propose_from_evidence(cast.turn("system")) == 1
        assert proposals(cast) == [("late_repair", 2000, ["visit", "work_order"])]


def test_a_person_decides_within_their_limit_and_billing_gets_it_once(database: Database, settings: Settings) -> None:
    with database.writing() as session:
        cast = care_cast(session, settings)
        propose_from_evidence(cast.turn("system"))
        row = session.scalars(select(Compensation)).one()
        row.amount_fen = 5001
        with pytest.raises(NotAllowed) as refused:
            approve(cast.turn("agent1"), row.id)
        assert refused.value.name == "amount-above-limit"
        with pytest.raises(Invalid):
            decline(cast.turn("boss"), row.id, " ")
        assert hand_over(cast.turn("boss")) == []
        approve(cast.turn("boss"), row.id)
        with pytest.raises(NotAllowed):
            decline(cast.turn("boss"), row.id, "改主意")
        with pytest.raises(Forbidden):
            hand_over(cast.turn("agent1"))
        assert [one.id for one in hand_over(cast.turn("boss"))] == [row.id]
        assert hand_over(cast.turn("boss")) == []


def test_a_promise_that_is_overdue_escalates_twice(database: Database, settings: Settings) -> None:
    with database.writing() as session:
        cast = care_cast(session, settings)
        due = NOW + 2 * HOUR
        task = make_task(cast.turn(), "promise", "中午前回电", due)
        assert escalate(cast.turn("system", due - timedelta(seconds=1))) == 0
        assert escalate(cast.turn("system", due)) == 1
        assert (task.level, escalate(cast.turn("system", due + DAY - timedelta(seconds=1)))) == (1, 0)
        assert escalate(cast.turn("system", due + DAY)) == 1
        assert (task.level, escalate(cast.turn("system", due + 9 * DAY))) == (2, 0)


def test_a_closed_complaint_becomes_a_case_that_is_found(database: Database, settings: Settings) -> None:
    from dispatch.care.complaints.handling import close
    from dispatch.care.complaints.registering import register_complaint

    with database.writing() as session:
        cast = care_cast(session, settings)
        complaint = register_complaint(cast.turn(), told(cast))
        to_told(cast, complaint, "agent1", NOW + HOUR)
        assert file_closed_complaints(cast.turn("system")) == 0
        close(cast.turn("agent1", NOW + DAY), complaint.id)
        assert file_closed_complaints(cast.turn("system", NOW + DAY)) == 1
        assert file_closed_complaints(cast.turn("system", NOW + DAY)) == 0
        found = search(session, "派单漏看", cast.people["agent2"])
        assert [one.entry.key for one in found] == [f"complaint:{complaint.number}"]
        assert "王𬭎" not in found[0].version.body_zh
        assert search(session, "派单漏看", cast.people["tech"]) == [], "cases are for the desk"
        assert isinstance(complaint.id, UUID)

"""Verbs of return calls: plan them after visits, note each try, keep what was said, open a complaint when unhappy."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from checklists.words import Words
from dispatch.accounts.turn import Turn
from dispatch.care.complaints.registering import Told, register_complaint
from dispatch.care.return_calls import rules
from dispatch.care.return_calls.tables import ReturnCall
from dispatch.care.who import CARERS
from dispatch.customers.tables import Customer
from dispatch.database import one_at_a_time
from dispatch.errors import NotAllowed, NotFound, Stale
from dispatch.notices.tables import CallTask, Notice
from dispatch.records.asking import ASKED_WITHIN
from dispatch.records.queries import record_of_visit
from dispatch.visits.life import Status
from dispatch.visits.queries import visit_seen_by
from dispatch.visits.tables import Visit, WorkOrder
from dispatch.visits.telling import tell

LOOKED_BACK = timedelta(days=3)
AT_ONCE = 200


def plan_return_calls(turn: Turn) -> int:
    """A return call for each completed visit of the sample; returns how many are new.

    Who prefers mail is asked by link: the question of the next day is theirs, and nobody rings.
    """
    one_at_a_time(turn.session, "return calls")
    zone, share = turn.settings.zone, turn.settings.return_calls_share
    known = select(ReturnCall.id).where(ReturnCall.visit_id == Visit.id).exists()
    visits = turn.session.scalars(
        select(Visit)
        .where(
            Visit.status == Status.SEALED, Visit.ended_at > turn.now - LOOKED_BACK, Visit.ended_at < turn.now, ~known
        )
        .options(joinedload(Visit.work_order).joinedload(WorkOrder.customer))
        .order_by(Visit.ended_at, Visit.id)
        .limit(5000)
    ).all()
    made = 0
    for visit in visits:
        if not rules.is_sampled(visit.id, share) or visit.ended_at is None:
            continue
        customer = visit.work_order.customer
        begins = rules.decent_from(visit.ended_at + rules.FIRST_AFTER, zone)
        turn.session.add(
            ReturnCall(
                visit_id=visit.id,
                customer_id=customer.id,
                technician_id=visit.technician_id,
                state="by_link" if customer.channel == "mail" else "due",
                made_at=turn.now,
                next_at=begins,
                due_at=visit.ended_at + rules.DUE_AFTER,
                tries=[],
            )
        )
        made += 1
        if made == AT_ONCE:
            break
    turn.session.flush()
    return made


def return_call_to_make(turn: Turn, call_id: UUID, version: int | None = None) -> ReturnCall:
    """The call, locked. Refuses one that has ended, and one that somebody else has just noted."""
    turn.viewer.must_be(CARERS)
    call = turn.session.scalar(select(ReturnCall).where(ReturnCall.id == call_id).with_for_update())
    if call is None:
        raise NotFound
    if version is not None and version != call.version:
        raise Stale(call.version)
    if call.state != "due":
        raise NotAllowed(Words("该回访已结束。", "This return call has ended."), name="return-call-ended")
    return call


def note_try(
    turn: Turn, call_id: UUID, outcome: rules.Outcome, note: str = "", version: int | None = None
) -> ReturnCall:
    """A try that did not come to answers. Refuses ringing outside decent hours: then nobody should have rung."""
    assert outcome in rules.OUTCOMES
    assert outcome != "reached"
    call = return_call_to_make(turn, call_id, version)
    _must_be_decent(turn, call)
    _add_try(turn, call, outcome, note)
    after = rules.after_try(outcome, len(call.tries), now=turn.now, zone=turn.settings.zone)
    call.state, call.next_at = after.state, after.next_at or call.next_at
    if after.state == "unreached":
        call.done_at, call.done_by = turn.now, turn.by
    return call


def keep_answers(turn: Turn, call_id: UUID, said: rules.Answers, version: int | None = None) -> ReturnCall:
    """What the customer said. Unhappy answers open a complaint, with the visit it is about."""
    call = return_call_to_make(turn, call_id, version)
    _must_be_decent(turn, call)
    _add_try(turn, call, "reached", "")
    call.state, call.done_at, call.done_by = "done", turn.now, turn.by
    call.fixed, call.conduct, call.overall, call.recommend = said.fixed, said.conduct, said.overall, said.recommend
    call.demanded, call.demanded_what = said.demanded, said.demanded_what.strip()[:500]
    call.comment = said.comment.strip()[:1000]
    _end_promised_call(turn, call)
    reasons = rules.why_unhappy(said)
    if reasons:
        language = turn.session.get_one(Customer, call.customer_id).language
        lines = [reason.to(language) for reason in reasons] + ([call.comment] if call.comment else [])
        subject, severity = rules.subject_and_severity(said)
        told = Told(call.customer_id, "return_call", subject, "\n".join(lines), severity, visit_id=call.visit_id)
        call.complaint_id = register_complaint(turn, told).id
    turn.audit("return_call", "visit", call.visit_id, unhappy=bool(reasons))
    return call


def ask_by_link(turn: Turn, call_id: UUID, version: int | None = None) -> ReturnCall:
    """The customer would rather be asked in writing: the question goes out by message, nobody rings again."""
    call = return_call_to_make(turn, call_id, version)
    asked = turn.session.scalar(
        select(Notice.id).where(Notice.visit_id == call.visit_id, Notice.kind == "satisfaction").limit(1)
    )
    _add_try(turn, call, "refused", "by link")
    call.state, call.done_at, call.done_by = "by_link", turn.now, turn.by
    if asked is None:
        visit = visit_seen_by(turn.session, turn.viewer, call.visit_id)
        record = record_of_visit(turn.session, turn.viewer, visit.id)
        if record is not None:
            tell(
                turn, visit, "satisfaction", replaces=(), dedupe=f"satisfaction:{visit.id}",
                useful_until=turn.now + ASKED_WITHIN, number=record.number,
            )  # fmt: skip
    return call


def _add_try(turn: Turn, call: ReturnCall, outcome: str, note: str) -> None:
    one = {"at": turn.now.isoformat(), "by": turn.by, "outcome": outcome, "note": " ".join(note.split())[:500]}
    call.tries = [*call.tries, one]
    call.version += 1


def _must_be_decent(turn: Turn, call: ReturnCall) -> None:
    zone = turn.settings.zone
    if not rules.is_decent(turn.now, zone):
        raise NotAllowed(
            Words(
                "现在不是回访时间（9:00–12:00、14:00–20:00），请稍后再致电。",
                "Nobody is rung at this hour (9–12 and 14–20 are decent). Call later.",
            ),
            name="hour-indecent",
        )


def _end_promised_call(turn: Turn, call: ReturnCall) -> None:
    """A return call that was promised for this visit has been made."""
    tasks = turn.session.scalars(
        select(CallTask).where(
            CallTask.visit_id == call.visit_id, CallTask.kind == "return_call", CallTask.state == "open"
        )
    )
    for task in tasks:
        task.state, task.outcome, task.closed_at, task.closed_by = "done", "reached_agreed", turn.now, turn.by
        task.version += 1

"""Calls that a person must make: the list, the most urgent first, and one call with what to say and how it went."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response

from checklists.words import Words
from dispatch.accounts.answered_once import fingerprint
from dispatch.accounts.audit import note_look
from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import PLANNERS
from dispatch.customers.phones import masked_phone
from dispatch.customers.queries import customer_seen_by, customers_by_id
from dispatch.errors import Refusal
from dispatch.notices.call_lists import call_counts, calls_listed
from dispatch.notices.calls import call_seen_by, note_call
from dispatch.notices.own_texts import live_texts
from dispatch.notices.tables import CallTask, Notice
from dispatch.visits.call_scripts import script_of
from dispatch.visits.finding import visits_by_id
from dispatch.visits.life import MOVABLE
from mobile_api.desk.doors import DeskReading, DeskWriting, may
from mobile_api.desk.forms import Form, FormShape, Sent, attempt, read_form
from mobile_api.desk.telling_words import (
    CALL_KIND_WORDS,
    CALL_OUTCOME_WORDS,
    why_words,
)
from mobile_api.desk.words import KIND_WORDS, NOTICE_KIND_WORDS, flashes, who
from mobile_api.errors import status_of
from mobile_api.pages import page
from mobile_api.shapes import Note

router = APIRouter()
STATES = ("open", "done", "void")

CHOOSE = Words("请选择通话结果。", "Choose how the call ended.")


class OutcomeShape(FormShape):
    """How a call went; `version` is the one that was looked at."""

    version: int
    outcome: Literal["reached_agreed", "reached_disagreed", "not_reached", "wrong_number"]
    note: Note = ""


@router.get("/desk/calls")
def show_calls(request: Request, turn: DeskReading, state: str = "open", done: str = "") -> Response:
    """What is to be called, or what was; numbers masked."""
    chosen = state if state in STATES else "open"
    note_look(turn.session, turn.viewer, "calls", chosen, turn.now)
    return page(
        request,
        "desk/calls.html",
        **_listed(turn, chosen),
        states=STATES,
        flashes=flashes(done),
        may=may(turn.viewer),
    )


@router.get("/desk/calls/live")
def refresh_calls(request: Request, turn: DeskReading, state: str = "open", seen: str = "") -> Response:
    """The list anew, or 204 when it is as it was at the revision `seen`."""
    facts = _listed(turn, state if state in STATES else "open")
    if facts["revision"] == seen:
        return Response(status_code=204)
    return page(request, "desk/calls_live.html", **facts)


@router.get("/desk/calls/count")
def refresh_count(request: Request, turn: DeskReading, seen: str = "") -> Response:
    """The count in the navigation anew, or 204 when it is still `seen`."""
    counts = call_counts(turn.session, turn.now)
    if seen == f"{counts.open}-{counts.overdue}":
        return Response(status_code=204)
    return page(request, "desk/calls_count.html", calls=counts)


def _listed(turn: Turn, state: str) -> dict[str, Any]:
    tasks = calls_listed(turn.session, state)
    seen = [(str(task.id), task.version, task.state, task.due_at < turn.now) for task in tasks]
    customers = customers_by_id(turn.session, {task.customer_id for task in tasks})
    return {
        "tasks": tasks,
        "state": state,
        "revision": fingerprint(seen)[:20],
        "customers": customers,
        "masked": {id: masked_phone(one.phone) for id, one in customers.items()},
        "visits": visits_by_id(turn.session, turn.viewer, {task.visit_id for task in tasks if task.visit_id}),
        "kinds": CALL_KIND_WORDS,
        "outcomes": CALL_OUTCOME_WORDS,
        "why": why_words,
        "who": who,
    }


@router.get("/desk/calls/{task_id}")
def show_call(request: Request, turn: DeskReading, task_id: UUID, done: str = "") -> Response:
    """One call: whom, why, until when, what to say, and how it went so far."""
    return _draw(request, turn, call_seen_by(turn, task_id), Form(), done=done)


@router.post("/desk/calls/{task_id}/number")
def show_number(request: Request, turn: DeskWriting, task_id: UUID) -> Response:
    """The whole number. Who asked for it, and when, is written down before the answer leaves."""
    task = call_seen_by(turn, task_id)
    customer = customer_seen_by(turn.session, turn.viewer, task.customer_id)
    note_look(turn.session, turn.viewer, "customer_phone", customer.id, turn.now)
    if request.headers.get("hx-request"):
        return page(request, "desk/number.html", number=customer.phone)
    return _draw(request, turn, task, Form(), number=customer.phone)


@router.post("/desk/calls/{task_id}/outcome")
def note_outcome(request: Request, turn: DeskWriting, sent: Sent, task_id: UUID) -> Response:
    """Note how it went, once; the next page is where to go on."""
    call_seen_by(turn, task_id)
    read = read_form(OutcomeShape, sent)
    if read.shape is None:
        more = {"outcome": CHOOSE} if "outcome" in read.errors else {}
        return _draw(request, turn, call_seen_by(turn, task_id), read.again(**more))
    shape = read.shape

    def do() -> str:
        task = note_call(turn, task_id, shape.outcome, shape.note, shape.version)
        return _go_on(turn, task, shape.outcome)

    answer = attempt(turn, shape, f"call {task_id}", do)
    if isinstance(answer, Response):
        return answer
    return _draw(request, turn, call_seen_by(turn, task_id), read.again(), refusal=answer)


def _go_on(turn: Turn, task: CallTask, outcome: str) -> str:
    """Where the caller goes on: to a new time, to the right number, or to the next call."""
    if outcome == "wrong_number":
        return f"/desk/customers/{task.customer_id}?done=wrong_number"
    if outcome == "not_reached":
        return f"/desk/calls/{task.id}?done=not_reached" if task.state == "open" else "/desk/calls?done=not_reached"
    if outcome == "reached_disagreed" and task.visit_id is not None and task.kind != "return_call":
        visit = visits_by_id(turn.session, turn.viewer, {task.visit_id}).get(task.visit_id)
        if visit is not None and visit.status in MOVABLE and turn.viewer.role in PLANNERS:
            return f"/desk/visits/{task.visit_id}/move?asked=customer"
        return f"/desk/visits/{task.visit_id}?done=call_other"
    return "/desk/calls?done=called"


def _draw(
    request: Request,
    turn: Turn,
    task: CallTask,
    form: Form,
    *,
    number: str | None = None,
    refusal: Refusal | None = None,
    done: str = "",
) -> Response:
    session = turn.session
    customer = customer_seen_by(session, turn.viewer, task.customer_id)
    notice = session.get(Notice, task.notice_id) if task.notice_id else None
    visit = visits_by_id(session, turn.viewer, {task.visit_id}).get(task.visit_id) if task.visit_id else None
    note_look(session, turn.viewer, "call", task.id, turn.now)
    return page(
        request,
        "desk/call.html",
        status=status_of(refusal) if refusal else 422 if form.errors else 200,
        task=task,
        customer=customer,
        masked=masked_phone(customer.phone),
        number=number,
        notice=notice,
        visit=visit,
        say_this=script_of(task, customer, notice, visit, live_texts(session), turn.settings),
        form=form,
        refusal=refusal,
        kinds=CALL_KIND_WORDS,
        outcomes=CALL_OUTCOME_WORDS,
        notice_kinds=NOTICE_KIND_WORDS,
        kind_words=KIND_WORDS,
        why=why_words,
        who=who,
        instant=datetime.fromisoformat,
        flashes=flashes(done),
        may=may(turn.viewer),
    )

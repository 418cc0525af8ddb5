"""Call tasks: whom a person must phone, by when, and how it went."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query
from fastapi.responses import JSONResponse

from dispatch.accounts.audit import note_look
from dispatch.customers.phones import masked_phone
from dispatch.customers.queries import customer_seen_by
from dispatch.notices.call_lists import LISTED, calls_listed
from dispatch.notices.calls import CALLERS, call_seen_by, note_call
from dispatch.notices.own_texts import live_texts
from dispatch.notices.tables import CallTask, Notice
from dispatch.visits.call_scripts import script_of
from dispatch.visits.finding import visits_by_id
from mobile_api.api import shown
from mobile_api.api.routing import answered, api_router, once, refusals
from mobile_api.dependencies import ExpectedVersion, IdempotencyKey, Reading, Writing
from mobile_api.shapes import Note, Shape

router = api_router("call tasks")


class CallOutcomeShape(Shape):
    """How the call ended, and what the customer said."""

    outcome: Literal["reached_agreed", "reached_disagreed", "not_reached", "wrong_number"]
    note: Note = ""


def _shown(task: CallTask) -> dict[str, Any]:
    """A call task; the number masked."""
    return {
        "id": str(task.id),
        "version": task.version,
        "kind": task.kind,
        "state": task.state,
        "customer_id": str(task.customer_id),
        "visit_id": str(task.visit_id) if task.visit_id else None,
        "notice_id": str(task.notice_id) if task.notice_id else None,
        "language": task.language,
        "phone_masked": masked_phone(task.phone),
        "why": task.why,
        "opened_at": shown.moment(task.opened_at),
        "due_at": shown.moment(task.due_at),
        "tries": task.tries,
        "outcome": task.outcome,
        "note": task.note,
        "closed_at": shown.moment(task.closed_at),
        "breached_at": shown.moment(task.breached_at),
    }


@router.get("/call-tasks", summary="Calls to make")
def get_calls(
    turn: Reading,
    state: Literal["open", "done", "void", "all"] = "open",
    visit_id: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = LISTED,
) -> dict[str, Any]:
    """For those who call: open ones the most urgent first, others the last closed first."""
    turn.viewer.must_be(CALLERS)
    tasks = calls_listed(turn.session, None if state == "all" else state, visit_id=visit_id, most=limit)
    return {"items": [_shown(task) for task in tasks]}


@router.get("/call-tasks/{task_id}", summary="One call")
def get_call(task_id: UUID, turn: Reading) -> JSONResponse:
    """With the whole number to dial, which is written down, and what to say; its version as ETag."""
    task = call_seen_by(turn, task_id)
    customer = customer_seen_by(turn.session, turn.viewer, task.customer_id)
    note_look(turn.session, turn.viewer, "customer_phone", customer.id, turn.now)
    notice = turn.session.get(Notice, task.notice_id) if task.notice_id else None
    visit = visits_by_id(turn.session, turn.viewer, {task.visit_id}).get(task.visit_id) if task.visit_id else None
    script = script_of(task, customer, notice, visit, live_texts(turn.session), turn.settings)
    return answered(200, {**_shown(task), "phone": customer.phone, "script": script})


@router.post("/call-tasks/{task_id}/outcome", summary="How a call went", responses=refusals(409, 412))
def post_outcome(
    task_id: UUID,
    shape: CallOutcomeShape,
    turn: Writing,
    version: ExpectedVersion,
    idempotency_key: IdempotencyKey = None,
) -> JSONResponse:
    """Reached: the task is done, and the notice behind it counts as told by phone. 409 `call-closed` afterwards.

    Not reached: it stays open, until it is overdue and was tried twice.
    """

    def note() -> dict[str, Any]:
        return _shown(note_call(turn, task_id, shape.outcome, shape.note, version))

    return once(turn, idempotency_key, f"call {task_id}", shape, note)

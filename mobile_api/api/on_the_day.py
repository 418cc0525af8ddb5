"""The day itself: set out, be late, arrive, find nobody home; and the call promised afterwards."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from fastapi.responses import JSONResponse
from pydantic import Field

from dispatch.accounts.turn import Turn
from dispatch.notices.tables import Notice
from dispatch.records.asking import announce_return_call
from dispatch.visits import on_the_day
from dispatch.visits.queries import visit_seen_by
from dispatch.visits.tables import Visit
from dispatch.visits.under_way import run_late
from dispatch.visits.windows import Window
from mobile_api.api import shown
from mobile_api.api.routing import api_router, once, refusals
from mobile_api.dependencies import ExpectedVersion, IdempotencyKey, Writing
from mobile_api.shapes import Moment, NoAccessShape, OnTheDayShape, Reason, Shape, WindowShape

router = api_router("visits")
CHANGES = refusals(409, 412)


class DepartShape(OnTheDayShape):
    """When they set out, and when they expect to arrive; guessed by distance if it is left out."""

    predicted: Moment | None = Field(None, description="When the technician expects to arrive.")


class RunningLateShape(Shape):
    """When the technician will be there, and why they are late. The customer reads both."""

    predicted: Moment = Field(examples=["2026-11-23T10:20:00+08:00"])
    reason: Reason = Field("", examples=["上一户工程超时"])


class ReturnCallShape(Shape):
    """Between when the customer will be called: by day, four hours at most."""

    window: WindowShape


def _step(
    turn: Turn, visit_id: UUID, key: str | None, what: str, shape: OnTheDayShape | None, do: Callable[[], Visit]
) -> JSONResponse:
    return once(turn, key, f"{what} {visit_id}", shape, lambda: shown.visit(do()))


def _told(notice: Notice | None) -> dict[str, Any] | None:
    if notice is None:
        return None
    return {"notice_id": str(notice.id), "kind": notice.kind, "deadline": shown.moment(notice.deadline)}


@router.post("/visits/{visit_id}/depart", summary="The technician sets out", responses=CHANGES)
def post_depart(
    visit_id: UUID,
    turn: Writing,
    version: ExpectedVersion,
    shape: DepartShape | None = None,
    idempotency_key: IdempotencyKey = None,
) -> JSONResponse:
    """booked → en_route. The customer is told when to expect them, or that they will be late."""
    told = shape or DepartShape()
    return _step(
        turn, visit_id, idempotency_key, "depart", shape,
        lambda: on_the_day.depart(
            turn, visit_id, at=told.at, predicted=told.predicted, expected_version=version
        ),
    )  # fmt: skip


@router.post("/visits/{visit_id}/running-late", summary="The technician will be late", responses=CHANGES)
def post_running_late(
    visit_id: UUID,
    shape: RunningLateShape,
    turn: Writing,
    version: ExpectedVersion,
    idempotency_key: IdempotencyKey = None,
) -> JSONResponse:
    """Owes the customer the new arrival and the reason, before the appointed time where that is still possible.

    422 `not-late` for an arrival that keeps the promise.
    """

    def tell() -> dict[str, Any]:
        visit, notice = run_late(
            turn, visit_id, predicted=shape.predicted, reason=shape.reason, expected_version=version
        )
        return {**shown.visit(visit), "told": _told(notice)}

    return once(turn, idempotency_key, f"running-late {visit_id}", shape, tell)


@router.post("/visits/{visit_id}/arrive", summary="The technician is at the door", responses=CHANGES)
def post_arrive(
    visit_id: UUID,
    turn: Writing,
    version: ExpectedVersion,
    shape: OnTheDayShape | None = None,
    idempotency_key: IdempotencyKey = None,
) -> JSONResponse:
    """en_route → on_site."""
    at = shape.at if shape else None
    return _step(
        turn, visit_id, idempotency_key, "arrive", shape,
        lambda: on_the_day.arrive(turn, visit_id, at=at, expected_version=version),
    )  # fmt: skip


@router.post("/visits/{visit_id}/no-access", summary="Nobody home", responses=CHANGES)
def post_no_access(
    visit_id: UUID,
    turn: Writing,
    version: ExpectedVersion,
    shape: NoAccessShape | None = None,
    idempotency_key: IdempotencyKey = None,
) -> JSONResponse:
    """en_route or on_site → no_access; the customer is offered a new time."""
    told = shape or NoAccessShape()
    return _step(
        turn, visit_id, idempotency_key, "no-access", shape,
        lambda: on_the_day.no_access(
            turn, visit_id, note_left=told.note_left, at=told.at, expected_version=version
        ),
    )  # fmt: skip


@router.post("/visits/{visit_id}/return-call", summary="Promise a return call", status_code=201, responses=CHANGES)
def post_return_call(
    visit_id: UUID, shape: ReturnCallShape, turn: Writing, idempotency_key: IdempotencyKey = None
) -> JSONResponse:
    """The customer of a completed visit is told when we will call, and the desk has the task to do it."""

    def announce() -> dict[str, Any]:
        visit_seen_by(turn.session, turn.viewer, visit_id)  # what is not there is said before what is odd
        window = Window(shape.window.start, shape.window.end)
        notice, task = announce_return_call(turn, visit_id, window)
        return {"told": _told(notice), "call_id": str(task.id), "due_at": shown.moment(task.due_at)}

    return once(turn, idempotency_key, f"return-call {visit_id}", shape, announce, 201)

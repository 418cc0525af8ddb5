"""Visits: book, list, reschedule, cancel. The steps of the day are in `on_the_day`."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query
from fastapi.responses import JSONResponse

from dispatch.accounts.turn import Turn
from dispatch.visits.booking import Booked, book_visit, cancel_visit, reschedule_visit
from dispatch.visits.queries import order_seen_by, visit_seen_by, visits_on
from dispatch.visits.rules import Override
from dispatch.visits.windows import Window
from mobile_api.api import shown
from mobile_api.api.routing import answered, api_router, once, refusals
from mobile_api.dependencies import ExpectedVersion, IdempotencyKey, Reading, Writing
from mobile_api.shapes import (
    BookingShape,
    CancelShape,
    Day,
    OverrideShape,
    RescheduleShape,
)

router = api_router("visits")
CHANGES = refusals(409, 412)


def booked(done: Booked) -> dict[str, Any]:
    """A visit with what the customer is owed to be told about it."""
    told = None
    if done.notice is not None:
        told = {
            "notice_id": str(done.notice.id),
            "kind": done.notice.kind,
            "deadline": shown.moment(done.notice.deadline),
        }
    return {**shown.visit(done.visit), "told": told, "breach": done.breach}


def _override(turn: Turn, shape: OverrideShape | None) -> Override | None:
    if shape is None:
        return None
    return Override(shape.reason, shape.call.outcome, shape.call.at or turn.now)


@router.post("/visits", status_code=201, summary="Book a visit", responses=refusals(409))
def post_visit(shape: BookingShape, turn: Writing, idempotency_key: IdempotencyKey = None) -> JSONResponse:
    """Promises the window and owes the confirmation in the same transaction.

    409 when the technician is planned elsewhere, or has no free time inside the window.
    """

    def book() -> dict[str, Any]:
        order_seen_by(turn.session, turn.viewer, shape.work_order_id)  # what is not there is said before what is odd
        return booked(
            book_visit(
                turn,
                shape.work_order_id,
                Window(shape.window.start, shape.window.end),
                technician_id=shape.technician_id,
                planned_start=shape.planned_start,
                client_key=idempotency_key,
            )
        )

    return once(turn, idempotency_key, "book", shape, book, 201)


@router.get("/visits", summary="Visits of a day")
def get_visits(
    turn: Reading,
    day: Annotated[Day | None, Query(description="A day in the business zone.", examples=["2026-11-23"])] = None,
    technician_id: UUID | None = None,
    status: Literal["booked", "en_route", "on_site", "no_access", "sealed", "cancelled"] | None = None,
    limit: Annotated[int, Query(ge=1, le=5000)] = 1000,
) -> dict[str, Any]:
    """In the order of the day. A technician sees their own."""
    rows = visits_on(
        turn.session,
        turn.viewer,
        zone=turn.settings.zone,
        day=day,
        technician_id=technician_id,
        status=status,
        limit=limit,
    )
    return {"items": [shown.visit(row) for row in rows]}


@router.get("/visits/{visit_id}", summary="One visit")
def get_visit(visit_id: UUID, turn: Reading) -> JSONResponse:
    """With its version as ETag."""
    return answered(200, shown.visit(visit_seen_by(turn.session, turn.viewer, visit_id)))


@router.post("/visits/{visit_id}/reschedule", summary="Move a visit", responses=CHANGES)
def post_reschedule(
    visit_id: UUID,
    shape: RescheduleShape,
    turn: Writing,
    version: ExpectedVersion,
    idempotency_key: IdempotencyKey = None,
) -> JSONResponse:
    """Under the two-hour rule: 409 `too-late-to-move` when the customer cannot be told in time.

    Moving `planned_start` inside the told window owes the customer nothing.
    """

    def move() -> dict[str, Any]:
        present = visit_seen_by(turn.session, turn.viewer, visit_id)
        technician_id = shape.technician_id if "technician_id" in shape.model_fields_set else present.technician_id
        return booked(
            reschedule_visit(
                turn,
                visit_id,
                Window(shape.window.start, shape.window.end),
                asked_by=shape.asked_by,
                reason=shape.reason,
                technician_id=technician_id,
                planned_start=shape.planned_start,
                override=_override(turn, shape.override),
                expected_version=version,
            )
        )

    return once(turn, idempotency_key, f"reschedule {visit_id}", shape, move)


@router.post("/visits/{visit_id}/cancel", summary="Cancel a visit", responses=CHANGES)
def post_cancel(
    visit_id: UUID,
    shape: CancelShape,
    turn: Writing,
    version: ExpectedVersion,
    idempotency_key: IdempotencyKey = None,
) -> JSONResponse:
    """Under the same two-hour rule; the work order waits to be booked again."""

    def cancel() -> dict[str, Any]:
        return booked(
            cancel_visit(
                turn,
                visit_id,
                asked_by=shape.asked_by,
                reason=shape.reason,
                override=_override(turn, shape.override),
                expected_version=version,
            )
        )

    return once(turn, idempotency_key, f"cancel {visit_id}", shape, cancel)

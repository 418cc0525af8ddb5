"""Visits: book, list, reschedule, cancel, and the steps of the day."""

from collections.abc import Callable
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query
from fastapi.responses import JSONResponse

from dispatch.accounts.answered_once import answered_once, fingerprint
from dispatch.accounts.turn import Turn
from dispatch.visits import on_the_day
from dispatch.visits.booking import Booked, book_visit, cancel_visit, reschedule_visit
from dispatch.visits.queries import order_seen_by, visit_seen_by, visits_on
from dispatch.visits.rules import Override
from dispatch.visits.tables import Visit
from dispatch.visits.windows import Window
from mobile_api.api import shown
from mobile_api.api.routing import answered, api_router, refusals
from mobile_api.dependencies import ExpectedVersion, IdempotencyKey, Reading, Writing
from mobile_api.shapes import (
    BookingShape,
    CancelShape,
    Day,
    NoAccessShape,
    OnTheDayShape,
    OverrideShape,
    RescheduleShape,
    Shape,
)

router = api_router("visits")
CHANGES = refusals(409, 412)


def _once(
    turn: Turn, key: str | None, what: str, shape: Shape | None, do: Callable[[], dict[str, Any]], status: int = 200
) -> JSONResponse:
    request = fingerprint(what, shape.model_dump(mode="json") if shape else None)
    return answered(*answered_once(turn.session, turn.viewer, key, request, lambda: (status, do()), turn.now))


def _booked(done: Booked) -> dict[str, Any]:
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
        return _booked(
            book_visit(
                turn,
                shape.work_order_id,
                Window(shape.window.start, shape.window.end),
                technician_id=shape.technician_id,
                planned_start=shape.planned_start,
                client_key=idempotency_key,
            )
        )

    return _once(turn, idempotency_key, "book", shape, book, 201)


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
        return _booked(
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

    return _once(turn, idempotency_key, f"reschedule {visit_id}", shape, move)


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
        return _booked(
            cancel_visit(
                turn,
                visit_id,
                asked_by=shape.asked_by,
                reason=shape.reason,
                override=_override(turn, shape.override),
                expected_version=version,
            )
        )

    return _once(turn, idempotency_key, f"cancel {visit_id}", shape, cancel)


def _step(
    turn: Turn, visit_id: UUID, key: str | None, what: str, shape: OnTheDayShape | None, do: Callable[[], Visit]
) -> JSONResponse:
    return _once(turn, key, f"{what} {visit_id}", shape, lambda: shown.visit(do()))


@router.post("/visits/{visit_id}/depart", summary="The technician sets out", responses=CHANGES)
def post_depart(
    visit_id: UUID,
    turn: Writing,
    version: ExpectedVersion,
    shape: OnTheDayShape | None = None,
    idempotency_key: IdempotencyKey = None,
) -> JSONResponse:
    """booked → en_route."""
    at = shape.at if shape else None
    return _step(
        turn, visit_id, idempotency_key, "depart", shape,
        lambda: on_the_day.depart(turn, visit_id, at=at, expected_version=version),
    )  # fmt: skip


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

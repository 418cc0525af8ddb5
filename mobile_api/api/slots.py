"""Free windows: what can truly be offered for a work order or a visit, held for some minutes, and booked."""

from typing import Any
from uuid import UUID, uuid4

from fastapi.responses import JSONResponse

from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import DESK, PLANNERS
from dispatch.planning.slot_booking import hold_window, take_window
from dispatch.planning.slots import PlannedOffer, offers_for
from dispatch.visits.queries import order_seen_by, visit_seen_by
from dispatch.visits.tables import Visit, WorkOrder
from dispatch.visits.windows import Window
from mobile_api.api import shown
from mobile_api.api.routing import api_router, once, refusals
from mobile_api.api.visits import booked
from mobile_api.dependencies import IdempotencyKey, Reading, Writing
from mobile_api.shapes import Id, Shape, WindowShape

router = api_router("slots")
GONE = refusals(409)


class HoldShape(Shape):
    """A window out of those offered. `hold_id`: what this asker holds already and lets go of for it."""

    window: WindowShape
    hold_id: Id | None = None


def _offers(turn: Turn, order: WorkOrder, visit: Visit | None) -> dict[str, Any]:
    found = offers_for(turn, order, visit)
    return {"planned": found is not None, "items": [_shown(one) for one in found or ()]}


def _shown(offer: PlannedOffer) -> dict[str, Any]:
    return {
        "window": shown.window(offer.window),
        "technician_id": str(offer.technician_id),
        "price": offer.price,
        "green": offer.green,
    }


@router.get("/work-orders/{work_order_id}/slots", summary="Windows that can be offered for a work order")
def get_slots(work_order_id: UUID, turn: Reading) -> dict[str, Any]:
    """The next 14 days, by time. `price`: what it adds, in seconds of driving; `green`: somebody is near anyway.

    `planned` is false, and nothing offered, where nobody's shifts are known.
    """
    turn.viewer.must_be(DESK)
    return _offers(turn, order_seen_by(turn.session, turn.viewer, work_order_id), None)


@router.get("/visits/{visit_id}/slots", summary="Windows that a visit can be moved to")
def get_visit_slots(visit_id: UUID, turn: Reading) -> dict[str, Any]:
    """The same for a visit that is booked: its present window is not among them."""
    turn.viewer.must_be(DESK)
    visit = visit_seen_by(turn.session, turn.viewer, visit_id)
    return _offers(turn, visit.work_order, visit)


@router.post("/work-orders/{work_order_id}/slots/hold", summary="Hold a window", status_code=201, responses=GONE)
def post_hold(
    work_order_id: UUID, shape: HoldShape, turn: Writing, idempotency_key: IdempotencyKey = None
) -> JSONResponse:
    """Keeps it free for five minutes. 409 `slot-gone` when it is taken, or held by somebody else."""
    turn.viewer.must_be(PLANNERS)

    def hold() -> dict[str, Any]:
        order = order_seen_by(turn.session, turn.viewer, work_order_id)
        held = shape.hold_id or uuid4()
        kept = hold_window(turn, order, _window(shape), holder=f"api:{order.id}:{held}")
        return {
            "hold_id": str(held),
            "window": shown.window(_window(shape)),
            "technician_id": str(kept.technician_id),
            "held_until": shown.moment(kept.held_until),
        }

    return once(turn, idempotency_key, f"hold for {work_order_id}", shape, hold, 201)


@router.post("/work-orders/{work_order_id}/slots/book", summary="Book a window", status_code=201, responses=GONE)
def post_book(
    work_order_id: UUID, shape: HoldShape, turn: Writing, idempotency_key: IdempotencyKey = None
) -> JSONResponse:
    """Books it for whoever reaches it best, and owes the confirmation. With `hold_id` the held time is one's own."""
    turn.viewer.must_be(PLANNERS)

    def book() -> dict[str, Any]:
        order = order_seen_by(turn.session, turn.viewer, work_order_id)
        holder = f"api:{order.id}:{shape.hold_id}" if shape.hold_id else None
        return booked(take_window(turn, order, None, _window(shape), holder=holder))

    return once(turn, idempotency_key, f"book window for {work_order_id}", shape, book, 201)


def _window(shape: HoldShape) -> Window:
    return Window(shape.window.start, shape.window.end)

"""Work orders: taken in from order systems, one at a time."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query
from fastapi.responses import JSONResponse

from dispatch.customers.actions import CustomerFacts, LineFacts, SiteFacts
from dispatch.visits.orders import OrderFacts, take_in_order
from dispatch.visits.queries import order_seen_by, orders_seen_by
from mobile_api.api import shown
from mobile_api.api.routing import api_router, refusals
from mobile_api.dependencies import Reading, Writing
from mobile_api.shapes import ShortLine, WorkOrderShape

router = api_router("work orders")


def facts_of(shape: WorkOrderShape) -> OrderFacts:
    """The shape as the product's own value."""
    return OrderFacts(
        kind=shape.kind,
        customer=CustomerFacts(**shape.customer.model_dump()),
        site=SiteFacts(**shape.site.model_dump()),
        line=LineFacts(**shape.line.model_dump()),
        external_id=shape.external_id,
        symptoms=tuple(shape.symptoms),
        note=shape.note,
        deadline=shape.deadline,
        minutes=shape.minutes,
        skills=tuple(shape.skills),
    )


@router.post(
    "/work-orders",
    status_code=201,
    summary="Take in a work order",
    responses={200: {"description": "Known already, with the same content."}, **refusals(409)},
)
def post_work_order(shape: WorkOrderShape, turn: Writing) -> JSONResponse:
    """Customer, site and line are found or made. The same `external_id` with other content is refused (409)."""
    order, is_new = take_in_order(turn, facts_of(shape))
    return JSONResponse(shown.work_order(order), 201 if is_new else 200)


@router.get("/work-orders", summary="Work orders")
def get_work_orders(
    turn: Reading,
    state: Literal["open", "done", "cancelled"] | None = None,
    external_id: ShortLine | None = None,
    limit: Annotated[int, Query(ge=1, le=5000)] = 500,
) -> dict[str, Any]:
    """For the desk only, in the order in which they came; the customer's number masked."""
    rows = orders_seen_by(turn.session, turn.viewer, state=state, external_id=external_id, limit=limit)
    return {"items": [shown.work_order_with_names(row) for row in rows]}


@router.get("/work-orders/{work_order_id}", summary="One work order")
def get_work_order(work_order_id: UUID, turn: Reading) -> dict[str, Any]:
    """For the desk only."""
    return shown.work_order(order_seen_by(turn.session, turn.viewer, work_order_id))

"""The van's kit: what it holds, what tomorrow will take, and topping it up at the station."""

from typing import Annotated, Any
from uuid import UUID

from fastapi.responses import JSONResponse
from pydantic import Field

from checklists.kit_v1 import KIT_BY_KEY
from dispatch.clock import local_day
from dispatch.errors import NotFound
from dispatch.technicians.kit import top_up_kit
from dispatch.technicians.queries import kit_stock_of, technicians_seen_by
from dispatch.technicians.rules import MOST_HELD, day_to_look_at
from dispatch.visits.vans import short_vans
from mobile_api.api.routing import api_router, once
from mobile_api.dependencies import IdempotencyKey, Reading, Writing
from mobile_api.shapes import Count, Shape

router = api_router("technicians")


class KitShape(Shape):
    """How many of which item: added to what the van holds, or (`counted`) all that is in it."""

    items: Annotated[
        dict[str, Count],
        Field(
            min_length=1,
            max_length=20,
            examples=[{"shoe_covers": 20}],
            json_schema_extra={"propertyNames": {"enum": sorted(KIT_BY_KEY)}},
        ),
    ]
    counted: bool = Field(False, description=f"The items were counted, not added. At most {MOST_HELD} of each.")


@router.get("/technicians/{technician_id}/kit", summary="What a van holds")
def get_kit(technician_id: UUID, turn: Reading) -> dict[str, Any]:
    """By item; `runs_out` names what the day to look at (from 16:00 on: tomorrow) will take more of than there is."""
    if technician_id not in {one.id for one in technicians_seen_by(turn.session, turn.viewer)}:
        raise NotFound
    zone = turn.settings.zone
    day = day_to_look_at(turn.now.astimezone(zone))
    short = [
        van for van in short_vans(turn.session, turn.viewer, day, zone, turn.now) if van.technician_id == technician_id
    ]
    return {
        "technician_id": str(technician_id),
        "held": kit_stock_of(turn.session, technician_id),
        "day": day.isoformat(),
        "is_today": day == local_day(turn.now, zone),
        "runs_out": [
            {"item": need.item.key, "held": need.held, "needed": need.needed} for van in short for need in van.needs
        ],
    }


@router.post("/technicians/{technician_id}/kit", summary="Top up a van", status_code=201)
def post_kit(
    technician_id: UUID, shape: KitShape, turn: Writing, idempotency_key: IdempotencyKey = None
) -> JSONResponse:
    """By the desk, or by the technician for their own van. Send an Idempotency-Key: pressed twice is put in once."""

    def do() -> dict[str, Any]:
        return {"held": top_up_kit(turn, technician_id, shape.items, counted=shape.counted)}

    return once(turn, idempotency_key, f"kit {technician_id}", shape, do, 201)

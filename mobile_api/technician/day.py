"""The technician's day: visits in the order in which they are to be made."""

from datetime import date, timedelta
from typing import Annotated, Any, cast

from fastapi import APIRouter, Query, Request, Response

from dispatch.accounts.audit import note_look
from dispatch.accounts.turn import Turn
from dispatch.clock import day_bounds, local_day
from dispatch.visits.life import OPEN, Status
from dispatch.visits.queries import under_way_since, visits_on
from dispatch.visits.tables import Visit
from mobile_api.dependencies import Reading, only
from mobile_api.pages import page

router = APIRouter(include_in_schema=False)

# A calendar has an end, and pages lead to both sides.
Day = Annotated[date, Query(ge=date(2000, 1, 1), lt=date(2200, 1, 1))]

TONES = {
    "booked": "plan",
    "en_route": "move",
    "on_site": "work",
    "no_access": "warn",
    "sealed": "seal",
    "cancelled": "off",
}


def order_of_the_day(visit: Visit) -> tuple[bool, float, str]:
    """Cancelled ones last; else by when the technician is to be there."""
    return (visit.status == Status.CANCELLED, (visit.planned_start or visit.window_start).timestamp(), str(visit.id))


def day_facts(turn: Turn, day: date) -> dict[str, Any]:
    """What technician/day_part.html draws. Today begins with what is still under way from before: nothing is left at
    midnight."""
    zone = turn.settings.zone
    shown = visits_on(turn.session, turn.viewer, zone=zone, day=day)
    if day == local_day(turn.now, zone):
        earlier = under_way_since(turn.session, turn.viewer, day_bounds(day, zone)[0])
        shown += [visit for visit in earlier if visit not in shown]
    visits = sorted(shown, key=order_of_the_day)
    return {
        "visits": visits,
        "tones": TONES,
        "day": day,
        "day_before": day - timedelta(days=1),
        "day_after": day + timedelta(days=1),
        "to_come": sum(Status(visit.status) in OPEN for visit in visits),
    }


@router.get("/t")
@router.get("/t/")
def get_day(turn: Reading, request: Request, day: Day | None = None) -> Response:
    """Today's visits, or those of another day. What was shown is written down."""
    only(turn, "technician")
    facts = day_facts(turn, day or local_day(turn.now, turn.settings.zone))
    for visit in cast(list[Visit], facts["visits"]):
        note_look(turn.session, turn.viewer, "visit", visit.id, turn.now)
    return page(request, "technician/day.html", **facts)

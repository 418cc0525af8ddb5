"""Who will be late today, before the customer waits: predicted from the phones' check-ins, with what can be done."""

from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlalchemy import select

from dispatch.accounts.audit import note_look
from dispatch.accounts.turn import Turn
from dispatch.clock import local_day
from dispatch.planning.arrivals import late_today
from dispatch.technicians.queries import areas
from dispatch.technicians.tables import Area
from dispatch.visits.queries import with_story
from dispatch.visits.tables import Visit
from mobile_api.desk.doors import DeskReading, may
from mobile_api.desk.words import KIND_WORDS
from mobile_api.pages import page

router = APIRouter()


@router.get("/desk/late")
def show_late(request: Request, turn: DeskReading, area: str = "") -> Response:
    """Those who will be late, the soonest promise first, each with the visit's page and a new plan at hand."""
    today = local_day(turn.now, turn.settings.zone)
    note_look(turn.session, turn.viewer, "day", today, turn.now)
    chosen = _area(turn, area)
    found = late_today(turn, chosen)
    query = with_story(select(Visit).where(Visit.id.in_([one.visit_id for one in found])))
    visits = {visit.id: visit for visit in turn.session.scalars(query).unique()}
    return page(
        request,
        "desk/late_arrivals.html",
        day=today,
        area=str(chosen) if chosen else "",
        areas={one.id: one for one in areas(turn.session)},
        late=[(one, visits[one.visit_id]) for one in found],
        kind_words=KIND_WORDS,
        may=may(turn.viewer),
    )


@router.get("/desk/late/count")
def count_late(request: Request, turn: DeskReading, area: str = "") -> Response:
    """The same as a line for the board, asked for once a minute; nothing when nobody will be late."""
    chosen = _area(turn, area)
    found = late_today(turn, chosen)
    return page(request, "desk/late_count.html", late=len(found), area=str(chosen) if chosen else "")


def _area(turn: Turn, text: str) -> UUID | None:
    try:
        area_id = UUID(text)
    except ValueError:
        return None
    return area_id if turn.session.get(Area, area_id) is not None else None

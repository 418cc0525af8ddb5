"""The vans' kit at the desk: which van will run out, who left without what, and topping up at the station."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import Field

from checklists.kit_v1 import KIT_V1
from dispatch.accounts.turn import Turn
from dispatch.clock import local_day
from dispatch.errors import NotFound, Refusal
from dispatch.records.kit_checks import left_without
from dispatch.technicians.kit import top_up_kit
from dispatch.technicians.queries import draws_of, kit_stock_of, kit_stocks, technicians_seen_by, top_ups_of
from dispatch.technicians.rules import MOST_HELD, day_to_look_at
from dispatch.technicians.tables import Technician
from dispatch.visits.queries import visits_on
from dispatch.visits.vans import short_vans
from mobile_api.desk.doors import DeskReading, DeskWriting, may
from mobile_api.desk.forms import Form, FormShape, Sent, attempt, day_from, read_form
from mobile_api.desk.words import flashes, who
from mobile_api.errors import status_of
from mobile_api.pages import page

router = APIRouter()
USED_UP = tuple(item for item in KIT_V1 if item.goes_down)
Pieces = Annotated[int, Field(ge=0, le=MOST_HELD)]


class TopUpShape(FormShape):
    """How many of each item that is used up; an empty field says nothing of its item."""

    kind: Literal["added", "counted"] = "added"
    shoe_covers: Pieces | None = None
    rubbish_bag: Pieces | None = None
    record_form: Pieces | None = None
    service_card: Pieces | None = None
    user_guide: Pieces | None = None
    sticky_note: Pieces | None = None

    def pieces(self) -> dict[str, int]:
        """What was said, by item; adding nothing says nothing."""
        said = {item.key: getattr(self, item.key) for item in USED_UP}
        return {key: many for key, many in said.items() if many or (many == 0 and self.kind == "counted")}


@router.get("/desk/kit")
def show_vans(request: Request, turn: DeskReading, day: str = "") -> Response:
    """Every van: what it holds, and whether the day takes more. From 16:00 on the next day is looked at."""
    zone = turn.settings.zone
    today = local_day(turn.now, zone)
    chosen = day_from(day, day_to_look_at(turn.now.astimezone(zone)))
    visits = {visit.id: visit for visit in visits_on(turn.session, turn.viewer, zone=zone, day=chosen, limit=5000)}
    return page(
        request,
        "desk/kit.html",
        day=chosen,
        is_today=chosen == today,
        technicians=technicians_seen_by(turn.session, turn.viewer),
        items=USED_UP,
        stocks=kit_stocks(turn.session),
        short={van.technician_id: van for van in short_vans(turn.session, turn.viewer, chosen, zone, turn.now)},
        missing=[(visits[one.visit_id], one) for one in left_without(turn.session, visits)],
        may=may(turn.viewer),
    )


@router.get("/desk/kit/{technician_id}")
def show_van(request: Request, turn: DeskReading, technician_id: UUID, done: str = "") -> Response:
    """One van: its stock, the form to top it up, and what went in and out."""
    return _draw(request, turn, _technician(turn, technician_id), Form(), done=done)


@router.post("/desk/kit/{technician_id}")
def top_up(request: Request, turn: DeskWriting, sent: Sent, technician_id: UUID) -> Response:
    """Put items into the van, once however often it is pressed."""
    technician = _technician(turn, technician_id)
    read = read_form(TopUpShape, sent)
    if read.shape is None:
        return _draw(request, turn, technician, read.again())
    shape = read.shape

    def do() -> str:
        top_up_kit(turn, technician_id, shape.pieces(), counted=shape.kind == "counted")
        return f"/desk/kit/{technician_id}?done=kit"

    answer = attempt(turn, shape, f"kit {technician_id}", do)
    return answer if isinstance(answer, Response) else _draw(request, turn, technician, read.again(), answer)


def _technician(turn: Turn, technician_id: UUID) -> Technician:
    for one in technicians_seen_by(turn.session, turn.viewer):
        if one.id == technician_id:
            return one
    raise NotFound


def _draw(
    request: Request, turn: Turn, technician: Technician, form: Form, refusal: Refusal | None = None, done: str = ""
) -> Response:
    day = day_to_look_at(turn.now.astimezone(turn.settings.zone))
    short = short_vans(turn.session, turn.viewer, day, turn.settings.zone, turn.now)
    return page(
        request,
        "desk/kit_van.html",
        status=status_of(refusal) if refusal else 422 if form.errors else 200,
        technician=technician,
        items=USED_UP,
        labels={item.key: item.label for item in KIT_V1},
        stock=kit_stock_of(turn.session, technician.id),
        day=day,
        needs=next((van.needs for van in short if van.technician_id == technician.id), ()),
        top_ups=top_ups_of(turn.session, technician.id),
        draws=draws_of(turn.session, technician.id),
        who=who,
        form=form,
        refusal=refusal,
        flashes=flashes(done),
        may=may(turn.viewer),
    )

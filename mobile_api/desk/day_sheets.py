"""Day sheets to print, and technicians' calendar addresses: what the crew takes along besides the phone."""

from datetime import date, timedelta
from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response

from checklists.words import Words
from dispatch.accounts.audit import note_look
from dispatch.accounts.turn import Turn
from dispatch.clock import local_day
from dispatch.day_end.sheets import draw, sheets_of, who_has_a_day
from dispatch.errors import Invalid, NotFound
from dispatch.technicians.queries import areas, technicians_seen_by
from dispatch.technicians.rules import day_to_look_at
from dispatch.technicians.tables import Technician
from dispatch.visits.feeds import end_feed, feed_address, feeds_seen_by, give_feed
from mobile_api.desk.doors import DeskReading, DeskWriting, may
from mobile_api.desk.forms import Form, FormShape, Sent, attempt, day_from, read_form
from mobile_api.desk.words import flashes
from mobile_api.pages import language_of, page
from mobile_api.papers import code_path

router = APIRouter()
MOST_SHEETS = 200


class FeedShape(FormShape):
    """A new address, or none any more."""

    do: Literal["give", "end"]


@router.get("/desk/day-sheets")
def show_day_sheets(request: Request, turn: DeskReading, day: str = "", area: str = "", done: str = "") -> Response:
    """Who works that day, each with a sheet; from the afternoon on it is the next day's."""
    zone = turn.settings.zone
    chosen = day_from(day, day_to_look_at(turn.now.astimezone(zone)))
    known = {one.id: one for one in areas(turn.session)}
    area_id = next((id for id in known if str(id) == area), None)
    return page(
        request,
        "desk/day_sheets.html",
        day=chosen,
        is_today=chosen == local_day(turn.now, zone),
        before=chosen - timedelta(days=1),
        after=chosen + timedelta(days=1),
        areas=known,
        area=str(area_id) if area_id else "",
        crew=who_has_a_day(turn, chosen, area_id),
        flashes=flashes(done),
        may=may(turn.viewer),
    )


@router.get("/desk/day-sheets/all.pdf")
def all_sheets(request: Request, turn: DeskReading, day: str = "", area: str = "") -> Response:
    """Everybody's sheets as one document, or those of one area."""
    chosen = day_from(day, local_day(turn.now, turn.settings.zone))
    area_id = next((one.id for one in areas(turn.session) if str(one.id) == area), None)
    crew = [one for one, _, visits in who_has_a_day(turn, chosen, area_id) if visits]
    return _printed(request, turn, chosen, crew[:MOST_SHEETS])


@router.get("/desk/day-sheets/{technician_id}.pdf")
def one_sheet(request: Request, turn: DeskReading, technician_id: UUID, day: str = "") -> Response:
    """One technician's sheet."""
    chosen = day_from(day, local_day(turn.now, turn.settings.zone))
    return _printed(request, turn, chosen, [_technician(turn, technician_id)])


@router.get("/desk/technicians/{technician_id}/calendar")
def show_feed(request: Request, turn: DeskReading, technician_id: UUID, done: str = "") -> Response:
    """The calendar address of one technician, with a code to be scanned; only for planners, because it is a key."""
    technician = _technician(turn, technician_id)
    feed = feeds_seen_by(turn.session, turn.viewer).get(technician_id)
    address = feed_address(turn.settings, feed.id) if feed else None
    if feed is not None:
        note_look(turn.session, turn.viewer, "calendar_feed", technician_id, turn.now)
    return page(
        request,
        "desk/calendar_feed.html",
        technician=technician,
        feed=feed,
        address=address,
        code=code_path(address) if address else None,
        form=Form(),
        fresh=Form,
        flashes=flashes(done),
        may=may(turn.viewer),
    )


@router.post("/desk/technicians/{technician_id}/calendar")
def change_feed(turn: DeskWriting, sent: Sent, technician_id: UUID) -> Response:
    """A new address (the one before ends at once), or none any more."""
    technician = _technician(turn, technician_id)
    read = read_form(FeedShape, sent)
    if read.shape is None:
        raise Invalid(Words("请刷新页面后重试。", "Reload the page, then retry."), name="form")
    shape = read.shape

    def do() -> str:
        if shape.do == "give":
            give_feed(turn, technician_id, technician.language)
        else:
            end_feed(turn, technician_id)
        return f"/desk/technicians/{technician_id}/calendar?done=feed_{shape.do}"

    answer = attempt(turn, shape, f"calendar feed {technician_id}", do)
    if not isinstance(answer, Response):
        raise answer
    return answer


def _technician(turn: Turn, technician_id: UUID) -> Technician:
    for one in technicians_seen_by(turn.session, turn.viewer):
        if one.id == technician_id:
            return one
    raise NotFound


def _printed(request: Request, turn: Turn, day: date, crew: list[Technician]) -> Response:
    """The PDF; each visit on it was looked at, and each whole number too."""
    if not crew:
        raise NotFound
    sheets = sheets_of(turn, day, crew)
    for visit in sheets.visits:
        note_look(turn.session, turn.viewer, "visit", visit, turn.now)
    for customer in sheets.whole_numbers_of:
        note_look(turn.session, turn.viewer, "customer_phone", customer, turn.now)
    name = f"day-sheet-{day.isoformat()}{'-' + crew[0].code if len(crew) == 1 else ''}"
    plain = "".join(sign if sign.isascii() and (sign.isalnum() or sign in "-_") else "-" for sign in name)
    turn.session.rollback()  # drawing takes a while: hold no connection through it
    return Response(
        draw(turn, sheets, language_of(request)),
        media_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{plain}.pdf"', "Cache-Control": "private, no-store"},
    )

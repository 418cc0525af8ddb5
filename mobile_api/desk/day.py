"""A day by technician: the desk's first page, kept fresh while it is open."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from dispatch.accounts.audit import note_look
from dispatch.accounts.turn import Turn
from dispatch.clock import day_bounds, local_day
from dispatch.notices.call_lists import calls_open_about
from dispatch.notices.troubles import visits_in_trouble
from dispatch.phones.queries import last_seen
from dispatch.technicians.queries import areas, shifts_on, technicians_seen_by
from dispatch.technicians.rules import day_to_look_at
from dispatch.visits.attention import SIGN_WORDS
from dispatch.visits.day_queries import day_revision, wishes
from dispatch.visits.life import Status
from dispatch.visits.queries import orders_waiting, visits_on
from dispatch.visits.silent_phones import silent_visits
from dispatch.visits.tables import Visit
from dispatch.visits.vans import short_vans
from mobile_api.desk.board import Board, arrange
from mobile_api.desk.doors import DeskReading, may
from mobile_api.desk.forms import day_from
from mobile_api.desk.words import KIND_WORDS, flashes
from mobile_api.pages import page

router = APIRouter()
MOST_VISITS = 5000
MOST_WAITING = 200


@router.get("/desk")
def first_page(turn: DeskReading) -> Response:
    """Today."""
    return RedirectResponse(f"/desk/board?day={local_day(turn.now, turn.settings.zone)}", 303)


@router.get("/desk/day")
def show_day(request: Request, turn: DeskReading, day: str = "", area: str = "", done: str = "") -> Response:
    """The whole page. That its names and addresses were looked at is written down once, not at every refreshing."""
    today = local_day(turn.now, turn.settings.zone)
    chosen = day_from(day, today)
    note_look(turn.session, turn.viewer, "day", chosen, turn.now)
    return page(
        request,
        "desk/day.html",
        **_facts(turn, chosen, area),
        before=chosen - timedelta(days=1),
        after=chosen + timedelta(days=1),
        is_today=chosen == today,
        flashes=flashes(done),
    )


@router.get("/desk/day/live")
def refresh_day(request: Request, turn: DeskReading, day: str = "", area: str = "", seen: str = "") -> Response:
    """The board anew, or 204 when nothing has changed since the revision `seen`."""
    chosen = day_from(day, local_day(turn.now, turn.settings.zone))
    if seen == day_revision(turn.session, turn.viewer, chosen, turn.settings.zone, turn.now):
        return Response(status_code=204)
    return page(request, "desk/day_live.html", **_facts(turn, chosen, area))


def _facts(turn: Turn, day: date, area: str) -> dict[str, Any]:
    session, zone = turn.session, turn.settings.zone
    revision = day_revision(session, turn.viewer, day, zone, turn.now)
    known_areas = {one.id: one for one in areas(session)}
    chosen = next((id for id in known_areas if str(id) == area), None)
    visits = [
        visit
        for visit in visits_on(session, turn.viewer, zone=zone, day=day, limit=MOST_VISITS)
        if chosen is None or _area_of(visit) == chosen
    ]
    technicians = [one for one in technicians_seen_by(session, turn.viewer) if chosen is None or one.area_id == chosen]
    untold = visits_in_trouble(session, {visit.id for visit in visits}, turn.now)
    shifts = shifts_on(session, day, zone)
    seen = last_seen(session, {visit.technician_id for visit in visits if visit.technician_id})
    board = arrange(
        visits,
        technicians,
        shifts,
        untold,
        {visit_id: task.due_at for visit_id, task in calls_open_about(session, [one.id for one in visits]).items()},
        silent=silent_visits(visits, shifts, seen, now=turn.now),
        midnight=day_bounds(day, zone)[0],
        now=turn.now,
    )
    asked = wishes(session, turn.viewer)
    return {
        "day": day,
        "area": str(chosen) if chosen else "",
        "areas": known_areas,
        "board": board,
        "short_vans": len(short_vans(session, turn.viewer, day, zone, turn.now)) if _soon(turn, day) else 0,
        "counts": _counts(visits, board, len(untold)),
        "pressing": _pressing(visits, board),
        "waiting": orders_waiting(session, turn.viewer, MOST_WAITING),
        "wishes": [visit for visit in asked if chosen is None or _area_of(visit) == chosen],
        "revision": revision,
        "sign_words": SIGN_WORDS,
        "kind_words": KIND_WORDS,
        "may": may(turn.viewer),
    }


def _soon(turn: Turn, day: date) -> bool:
    """Whether the day's vans can still be seen to: today, or tomorrow from the evening on."""
    local = turn.now.astimezone(turn.settings.zone)
    return local.date() <= day <= day_to_look_at(local)


def _area_of(visit: Visit) -> UUID | None:
    return visit.technician.area_id if visit.technician else visit.work_order.site.area_id


def _counts(visits: list[Visit], board: Board, untold: int) -> dict[str, int]:
    by_status = [Status(visit.status) for visit in visits]
    return {
        "booked": by_status.count(Status.BOOKED),
        "en_route": by_status.count(Status.EN_ROUTE),
        "on_site": by_status.count(Status.ON_SITE),
        "sealed": by_status.count(Status.SEALED),
        "no_access": by_status.count(Status.NO_ACCESS),
        "unassigned": len(board.unassigned),
        "wishes": sum("wish" in signs for signs in board.signs.values()),
        "untold": untold,
    }


def _pressing(visits: list[Visit], board: Board) -> list[Visit]:
    """What somebody should look at now: a call to make, late, untold, a silent phone."""
    return [
        visit for visit in visits if {"call_overdue", "late", "call", "untold", "silent"} & set(board.signs[visit.id])
    ]

"""The technician's own pages: the van's kit, and themselves."""

from typing import Any

from fastapi import APIRouter, Request, Response

from dispatch.accounts.turn import Turn
from dispatch.clock import local_day
from dispatch.technicians.queries import kit_stock_of, technicians_seen_by
from dispatch.technicians.rules import kit_for_the_day
from dispatch.visits.life import OPEN, Status
from dispatch.visits.queries import visits_on
from mobile_api.dependencies import Reading, only
from mobile_api.pages import page

router = APIRouter(include_in_schema=False)


def kit_facts(turn: Turn) -> dict[str, Any]:
    """What technician/kit_part.html draws."""
    viewer = turn.viewer
    today = local_day(turn.now, turn.settings.zone)
    visits = visits_on(turn.session, viewer, zone=turn.settings.zone, day=today)
    to_come = sum(Status(visit.status) in OPEN for visit in visits)
    stock = kit_stock_of(turn.session, viewer.technician_id) if viewer.technician_id else {}
    return {"needs": kit_for_the_day(stock, to_come), "to_come": to_come}


def own_facts(turn: Turn) -> dict[str, Any]:
    """What technician/me_part.html draws."""
    known = technicians_seen_by(turn.session, turn.viewer)
    return {"technician": known[0] if known else None, "account": turn.viewer.name}


@router.get("/t/kit")
def get_kit(turn: Reading, request: Request) -> Response:
    """The 5+3 kit with its rules, what the van holds, and whether today will take more."""
    return page(request, "technician/kit.html", **kit_facts(only(turn, "technician")))


@router.get("/t/me")
def get_me(turn: Reading, request: Request) -> Response:
    """Who is signed in, the language, this phone, and the way out."""
    return page(request, "technician/me.html", **own_facts(only(turn, "technician")))

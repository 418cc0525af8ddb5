"""The health file of a visit's line on the technician's phone."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from dispatch.accounts.audit import note_look
from dispatch.accounts.turn import Turn
from dispatch.visits.queries import visit_seen_by
from dispatch.visits.tables import Visit
from mobile_api.dependencies import Reading, only
from mobile_api.line_pages import line_facts
from mobile_api.pages import page
from mobile_api.technician.helped import helped_for

router = APIRouter(include_in_schema=False)


def whole_line(turn: Turn, visit: Visit, helped: dict[str, Any] | None) -> dict[str, Any]:
    """What technician/line_part.html draws."""
    facts = line_facts(turn, visit.work_order.line_id)
    return {**facts, "visit": visit, "helped": helped}


@router.get("/t/visits/{visit_id}/line")
def get_line(visit_id: UUID, turn: Reading, request: Request) -> Response:
    """The whole file, phone-size; the phone has the same in its pack."""
    visit = visit_seen_by(turn.session, only(turn, "technician").viewer, visit_id)
    note_look(turn.session, turn.viewer, "line", visit.work_order.line_id, turn.now)
    return page(request, "technician/line.html", **whole_line(turn, visit, helped_for(turn, visit)))

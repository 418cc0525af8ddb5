"""One visit on the phone: an empty shell, and the data that it keeps."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from dispatch.accounts.audit import note_look
from dispatch.visits.queries import visit_seen_by
from mobile_api.dependencies import Reading, only
from mobile_api.pages import context_of, environment, page
from mobile_api.technician.visit_data import background_facts, visit_data

router = APIRouter(include_in_schema=False)


@router.get("/t/visits/{visit_id}")
def get_visit(visit_id: UUID, turn: Reading, request: Request) -> Response:
    """The shell. It holds nothing of the visit but its id, so that a phone may keep it for every visit."""
    visit = visit_seen_by(turn.session, only(turn, "technician").viewer, visit_id)
    zone = turn.settings.time_zone
    return page(request, "technician/shell.html", zone=zone, visit_id=visit.id)


@router.get("/t/visits/{visit_id}/data.json")
def get_visit_data(visit_id: UUID, turn: Reading, request: Request) -> dict[str, Any]:
    """What the phone keeps of the visit; the look at the customer is written down before this leaves."""
    visit = visit_seen_by(turn.session, only(turn, "technician").viewer, visit_id)
    data = visit_data(turn, visit)
    note_look(turn.session, turn.viewer, "visit", visit.id, turn.now)
    if data["customer"]["phone"]:
        note_look(turn.session, turn.viewer, "phone", visit.work_order.customer_id, turn.now)
    context = context_of(request, turn.settings) | background_facts(turn, visit)
    drawn = environment().get_template("technician/background.html").render(context)
    return {**data, "background": drawn}

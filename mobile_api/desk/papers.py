"""Papers of a visit at the desk, to print or to send along."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from dispatch.accounts.audit import note_look
from dispatch.errors import NotFound
from dispatch.visits.queries import visit_seen_by
from mobile_api.desk.doors import DeskReading
from mobile_api.papers import paper_facts, papers_of, sheet

router = APIRouter()


@router.get("/desk/visits/{visit_id}/papers/{name}")
def show_paper(request: Request, turn: DeskReading, visit_id: UUID, name: str, size: str = "") -> Response:
    """One paper as a sheet of its own; who looked is written down."""
    visit = visit_seen_by(turn.session, turn.viewer, visit_id)
    if name not in papers_of(visit):
        raise NotFound
    note_look(turn.session, turn.viewer, "visit", visit_id, turn.now)
    return sheet(request, name, size, paper_facts(turn, visit), back=f"/desk/visits/{visit_id}")

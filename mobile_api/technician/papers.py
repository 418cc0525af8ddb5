"""What is printed or shown at the end of a visit: note, card, sticky note, guide, the record with its code."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from dispatch.accounts.audit import note_look
from dispatch.accounts.turn import Turn
from dispatch.errors import NotFound
from dispatch.records.queries import record_of_visit
from dispatch.visits.links import link_address, link_of_visit
from dispatch.visits.queries import visit_seen_by
from dispatch.visits.tables import Visit
from mobile_api.dependencies import Reading, only
from mobile_api.pages import page
from mobile_api.papers import code_path, paper_facts

router = APIRouter(include_in_schema=False)


def record_facts(turn: Turn, visit: Visit) -> dict[str, Any]:
    """The sealed record, and the code of the customer's own page. NotFound before it is sealed."""
    record = record_of_visit(turn.session, turn.viewer, visit.id)
    if record is None:
        raise NotFound
    link_id = link_of_visit(turn.session, turn.viewer, visit.id, turn.now)
    address = link_address(turn.settings, link_id) if link_id else None
    width, path = code_path(address) if address else (0, "")
    return {"record": record, "address": address, "code_width": width, "code_path": path}


def _looked_at(turn: Turn, visit_id: UUID) -> Visit:
    visit = visit_seen_by(turn.session, only(turn, "technician").viewer, visit_id)
    note_look(turn.session, turn.viewer, "visit", visit.id, turn.now)
    return visit


@router.get("/t/visits/{visit_id}/note")
def get_note(visit_id: UUID, turn: Reading, request: Request) -> Response:
    """The missed-visit note, to print or to copy by hand: what is not known yet is a line to write on."""
    return page(request, "technician/note.html", **paper_facts(turn, _looked_at(turn, visit_id)))


@router.get("/t/visits/{visit_id}/card")
def get_card(visit_id: UUID, turn: Reading, request: Request) -> Response:
    """The service card: whom to call, and when the password was last changed (never the password)."""
    return page(request, "technician/card.html", **paper_facts(turn, _looked_at(turn, visit_id)))


@router.get("/t/visits/{visit_id}/record")
def get_record(visit_id: UUID, turn: Reading, request: Request) -> Response:
    """The sealed record: its number, its document, and the code that opens the customer's own page."""
    visit = _looked_at(turn, visit_id)
    return page(request, "technician/record.html", **record_facts(turn, visit), **paper_facts(turn, visit))


@router.get("/t/visits/{visit_id}/sticky")
def get_sticky(visit_id: UUID, turn: Reading, request: Request) -> Response:
    """The sticky note beside the line: whom to call; the account only where the customer agreed to it."""
    return page(request, "technician/sticky.html", **paper_facts(turn, _looked_at(turn, visit_id)))


@router.get("/t/visits/{visit_id}/guide")
def get_guide(visit_id: UUID, turn: Reading, request: Request) -> Response:
    """The user guide: what dial-up codes mean, and what to try first."""
    return page(request, "technician/guide.html", **paper_facts(turn, _looked_at(turn, visit_id)))

"""What is printed or shown at the end of a visit: missed-visit note, service card, the record with its code."""

from datetime import datetime
from typing import Any
from uuid import UUID

import segno
from fastapi import APIRouter, Request, Response

from checklists.answers import read_moment
from checklists.progress import Folded, fold
from dispatch.accounts.audit import note_look
from dispatch.accounts.turn import Turn
from dispatch.errors import NotFound
from dispatch.records.entries import counted, rows_of
from dispatch.records.queries import record_of_visit
from dispatch.visits.links import link_address, link_of_visit
from dispatch.visits.queries import visit_seen_by
from dispatch.visits.tables import Visit
from mobile_api.dependencies import Reading, only
from mobile_api.pages import page

router = APIRouter(include_in_schema=False)


def code_path(address: str) -> tuple[int, str]:
    """The QR code of an address: its width in modules, and an SVG path of its dark ones."""
    rows = [list(row) for row in segno.make(address, error="m", micro=False).matrix]
    dark = [f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, module in enumerate(row) if module]
    return len(rows), "".join(dark)


def _said(folded: Folded, step: str, key: str) -> datetime | None:
    entry = folded.get((step, key))
    return read_moment(entry.value) if entry is not None and isinstance(entry.value, str) else None


def paper_facts(turn: Turn, visit: Visit) -> dict[str, Any]:
    """What the papers of a visit draw."""
    folded = fold(counted(rows_of(turn.session, visit.id), visit.technician_id))
    return {
        "visit": visit,
        "order": visit.work_order,
        "technician": visit.technician,
        "arrived": _said(folded, "appointment", "arrived_at") or visit.arrived_at,
        "left": _said(folded, "talk", "left_door_at") or visit.ended_at,
        "password_changed": _said(folded, "remind", "password_changed_at"),
    }


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

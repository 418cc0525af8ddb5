"""Is this file the record that we sealed? For a file that somebody brings, and for the one that we keep."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, File, Request, Response, UploadFile

from checklists.words import Words
from dispatch.accounts.audit import note_look
from dispatch.records.documents import document_of
from dispatch.records.queries import record_seen_by
from dispatch.records.verifying import verify_document
from mobile_api.dependencies import house_of
from mobile_api.desk.doors import DeskReading, may
from mobile_api.pages import page

router = APIRouter()

TONES = {"genuine": "good", "superseded": "warn", "altered": "bad", "not_ours": "bad"}
CHOOSE = Words("请选择要核验的 PDF 文件。", "Choose the PDF to verify.")


@router.get("/desk/verify")
def ask_file(request: Request, turn: DeskReading) -> Response:
    """The form."""
    return _draw(request, turn)


@router.post("/desk/verify")
def verify(request: Request, turn: DeskReading, file: Annotated[UploadFile | None, File()] = None) -> Response:
    """The verdict, with its reasons. The file is looked at and not kept."""
    content = file.file.read() if file is not None and file.filename else b""
    if not content:
        return _draw(request, turn, error=CHOOSE, status=422)
    turn.session.rollback()  # judging takes a while: hold no connection through it
    return _draw(request, turn, verdict=verify_document(house_of(request), content))


@router.post("/desk/records/{record_id}/verify")
def verify_kept(request: Request, turn: DeskReading, record_id: UUID) -> Response:
    """The same for the document that we keep."""
    record = record_seen_by(turn.session, turn.viewer, record_id)
    note_look(turn.session, turn.viewer, "record", record.id, turn.now)
    visit_id = record.visit_id
    turn.session.rollback()
    house = house_of(request)
    verdict = verify_document(house, document_of(house, record_id))
    return _draw(request, turn, verdict=verdict, visit_id=visit_id)


def _draw(request: Request, turn: DeskReading, *, status: int = 200, **facts: Any) -> Response:
    given = {"verdict": None, "error": None, "visit_id": None, "tones": TONES, "may": may(turn.viewer)}
    return page(request, "desk/verify.html", status=status, **(given | facts))

"""Records: seal a visit, read the record, verify a file."""

from typing import Any
from uuid import UUID

from fastapi import Request, Response
from fastapi.responses import JSONResponse

from checklists.words import Words
from dispatch.accounts.audit import note_look
from dispatch.errors import Invalid
from dispatch.records.correcting import Change, correct_record
from dispatch.records.documents import document_of
from dispatch.records.own_phone.taking import join_waiting
from dispatch.records.queries import record_seen_by
from dispatch.records.refusals import follow_up_on_record
from dispatch.records.sealing import seal_visit
from dispatch.records.tables import Record
from dispatch.records.verifying import verify_document
from mobile_api.api import shown
from mobile_api.api.parcels import RawBody
from mobile_api.api.routing import api_router, refusals
from mobile_api.dependencies import Reading, Writing, house_of
from mobile_api.pages import language_of
from mobile_api.shapes import CorrectionShape, SealShape

router = api_router("records")
PDF: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}
}


def _shown(record: Record) -> dict[str, Any]:
    return {
        "id": str(record.id),
        "number": record.number,
        "visit_id": str(record.visit_id),
        "line_id": str(record.line_id),
        "revision": record.revision,
        "corrects": record.corrects,
        "sha256": record.sha256,
        "sealed_at": shown.moment(record.sealed_at),
    }


@router.post("/visits/{visit_id}/seal", status_code=201, summary="Seal the record of a visit", responses=refusals(409))
def post_seal(visit_id: UUID, turn: Writing, shape: SealShape | None = None) -> dict[str, Any]:
    """Signed once, never edited after. 409 `visit-not-complete` names what is missing; again gives the same record."""
    record = seal_visit(turn, visit_id, shape.language if shape else None)
    follow_up_on_record(turn, record)
    join_waiting(turn, visit_id)  # what still waits was signed about something else
    return _shown(record)


@router.post(
    "/records/{record_id}/correct",
    status_code=201,
    summary="Correct a sealed record with a new one",
    responses=refusals(409),
)
def post_correction(record_id: UUID, turn: Writing, shape: CorrectionShape) -> dict[str, Any]:
    """Both are kept; the first is superseded. 409 `record-corrected-already` names the record that holds."""
    changes = [Change(one.step, one.key, one.value) for one in shape.changes]
    return _shown(correct_record(turn, record_id, shape.reason, changes))


@router.get("/records/{record_id}.pdf", summary="The signed document", response_class=Response, responses=PDF)
def get_pdf(record_id: UUID, turn: Reading, request: Request) -> Response:
    """Drawn from the sealed row only, once; the same bytes ever after."""
    record = record_seen_by(turn.session, turn.viewer, record_id)
    note_look(turn.session, turn.viewer, "record", record.id, turn.now)
    number = record.number
    turn.session.rollback()  # drawing takes a while: hold no connection through it
    content = document_of(house_of(request), record_id)
    return Response(
        content,
        media_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{number}.pdf"'},
    )


@router.get("/records/{record_id}.json", summary="The sealed account", response_class=Response)
def get_json(record_id: UUID, turn: Reading) -> Response:
    """The canonical JSON, byte for byte as it was sealed."""
    record = record_seen_by(turn.session, turn.viewer, record_id)
    note_look(turn.session, turn.viewer, "record", record.id, turn.now)
    return Response(record.body, media_type="application/json", headers={"Digest": f"sha-256={record.sha256}"})


@router.post(
    "/records/verify",
    summary="Is this file a record of ours, unchanged?",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                kind: {"schema": {"type": "string", "format": "binary", "minLength": 1}}
                for kind in ("application/octet-stream", "application/pdf")
            },
        }
    },
)
def post_verify(turn: Reading, body: RawBody, request: Request) -> JSONResponse:
    """Always 200 with a verdict: genuine, altered, superseded or not_ours, with reasons."""
    if not body:
        raise Invalid(Words("没有收到文件，请重新选择。", "No file arrived. Choose it again."), name="file-missing")
    verdict = verify_document(house_of(request), body)
    language = language_of(request)
    return JSONResponse(
        {
            "state": verdict.state,
            "number": verdict.number,
            "sha256": verdict.sha256,
            "reasons": [reason.to(language) for reason in verdict.reasons],
            "superseded_by": verdict.replaced_by,
            "compared": verdict.compared,
            "signatures": [
                {
                    "field": one.field,
                    "signer": one.signer,
                    "signed_at": shown.moment(one.signed_at) if one.signed_at else None,
                    "time_stamped": one.stamped,
                    "sound": one.sound,
                }
                for one in verdict.signatures
            ],
        }
    )

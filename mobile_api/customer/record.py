"""After sealing: the record as a page, from the sealed account alone; its document; what the customer says of it."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from checklists.words import Words
from dispatch.accounts.turn import Turn
from dispatch.errors import Invalid, NotFound
from dispatch.house import House
from dispatch.records.documents import document_of
from dispatch.records.public import public_facts
from dispatch.records.queries import body_of, record_of_visit
from dispatch.records.rating import Rating, rate_visit, rating_of_visit
from dispatch.records.tables import Record
from dispatch.visits.life import Status
from mobile_api.customer.appointment import facts_of, own_visit
from mobile_api.customer.forms import UNSAFE, Errors, SentFields, form_key_in, new_form_key, read_fields
from mobile_api.dependencies import CustomerReading, CustomerWriting, house_of
from mobile_api.pages import page
from mobile_api.shapes import Shape, Text

router = APIRouter(include_in_schema=False)

RETRY_AFTER = 20  # seconds; the jobs process draws what is missing


class RatingShape(Shape):
    """Everything may be left out, but not everything at once."""

    conduct: Literal["1", "2", "3", "4", "5"] | None = None
    overall: Literal["1", "2", "3", "4", "5"] | None = None
    recommend: Literal["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"] | None = None
    comment: Text = ""


TOLD = {"comment": UNSAFE}


def own_record(turn: Turn) -> Record:
    """The latest record of the viewer's visit; NotFound before it is sealed."""
    record = record_of_visit(turn.session, turn.viewer, own_visit(turn).id)
    if record is None:
        raise NotFound(
            Words("服务记录还没有生成，请稍后再来查看。", "The record is not there yet. Please come back later.")
        )
    return record


@router.api_route("/v/{link_id}/record", methods=["GET", "HEAD"])
def read_record(request: Request, link_id: str, turn: CustomerReading) -> Response:
    """The record as it was sealed."""
    return _page(request, link_id, turn, {}, {})


@router.api_route("/v/{link_id}/record.pdf", methods=["GET", "HEAD"])
def download(request: Request, link_id: str, turn: CustomerReading) -> Response:
    """The signed document, byte for byte the kept one. It is not drawn here: reading changes nothing."""
    record = own_record(turn)
    facts = public_facts(turn.session, record.number)
    if facts is None or facts.sha256 is None:
        answer = page(
            request,
            "customer/preparing.html",
            503,
            link_id=link_id,
            waits=facts is not None and facts.waits,
            form_key=new_form_key(turn.settings, link_id),
        )
        answer.headers["Retry-After"] = str(RETRY_AFTER)
        return answer
    record_id, number = record.id, record.number
    turn.session.rollback()  # the file comes from the store: hold no connection through it
    return _document(house_of(request), record_id, number)


@router.post("/v/{link_id}/record/prepare")
def prepare(request: Request, link_id: str, turn: CustomerReading, fields: SentFields) -> Response:
    """Draw the document now, for a customer who does not want to wait for the jobs process."""
    form_key_in(turn.settings, link_id, fields)
    record_id = own_record(turn).id
    turn.session.rollback()
    document_of(house_of(request), record_id)
    return RedirectResponse(f"/v/{link_id}/record", 303)


@router.post("/v/{link_id}/rate")
def rate(request: Request, link_id: str, turn: CustomerWriting, fields: SentFields) -> Response:
    """One rating a visit; the last word counts, so pressing twice changes nothing."""
    form_key_in(turn.settings, link_id, fields)
    visit = own_visit(turn)
    sent, wrong = read_fields(RatingShape, fields, TOLD)
    if sent is not None:
        rating = Rating(_points(sent.conduct), _points(sent.overall), _points(sent.recommend), sent.comment)
        try:
            rate_visit(turn, visit.id, rating)
        except Invalid as refusal:  # refused before anything was written
            wrong = {"overall": refusal.words}
    if wrong:
        return _page(request, link_id, turn, fields, wrong, status=422)
    return RedirectResponse(f"/v/{link_id}/record#rating", 303)


def _points(said: str | None) -> int | None:
    return None if said is None else int(said)


def _document(house: House, record_id: UUID, number: str) -> Response:
    return Response(
        document_of(house, record_id),
        media_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{number}.pdf"'},
    )


def _page(
    request: Request, link_id: str, turn: Turn, said: dict[str, str], wrong: Errors, status: int = 200
) -> Response:
    visit, record = own_visit(turn), own_record(turn)
    kept = rating_of_visit(turn.session, turn.viewer, visit.id)
    usual: dict[str, Any] = {"conduct": None, "overall": None, "recommend": None, "comment": ""}
    if kept is not None:
        usual = {name: getattr(kept, name) for name in usual}
    facts = public_facts(turn.session, record.number)
    return page(
        request,
        "customer/record.html",
        status,
        **facts_of(turn, link_id, visit),
        account=body_of(record),
        record=record,
        document_ready=facts is not None and facts.sha256 is not None,
        may_rate=visit.status == Status.SEALED,
        rated_at=kept.at if kept else None,
        said=usual | said,
        wrong=wrong,
        moment=datetime.fromisoformat,
        eleven=[(str(points), str(points)) for points in range(11)],
        form_key=new_form_key(turn.settings, link_id),
    )

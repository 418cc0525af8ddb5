"""The customer's page of their complaint: how far it is, choosing a solution, and whether they are content."""

from collections.abc import Callable, Iterator
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import Field, StringConstraints
from sqlalchemy.orm import Session

from checklists.words import Words
from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import Viewer
from dispatch.care.complaints.appealing import not_content
from dispatch.care.complaints.causes import cause_words
from dispatch.care.complaints.handling import chosen, closed, spoken_option
from dispatch.care.complaints.life import APPEALS, STATE_WORDS, State
from dispatch.care.complaints.queries import names_of, options_of, round_of, steps_of
from dispatch.care.complaints.tables import Complaint
from dispatch.care.complaints.telling import open_complaint_link
from dispatch.clock import utc_now
from dispatch.errors import NotAllowed, Refusal, Stale
from mobile_api.customer.forms import SentFields, form_key_in, new_form_key, read_fields
from mobile_api.dependencies import LinkClosed, Place, customer_cookie, house_of
from mobile_api.errors import status_of
from mobile_api.pages import page
from mobile_api.shapes import Shape

router = APIRouter(include_in_schema=False)
CHOOSE = {"letter": Words("请选择一个方案。", "Please choose one."), "content": Words("请选择。", "Please choose.")}
TOLD_STEPS = frozenset({"answered", "found", "offered", "settled", "told", "appealed", "regulator"})
"""What was done that the customer was told in words, and may read again here."""


def _turn_of(request: Request, link_id: str, turn: Turn) -> tuple[Turn, Complaint]:
    token = request.cookies.get(customer_cookie(turn.settings, link_id)) if link_id.isascii() else None
    opened = open_complaint_link(turn.session, token, turn.now) if token and len(link_id) < 40 else None
    if opened is None or opened[0] != link_id:
        raise LinkClosed
    request.state.viewer = opened[1]
    complaint = turn.session.get_one(Complaint, opened[2])
    return Turn(turn.session, opened[1], turn.now, turn.settings), complaint


def _nobody(request: Request, session: Session) -> Turn:
    return Turn(session, Viewer("customer", "link"), utc_now(), house_of(request).settings)


def open_reading(request: Request, link_id: str, _: Place) -> Iterator[tuple[Turn, Complaint]]:
    """A reading turn of the customer whose complaint the link opens."""
    with house_of(request).database.reading() as session:
        yield _turn_of(request, link_id, _nobody(request, session))


def open_writing(request: Request, link_id: str, _: Place) -> Iterator[tuple[Turn, Complaint]]:
    """The same for writing, committed before the answer leaves."""
    with house_of(request).database.writing() as session:
        yield _turn_of(request, link_id, _nobody(request, session))


Verb = Callable[[Complaint], Complaint]
OwnReading = Annotated[tuple[Turn, Complaint], Depends(open_reading, scope="function")]
OwnWriting = Annotated[tuple[Turn, Complaint], Depends(open_writing, scope="function")]


class ChoiceShape(Shape):
    """Which solution; `version` is the one that was looked at."""

    version: Annotated[int, Field(strict=False, ge=0)]
    letter: Annotated[str, StringConstraints(pattern="^[ABC]$")]


class ContentShape(Shape):
    """Whether they are content, and why not."""

    version: Annotated[int, Field(strict=False, ge=0)]
    content: Annotated[str, StringConstraints(pattern="^(yes|no)$")]
    why: Annotated[str, StringConstraints(max_length=500)] = ""


@router.api_route("/v/complaint/{link_id}", methods=["GET", "HEAD"])
def show(request: Request, link_id: str, own: OwnReading) -> Response:
    """How far it is."""
    return _draw(request, link_id, *own)


@router.post("/v/complaint/{link_id}/choose")
def choose(request: Request, link_id: str, own: OwnWriting, fields: SentFields) -> Response:
    """They take one of the solutions."""
    turn, complaint = own
    form_key_in(turn.settings, link_id, fields)
    sent, wrong = read_fields(ChoiceShape, fields, CHOOSE)
    if sent is None:
        return _draw(request, link_id, turn, complaint, wrong=wrong, status=422)
    return _do(request, link_id, turn, complaint.id, sent.version, lambda row: chosen(turn, row, sent.letter))


@router.post("/v/complaint/{link_id}/content")
def say_if_content(request: Request, link_id: str, own: OwnWriting, fields: SentFields) -> Response:
    """Content: it is closed. Not content: someone new looks at it, or the regulator's way is told."""
    turn, complaint = own
    form_key_in(turn.settings, link_id, fields)
    sent, wrong = read_fields(ContentShape, fields, CHOOSE)
    if sent is not None and sent.content == "no" and not sent.why.strip():
        wrong = {"why": Words("请告诉我们为什么不满意。", "Please tell us why not.")}
    if sent is None or wrong:
        return _draw(request, link_id, turn, complaint, wrong=wrong, status=422)
    if sent.content == "yes":
        return _do(request, link_id, turn, complaint.id, sent.version, lambda row: closed(turn, row, content=True))
    return _do(request, link_id, turn, complaint.id, sent.version, lambda row: not_content(turn, row, sent.why))


def _do(request: Request, link_id: str, turn: Turn, complaint_id: UUID, version: int, verb: Verb) -> Response:
    savepoint = turn.session.begin_nested()
    row = turn.session.get_one(Complaint, complaint_id, with_for_update=True, populate_existing=True)
    try:
        if row.version != version:
            raise Stale(row.version)
        verb(row)
    except NotAllowed as refusal:
        savepoint.rollback()
        return _draw(request, link_id, turn, turn.session.get_one(Complaint, complaint_id), refusal=refusal)
    savepoint.commit()
    return RedirectResponse(f"/v/complaint/{link_id}?done=yes", 303)


def _draw(
    request: Request,
    link_id: str,
    turn: Turn,
    complaint: Complaint,
    wrong: dict[str, Words] | None = None,
    refusal: Refusal | None = None,
    status: int = 200,
) -> Response:
    one, state, language = round_of(turn.session, complaint), State(complaint.state), turn.viewer.language
    options = [each for each in options_of(turn.session, complaint.id) if each.round == one.round]
    steps = [each for each in steps_of(turn.session, complaint.id) if each.what in TOLD_STEPS]
    return page(
        request,
        "customer/complaint.html",
        status=status_of(refusal) if refusal else status,
        link_id=link_id,
        complaint=complaint,
        about=cause_words(complaint.subject),
        round=one,
        handler=names_of(turn.session, [complaint.owner_id])[complaint.owner_id],
        state_words=STATE_WORDS[state],
        options=[(each.letter, spoken_option(each.remedy, each.words, each.amount_fen, language)) for each in options],
        steps=[each for each in steps if each.what != "offered"],
        may_choose=state is State.OFFERED,
        may_rate=state in (State.TOLD, State.OFFERED),
        after_appeal=complaint.appeals >= APPEALS,
        regulator=turn.settings.regulator,
        wrong=wrong or {},
        refusal=refusal,
        done=request.query_params.get("done") == "yes",
        form_key=new_form_key(turn.settings, link_id),
    )

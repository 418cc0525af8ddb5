"""Signing on the customer's own phone by the code that the technician's phone shows, also while that has no network.

The page is the same for everybody and holds nothing: what is to be signed stands after the `#` of the scanned address.
"""

from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse
from pydantic import Field

from checklists.phone_form import phone_form
from checklists.published import by_key
from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import Viewer
from dispatch.clock import utc_now
from dispatch.errors import NotFound
from dispatch.records.account_parts import CONSENT
from dispatch.records.own_phone.taking import SentSignature, take_signature
from mobile_api.customer.tries import address_of, knocks_of
from mobile_api.dependencies import LinkClosed, Place, house_of
from mobile_api.pages import page
from mobile_api.shapes import Id, Sha256, Shape, ShortLine
from mobile_api.strict_json import StrictRoute

router = APIRouter(include_in_schema=False, route_class=StrictRoute)

BURST, PER_SECOND, WRONG_COSTS = 30.0, 0.5, 4.0
FORM_KEPT = 86_400  # seconds; a published checklist never changes
USUAL = {"conduct_rating": None, "overall_rating": None, "comment": "", "reservation": "", "decision": None}


class OwnSignatureShape(Shape):
    """What the page sends. `answers` are judged by the checklist, `summary` is what was shown: [step, key, value]."""

    id: Id
    visit_id: Id
    key: ShortLine
    content_sha256: Sha256
    checklist: ShortLine
    steps: list[ShortLine] = Field(max_length=12)
    summary: list[Annotated[list[Any], Field(min_length=3, max_length=3)]] = Field(max_length=60)
    answers: dict[str, Any]


def stranger_writing(request: Request, _: Place) -> Iterator[Turn]:
    """A writing turn of somebody whom only the scanned key knows."""
    house = house_of(request)
    with house.database.writing() as session:
        yield Turn(session, Viewer(role="customer", name="own phone"), utc_now(), house.settings)


StrangerWriting = Annotated[Turn, Depends(stranger_writing, scope="function")]


@router.api_route("/own", methods=["GET", "HEAD"])
def show(request: Request) -> Response:
    """The page that the code leads to."""
    said: dict[str, Any] = USUAL | {"name": "", "reason": "", "strokes": ""}
    return page(request, "customer/own_phone.html", said=said, wrong={}, consent=CONSENT)


@router.api_route("/own/forms/{key:path}", methods=["GET", "HEAD"])
def get_form(key: str) -> Response:
    """A published checklist: labels and options, nothing about anybody."""
    try:
        checklist = by_key(key)
    except KeyError:
        raise NotFound from None
    return JSONResponse(phone_form(checklist), headers={"Cache-Control": f"public, max-age={FORM_KEPT}"})


@router.post("/own/signatures")
def sign(request: Request, shape: OwnSignatureShape, turn: StrangerWriting) -> dict[str, Any]:
    """Keep the signature (or the refusal) against the hash; the code shows the technician that we have it."""
    knocks, address = knocks_of(request, "own-phone", BURST, PER_SECOND), address_of(request)
    knocks.take(address)
    sent = SentSignature(
        id=shape.id,
        visit_id=shape.visit_id,
        key=shape.key,
        content_sha256=shape.content_sha256,
        checklist=shape.checklist,
        steps=tuple(shape.steps),
        summary=[list(one) for one in shape.summary],
        answers=shape.answers,
    )
    try:
        row, code = take_signature(turn, sent)
    except NotFound:
        knocks.charge(address, WRONG_COSTS)
        raise LinkClosed from None
    return {"id": str(row.id), "decision": row.decision, "state": row.state, "code": code}

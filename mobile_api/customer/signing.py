"""On site: what has been done so far, and the customer's own word on it: rating, comment, signature or refusal."""

from datetime import datetime
from typing import Any, Literal
from uuid import uuid5

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from checklists.answers import DECLINED
from checklists.words import Words
from dispatch.accounts.turn import Turn
from dispatch.records.account_parts import CONSENT
from dispatch.records.canonical import canonical_json, sha256_hex
from dispatch.records.draft import SIGNING_STEP, Draft, draft_of
from dispatch.records.intake import SentParcel, Taken, take_parcel
from dispatch.records.reading import SentEntry
from dispatch.records.refusals import follow_up
from dispatch.visits.life import Status
from mobile_api.customer.appointment import facts_of, own_visit
from mobile_api.customer.forms import (
    UNSAFE,
    Errors,
    FormKey,
    SentFields,
    form_key_in,
    new_form_key,
    read_fields,
)
from mobile_api.dependencies import CustomerReading, CustomerWriting
from mobile_api.pages import page
from mobile_api.shapes import Shape, Text
from mobile_api.strict_json import BadJson, read_json

router = APIRouter(include_in_schema=False)

SIGNATURE, CONDUCT, OVERALL, COMMENT = "customer_signature", "conduct_rating", "overall_rating", "comment"
Points = Literal["1", "2", "3", "4", "5", "declined"]
NOT_SIGNED = Words("请在框内手写签名。", "Please sign inside the box.")
SENT_BEFORE = Words(
    "这份内容刚才已经提交过一次。如需更改，请再次提交。",
    "You sent this once already. To change what you said, send it again.",
)


class SignatureShape(Shape):
    """What the form sends. `strokes` is what the pad recorded, as JSON: {strokes, width, height}."""

    conduct_rating: Points
    overall_rating: Points
    comment: Text = ""
    reservation: Text = ""
    decision: Literal["sign", "refuse"]
    name: str = ""
    strokes: str = ""
    reason: str = ""


TOLD = {
    CONDUCT: Words("请选择一项，也可以选“暂不评价”。", "Please choose one; “I would rather not say” is fine, too."),
    OVERALL: Words("请选择一项，也可以选“暂不评价”。", "Please choose one; “I would rather not say” is fine, too."),
    "decision": Words("请选择签名或不签名。", "Please choose to sign or not to sign."),
    "comment": UNSAFE,
    "reservation": UNSAFE,
}


@router.api_route("/v/{link_id}/sign", methods=["GET", "HEAD"])
def read_and_sign(request: Request, link_id: str, turn: CustomerReading) -> Response:
    """What the record says so far, with the form once everything before it is done."""
    visit = own_visit(turn)
    if visit.status != Status.ON_SITE:
        return RedirectResponse(f"/v/{link_id}", 303)
    draft = draft_of(turn, visit.id)
    said = {"name": visit.work_order.customer.name}
    return _page(request, link_id, turn, draft, said, {})


@router.post("/v/{link_id}/sign")
def sign(request: Request, link_id: str, turn: CustomerWriting, fields: SentFields) -> Response:
    """The customer's answers as one parcel under the form's own id: pressed twice, it is the same parcel."""
    key = form_key_in(turn.settings, link_id, fields)
    visit = own_visit(turn, to_change=True)
    if visit.status != Status.ON_SITE:  # sealed or ended meanwhile: the page says how it stands
        return RedirectResponse(f"/v/{link_id}", 303)
    draft = draft_of(turn, visit.id)
    sent, wrong = read_fields(SignatureShape, fields, TOLD)
    answers = _answers(sent, draft, wrong) if sent is not None else {}
    if sent is None or wrong or not draft.may_sign:
        return _page(request, link_id, turn, draft, fields, wrong, status=409 if not draft.may_sign else 422)
    if _hand_in(turn, draft, key, answers).conflict:
        return _page(request, link_id, turn, draft, fields, {"form": SENT_BEFORE}, status=409)
    if answers[SIGNATURE].get("refused"):
        follow_up(turn, visit.id, answers[SIGNATURE]["reason"])
    return RedirectResponse(f"/v/{link_id}/sign", 303)


def _answers(sent: SignatureShape, draft: Draft, wrong: Errors) -> dict[str, Any]:
    """Values as the checklist wants them; what it has against them goes into `wrong`, beside the field."""
    answers: dict[str, Any] = {SIGNATURE: _signature(sent, wrong)}
    for key, points in ((CONDUCT, sent.conduct_rating), (OVERALL, sent.overall_rating)):
        answers[key] = DECLINED if points == DECLINED else int(points)
    if sent.comment:
        answers[COMMENT] = sent.comment
    if wrong:
        return answers
    places = {"name": "name", "reason": "reason", "reservation": "reservation"}
    for key, value in answers.items():
        for flaw in draft.flaws_of(key, value)[:3]:
            wrong.setdefault(places.get(flaw.part or "", "strokes") if key == SIGNATURE else key, flaw.words)
    return answers


def _signature(sent: SignatureShape, wrong: Errors) -> dict[str, Any]:
    value: dict[str, Any] = {"reservation": sent.reservation} if sent.reservation else {}
    if sent.decision == "refuse":
        if not sent.reason.strip():
            wrong["reason"] = Words("请写明不签名的原因。", "Please say why you do not sign.")
        return value | {"refused": True, "reason": sent.reason.strip()}
    if not sent.name.strip():
        wrong["name"] = Words("请填写签名人姓名。", "Please give the name of who signs.")
    try:
        pad = read_json(sent.strokes.encode("utf-8", "replace")) if sent.strokes else None
    except BadJson:
        pad = None
    if not isinstance(pad, dict) or not pad.get("strokes"):
        wrong["strokes"] = NOT_SIGNED
        return value
    return value | {part: pad.get(part) for part in ("strokes", "width", "height")} | {"name": sent.name.strip()}


def _hand_in(turn: Turn, draft: Draft, key: FormKey, answers: dict[str, Any]) -> Taken:
    entries = tuple(
        SentEntry(uuid5(key.id, name), SIGNING_STEP, name, value, turn.now) for name, value in answers.items()
    )
    body = {"visit_id": str(draft.visit.id), "device_id": "customer-link", "entries": answers}
    sent = SentParcel(
        id=key.id,
        visit_id=draft.visit.id,
        device_id="customer-link",
        entries=entries,
        body=body,
        sha256=sha256_hex(canonical_json(body)),
    )
    return take_parcel(turn, sent)


def _page(
    request: Request,
    link_id: str,
    turn: Turn,
    draft: Draft,
    said: dict[str, str],
    wrong: Errors,
    status: int = 200,
) -> Response:
    signature = next((one for one in draft.account["signatures"] if one["who"] == "customer"), None)
    usual = {"conduct_rating": None, "overall_rating": None, "comment": "", "reservation": "", "decision": None}
    return page(
        request,
        "customer/sign.html",
        status,
        **facts_of(turn, link_id, draft.visit),
        account=draft.account,
        states=draft.states,
        may_sign=draft.may_sign,
        signature=signature,
        consent=CONSENT,
        moment=datetime.fromisoformat,
        said=usual | {"name": "", "reason": "", "strokes": ""} | said,
        wrong=wrong,
        form_key=new_form_key(turn.settings, link_id),
    )

"""Choosing another time: the visit moves at once, or one that came to nothing gets a successor; or “call me”."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import Field

from checklists.words import Words
from dispatch.accounts.turn import Turn
from dispatch.planning.slot_booking import choose_slot
from dispatch.visits.call_me import promised_call_me
from dispatch.visits.free_windows import LENGTH
from dispatch.visits.links import link_for, link_token
from dispatch.visits.on_the_day import ask_for_another_time
from dispatch.visits.slots_offered import SlotGone
from dispatch.visits.tables import Visit
from dispatch.visits.windows import Window
from mobile_api.customer.another_time import draw_another_time
from mobile_api.customer.appointment import own_visit
from mobile_api.customer.forms import SentFields, form_key_in, read_fields
from mobile_api.customer.opening import let_in
from mobile_api.dependencies import CustomerWriting
from mobile_api.shapes import Shape

router = APIRouter(include_in_schema=False)


class SlotShape(Shape):
    """The chosen window's start, as the page wrote it."""

    slot: Annotated[str, Field(pattern=r"^20[0-9]{6}T[0-9]{4}Z$")]


TOLD = {"slot": Words("请选择一个时段。", "Please choose a time.")}


def slot_named(name: str) -> Window | None:
    """The window of that name; None for a moment that no calendar has."""
    try:
        start = datetime.strptime(name, "%Y%m%dT%H%MZ").replace(tzinfo=UTC)
    except ValueError:
        return None
    return Window(start, start + LENGTH)


@router.post("/v/{link_id}/slot")
def choose(request: Request, link_id: str, turn: CustomerWriting, fields: SentFields) -> Response:
    """Take a free window. Gone meanwhile: told so, with what is free now. The same form twice counts once."""
    key = form_key_in(turn.settings, link_id, fields)
    visit = own_visit(turn)
    sent, wrong = read_fields(SlotShape, fields, TOLD)
    window = slot_named(sent.slot) if sent else None
    if window is None:
        return draw_another_time(request, link_id, turn, visit, wrong=wrong or TOLD, status=422)
    try:
        done = choose_slot(turn, visit.id, window, key=f"slot:{link_id}:{key.id.hex}")
    except SlotGone as gone:  # nothing was written
        return draw_another_time(request, link_id, turn, own_visit(turn), refusal=gone.words, status=409)
    if done.visit.id == visit.id:
        return RedirectResponse(f"/v/{link_id}?done=moved", 303)
    return _to_the_new_one(turn, done.visit)


def _to_the_new_one(turn: Turn, visit: Visit) -> Response:
    """The customer's own new visit, behind its own link. They asked for it on this page, so they may see it."""
    link_id = link_for(turn, visit.id, visit.window_end)
    answer = RedirectResponse(f"/v/{link_id}?done=booked", 303)
    let_in(answer, turn.settings, link_id, link_token(turn.settings, link_id))
    return answer


@router.post("/v/{link_id}/call-me")
def call_me(link_id: str, turn: CustomerWriting, fields: SentFields) -> Response:
    """A task for the desk. While one is open, asking again changes nothing."""
    form_key_in(turn.settings, link_id, fields)
    visit = own_visit(turn, to_change=True)
    if promised_call_me(turn.session, visit.id) is None:
        ask_for_another_time(turn, visit.id, wish=None, call_me=True, words="")
    return RedirectResponse(f"/v/{link_id}?done=call", 303)

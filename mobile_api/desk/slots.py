"""Free windows of a work order at the desk: offered on the phone, held meanwhile, booked."""

from itertools import groupby
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import StringConstraints
from sqlalchemy import select

from checklists.words import Words
from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import PLANNERS
from dispatch.clock import local_day
from dispatch.errors import Refusal
from dispatch.planning.slot_booking import hold_window, take_window
from dispatch.planning.slots import offers_for
from dispatch.planning.tables import SlotHold
from dispatch.visits.queries import order_seen_by
from dispatch.visits.tables import WorkOrder
from dispatch.visits.windows import Window
from mobile_api.desk.doors import DeskReading, DeskWriting, may
from mobile_api.desk.forms import Form, FormShape, Sent, attempt, read_form
from mobile_api.desk.plan_view import technician_names
from mobile_api.desk.words import KIND_WORDS, flashes
from mobile_api.errors import status_of
from mobile_api.pages import page

router = APIRouter()
A_MOMENT = "%Y%m%dT%H%MZ"
Choice = Annotated[str, StringConstraints(pattern=r"^20[0-9]{6}T[0-9]{4}Z$")]


class SlotShape(FormShape):
    """The window chosen, by its start, and what to do with it."""

    slot: Choice
    do: Literal["hold", "book"]


@router.get("/desk/orders/{order_id}/slots")
def show_slots(request: Request, turn: DeskReading, order_id: UUID, done: str = "") -> Response:
    """The windows of the next two weeks that somebody can keep, those where somebody is near anyway marked."""
    turn.viewer.must_be(PLANNERS)
    return _draw(request, turn, order_seen_by(turn.session, turn.viewer, order_id), Form(), done=done)


@router.post("/desk/orders/{order_id}/slots")
def choose(request: Request, turn: DeskWriting, sent: Sent, order_id: UUID) -> Response:
    """Hold it for five minutes, or book it and owe the confirmation."""
    turn.viewer.must_be(PLANNERS)
    order = order_seen_by(turn.session, turn.viewer, order_id)
    read = read_form(SlotShape, sent)
    if read.shape is None:
        return _draw(request, turn, order, read.again())
    shape = read.shape

    def do() -> str:
        offered = offers_for(turn, order, holder=_holder(turn, order)) or ()
        window = next((one.window for one in offered if f"{one.window.start:{A_MOMENT}}" == shape.slot), None)
        if window is None:
            raise _gone()
        if shape.do == "hold":
            hold_window(turn, order, window, holder=_holder(turn, order))
            return f"/desk/orders/{order_id}/slots?done=slot_held"
        done = take_window(turn, order, None, window, holder=_holder(turn, order))
        return f"/desk/visits/{done.visit.id}?done=booked"

    answer = attempt(turn, shape, f"slot for {order_id}", do)
    if isinstance(answer, Response):
        return answer
    return _draw(request, turn, order_seen_by(turn.session, turn.viewer, order_id), read.again(), answer)


def _gone() -> Refusal:
    from dispatch.visits.slots_offered import SlotGone

    gone = SlotGone()
    gone.words = Words("这个时段已被约走或预留，请另选。", "That time is taken or held. Choose another.")
    return gone


def _holder(turn: Turn, order: WorkOrder) -> str:
    return f"desk:{turn.viewer.account_id}:{order.id}"


def _draw(
    request: Request, turn: Turn, order: WorkOrder, form: Form, refusal: Refusal | None = None, done: str = ""
) -> Response:
    zone = turn.settings.zone
    holder = _holder(turn, order)
    held = turn.session.scalar(select(SlotHold).where(SlotHold.holder == holder, SlotHold.held_until > turn.now))
    offers = offers_for(turn, order, holder=holder)
    days = groupby(offers or (), lambda one: local_day(one.window.start, zone))
    return page(
        request,
        "desk/slots.html",
        status=status_of(refusal) if refusal else 422 if form.errors else 200,
        order=order,
        kind_words=KIND_WORDS,
        planned=offers is not None,
        days=[(day, [(f"{one.window.start:{A_MOMENT}}", one) for one in some]) for day, some in days],
        held=held,
        held_window=Window(held.window_start, held.window_end) if held else None,
        held_slot=f"{held.window_start:{A_MOMENT}}" if held else None,
        names=technician_names(turn.session),
        form=form,
        refusal=refusal,
        flashes=flashes(done),
        may=may(turn.viewer),
    )

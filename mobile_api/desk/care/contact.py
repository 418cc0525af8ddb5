"""One contact: read it back, sort it otherwise, make a work order and book it on the spot, promise, ask, close."""

from collections.abc import Callable
from datetime import datetime, time
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import StringConstraints

from checklists.words import Words
from dispatch.accounts.audit import note_look
from dispatch.accounts.turn import Turn
from dispatch.care.contacts.actions import book_for, close_contact, order_from, promise, read_back, sort_otherwise
from dispatch.care.contacts.queries import contact_seen_by, known_of
from dispatch.care.contacts.sorting import Sorted
from dispatch.care.contacts.tables import Contact
from dispatch.care.knowledge.queries import search
from dispatch.care.tasks.queries import tasks_of_contact
from dispatch.customers.phones import masked_phone
from dispatch.customers.queries import customers_by_id
from dispatch.errors import Invalid, NotFound, Refusal
from dispatch.visits.queries import open_visits_of_order, order_seen_by
from dispatch.visits.slots_offered import offered_for
from dispatch.visits.windows import Window
from mobile_api.desk.care.contacts import spoken_scripts
from mobile_api.desk.care.words import CHANNEL_WORDS, COMPLAINT_STATES, KIND_WORDS, TASK_WORDS, flashes, may
from mobile_api.desk.doors import DeskReading, DeskWriting
from mobile_api.desk.forms import Form, FormShape, Sent, attempt, read_form
from mobile_api.desk.moves import Day
from mobile_api.desk.words import KIND_WORDS as ORDER_KINDS
from mobile_api.desk.words import NOTICE_KIND_WORDS, who
from mobile_api.errors import status_of
from mobile_api.pages import page

router = APIRouter()
SLOT_ODD = Words("请从列出的时段中选择。", "Choose one of the times listed.")
Said = Annotated[str, StringConstraints(max_length=1000)]


class VersionShape(FormShape):
    """Which version was looked at."""

    version: int


class SaidShape(VersionShape):
    """Words."""

    said: Said = ""


class KindShape(VersionShape):
    """What it is about, as a person sees it."""

    kind: Literal["consultation", "request", "fault", "complaint"]


class OrderShape(VersionShape):
    """Which line has the fault."""

    line: UUID


class SlotShape(FormShape):
    """Which free window: its start and end, as they were offered."""

    window: Annotated[str, StringConstraints(max_length=80)]


class PromiseShape(VersionShape):
    """What, and until when."""

    kind: Literal["promise", "question"]
    said: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    day: Day
    at: time


def _promise(turn: Turn, contact_id: UUID, shape: Any) -> object:
    due = datetime.combine(shape.day, shape.at, turn.settings.zone)
    return promise(turn, contact_id, shape.kind, shape.said, due, shape.version)


def _book(turn: Turn, contact_id: UUID, shape: Any) -> object:
    start, _, end = shape.window.partition("/")
    try:
        window = Window(datetime.fromisoformat(start), datetime.fromisoformat(end))
    except ValueError as error:
        raise Invalid(SLOT_ODD) from error
    return book_for(turn, contact_id, window, key=f"contact:{contact_id}:{shape.key}")


STEPS: dict[str, tuple[type[FormShape], Callable[[Turn, UUID, Any], object], str]] = {
    "kind": (KindShape, lambda turn, id, shape: sort_otherwise(turn, id, shape.kind, shape.version), "kept"),
    "read-back": (SaidShape, lambda turn, id, shape: read_back(turn, id, shape.said, shape.version), "kept"),
    "order": (OrderShape, lambda turn, id, shape: order_from(turn, id, shape.line, shape.version), "order"),
    "book": (SlotShape, _book, "booked"),
    "promise": (PromiseShape, _promise, "promise"),
    "close": (SaidShape, lambda turn, id, shape: close_contact(turn, id, shape.said, shape.version), "closed"),
}
FIELD_OF_REFUSAL = {"understood-missing": "said", "due-odd": "day"}


@router.get("/desk/contacts/{contact_id}")
def show_contact(request: Request, turn: DeskReading, contact_id: UUID, done: str = "") -> Response:
    """One contact and what there is to do about it."""
    return _draw(request, turn, contact_seen_by(turn.session, turn.viewer, contact_id), Form(), done=done)


@router.post("/desk/contacts/{contact_id}/{what}")
def take_step(request: Request, turn: DeskWriting, sent: Sent, contact_id: UUID, what: str) -> Response:
    """Do it once; the same page says what is left."""
    contact = contact_seen_by(turn.session, turn.viewer, contact_id)
    if what not in STEPS:
        raise NotFound
    shape_of, do_it, done = STEPS[what]
    read = read_form(shape_of, sent)
    if read.shape is None:
        return _draw(request, turn, contact, read.again())
    shape = read.shape

    def do() -> str:
        do_it(turn, contact_id, shape)
        return f"/desk/contacts/{contact_id}?done={done}"

    answer = attempt(turn, shape, f"contact {contact_id} {what}", do)
    if isinstance(answer, Response):
        return answer
    turn.session.expire_all()
    field = FIELD_OF_REFUSAL.get(answer.name)
    form = read.again(**({field: answer.words} if field else {}))
    return _draw(request, turn, contact_seen_by(turn.session, turn.viewer, contact_id), form, answer)


def _draw(
    request: Request, turn: Turn, contact: Contact, form: Form, refusal: Refusal | None = None, done: str = ""
) -> Response:
    session = turn.session
    note_look(session, turn.viewer, "contact", contact.id, turn.now)
    customer = customers_by_id(session, [contact.customer_id]).get(contact.customer_id) if contact.customer_id else None
    order = order_seen_by(session, turn.viewer, contact.work_order_id) if contact.work_order_id else None
    booked = open_visits_of_order(session, order.id) if order else []
    return page(
        request,
        "desk/care/contact.html",
        status=status_of(refusal) if refusal else 422 if form.errors else 200,
        contact=contact,
        masked=masked_phone(contact.phone),
        customer=customer,
        known=known_of(turn, customer, but=contact.id) if customer else None,
        order=order,
        booked=booked[0] if booked else None,
        slots=offered_for(turn, order)[:12] if order and not booked else (),
        tasks=tasks_of_contact(session, contact.id),
        found=Sorted(contact.suggested, tuple(contact.words)),
        helpful=search(session, contact.matter[:60], turn.viewer, most=5),
        scripts=spoken_scripts(request, turn, contact.language),
        form=form,
        fresh=Form,
        refusal=refusal,
        kinds=KIND_WORDS,
        channels=CHANNEL_WORDS,
        task_words=TASK_WORDS,
        order_kinds=ORDER_KINDS,
        notice_kinds=NOTICE_KIND_WORDS,
        states=COMPLAINT_STATES,
        who=who,
        flashes=flashes(done),
        may=may(turn.viewer),
    )

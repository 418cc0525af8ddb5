"""A customer's file: how they are reached, their lines and visits, everything that they were told, every call."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import StringConstraints

from dispatch.accounts.audit import note_look
from dispatch.accounts.turn import Turn
from dispatch.customers.contact import Contact, change_contact, contact_mark
from dispatch.customers.phones import masked_phone
from dispatch.customers.queries import customer_seen_by, lines_of
from dispatch.customers.tables import Customer
from dispatch.errors import Refusal
from dispatch.notices.call_lists import calls_listed
from dispatch.notices.queries import notices_of_customer
from dispatch.notices.readdressing import readdress
from dispatch.visits.finding import visits_of_customer
from dispatch.visits.telling import reader_of
from mobile_api.desk.customer_story import customer_story
from mobile_api.desk.doors import DeskReading, DeskWriting, may
from mobile_api.desk.forms import Form, FormShape, Sent, attempt, read_form
from mobile_api.desk.notice_story import told_in_short
from mobile_api.desk.telling_words import CALL_KIND_WORDS, CALL_OUTCOME_WORDS, MEDIUM_WORDS, why_words
from mobile_api.desk.words import ACCESS_WORDS, KIND_WORDS, NOTICE_KIND_WORDS, flashes
from mobile_api.errors import status_of
from mobile_api.pages import language_of, page
from mobile_api.shapes import Line

router = APIRouter()
MOST_NOTICES = 100
FIELD_OF_REFUSAL = {"mail-impossible": "mail", "mail-missing": "mail", "name-odd": "name"}


class ContactShape(FormShape):
    """How the customer is reached. An empty phone leaves the number as it is: it is never sent to the page."""

    seen: Annotated[str, StringConstraints(max_length=40)]
    name: Line
    phone: Annotated[str | None, StringConstraints(max_length=60)] = None
    mail: Annotated[str | None, StringConstraints(max_length=300)] = None
    channel: Literal["sms", "mail", "call"]
    language: Literal["zh", "en"]


@router.get("/desk/customers/{customer_id}")
def show_customer(request: Request, turn: DeskReading, customer_id: UUID, done: str = "") -> Response:
    """The whole file; the number masked."""
    return _draw(request, turn, customer_seen_by(turn.session, turn.viewer, customer_id), done=done)


@router.post("/desk/customers/{customer_id}/number")
def show_number(request: Request, turn: DeskWriting, customer_id: UUID) -> Response:
    """The whole number. Who asked for it, and when, is written down before the answer leaves."""
    customer = customer_seen_by(turn.session, turn.viewer, customer_id)
    note_look(turn.session, turn.viewer, "customer_phone", customer.id, turn.now)
    if request.headers.get("hx-request"):
        return page(request, "desk/number.html", number=customer.phone)
    return _draw(request, turn, customer, number=customer.phone)


@router.post("/desk/customers/{customer_id}")
def correct_contact(request: Request, turn: DeskWriting, sent: Sent, customer_id: UUID) -> Response:
    """Correct how they are reached; what has not left yet goes there."""
    customer = customer_seen_by(turn.session, turn.viewer, customer_id)
    read = read_form(ContactShape, sent)
    if read.shape is None:
        return _draw(request, turn, customer, read.again())
    shape = read.shape

    def do() -> str:
        told = Contact(shape.name, shape.language, shape.channel, shape.mail, shape.phone)
        readdress(turn, reader_of(change_contact(turn, customer_id, told, seen=shape.seen)))
        return f"/desk/customers/{customer_id}?done=customer"

    answer = attempt(turn, shape, f"contact {customer_id}", do)
    if isinstance(answer, Response):
        return answer
    turn.session.expire(customer)
    field = "phone" if answer.name.startswith("phone-") else FIELD_OF_REFUSAL.get(answer.name)
    form = read.again(**({field: answer.words} if field else {}))
    return _draw(request, turn, customer_seen_by(turn.session, turn.viewer, customer_id), form, refusal=answer)


def _draw(
    request: Request,
    turn: Turn,
    customer: Customer,
    form: Form | None = None,
    *,
    number: str | None = None,
    refusal: Refusal | None = None,
    done: str = "",
) -> Response:
    session, language = turn.session, language_of(request)
    note_look(session, turn.viewer, "customer", customer.id, turn.now)
    notices = notices_of_customer(session, customer.id, MOST_NOTICES)
    stands = {name: getattr(customer, name) for name in ("name", "mail", "channel", "language")}
    form = form or Form(stands)
    visits = visits_of_customer(session, turn.viewer, customer.id)
    calls = calls_listed(session, None, customer_id=customer.id)
    return page(
        request,
        "desk/customer.html",
        status=status_of(refusal) if refusal else 422 if form.errors else 200,
        customer=customer,
        masked=masked_phone(customer.phone),
        number=number,
        mark=contact_mark(customer),
        form=form,
        refusal=refusal,
        lines=lines_of(session, customer.id),
        visits=visits,
        told=told_in_short(session, notices, turn.now, language),
        most=MOST_NOTICES,
        calls=calls,
        story=customer_story(turn, customer.id, visits, notices, calls, language),
        call_kinds=CALL_KIND_WORDS,
        call_outcomes=CALL_OUTCOME_WORDS,
        why=why_words,
        media=MEDIUM_WORDS,
        kind_words=KIND_WORDS,
        access_words=ACCESS_WORDS,
        notice_kinds=NOTICE_KIND_WORDS,
        flashes=flashes(done),
        may=may(turn.viewer),
    )

"""The contact desk: a contact logged on one page, with what the house knows of the caller beside it; and the log."""

from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request, Response
from pydantic import Field, StringConstraints

from dispatch.accounts.audit import note_look
from dispatch.accounts.turn import Turn
from dispatch.care.contacts.actions import Told, log_contact
from dispatch.care.contacts.queries import answer_rate, contacts_listed, customers_calling, known_of
from dispatch.care.contacts.scripts import scripts, spoken
from dispatch.care.contacts.sorting import sort_contact
from dispatch.clock import day_bounds
from dispatch.errors import Refusal
from mobile_api.desk.care.words import CHANNEL_WORDS, COMPLAINT_STATES, KIND_WORDS, flashes, may
from mobile_api.desk.doors import DeskReading, DeskWriting
from mobile_api.desk.forms import Form, FormShape, Sent, attempt, day_from, read_form
from mobile_api.desk.moves import Day
from mobile_api.desk.words import KIND_WORDS as ORDER_KINDS
from mobile_api.desk.words import NOTICE_KIND_WORDS
from mobile_api.errors import status_of
from mobile_api.pages import language_of, page
from mobile_api.shapes import Line

router = APIRouter()
CHANNELS = ("phone", "web", "mail", "sms", "messenger", "counter")
FIELD_OF_REFUSAL = {"caller-missing": "caller", "matter-missing": "matter", "time-odd": "day"}


class ContactShape(FormShape):
    """A contact as the agent types it: caller, number, time and matter are mandatory."""

    channel: Literal["phone", "web", "mail", "sms", "messenger", "counter"] = "phone"
    caller: Line
    phone: Annotated[str, StringConstraints(min_length=3, max_length=60)]
    day: Day
    at: time
    matter: Annotated[str, StringConstraints(min_length=1, max_length=4000)]
    kind: Literal["consultation", "request", "fault", "complaint"] | None = None
    language: Literal["zh", "en"] = "zh"
    customer: UUID | None = None
    waited: Annotated[int | None, Field(ge=0, le=7200)] = None
    lost: Literal["yes"] | None = None


@router.get("/desk/contacts")
def show_contacts(request: Request, turn: DeskReading, day: str = "", done: str = "") -> Response:
    """The log of a day, with the answer rate."""
    zone = turn.settings.zone
    chosen = day_from(day, turn.now.astimezone(zone).date())
    begin, end = day_bounds(chosen, zone)
    listed = contacts_listed(turn.session, turn.viewer, begin=begin, end=end)
    note_look(turn.session, turn.viewer, "contacts", chosen, turn.now)
    return page(
        request,
        "desk/care/contacts.html",
        contacts=listed,
        rate=answer_rate(listed),
        day=chosen,
        day_before=chosen - timedelta(days=1),
        day_after=chosen + timedelta(days=1),
        kinds=KIND_WORDS,
        channels=CHANNEL_WORDS,
        flashes=flashes(done),
        may=may(turn.viewer),
    )


@router.get("/desk/contacts/new")
def ask(request: Request, turn: DeskReading, phone: str = "") -> Response:
    """An empty form; the time is now."""
    local = turn.now.astimezone(turn.settings.zone)
    form = Form({"channel": "phone", "phone": phone, "day": f"{local:%Y-%m-%d}", "at": f"{local:%H:%M}"})
    return _draw(request, turn, form)


@router.post("/desk/contacts/known")
def show_known(request: Request, turn: DeskWriting, sent: Sent) -> Response:
    """What the house knows of the number that is being typed. Who looked is written down."""
    return page(
        request, "desk/care/known.html", **_known(turn, str(sent.get("phone", "")), str(sent.get("customer", "")))
    )


@router.post("/desk/contacts/sort")
def sort(request: Request, turn: DeskReading, sent: Sent) -> Response:
    """The kind that the words of the matter lead to, with these words; what was chosen by hand stays chosen."""
    found = sort_contact(str(sent.get("matter", ""))[:4000])
    return page(request, "desk/care/sorted.html", found=found, kinds=KIND_WORDS, chosen=None)


@router.post("/desk/contacts/new")
def log(request: Request, turn: DeskWriting, sent: Sent) -> Response:
    """Log it; the page of the contact is where it goes on."""
    read = read_form(ContactShape, sent)
    if read.shape is None:
        return _draw(request, turn, read.again())
    shape = read.shape

    def do() -> str:
        contact = log_contact(turn, _told(shape, turn.settings.zone))
        return f"/desk/contacts/{contact.id}?done=contact" if contact.answered else "/desk/contacts?done=contact"

    answer = attempt(turn, shape, "log contact", do)
    if isinstance(answer, Response):
        return answer
    field = "phone" if answer.name.startswith("phone-") else FIELD_OF_REFUSAL.get(answer.name)
    return _draw(request, turn, read.again(**({field: answer.words} if field else {})), answer)


def _told(shape: ContactShape, zone: ZoneInfo) -> Told:
    return Told(
        channel=shape.channel,
        caller=shape.caller,
        phone=shape.phone,
        at=datetime.combine(shape.day, shape.at, zone),
        matter=shape.matter,
        kind=shape.kind,
        language=shape.language,
        customer_id=shape.customer,
        answered=shape.lost is None,
        waited=shape.waited,
    )


def _draw(request: Request, turn: Turn, form: Form, refusal: Refusal | None = None) -> Response:
    matter = str(form.value("matter") or "")
    return page(
        request,
        "desk/care/contact_new.html",
        status=status_of(refusal) if refusal else 422 if form.errors else 200,
        form=form,
        refusal=refusal,
        found=sort_contact(matter) if matter else None,
        chosen=form.value("kind"),
        channels={key: CHANNEL_WORDS[key] for key in CHANNELS},
        **_known(turn, str(form.value("phone") or ""), str(form.value("customer") or "")),
        scripts=spoken_scripts(request, turn, language_of(request)),
        may=may(turn.viewer),
    )


def _known(turn: Turn, phone: str, chosen: str) -> dict[str, Any]:
    """Whose number it is, and all about whoever is chosen (the only one, or the one that was ticked)."""
    customers = customers_calling(turn, phone) if phone else []
    one = next((each for each in customers if str(each.id) == chosen), customers[0] if len(customers) == 1 else None)
    if one is not None:
        note_look(turn.session, turn.viewer, "customer", one.id, turn.now)
    return {
        "asked": bool(phone),
        "callers": customers,
        "known": known_of(turn, one) if one else None,
        "kinds": KIND_WORDS,
        "order_kinds": ORDER_KINDS,
        "notice_kinds": NOTICE_KIND_WORDS,
        "states": COMPLAINT_STATES,
    }


def spoken_scripts(request: Request, turn: Turn, language: str) -> list[tuple[Any, list[str]]]:
    """What to say in each situation, in the caller's language."""
    company = turn.settings.company.to(language)
    return [(one, spoken(one, language, company=company, agent=turn.viewer.name)) for one in scripts()]


def closing_time(turn: Turn, day: date) -> datetime:
    """When care closes on `day`."""
    return datetime.combine(day, time(min(turn.settings.care_closes, 23)), turn.settings.zone)

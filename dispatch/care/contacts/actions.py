"""Verbs of the contact desk: log, sort otherwise, read back, make a work order and book it, promise, close."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import joinedload

from checklists.plain_text import unsafe
from checklists.words import Words
from dispatch.accounts.turn import Turn
from dispatch.care.compensation.table import money, repair_time
from dispatch.care.contacts.queries import contact_seen_by, customers_calling
from dispatch.care.contacts.sorting import sort_contact
from dispatch.care.contacts.tables import CHANNELS, KINDS, Contact
from dispatch.care.numbering import next_number
from dispatch.care.tasks.actions import make_task
from dispatch.care.tasks.tables import CareTask
from dispatch.care.who import CARERS
from dispatch.customers.actions import CustomerFacts, LineFacts, SiteFacts
from dispatch.customers.phones import normal_phone
from dispatch.customers.queries import customer_seen_by
from dispatch.customers.tables import Line, Site
from dispatch.errors import Invalid, NotAllowed, NotFound, Stale
from dispatch.technicians.tables import Area
from dispatch.visits.booking import Booked
from dispatch.visits.orders import OrderFacts, take_in_order
from dispatch.visits.queries import order_seen_by
from dispatch.visits.slots_offered import book_offered
from dispatch.visits.tables import WorkOrder
from dispatch.visits.windows import Window

OLDEST = timedelta(days=31)
LONGEST_MATTER = 4000
NEEDS_READING_BACK = frozenset({"fault", "complaint"})


@dataclass(frozen=True)
class Told:
    """A contact as it is logged. Caller, phone, time and matter are mandatory; `kind` None: as the rules sort it."""

    channel: str
    caller: str
    phone: str
    at: datetime
    matter: str
    kind: str | None = None
    language: str = "zh"
    customer_id: UUID | None = None
    visit_id: UUID | None = None
    line_id: UUID | None = None
    answered: bool = True
    waited: int | None = None
    seconds: int | None = None


def log_contact(turn: Turn, told: Told) -> Contact:
    """Log it. A caller with a number that one customer has is that customer, unless somebody else was chosen."""
    turn.viewer.must_be(CARERS)
    assert told.channel in CHANNELS
    caller, matter = " ".join(told.caller.split()), told.matter.strip()
    if not caller or len(caller) > 200 or unsafe(caller, lines=False):
        raise Invalid(Words("请填写来电人称呼。", "Give the caller's name."), name="caller-missing")
    if not matter or len(matter) > LONGEST_MATTER or unsafe(matter):
        raise Invalid(Words("请填写来电事由。", "Write down what it is about."), name="matter-missing")
    if not turn.now - OLDEST <= told.at <= turn.now + timedelta(minutes=5):
        raise Invalid(Words("时间应在最近一个月内。", "The time lies within the last month."), name="time-odd")
    phone = normal_phone(told.phone, allow_foreign=turn.settings.foreign_phones)
    customer_id = told.customer_id
    if customer_id is not None:
        customer_seen_by(turn.session, turn.viewer, customer_id)
    else:
        known = customers_calling(turn, phone)
        customer_id = known[0].id if len(known) == 1 else None
    found = sort_contact(matter)
    kind = told.kind or found.kind
    assert kind in KINDS
    contact = Contact(
        number=next_number(turn, "C", Contact.number),
        at=told.at,
        logged_at=turn.now,
        channel=told.channel,
        caller=caller,
        phone=phone,
        language=told.language,
        customer_id=customer_id,
        line_id=told.line_id,
        visit_id=told.visit_id,
        matter=matter,
        kind=kind,
        suggested=found.kind,
        words=list(found.words),
        answered=told.answered,
        waited=told.waited,
        seconds=told.seconds,
        account_id=turn.viewer.account_id,
        by=turn.by,
        facts={},
    )
    if not told.answered:
        contact.state, contact.closed_at = "closed", turn.now
    turn.session.add(contact)
    turn.session.flush()
    turn.audit("log_contact", "contact", contact.id, kind=kind)
    return contact


def _to_change(turn: Turn, contact_id: UUID, version: int | None) -> Contact:
    contact = contact_seen_by(turn.session, turn.viewer, contact_id, to_change=True)
    if version is not None and version != contact.version:
        raise Stale(contact.version)
    if contact.state != "open":
        raise NotAllowed(
            Words("该联系已结束，请登记新的联系。", "This contact is closed. Log a new one."), name="contact-closed"
        )
    contact.version += 1
    return contact


def sort_otherwise(turn: Turn, contact_id: UUID, kind: str, version: int | None = None) -> Contact:
    """A person knows better than the words."""
    contact = _to_change(turn, contact_id, version)
    assert kind in KINDS
    contact.kind = kind
    turn.audit("sort_contact", "contact", contact.id, kind=kind, suggested=contact.suggested)
    return contact


def read_back(turn: Turn, contact_id: UUID, understood: str, version: int | None = None) -> Contact:
    """What was understood was read back, and the caller said yes."""
    contact = _to_change(turn, contact_id, version)
    understood = " ".join(understood.split())
    if not understood:
        raise Invalid(Words("请写下复述的内容。", "Write down what you read back."), name="understood-missing")
    contact.understood, contact.confirmed = understood[:1000], True
    return contact


def order_from(turn: Turn, contact_id: UUID, line_id: UUID, version: int | None = None) -> WorkOrder:
    """The fault becomes a work order for one of the customer's lines, reported when they called."""
    contact = _to_change(turn, contact_id, version)
    if contact.work_order_id is not None:
        raise NotAllowed(Words("该联系已建立工单。", "There is a work order for it already."), name="order-made")
    line = turn.session.get(Line, line_id, options=[joinedload(Line.site).joinedload(Site.customer)])
    if line is None or contact.customer_id is None or line.site.customer_id != contact.customer_id:
        raise NotFound(Words("请先选定客户及其线路。", "Choose the customer and one of their lines first."))
    site, customer = line.site, line.site.customer
    area = turn.session.get(Area, site.area_id) if site.area_id else None
    within = repair_time(money()).within(area.name if area else None)
    told = OrderFacts(
        kind="repair",
        customer=CustomerFacts(customer.name, customer.phone, customer.external_id, customer.language),
        site=SiteFacts(site.address, site.latitude, site.longitude),
        line=LineFacts(line.account_name, line.product, line.access),
        symptoms=(contact.matter.splitlines()[0][:80],),
        note=f"{contact.number}: {contact.matter}"[:1000],
        reported_at=contact.at,
        deadline=contact.at + within,
    )
    order, _ = take_in_order(turn, told)
    contact.work_order_id, contact.line_id, contact.kind = order.id, line_id, "fault"
    turn.session.flush()
    return order


def book_for(turn: Turn, contact_id: UUID, window: Window, *, key: str) -> Booked:
    """A free window is taken while the customer is on the phone."""
    contact = contact_seen_by(turn.session, turn.viewer, contact_id, to_change=True)
    if contact.work_order_id is None:
        raise NotAllowed(Words("请先建立工单。", "Make the work order first."), name="order-missing")
    booked = book_offered(turn, order_seen_by(turn.session, turn.viewer, contact.work_order_id), window, key=key)
    contact.visit_id = booked.visit.id
    contact.version += 1
    return booked


def promise(
    turn: Turn, contact_id: UUID, kind: str, text: str, due_at: datetime, version: int | None = None
) -> CareTask:
    """What was promised ("by Thursday noon"), or a question that nobody could answer: a task with a deadline."""
    contact = _to_change(turn, contact_id, version)
    return make_task(turn, kind, text, due_at, customer_id=contact.customer_id, contact_id=contact.id)


def close_contact(turn: Turn, contact_id: UUID, result: str, version: int | None = None) -> Contact:
    """The end. A fault or complaint only after what was understood was read back, and with something done about it."""
    contact = _to_change(turn, contact_id, version)
    if contact.kind in NEEDS_READING_BACK and not contact.confirmed:
        raise NotAllowed(
            Words("请先向客户复述并得到确认。", "Read back what you understood, and have it confirmed, first."),
            name="not-read-back",
        )
    if contact.kind == "complaint" and contact.complaint_id is None:
        raise NotAllowed(Words("请先登记投诉，再结束联系。", "Register the complaint first."), name="complaint-missing")
    if contact.kind == "fault" and contact.work_order_id is None and not result.strip():
        raise NotAllowed(
            Words("请先建立工单，或写明如何当场解决。", "Make a work order, or say how it was solved on the phone."),
            name="order-missing",
        )
    contact.state, contact.closed_at, contact.result = "closed", turn.now, " ".join(result.split())[:500]
    return contact


def link_complaint(turn: Turn, contact_id: UUID, complaint_id: UUID) -> None:
    """The contact led to this complaint."""
    contact = contact_seen_by(turn.session, turn.viewer, contact_id, to_change=True)
    contact.complaint_id, contact.kind = complaint_id, "complaint"
    contact.version += 1

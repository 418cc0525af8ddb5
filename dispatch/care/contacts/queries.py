"""Questions about contacts, with the viewer in them; and everything that stands beside one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, false, or_, select
from sqlalchemy.orm import Session

from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import Viewer
from dispatch.care.complaints.queries import Earlier, earlier_complaints
from dispatch.care.contacts.tables import Contact
from dispatch.care.who import LEADERS
from dispatch.customers.phones import normal_phone
from dispatch.customers.queries import lines_of
from dispatch.customers.tables import Customer, Line
from dispatch.errors import Invalid, NotFound
from dispatch.notices.queries import notices_of_customer
from dispatch.notices.tables import Notice
from dispatch.records.tables import Record
from dispatch.visits.finding import visits_of_customer
from dispatch.visits.tables import Visit

MOST = 500


def contacts_of(viewer: Viewer) -> Select[Contact]:
    """The contacts that this viewer may know of. A complaint is for who heard it, and for supervisors."""
    everything = select(Contact)
    if viewer.role in LEADERS or viewer.role == "system":
        return everything
    if not viewer.at_desk:
        return everything.where(false())
    return everything.where(or_(Contact.kind != "complaint", Contact.account_id == viewer.account_id))


def contact_seen_by(session: Session, viewer: Viewer, contact_id: UUID, *, to_change: bool = False) -> Contact:
    """One contact; NotFound for what is not the viewer's."""
    query = contacts_of(viewer).where(Contact.id == contact_id)
    contact = session.scalar(query.with_for_update() if to_change else query)
    if contact is None:
        raise NotFound
    return contact


def contacts_listed(
    session: Session,
    viewer: Viewer,
    *,
    begin: datetime | None = None,
    end: datetime | None = None,
    state: str | None = None,
    customer_id: UUID | None = None,
    most: int = MOST,
) -> list[Contact]:
    """Contacts, the latest first."""
    query = contacts_of(viewer)
    if begin is not None:
        query = query.where(Contact.at >= begin)
    if end is not None:
        query = query.where(Contact.at < end)
    if state is not None:
        query = query.where(Contact.state == state)
    if customer_id is not None:
        query = query.where(Contact.customer_id == customer_id)
    return list(session.scalars(query.order_by(Contact.at.desc(), Contact.id).limit(most)))


@dataclass(frozen=True)
class Known:
    """What the house knows of a caller, beside the form."""

    customer: Customer
    lines: list[Line]
    visits: list[Visit]
    notices: list[Notice]
    records: list[Record]
    contacts: list[Contact]
    complaints: list[Earlier] = field(default_factory=list)


def customers_calling(turn: Turn, phone: str) -> list[Customer]:
    """The customers with this number, in any spelling; none for a number that is none."""
    try:
        normal = normal_phone(phone, allow_foreign=turn.settings.foreign_phones)
    except Invalid:
        return []
    query = select(Customer).where(Customer.phone == normal).order_by(Customer.created_at.desc(), Customer.id)
    return list(turn.session.scalars(query.limit(5))) if turn.viewer.at_desk else []


def known_of(turn: Turn, customer: Customer, *, but: UUID | None = None) -> Known:
    """Lines, visits, notices, records, earlier contacts and complaints of one customer, the latest of each."""
    session = turn.session
    visits = visits_of_customer(session, turn.viewer, customer.id, 5)
    return Known(
        customer,
        lines_of(session, customer.id),
        visits,
        [one for one in notices_of_customer(session, customer.id, 40) if not one.kind.startswith("complaint_")][:5],
        _records(session, [one.id for one in visits]),
        [one for one in contacts_listed(session, turn.viewer, customer_id=customer.id, most=6) if one.id != but][:5],
        earlier_complaints(session, customer.id),
    )


def _records(session: Session, visit_ids: Sequence[UUID]) -> list[Record]:
    query = select(Record).where(Record.visit_id.in_(visit_ids)).order_by(Record.sealed_at.desc())
    return list(session.scalars(query.limit(5)))


@dataclass(frozen=True)
class AnswerRate:
    """How many calls came in, how many were answered, and how many of these within 20 seconds."""

    calls: int
    answered: int
    in_time: int


IN_TIME_SECONDS = 20


def answer_rate(contacts: Sequence[Contact]) -> AnswerRate:
    """The answer rate of these contacts; only calls count."""
    calls = [one for one in contacts if one.channel == "phone"]
    answered = [one for one in calls if one.answered]
    in_time = [one for one in answered if one.waited is not None and one.waited <= IN_TIME_SECONDS]
    return AnswerRate(len(calls), len(answered), len(in_time))

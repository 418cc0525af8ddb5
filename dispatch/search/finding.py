"""What somebody at the desk looks for: a customer, an order, a record, by whatever piece of it they know.

Every hit is checked against the row itself, so the index can be stale and the answer cannot. Account names stay sealed:
they are found whole, not by a piece; of a phone number the index knows the four digits that a masked one shows.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from dispatch.accounts.viewer import Viewer
from dispatch.customers.tables import Customer, Line, Site
from dispatch.records.tables import Record
from dispatch.search.index import find
from dispatch.search.tokens import (
    ADDRESS,
    NAME,
    PHONE,
    PHONE_END,
    asked,
    asked_code,
    asked_sound,
    code_of,
    phone_end,
    plain,
    runs_of,
    token,
)
from dispatch.visits.tables import Visit, WorkOrder

MOST = 30
SAME_END = 800  # customers whose numbers end alike; SQLite binds a limited number of values

By = Literal["name", "pinyin", "phone", "address", "account", "number", "id"]


@dataclass(frozen=True)
class FoundCustomer:
    """A customer, what of theirs fitted, and where they live."""

    customer: Customer
    by: By
    addresses: tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """What fitted, the likeliest first in each list."""

    customers: tuple[FoundCustomer, ...] = ()
    orders: tuple[WorkOrder, ...] = ()
    records: tuple[Record, ...] = ()
    visits: tuple[Visit, ...] = ()

    @property
    def count(self) -> int:
        """How many things were found."""
        return len(self.customers) + len(self.orders) + len(self.records) + len(self.visits)


def search(session: Session, viewer: Viewer, text: str) -> Found:
    """Everything that `text` may mean. Nothing for who is not at the desk, and for what says nothing."""
    text = plain(text)[:100]
    if not viewer.at_desk or not any(sign.isalnum() for sign in text):
        return Found()
    with suppress(ValueError):
        return _by_id(session, UUID(text))
    by: dict[UUID, By] = {}
    for how, ids in (
        ("phone", _by_phone(session, text)),
        ("account", _by_account(session, text)),
        ("name", find(session, "customer", asked(NAME, text) or (), MOST)),
        ("pinyin", find(session, "customer", asked_sound(text) or (), MOST)),
        ("address", find(session, "customer", asked(ADDRESS, text) or (), MOST)),
    ):
        for id in ids:
            by.setdefault(id, how)  # type: ignore[arg-type]
    return Found(
        customers=_customers(session, by, text),
        orders=_orders(session, text),
        records=_records(session, text),
    )


def _by_phone(session: Session, text: str) -> Sequence[UUID]:
    """By the last digits, four or more: the index knows the last four, the row tells the rest."""
    end = phone_end(text)
    if end is None:
        return []
    alike = find(session, "customer", [token(PHONE, end[-PHONE_END:])], SAME_END)
    query = select(Customer.id).where(Customer.id.in_(alike), Customer.phone.endswith(end, autoescape=True))
    return session.scalars(query.limit(MOST)).all()


def _by_account(session: Session, text: str) -> Sequence[UUID]:
    """By the whole account name: it is sealed, so no piece of it can be looked up."""
    query = (
        select(Site.customer_id).join(Line, Line.site_id == Site.id).where(Line.account_name.in_({text, text.lower()}))
    )
    return session.scalars(query.limit(MOST)).all()


def _customers(session: Session, by: dict[UUID, By], text: str) -> tuple[FoundCustomer, ...]:
    ids = list(by)[: MOST * 2]
    if not ids:
        return ()
    rows = {one.id: one for one in session.scalars(select(Customer).where(Customer.id.in_(ids)))}
    addresses: dict[UUID, list[str]] = {}
    for row in session.execute(select(Site.customer_id, Site.address).where(Site.customer_id.in_(ids))):
        addresses.setdefault(row.customer_id, []).append(row.address)
    pieces = runs_of(text)
    found = [
        FoundCustomer(rows[id], by[id], tuple(addresses.get(id, ())))
        for id in ids
        if id in rows and _holds(by[id], rows[id], addresses.get(id, ()), pieces)
    ]
    return tuple(found[:MOST])


def _holds(by: By, customer: Customer, addresses: Iterable[str], pieces: Sequence[str]) -> bool:
    """Whether the row itself says what the index said."""
    if by == "name":
        return all(piece in plain(customer.name) for piece in pieces)
    if by == "address":
        return any(all(piece in plain(address) for piece in pieces) for address in addresses)
    return True


def _orders(session: Session, text: str) -> tuple[WorkOrder, ...]:
    groups = asked_code(text)
    ids = find(session, "order", groups, MOST * 2) if groups else []
    query = select(WorkOrder).options(joinedload(WorkOrder.customer), joinedload(WorkOrder.site))
    rows = list(session.scalars(query.where(WorkOrder.id.in_(ids)))) if ids else []
    wanted = code_of(text)
    fits = [row for row in rows if wanted in code_of(row.external_id or "")]
    return tuple(sorted(fits, key=lambda row: row.created_at, reverse=True)[:MOST])


def _records(session: Session, text: str) -> tuple[Record, ...]:
    groups = asked_code(text)
    ids = find(session, "record", groups, MOST * 2) if groups else []
    if not ids:
        return ()
    rows = session.scalars(select(Record).where(Record.id.in_(ids)))
    wanted = code_of(text)
    fits = [row for row in rows if wanted in code_of(row.number)]
    return tuple(sorted(fits, key=lambda row: row.sealed_at, reverse=True)[:MOST])


def _by_id(session: Session, id: UUID) -> Found:
    """Whatever has this id of ours."""
    visit = select(Visit).options(joinedload(Visit.work_order).joinedload(WorkOrder.customer))
    order = select(WorkOrder).options(joinedload(WorkOrder.customer), joinedload(WorkOrder.site))
    customer = session.get(Customer, id)
    return Found(
        customers=(FoundCustomer(customer, "id", ()),) if customer else (),
        orders=tuple(session.scalars(order.where(WorkOrder.id == id))),
        records=tuple(session.scalars(select(Record).where(Record.id == id))),
        visits=tuple(session.scalars(visit.where(Visit.id == id))),
    )

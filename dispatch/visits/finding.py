"""Visits found by something else: by their ids for a list, by words that somebody types, by their customer."""

from collections.abc import Collection
from contextlib import suppress
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from dispatch.accounts.viewer import Viewer
from dispatch.customers.tables import Customer, Site
from dispatch.visits.queries import visits_of, with_story
from dispatch.visits.tables import Visit, WorkOrder

MOST_FOUND = 400  # SQLite binds a limited number of values


def visits_by_id(session: Session, viewer: Viewer, ids: Collection[UUID]) -> dict[UUID, Visit]:
    """These visits with their story, by id; what is not the viewer's is left out. Some hundred at most."""
    found = session.scalars(with_story(visits_of(viewer)).where(Visit.id.in_(set(ids)))).unique()
    return {visit.id: visit for visit in found}


def visit_ids_found(session: Session, viewer: Viewer, text: str) -> list[UUID]:
    """The visits whose order number, customer's name or phone, or address holds `text`; or the visit of that id."""
    text = text.strip()
    if not viewer.at_desk or not text:
        return []
    holds = [column.icontains(text, autoescape=True) for column in (WorkOrder.external_id, Customer.name, Site.address)]
    digits = "".join(character for character in text if character.isdigit())
    if len(digits) >= 3 and not any(character.isalpha() for character in text):
        holds.append(Customer.phone.contains(digits, autoescape=True))
    with suppress(ValueError):
        holds = [Visit.id == UUID(text)]
    query = (
        select(Visit.id)
        .join(WorkOrder, WorkOrder.id == Visit.work_order_id)
        .join(Customer, Customer.id == WorkOrder.customer_id)
        .join(Site, Site.id == WorkOrder.site_id)
        .where(or_(*holds))
    )
    return list(session.scalars(query.order_by(Visit.created_at.desc()).limit(MOST_FOUND)))


def visits_of_customer(session: Session, viewer: Viewer, customer_id: UUID, most: int = 100) -> list[Visit]:
    """A customer's visits with their orders and technicians, the latest first."""
    query = (
        visits_of(viewer)
        .join(WorkOrder, WorkOrder.id == Visit.work_order_id)
        .where(WorkOrder.customer_id == customer_id)
        .options(joinedload(Visit.work_order), joinedload(Visit.technician))
        .order_by(Visit.window_start.desc(), Visit.id)
        .limit(most)
    )
    return list(session.scalars(query))

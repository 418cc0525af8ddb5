"""Questions about customers: one for their file, several for a list, and the lines that they have."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from dispatch.accounts.viewer import Viewer
from dispatch.customers.tables import Customer, Line, Site
from dispatch.errors import NotFound


def customer_seen_by(session: Session, viewer: Viewer, customer_id: UUID, *, to_change: bool = False) -> Customer:
    """One customer; `to_change` locks the row. NotFound for who is not at the desk."""
    query = select(Customer).where(Customer.id == customer_id)
    if to_change:
        query = query.with_for_update().execution_options(populate_existing=True)
    customer = session.scalar(query) if viewer.at_desk else None
    if customer is None:
        raise NotFound
    return customer


def customers_by_id(session: Session, ids: Collection[UUID]) -> dict[UUID, Customer]:
    """These customers by id. The caller has checked that the viewer may see them; some hundred at most."""
    found = session.scalars(select(Customer).where(Customer.id.in_(set(ids))))
    return {customer.id: customer for customer in found}


def lines_of(session: Session, customer_id: UUID) -> list[Line]:
    """The lines of a customer with their sites, by address."""
    query = select(Line).join(Site, Site.id == Line.site_id).where(Site.customer_id == customer_id)
    return list(session.scalars(query.options(joinedload(Line.site)).order_by(Site.address, Line.id)))

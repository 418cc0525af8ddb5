"""A customer's key to one visit: ≥ 128 random bits, kept as a hash, for one purpose, for a while, revocable.

The secret part is derived from our signing secret and the link's id, so a notice can write the address at sending
time and nothing that could open the link is stored anywhere.
"""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.accounts.secrets_kept import derived_token, token_hash
from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import Viewer
from dispatch.customers.tables import Customer
from dispatch.settings import Settings
from dispatch.visits.queries import visits_of
from dispatch.visits.tables import CustomerLink, Visit, WorkOrder

LIVES_AFTER_VISIT = timedelta(days=90)


def link_token(settings: Settings, link_id: str) -> str:
    """The secret part of a link's address: 192 bits, base64url."""
    return derived_token(settings.secret_bytes(), "customer-link", link_id)


def link_address(settings: Settings, link_id: str) -> str:
    """The address that the customer opens."""
    return f"{settings.public_url.rstrip('/')}/c/{link_token(settings, link_id)}"


def link_for(turn: Turn, visit_id: UUID, until: datetime) -> str:
    """The id of the visit's link, made the first time; it lives 90 days beyond `until`."""
    expires = until + LIVES_AFTER_VISIT
    kept = turn.session.scalar(
        select(CustomerLink).where(CustomerLink.visit_id == visit_id, CustomerLink.revoked_at.is_(None))
    )
    if kept is not None:
        kept.expires_at = max(kept.expires_at, expires)
        return kept.id
    link_id = secrets.token_urlsafe(9)
    turn.session.add(
        CustomerLink(
            id=link_id,
            visit_id=visit_id,
            purpose="visit",
            token_hash=token_hash(link_token(turn.settings, link_id)),
            created_at=turn.now,
            expires_at=expires,
        )
    )
    return link_id


def link_of_visit(session: Session, viewer: Viewer, visit_id: UUID, now: datetime) -> str | None:
    """The id of the link that opens this visit now, for who may see the visit (to show its code to the customer)."""
    mine = visits_of(viewer).subquery()
    return session.scalar(
        select(CustomerLink.id)
        .join(mine, mine.c.id == CustomerLink.visit_id)
        .where(CustomerLink.visit_id == visit_id, CustomerLink.revoked_at.is_(None), CustomerLink.expires_at > now)
        .limit(1)
    )


def revoke_link(turn: Turn, link_id: str) -> None:
    """End a link at once (sent to a wrong number, forwarded)."""
    link = turn.session.get(CustomerLink, link_id)
    if link is not None and link.revoked_at is None:
        link.revoked_at = turn.now
        turn.audit("revoke_link", "visit", link.visit_id)


def open_link(session: Session, token: str, now: datetime) -> tuple[str, Viewer] | None:
    """Whom a token lets in: the link's id and a viewer of one visit, who is spoken to in the customer's own language.

    Unknown, ended and cut tokens look alike.
    """
    found = session.execute(
        select(CustomerLink.id, CustomerLink.visit_id, Customer.language)
        .join(Visit, Visit.id == CustomerLink.visit_id)
        .join(WorkOrder, WorkOrder.id == Visit.work_order_id)
        .join(Customer, Customer.id == WorkOrder.customer_id)
        .where(
            CustomerLink.token_hash == token_hash(token),
            CustomerLink.revoked_at.is_(None),
            CustomerLink.expires_at > now,
        )
    ).one_or_none()
    if found is None:
        return None
    link_id, visit_id, language = found
    return link_id, Viewer(role="customer", name=f"link {link_id}", language=language, visit_id=visit_id)

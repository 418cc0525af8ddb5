"""Telling the customer of each stage, through notices: owed in the same transaction, sent later."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from dispatch.accounts.secrets_kept import derived_token, token_hash
from dispatch.accounts.tables import Account
from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import Viewer
from dispatch.care.complaints.tables import Complaint, ComplaintStep
from dispatch.customers.tables import Customer
from dispatch.notices.actions import owe
from dispatch.notices.tables import Notice
from dispatch.settings import Settings
from dispatch.visits.telling import reader_of

LIVES_AFTER_END = timedelta(days=90)


def complaint_token(settings: Settings, link_id: str) -> str:
    """The secret part of the address of a complaint's page: 192 bits, base64url."""
    return derived_token(settings.secret_bytes(), "complaint-link", link_id)


def complaint_address(settings: Settings, link_id: str) -> str:
    """The address that the customer opens to see how far it is."""
    return f"{settings.public_url.rstrip('/')}/c/{complaint_token(settings, link_id)}"


def open_complaint_link(session: Session, token: str, now: datetime) -> tuple[str, Viewer, UUID] | None:
    """Whom a token lets in: the link's id, a viewer who is that customer, and the complaint.

    None for any other token, and ninety days after the complaint ended: they all look alike.
    """
    found = session.execute(
        select(Complaint.link_id, Complaint.id, Customer.language)
        .join(Customer, Customer.id == Complaint.customer_id)
        .where(
            Complaint.token_hash == token_hash(token),
            or_(Complaint.ended_at.is_(None), Complaint.ended_at > now - LIVES_AFTER_END),
        )
    ).one_or_none()
    if found is None:
        return None
    link_id, complaint_id, language = found
    return link_id, Viewer(role="customer", name=f"link {link_id}", language=language), complaint_id


def write_step(turn: Turn, complaint: Complaint, what: str, text: str = "", **facts: Any) -> ComplaintStep:
    """Keep what was done, and raise the version."""
    complaint.version += 1
    row = ComplaintStep(
        complaint_id=complaint.id,
        round=complaint.appeals + 1,
        at=turn.now,
        what=what,
        by=turn.by,
        account_id=turn.viewer.account_id,
        text=text,
        facts=facts,
    )
    turn.session.add(row)
    turn.session.flush()
    turn.audit(f"complaint_{what}", "complaint", complaint.id, version=complaint.version)
    return row


def tell(turn: Turn, complaint: Complaint, row: ComplaintStep, kind: str, **facts: Any) -> Notice:
    """Owe the customer the notice of this step."""
    customer = turn.session.get_one(Customer, complaint.customer_id)
    notice = owe(
        turn,
        kind,
        reader_of(customer),
        {
            "customer": customer.name,
            "number": complaint.number,
            "complaint_link": complaint.link_id,
            **{name: value.isoformat() if isinstance(value, datetime) else value for name, value in facts.items()},
        },
        dedupe=f"{kind}:{complaint.id}:{complaint.version}",
    )
    row.notice_id = notice.id
    return notice


def handler_name(session: Session, account_id: UUID) -> str:
    """What the customer is told of who looks after it: the account's name."""
    return session.get_one(Account, account_id).name


def language_of_customer(session: Session, complaint: Complaint) -> str:
    """The language in which the customer is spoken to."""
    return session.get_one(Customer, complaint.customer_id).language

"""Rows of notices: what we owe a customer to say. The row is the proof, the queue and the timer."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.database import Base, Identified

STATES = (
    "owed",  # to be said
    "claimed",  # a sender holds it until its lease ends
    "accepted",  # a gateway took it
    "delivered",  # the gateway says that it arrived
    "failed",  # permanently refused
    "in_doubt",  # may or may not have been accepted, and nobody can tell
    "superseded",  # a newer notice says what is true now
    "expired",  # too late to be of use; a person must call
)
KINDS = ("booked", "moved", "cancelled", "technician_changed", "no_access", "record_ready")


class Notice(Identified, Base):
    """One thing owed to one customer. `facts` is all that its wording needs; it never looks anything up."""

    __tablename__ = "notices"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        Index("ix_notices_due", "state", "not_before"),
    )

    dedupe_key: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"), index=True)
    visit_id: Mapped[UUID | None] = mapped_column(index=True)
    visit_version: Mapped[int | None]
    to: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(2))
    facts: Mapped[dict[str, Any]]
    urgent: Mapped[bool] = mapped_column(default=False)
    owed_at: Mapped[datetime]
    not_before: Mapped[datetime]
    deadline: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(String(12), default="owed")
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    sender: Mapped[str | None] = mapped_column(String(80))
    channel: Mapped[str | None] = mapped_column(String(12))
    text: Mapped[str | None] = mapped_column(String(1200))
    accepted_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    last_problem: Mapped[str | None] = mapped_column(String(200))


class Receipt(Identified, Base):
    """What a gateway said later about a notice, as it said it."""

    __tablename__ = "receipts"

    notice_id: Mapped[UUID | None] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(String(20))
    body: Mapped[dict[str, Any]]
    at: Mapped[datetime]

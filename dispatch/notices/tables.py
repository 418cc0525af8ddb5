"""Rows of notices: what we owe a customer to say. The row is the proof, the queue and the timer."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.database import Base, Identified

STATES = (
    "owed",  # to be said
    "claimed",  # a sender holds it until its lease ends
    "accepted",  # a gateway took it
    "delivered",  # the gateway says that it arrived
    "failed",  # refused for good, on every way that there was
    "in_doubt",  # may or may not have been accepted, and nobody can tell
    "superseded",  # a newer notice says what is true now
    "expired",  # too late to be of use; where it matters, a person must call
    "phoned",  # a person said it by phone
)
KINDS = (
    "booked",
    "moved",
    "cancelled",
    "technician_changed",
    "reminder",
    "on_the_way",
    "running_late",
    "no_access",
    "record_ready",
    "satisfaction",
    "return_call",
    "outage",
    "complaint_received",
    "complaint_answered",
    "complaint_found",
    "complaint_offered",
    "complaint_settled",
    "complaint_result",
    "complaint_appealed",
    "complaint_regulator",
    "complaint_closed",
)
MEDIA = ("sms", "mail", "call")


class Notice(Identified, Base):
    """One thing owed to one customer. `facts` is all that its wording needs; it never looks anything up.

    `medium` is the way tried now and `routes` those that are left. `deadline` is the two-hour rule's: missed, it is
    a breach (`breached_at`). `call_by` is until when a person must call if nothing else told the customer.
    """

    __tablename__ = "notices"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        CheckConstraint(f"medium IN {MEDIA}", name="medium"),
        Index("ix_notices_due", "state", "not_before"),
        Index("ix_notices_told", "to", "accepted_at"),
    )

    dedupe_key: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"), index=True)
    visit_id: Mapped[UUID | None] = mapped_column(index=True)
    visit_version: Mapped[int | None]
    outage_id: Mapped[UUID | None] = mapped_column(index=True)
    to: Mapped[str] = mapped_column(String(20))
    mail: Mapped[str | None] = mapped_column(String(200))
    medium: Mapped[str] = mapped_column(String(4), default="sms", server_default="sms")
    routes: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    language: Mapped[str] = mapped_column(String(2))
    facts: Mapped[dict[str, Any]]
    urgent: Mapped[bool] = mapped_column(default=False)
    owed_at: Mapped[datetime]
    not_before: Mapped[datetime]
    deadline: Mapped[datetime | None] = mapped_column(index=True)
    call_by: Mapped[datetime | None] = mapped_column(index=True)
    useful_until: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(String(12), default="owed")
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    sender: Mapped[str | None] = mapped_column(String(80))
    channel: Mapped[str | None] = mapped_column(String(12))
    reference: Mapped[str | None] = mapped_column(String(120), index=True)
    text: Mapped[str | None] = mapped_column(Text)
    parts: Mapped[int | None]
    claimed_at: Mapped[datetime | None]
    first_sent_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    phoned_at: Mapped[datetime | None]
    breached_at: Mapped[datetime | None] = mapped_column(index=True)
    last_problem: Mapped[str | None] = mapped_column(String(200))
    resend_of: Mapped[UUID | None]
    resend_reason: Mapped[str | None] = mapped_column(String(500))


class Attempt(Identified, Base):
    """One try to say a notice: which way, what was answered. A number without a row is a try that never came back."""

    __tablename__ = "notice_attempts"
    __table_args__ = (UniqueConstraint("notice_id", "attempt"),)

    notice_id: Mapped[UUID] = mapped_column(ForeignKey("notices.id"))
    attempt: Mapped[int]
    channel: Mapped[str] = mapped_column(String(12))
    claimed_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    asked: Mapped[bool]
    answer: Mapped[str] = mapped_column(String(12))
    problem: Mapped[str] = mapped_column(String(200), default="")


class Receipt(Identified, Base):
    """What a gateway said later about a notice, as it said it."""

    __tablename__ = "receipts"

    notice_id: Mapped[UUID | None] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(String(20))
    body: Mapped[dict[str, Any]]
    at: Mapped[datetime]


class Reply(Identified, Base):
    """What a customer answered to a message, once by the gateway's own id; `visit_id` what it was taken to be about."""

    __tablename__ = "replies"
    __table_args__ = (UniqueConstraint("channel", "gateway_id"),)

    channel: Mapped[str] = mapped_column(String(12))
    gateway_id: Mapped[str] = mapped_column(String(120))
    phone: Mapped[str] = mapped_column(String(20), index=True)
    text: Mapped[str] = mapped_column(String(500))
    at: Mapped[datetime]
    visit_id: Mapped[UUID | None] = mapped_column(index=True)
    meaning: Mapped[str] = mapped_column(String(20))


CALL_KINDS = (
    "untold",  # a notice could not be delivered, or is about to miss its deadline
    "call_me",  # the customer asked to be called
    "reply",  # the customer answered something that no rule understands
    "return_call",  # a call after the visit was announced
    "refused",  # the customer would not sign
)
CALL_OUTCOMES = ("reached_agreed", "reached_disagreed", "not_reached", "wrong_number")


class CallTask(Identified, Base):
    """A person must phone a customer, by `due_at`. `tries` are the calls made so far, oldest first."""

    __tablename__ = "call_tasks"
    __table_args__ = (
        CheckConstraint(f"kind IN {CALL_KINDS}", name="kind"),
        CheckConstraint("state IN ('open', 'done', 'void')", name="state"),
        CheckConstraint(f"outcome IS NULL OR outcome IN {CALL_OUTCOMES}", name="outcome"),
        Index("ix_call_tasks_open", "state", "due_at"),
    )

    dedupe_key: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[str] = mapped_column(String(12))
    notice_id: Mapped[UUID | None] = mapped_column(ForeignKey("notices.id"), index=True)
    visit_id: Mapped[UUID | None] = mapped_column(index=True)
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"), index=True)
    phone: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(2))
    why: Mapped[str] = mapped_column(String(200), default="")
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(4), default="open")
    version: Mapped[int] = mapped_column(default=1)
    tries: Mapped[list[Any]] = mapped_column(default=list)
    outcome: Mapped[str | None] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(String(500), default="")
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str | None] = mapped_column(String(120))
    breached_at: Mapped[datetime | None]


class ChannelState(Base):
    """What all senders must know of a channel: paused by a person, or asked by its gateway to wait; and its pace."""

    __tablename__ = "channel_states"

    name: Mapped[str] = mapped_column(String(12), primary_key=True)
    paused_at: Mapped[datetime | None]
    paused_by: Mapped[str | None] = mapped_column(String(120))
    reason: Mapped[str] = mapped_column(String(500), default="")
    busy_until: Mapped[datetime | None]
    next_slot_at: Mapped[datetime | None]


class OwnText(Identified, Base):
    """A wording that the operator wrote instead of ours; live is the newest with `live_at` and without `ended_at`."""

    __tablename__ = "own_texts"
    __table_args__ = (UniqueConstraint("name", "language", "revision"),)

    name: Mapped[str] = mapped_column(String(30))
    language: Mapped[str] = mapped_column(String(2))
    revision: Mapped[int]
    sms: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(String(200))
    mail: Mapped[str] = mapped_column(Text)
    call: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime]
    written_by: Mapped[str] = mapped_column(String(120))
    live_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

"""Rows of complaints: one owner, one or two rounds with their clocks, what was ever done, what was offered."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.care.complaints.life import State
from dispatch.database import Base, Identified

CHANNELS = ("phone", "web", "mail", "sms", "messenger", "counter", "return_call", "link")


class Complaint(Identified, Base):
    """What a customer complains about, with one owner. `final_by` is when it is answered at the latest, and
    `told_at` when its result was first told.

    `appeals` is how often it was looked at anew; each time is a further round. `technician_id`, `area_id` and
    `device_model` are those of the visit or line it is about, kept for finding clusters.
    """

    __tablename__ = "complaints"
    __table_args__ = (
        CheckConstraint(f"state IN {tuple(s.value for s in State)}", name="state"),
        CheckConstraint(f"channel IN {CHANNELS}", name="channel"),
        CheckConstraint("severity BETWEEN 1 AND 3", name="severity"),
        Index("ix_complaints_state_final_by", "state", "final_by"),
    )

    number: Mapped[str] = mapped_column(String(24), unique=True)
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"), index=True)
    visit_id: Mapped[UUID | None] = mapped_column(ForeignKey("visits.id"), index=True)
    line_id: Mapped[UUID | None] = mapped_column(ForeignKey("lines.id"), index=True)
    technician_id: Mapped[UUID | None] = mapped_column(ForeignKey("technicians.id"), index=True)
    area_id: Mapped[UUID | None] = mapped_column(ForeignKey("areas.id"), index=True)
    device_model: Mapped[str | None] = mapped_column(String(80), index=True)
    channel: Mapped[str] = mapped_column(String(12))
    subject: Mapped[str] = mapped_column(String(40))
    severity: Mapped[int]
    matter: Mapped[str] = mapped_column(Text)
    wish: Mapped[str] = mapped_column(String(500), default="")
    state: Mapped[str] = mapped_column(String(12), default=State.REGISTERED)
    version: Mapped[int] = mapped_column(default=1)
    appeals: Mapped[int] = mapped_column(default=0)
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    registered_at: Mapped[datetime] = mapped_column(index=True)
    registered_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    final_by: Mapped[datetime]
    told_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    link_id: Mapped[str] = mapped_column(String(32), unique=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)


class ComplaintRound(Base):
    """One looking into a complaint, with its clocks: the first, and one more if the customer appeals."""

    __tablename__ = "complaint_rounds"

    complaint_id: Mapped[UUID] = mapped_column(ForeignKey("complaints.id"), primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    began_at: Mapped[datetime]
    answer_by: Mapped[datetime]
    investigate_by: Mapped[datetime]
    solve_by: Mapped[datetime]
    provisional: Mapped[bool]
    answered_at: Mapped[datetime | None]
    found_at: Mapped[datetime | None]
    offered_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    cause: Mapped[str | None] = mapped_column(String(40), index=True)
    finding: Mapped[str] = mapped_column(Text, default="")
    result: Mapped[str] = mapped_column(String(500), default="")
    satisfied: Mapped[bool | None]
    satisfied_note: Mapped[str] = mapped_column(String(500), default="")


class ComplaintStep(Identified, Base):
    """What was ever done about a complaint: only added. `told` is the notice that went out because of it."""

    __tablename__ = "complaint_steps"
    __table_args__ = (Index("ix_complaint_steps_complaint_id_at", "complaint_id", "at"),)

    complaint_id: Mapped[UUID] = mapped_column(ForeignKey("complaints.id"))
    round: Mapped[int]
    at: Mapped[datetime]
    what: Mapped[str] = mapped_column(String(20))
    by: Mapped[str] = mapped_column(String(120))
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    text: Mapped[str] = mapped_column(Text, default="")
    notice_id: Mapped[UUID | None] = mapped_column(ForeignKey("notices.id"))
    facts: Mapped[dict[str, Any]]


class ComplaintEvidence(Identified, Base):
    """What the house itself knew of the matter at one time: gathered by the product, never typed."""

    __tablename__ = "complaint_evidence"

    complaint_id: Mapped[UUID] = mapped_column(ForeignKey("complaints.id"), index=True)
    gathered_at: Mapped[datetime]
    gathered_by: Mapped[str] = mapped_column(String(120))
    body: Mapped[dict[str, Any]]


class ComplaintOption(Identified, Base):
    """One solution that the customer may choose. `amount_fen`: compensation in fen, 0 for none."""

    __tablename__ = "complaint_options"
    __table_args__ = (
        UniqueConstraint("complaint_id", "round", "letter"),
        CheckConstraint("amount_fen >= 0", name="amount"),
    )

    complaint_id: Mapped[UUID] = mapped_column(ForeignKey("complaints.id"))
    round: Mapped[int]
    letter: Mapped[str] = mapped_column(String(1))
    remedy: Mapped[str] = mapped_column(String(30))
    words: Mapped[str] = mapped_column(String(120))
    amount_fen: Mapped[int] = mapped_column(default=0)
    chosen_at: Mapped[datetime | None]

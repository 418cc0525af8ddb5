"""Rows of contacts: who reached us, how, about what, and what came of it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.database import Base, Identified

CHANNELS = ("phone", "web", "mail", "sms", "messenger", "counter")
KINDS = ("consultation", "request", "fault", "complaint")


class Contact(Identified, Base):
    """One time that somebody reached us. `suggested` and `words` are what the rules made of the matter.

    `waited` is how many seconds the caller waited; `answered` false is a call that nobody took (a lost call).
    """

    __tablename__ = "contacts"
    __table_args__ = (
        CheckConstraint(f"channel IN {CHANNELS}", name="channel"),
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        CheckConstraint("waited IS NULL OR waited BETWEEN 0 AND 86400", name="waited"),
        Index("ix_contacts_phone_at", "phone", "at"),
    )

    number: Mapped[str] = mapped_column(String(24), unique=True)
    at: Mapped[datetime] = mapped_column(index=True)
    logged_at: Mapped[datetime]
    channel: Mapped[str] = mapped_column(String(12))
    caller: Mapped[str] = mapped_column(String(200))
    phone: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(2), default="zh")
    customer_id: Mapped[UUID | None] = mapped_column(ForeignKey("customers.id"), index=True)
    line_id: Mapped[UUID | None] = mapped_column(ForeignKey("lines.id"))
    visit_id: Mapped[UUID | None] = mapped_column(ForeignKey("visits.id"))
    matter: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(12))
    suggested: Mapped[str] = mapped_column(String(12))
    words: Mapped[list[str]]
    understood: Mapped[str] = mapped_column(Text, default="")
    confirmed: Mapped[bool] = mapped_column(default=False)
    answered: Mapped[bool] = mapped_column(default=True)
    waited: Mapped[int | None]
    seconds: Mapped[int | None]
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    by: Mapped[str] = mapped_column(String(120))
    work_order_id: Mapped[UUID | None] = mapped_column(ForeignKey("work_orders.id"))
    complaint_id: Mapped[UUID | None] = mapped_column(ForeignKey("complaints.id"), index=True)
    state: Mapped[str] = mapped_column(String(6), default="open")
    result: Mapped[str] = mapped_column(String(500), default="")
    closed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    facts: Mapped[dict[str, Any]]

"""Rows of return calls (回访): whom, when, every try, and what the customer said."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.database import Base, Identified

STATES = ("due", "done", "unreached", "by_link", "void")
FIXED = ("yes", "partly", "no")


class ReturnCall(Identified, Base):
    """One return call about one visit. `tries`: [{at, by, outcome, note}], oldest first; `next_at` when to call next.

    `by_link`: the customer prefers to be asked in writing, and was. `unreached`: three tries came to nothing.
    """

    __tablename__ = "return_calls"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint(f"fixed IS NULL OR fixed IN {FIXED}", name="fixed"),
        CheckConstraint("conduct IS NULL OR conduct BETWEEN 1 AND 5", name="conduct"),
        CheckConstraint("overall IS NULL OR overall BETWEEN 1 AND 5", name="overall"),
        CheckConstraint("recommend IS NULL OR recommend BETWEEN 0 AND 10", name="recommend"),
        Index("ix_return_calls_state_next_at", "state", "next_at"),
    )

    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visits.id"), unique=True)
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"), index=True)
    technician_id: Mapped[UUID | None] = mapped_column(ForeignKey("technicians.id"), index=True)
    state: Mapped[str] = mapped_column(String(10), default="due")
    version: Mapped[int] = mapped_column(default=1)
    made_at: Mapped[datetime]
    next_at: Mapped[datetime]
    due_at: Mapped[datetime]
    tries: Mapped[list[Any]]
    fixed: Mapped[str | None] = mapped_column(String(6))
    conduct: Mapped[int | None]
    overall: Mapped[int | None]
    recommend: Mapped[int | None]
    demanded: Mapped[bool | None]
    demanded_what: Mapped[str] = mapped_column(String(500), default="")
    comment: Mapped[str] = mapped_column(String(1000), default="")
    done_at: Mapped[datetime | None]
    done_by: Mapped[str | None] = mapped_column(String(120))
    complaint_id: Mapped[UUID | None] = mapped_column(ForeignKey("complaints.id"))

"""Rows of what care owes: promises with a deadline, questions that nobody could answer, preventive actions."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.database import Base, Identified

KINDS = ("promise", "question", "prevention")


class CareTask(Identified, Base):
    """Something that a person does by `due_at`. Overdue it escalates: 1 to the supervisors, 2 a day later."""

    __tablename__ = "care_tasks"
    __table_args__ = (
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        CheckConstraint("state IN ('open', 'done', 'void')", name="state"),
        Index("ix_care_tasks_state_due_at", "state", "due_at"),
    )

    kind: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(String(500))
    due_at: Mapped[datetime]
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    customer_id: Mapped[UUID | None] = mapped_column(ForeignKey("customers.id"), index=True)
    contact_id: Mapped[UUID | None] = mapped_column(ForeignKey("contacts.id"), index=True)
    complaint_id: Mapped[UUID | None] = mapped_column(ForeignKey("complaints.id"), index=True)
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(String(120))
    state: Mapped[str] = mapped_column(String(4), default="open")
    level: Mapped[int] = mapped_column(default=0)
    escalated_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    done_by: Mapped[str | None] = mapped_column(String(120))
    answer: Mapped[str] = mapped_column(String(1000), default="")
    version: Mapped[int] = mapped_column(default=1)

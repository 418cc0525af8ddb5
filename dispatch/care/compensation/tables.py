"""The ledger of compensation: proposed with its proof, decided by a person, exported; nothing is ever deleted."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.database import Base, Identified

STATES = ("proposed", "approved", "declined")


class Compensation(Identified, Base):
    """Money that a customer is to have. Amounts are in fen. `proof`: the rows that show why, as they stood then.

    `dedupe_key` keeps one event from being proposed twice.
    """

    __tablename__ = "compensations"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint("amount_fen > 0", name="amount"),
        CheckConstraint("(state = 'proposed') = (decided_at IS NULL)", name="decided"),
        Index("ix_compensations_state_proposed_at", "state", "proposed_at"),
    )

    number: Mapped[str] = mapped_column(String(24), unique=True)
    dedupe_key: Mapped[str] = mapped_column(String(120), unique=True)
    rule: Mapped[str] = mapped_column(String(30))
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"), index=True)
    visit_id: Mapped[UUID | None] = mapped_column(ForeignKey("visits.id"), index=True)
    work_order_id: Mapped[UUID | None] = mapped_column(ForeignKey("work_orders.id"))
    complaint_id: Mapped[UUID | None] = mapped_column(ForeignKey("complaints.id"), index=True)
    amount_fen: Mapped[int]
    proof: Mapped[list[Any]]
    state: Mapped[str] = mapped_column(String(10), default="proposed")
    version: Mapped[int] = mapped_column(default=1)
    proposed_at: Mapped[datetime]
    proposed_by: Mapped[str] = mapped_column(String(120))
    proposer_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None] = mapped_column(String(120))
    note: Mapped[str] = mapped_column(String(500), default="")
    exported_at: Mapped[datetime | None]

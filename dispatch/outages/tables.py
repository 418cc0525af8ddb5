"""Rows of planned outages: where and when the network will be down, and whether the customers there are told."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.database import Base, Identified

STATES = ("draft", "telling", "cancelled")


class Outage(Identified, Base):
    """Planned work in an area. A draft is shown to the desk; nobody is told before a supervisor says so."""

    __tablename__ = "outages"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
    )

    area_id: Mapped[UUID] = mapped_column(ForeignKey("areas.id"), index=True)
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    reason_zh: Mapped[str] = mapped_column(String(200))
    reason_en: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(10), default="draft")
    version: Mapped[int] = mapped_column(default=1)
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(String(120))
    approved_at: Mapped[datetime | None]
    approved_by: Mapped[str | None] = mapped_column(String(120))

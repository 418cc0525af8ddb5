"""Rows of outages, planned or faults: where and when the network is down, and whether the customers are told."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.database import Base, Identified

STATES = ("draft", "telling", "cancelled")
KINDS = ("planned", "fault")

Kind = Literal["planned", "fault"]


class Outage(Identified, Base):
    """Planned work in an area, or its fault. A draft is shown to the desk; nobody is told before a supervisor says so.

    A fault has begun at `starts_at` and is expected to be repaired at `ends_at`; `cancelled`, it is repaired.
    """

    __tablename__ = "outages"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
    )

    area_id: Mapped[UUID] = mapped_column(ForeignKey("areas.id"), index=True)
    kind: Mapped[Kind] = mapped_column(String(10), default="planned", server_default="planned")
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

    @property
    def useful_until(self) -> datetime:
        """From when telling of it is of no use: planned work has begun, a fault should be repaired."""
        return self.ends_at if self.kind == "fault" else self.starts_at

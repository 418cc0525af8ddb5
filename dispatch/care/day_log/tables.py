"""Rows of the daily log (值班日志): what happened in a shift, and what the next one takes over."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.database import Base, Identified


class LogLine(Identified, Base):
    """One line of a `day` (2026-11-22, business zone). A hand-over is open until the next shift takes it over."""

    __tablename__ = "day_log_lines"
    __table_args__ = (CheckConstraint("kind IN ('note', 'handover')", name="kind"),)

    day: Mapped[str] = mapped_column(String(10), index=True)
    at: Mapped[datetime]
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    by: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(8))
    text: Mapped[str] = mapped_column(String(1000))
    taken_at: Mapped[datetime | None]
    taken_by: Mapped[str | None] = mapped_column(String(120))

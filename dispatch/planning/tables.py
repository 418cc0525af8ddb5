"""Rows of planning: what was asked of the planner and what it proposed, times kept free for a while, known ways."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.database import Base, Identified
from dispatch.planning.asked import Asked

STATES = ("waiting", "running", "done", "failed", "cancelled", "accepted", "accepted_in_part")
KINDS = ("plan", "replan", "what_if")
ENDED = ("failed", "cancelled", "accepted", "accepted_in_part")


class PlanRun(Identified, Base):
    """One area's day, to be planned or planned. A job for whichever machine claims it; then a proposal to a person.

    `part` is how far it is, in percent; `attempts` fences: who was not the last to claim it writes nothing. `batch`
    joins runs that were asked together; `day` is ISO 8601. `proposal` is what `dispatch.planning.proposal` says.
    """

    __tablename__ = "plan_runs"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        CheckConstraint("part BETWEEN 0 AND 100", name="part"),
        Index("ix_plan_runs_area_id_day", "area_id", "day"),
        Index("ix_plan_runs_state_asked_at", "state", "asked_at"),
    )

    batch: Mapped[UUID] = mapped_column(index=True)
    area_id: Mapped[UUID] = mapped_column(ForeignKey("areas.id"))
    day: Mapped[str] = mapped_column(String(10))
    kind: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(16), default="waiting")
    version: Mapped[int] = mapped_column(default=1)
    asked: Mapped[dict[str, Any]]
    asked_by: Mapped[str] = mapped_column(String(120))
    asked_at: Mapped[datetime]
    seconds: Mapped[float]
    iterations: Mapped[int | None]
    seed: Mapped[int] = mapped_column(default=1)
    part: Mapped[int] = mapped_column(default=0)
    stop_asked: Mapped[bool] = mapped_column(default=False)
    attempts: Mapped[int] = mapped_column(default=0)
    claimed_by: Mapped[str | None] = mapped_column(String(120))
    lease_until: Mapped[datetime | None]
    begun_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    problem: Mapped[str | None] = mapped_column(Text)
    problem_sha256: Mapped[str | None] = mapped_column(String(64))
    proposal: Mapped[dict[str, Any] | None]
    trouble_zh: Mapped[str] = mapped_column(String(500), default="")
    trouble_en: Mapped[str] = mapped_column(String(500), default="")
    settled_by: Mapped[str | None] = mapped_column(String(120))
    settled_at: Mapped[datetime | None]
    outcome: Mapped[dict[str, Any] | None]

    @property
    def on(self) -> date:
        """The day that is planned."""
        return date.fromisoformat(self.day)

    @property
    def wanted(self) -> Asked:
        """What was asked, as a value."""
        return Asked.model_validate(self.asked)


class SlotHold(Base):
    """A technician's time kept free while somebody makes up their mind. `holder` names whose choice it is."""

    __tablename__ = "slot_holds"
    __table_args__ = (CheckConstraint("planned_end > planned_start", name="planned_ends_after_start"),)

    holder: Mapped[str] = mapped_column(String(120), primary_key=True)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("work_orders.id"), index=True)
    technician_id: Mapped[UUID] = mapped_column(ForeignKey("technicians.id"), index=True)
    window_start: Mapped[datetime]
    window_end: Mapped[datetime]
    planned_start: Mapped[datetime]
    planned_end: Mapped[datetime]
    held_until: Mapped[datetime] = mapped_column(index=True)


class KnownWay(Base):
    """How long a route service says that a way takes, from place to place (WGS-84, to some ten metres), by time of day.

    `seconds` None: the service knows no way. `band` is the part of the day that it was asked for.
    """

    __tablename__ = "known_ways"

    service: Mapped[str] = mapped_column(String(10), primary_key=True)
    band: Mapped[str] = mapped_column(String(10), primary_key=True)
    origin: Mapped[str] = mapped_column(String(24), primary_key=True)
    destination: Mapped[str] = mapped_column(String(24), primary_key=True)
    seconds: Mapped[int | None]
    asked_at: Mapped[datetime] = mapped_column(index=True)

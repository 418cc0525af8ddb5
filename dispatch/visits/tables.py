"""Rows of visits: what we owe, one appointment at one site, and what was ever changed about it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from checklists.definition import Kind
from dispatch.customers.tables import Customer, Line, Site
from dispatch.database import Base, Identified
from dispatch.technicians.tables import Technician
from dispatch.visits.life import OCCUPYING, Status
from dispatch.visits.windows import Window

KINDS = ("install", "repair")
ORDER_STATES = ("open", "done", "cancelled")


class WorkOrder(Identified, Base):
    """An installation or a repair that we owe, with its deadline. `minutes` is how long the work takes."""

    __tablename__ = "work_orders"
    __table_args__ = (
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        CheckConstraint(f"state IN {ORDER_STATES}", name="state"),
        CheckConstraint("minutes BETWEEN 5 AND 720", name="minutes"),
        CheckConstraint("wanted_end > wanted_start", name="wanted_ends_after_start"),
    )

    external_id: Mapped[str | None] = mapped_column(String(80), unique=True)
    fingerprint: Mapped[str | None] = mapped_column(String(64))
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"), index=True)
    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"), index=True)
    line_id: Mapped[UUID] = mapped_column(ForeignKey("lines.id"), index=True)
    kind: Mapped[Kind] = mapped_column(String(10))
    symptoms: Mapped[list[str]]
    note: Mapped[str] = mapped_column(String(1000), default="")
    reported_at: Mapped[datetime]
    deadline: Mapped[datetime | None] = mapped_column(index=True)
    minutes: Mapped[int]
    skills: Mapped[list[str]]
    wanted_start: Mapped[datetime | None]
    wanted_end: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(String(10), default="open", index=True)
    created_at: Mapped[datetime]

    customer: Mapped[Customer] = relationship(lazy="raise")
    site: Mapped[Site] = relationship(lazy="raise")
    line: Mapped[Line] = relationship(lazy="raise")

    @property
    def wanted(self) -> Window | None:
        """The window that the customer asked for, if any."""
        if self.wanted_start is None or self.wanted_end is None:
            return None
        return Window(self.wanted_start, self.wanted_end)


class Visit(Identified, Base):
    """One appointment for one work order.

    `window` is what the customer was promised; `planned` is when the technician is to be there. That one technician's
    planned times never overlap is the database's own rule: see the first migration.
    """

    __tablename__ = "visits"
    __table_args__ = (
        CheckConstraint("window_end > window_start", name="window_ends_after_start"),
        CheckConstraint("planned_end > planned_start", name="planned_ends_after_start"),
        CheckConstraint("(planned_start IS NULL) = (planned_end IS NULL)", name="planned_is_whole"),
        CheckConstraint("technician_id IS NULL OR planned_start IS NOT NULL", name="assigned_is_planned"),
        CheckConstraint(f"status IN {tuple(s.value for s in Status)}", name="status"),
        Index("ix_visits_technician_planned", "technician_id", "planned_start"),
    )

    work_order_id: Mapped[UUID] = mapped_column(ForeignKey("work_orders.id"), index=True)
    technician_id: Mapped[UUID | None] = mapped_column(ForeignKey("technicians.id"))
    window_start: Mapped[datetime] = mapped_column(index=True)
    window_end: Mapped[datetime]
    planned_start: Mapped[datetime | None]
    planned_end: Mapped[datetime | None]
    status: Mapped[str] = mapped_column(String(12), default=Status.BOOKED)
    version: Mapped[int] = mapped_column(default=1)
    told_version: Mapped[int] = mapped_column(default=1)
    client_key: Mapped[str | None] = mapped_column(String(200), index=True)
    checklist: Mapped[str] = mapped_column(String(40))
    confirmed_at: Mapped[datetime | None]
    wish: Mapped[dict[str, Any] | None]
    departed_at: Mapped[datetime | None]
    predicted_at: Mapped[datetime | None]
    arrived_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    work_order: Mapped[WorkOrder] = relationship(lazy="raise")
    technician: Mapped[Technician | None] = relationship(lazy="raise")

    @property
    def window(self) -> Window:
        """What the customer was promised."""
        return Window(self.window_start, self.window_end)

    @property
    def planned(self) -> Window | None:
        """When the technician is to be there, start to end."""
        if self.planned_start is None or self.planned_end is None:
            return None
        return Window(self.planned_start, self.planned_end)

    @property
    def occupies(self) -> bool:
        """Whether it takes up its technician's time."""
        return Status(self.status) in OCCUPYING


class VisitChange(Identified, Base):
    """What was ever done to a visit: append-only, the visit's timeline and the proof of the two-hour rule."""

    __tablename__ = "visit_changes"
    __table_args__ = (UniqueConstraint("visit_id", "version"),)

    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visits.id"), index=True)
    version: Mapped[int]
    at: Mapped[datetime]
    what: Mapped[str] = mapped_column(String(20))
    by: Mapped[str] = mapped_column(String(120))
    asked_by: Mapped[str | None] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(500), default="")
    breach: Mapped[bool] = mapped_column(default=False)
    tell_until: Mapped[datetime | None]
    facts: Mapped[dict[str, Any]]


class CustomerLink(Base):
    """A customer's key to one visit. Only the hash of its secret is kept; `id` is its public, harmless name."""

    __tablename__ = "customer_links"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visits.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(20))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class LeftOutRows(Identified, Base):
    """What one import left out: lines that could not be read, and orders that are known with other content.

    `sha256` names the file as it lies in the object store (None: it was read at the console); `lines` are at most 200
    line numbers of the file, `rows` how many there were in all.
    """

    __tablename__ = "left_out_rows"

    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(120))
    name: Mapped[str] = mapped_column(String(120))
    sha256: Mapped[str | None] = mapped_column(String(64))
    rows: Mapped[int]
    lines: Mapped[list[int]]
    settled_at: Mapped[datetime | None] = mapped_column(index=True)
    settled_by: Mapped[str | None] = mapped_column(String(120))

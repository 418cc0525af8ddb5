"""Rows of technicians: people, skills, shifts, the areas they own, and the van's kit stock."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dispatch.database import Base, Identified


class Area(Identified, Base):
    """A part of the city (包区) that one station looks after. Its centre is WGS-84 degrees."""

    __tablename__ = "areas"

    name: Mapped[str] = mapped_column(String(80), unique=True)
    name_en: Mapped[str] = mapped_column(String(80))
    latitude: Mapped[float]
    longitude: Mapped[float]


class Technician(Identified, Base):
    """A person who goes to customers' homes."""

    __tablename__ = "technicians"

    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    phone: Mapped[str] = mapped_column(String(20))
    area_id: Mapped[UUID | None] = mapped_column(ForeignKey("areas.id"), index=True)
    language: Mapped[str] = mapped_column(String(2), default="zh")
    start_latitude: Mapped[float | None]
    start_longitude: Mapped[float | None]
    active: Mapped[bool] = mapped_column(default=True)

    area: Mapped[Area | None] = relationship(lazy="raise")
    skills: Mapped[list["TechnicianSkill"]] = relationship(lazy="raise", back_populates="technician")


class TechnicianSkill(Base):
    """What a technician can do, from 1 (assists) to 3 (teaches)."""

    __tablename__ = "technician_skills"
    __table_args__ = (CheckConstraint("level BETWEEN 1 AND 3", name="level"),)

    technician_id: Mapped[UUID] = mapped_column(ForeignKey("technicians.id"), primary_key=True)
    skill: Mapped[str] = mapped_column(String(40), primary_key=True)
    level: Mapped[int] = mapped_column(default=2)

    technician: Mapped[Technician] = relationship(lazy="raise", back_populates="skills")


class Shift(Identified, Base):
    """When a technician works; lunch is taken anywhere inside its window."""

    __tablename__ = "shifts"
    __table_args__ = (CheckConstraint("ends_at > starts_at", name="ends_after_start"),)

    technician_id: Mapped[UUID] = mapped_column(ForeignKey("technicians.id"), index=True)
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    lunch_from: Mapped[datetime | None]
    lunch_until: Mapped[datetime | None]
    lunch_minutes: Mapped[int] = mapped_column(default=0)


class KitStock(Base):
    """How many of one kit item a technician's van holds."""

    __tablename__ = "kit_stock"
    __table_args__ = (CheckConstraint("quantity >= 0", name="not_negative"),)

    technician_id: Mapped[UUID] = mapped_column(ForeignKey("technicians.id"), primary_key=True)
    item: Mapped[str] = mapped_column(String(40), primary_key=True)
    quantity: Mapped[int]


class KitDraw(Base):
    """What a visit took of one kit item: one row, however often and however late the visit's entries come.

    `used` is what the visit says, `taken` what the van's stock really went down by (a stock counted wrong stops at 0).
    """

    __tablename__ = "kit_draws"
    __table_args__ = (CheckConstraint("taken >= 0 AND used >= taken", name="taken"),)

    visit_id: Mapped[UUID] = mapped_column(primary_key=True)
    item: Mapped[str] = mapped_column(String(40), primary_key=True)
    technician_id: Mapped[UUID] = mapped_column(ForeignKey("technicians.id"), index=True)
    used: Mapped[int]
    taken: Mapped[int]
    at: Mapped[datetime]


class KitTopUp(Identified, Base):
    """What was put into a van at the station, or how many were counted there: kept for good."""

    __tablename__ = "kit_top_ups"
    __table_args__ = (
        CheckConstraint("kind IN ('added', 'counted')", name="kind"),
        CheckConstraint("quantity >= 0", name="quantity"),
    )

    technician_id: Mapped[UUID] = mapped_column(ForeignKey("technicians.id"), index=True)
    item: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(8))
    quantity: Mapped[int]
    held: Mapped[int]
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(120))


class CalendarFeed(Base):
    """A technician's secret address of their visits, for a calendar of theirs. Only its secret's hash is kept."""

    __tablename__ = "calendar_feeds"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    technician_id: Mapped[UUID] = mapped_column(ForeignKey("technicians.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    language: Mapped[str] = mapped_column(String(2), default="zh")
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(120))
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[str | None] = mapped_column(String(120))

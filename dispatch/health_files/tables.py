"""Rows of a line's surroundings and of past repairs, kept so that a fault like the present one is found at once.

`repair_words` (the index for searching texts) is made by hand in the migration, because its kind differs by engine:
see `words_index`. It can be made anew from these rows at any time.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.database import Base

INDEX_TABLE = "repair_words"


class LinePlace(Base):
    """Where a line hangs in the network and in the town: what makes two lines neighbours."""

    __tablename__ = "line_places"

    line_id: Mapped[UUID] = mapped_column(ForeignKey("lines.id"), primary_key=True)
    splitter: Mapped[str | None] = mapped_column(String(80), index=True)
    building: Mapped[str | None] = mapped_column(String(200), index=True)
    told_by: Mapped[str] = mapped_column(String(120))
    told_at: Mapped[datetime]


class RepairCase(Base):
    """One repair as the next one will want to find it: how it looked, what it was, what was done, and if it helped.

    Read from a sealed record; a correction replaces it. `signs` are the words of `signs.py`, `found` what was measured
    before the work, by name. `helped` is None while the result is not known to be good or bad. No foreign keys: cases
    outlive what an erasure takes away, and may come from an older system.
    """

    __tablename__ = "repair_cases"
    __table_args__ = (
        Index("ix_repair_cases_line_id_at", "line_id", "at"),
        Index("ix_repair_cases_splitter_at", "splitter", "at"),
        Index("ix_repair_cases_building_at", "building", "at"),
    )

    number: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[UUID] = mapped_column(unique=True)
    record: Mapped[str] = mapped_column(String(40))
    line_id: Mapped[UUID]
    at: Mapped[datetime] = mapped_column(index=True)
    splitter: Mapped[str | None] = mapped_column(String(80))
    building: Mapped[str | None] = mapped_column(String(200))
    device_model: Mapped[str | None] = mapped_column(String(80))
    symptoms: Mapped[list[str]]
    dial_codes: Mapped[list[Any]]
    found: Mapped[dict[str, Any]]
    signs: Mapped[list[str]]
    fault_type: Mapped[str | None] = mapped_column(String(40))
    cause: Mapped[str] = mapped_column(String(40))
    actions: Mapped[list[str]]
    note: Mapped[str] = mapped_column(String(1000), default="")
    outcome: Mapped[str] = mapped_column(String(20))
    helped: Mapped[bool | None]
    came_back_at: Mapped[datetime | None]


class FaultSign(Base):
    """In how many repairs a sign was seen with a cause. The sign `*` counts every repair of a cause."""

    __tablename__ = "fault_signs"

    sign: Mapped[str] = mapped_column(String(80), primary_key=True)
    cause: Mapped[str] = mapped_column(String(40), primary_key=True)
    cases: Mapped[int]

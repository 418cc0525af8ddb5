"""Rows of phones: what each technician's phone told of itself, and when it was last heard of."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.database import Base


class Phone(Base):
    """One technician's use of one phone; `device_id` was made on the phone. Times are the server's.

    What the phone has not told yet is None: a parcel alone says only that it was heard of. `oldest_at` is when its
    oldest waiting item was made, reckoned back from the age that it told; storage is in bytes.
    """

    __tablename__ = "phones"
    __table_args__ = (CheckConstraint("waiting IS NULL OR waiting >= 0", name="waiting"),)

    technician_id: Mapped[UUID] = mapped_column(ForeignKey("technicians.id"), primary_key=True)
    device_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    app_version: Mapped[str | None] = mapped_column(String(80))
    waiting: Mapped[int | None]
    oldest_at: Mapped[datetime | None]
    storage_used: Mapped[int | None] = mapped_column(BigInteger)
    storage_quota: Mapped[int | None] = mapped_column(BigInteger)
    storage_persisted: Mapped[bool | None]
    told: Mapped[str | None] = mapped_column(String(64))
    told_at: Mapped[datetime | None]
    first_seen_at: Mapped[datetime]
    seen_at: Mapped[datetime] = mapped_column(index=True)

"""Rows of records: what left the phone as it was sent, what it says, and the sealed account of a visit."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.database import Base, Identified
from dispatch.sealed_columns import SealedJson


class Blob(Base):
    """A picture in the object store under the SHA-256 of the bytes that the phone sent."""

    __tablename__ = "blobs"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    kept_sha256: Mapped[str] = mapped_column(String(64))
    media_type: Mapped[str] = mapped_column(String(40))
    size: Mapped[int]
    width: Mapped[int]
    height: Mapped[int]
    account_id: Mapped[UUID | None]
    received_at: Mapped[datetime]


class Parcel(Base):
    """Entries that left a phone together, kept as sent. `id` was made on the phone."""

    __tablename__ = "parcels"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visits.id"), index=True)
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    device_id: Mapped[str] = mapped_column(String(80))
    fingerprint: Mapped[str] = mapped_column(String(64))
    body: Mapped[dict[str, Any]] = mapped_column(SealedJson("parcels.body"))
    answer: Mapped[dict[str, Any]]
    received_at: Mapped[datetime]


class ParcelConflict(Base):
    """Another content under an id that was already used: kept for a person to look at."""

    __tablename__ = "parcel_conflicts"
    __table_args__ = (UniqueConstraint("parcel_id", "fingerprint"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    parcel_id: Mapped[UUID] = mapped_column(ForeignKey("parcels.id"), index=True)
    account_id: Mapped[UUID | None]
    fingerprint: Mapped[str] = mapped_column(String(64))
    body: Mapped[dict[str, Any]] = mapped_column(SealedJson("parcel_conflicts.body"))
    received_at: Mapped[datetime]


class EntryRow(Base):
    """One answer to one field of a step. `at` is the phone's clock, `received_at` ours; `flags` what is odd."""

    __tablename__ = "entries"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    parcel_id: Mapped[UUID] = mapped_column(ForeignKey("parcels.id"))
    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visits.id"), index=True)
    step: Mapped[str] = mapped_column(String(60))
    key: Mapped[str] = mapped_column(String(60))
    value: Mapped[Any] = mapped_column(SealedJson("entries.value"))
    by: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]
    received_at: Mapped[datetime]
    flags: Mapped[list[Any]]


class EntryBlob(Base):
    """Which pictures an entry speaks of; they may arrive after it."""

    __tablename__ = "entry_blobs"

    entry_id: Mapped[UUID] = mapped_column(ForeignKey("entries.id"), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)


class Record(Base):
    """The sealed account of a visit: `body` is the canonical JSON, byte for byte. The database refuses any change."""

    __tablename__ = "records"
    __table_args__ = (UniqueConstraint("visit_id", "revision"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visits.id"), index=True)
    line_id: Mapped[UUID] = mapped_column(ForeignKey("lines.id"), index=True)
    revision: Mapped[int]
    corrects: Mapped[str | None] = mapped_column(String(40))
    body: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    strokes: Mapped[dict[str, Any]] = mapped_column(SealedJson("records.strokes"))
    sealed_at: Mapped[datetime] = mapped_column(index=True)


class Document(Base):
    """The signed PDF of a record, drawn once from the sealed row. The database refuses any change."""

    __tablename__ = "documents"

    record_id: Mapped[UUID] = mapped_column(ForeignKey("records.id"), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    size: Mapped[int]
    missing_characters: Mapped[list[str]]
    drawn_at: Mapped[datetime]
    level: Mapped[str] = mapped_column(String(5), default="B-B", server_default="B-B")


class DocumentTry(Base):
    """A document that could not be made yet: how often it was tried, when it is tried again, and why (English)."""

    __tablename__ = "document_tries"

    record_id: Mapped[UUID] = mapped_column(ForeignKey("records.id"), primary_key=True)
    tries: Mapped[int]
    first_at: Mapped[datetime]
    next_at: Mapped[datetime]
    trouble: Mapped[str] = mapped_column(String(400))


class LedgerRow(Base):
    """One seal in the chain over all seals: each row holds the hash of the one before. Rows are only ever added."""

    __tablename__ = "ledger"
    __table_args__ = (
        CheckConstraint("kind IN ('record', 'document')", name="kind"),
        CheckConstraint("seq >= 1", name="seq"),
        UniqueConstraint("kind", "number"),
    )

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(8))
    number: Mapped[str] = mapped_column(String(40))
    revision: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    previous: Mapped[str] = mapped_column(String(64), unique=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)


class LedgerHead(Base):
    """The head of the ledger as it was published on a day of the business zone, and where to. Rows are only added."""

    __tablename__ = "ledger_heads"

    day: Mapped[str] = mapped_column(String(10), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[datetime]
    places: Mapped[str] = mapped_column(String(400))


class RatingRow(Base):
    """What the customer said of a visit through their link after the record was sealed; the last word counts."""

    __tablename__ = "ratings"

    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visits.id"), primary_key=True)
    conduct: Mapped[int | None]
    overall: Mapped[int | None]
    recommend: Mapped[int | None]
    comment: Mapped[str] = mapped_column(String(1000), default="")
    at: Mapped[datetime]


class Conflict(Identified, Base):
    """What one phone said of a visit against what counts there: open until a person has looked after it.

    `items` name the versions and hold none: {entry, step, key, against} for an entry that was kept, {entry, parcel}
    for one whose id was used before, {parcel, fingerprint} for a whole parcel.
    """

    __tablename__ = "conflicts"
    __table_args__ = (
        CheckConstraint("kind IN ('same_id', 'after_sealing', 'cancelled', 'reassigned', 'two_phones')", name="kind"),
        Index("ix_conflicts_open", "looked_after_at", "opened_at"),
    )

    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visits.id"), index=True)
    kind: Mapped[str] = mapped_column(String(13))
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    device_id: Mapped[str] = mapped_column(String(80))
    items: Mapped[list[Any]]
    opened_at: Mapped[datetime]
    last_at: Mapped[datetime]
    looked_after_at: Mapped[datetime | None]
    looked_after_by: Mapped[str | None] = mapped_column(String(120))
    note: Mapped[str] = mapped_column(String(500), default="")

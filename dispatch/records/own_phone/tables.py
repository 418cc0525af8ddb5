"""Rows of signatures that were given on the customer's own phone."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.database import Base, Identified
from dispatch.sealed_columns import SealedJson

STATES = (
    "waiting",  # what was signed has not arrived from the technician's phone yet
    "joined",  # it has, and the signature stands among the visit's entries
    "differs",  # the visit ended with other content than what was signed
    "replaced",  # the customer signed again
)


class OwnPhoneSignature(Identified, Base):
    """What a customer said on their own phone about content with this hash. `id` was made on that phone.

    `kept` holds signature, name, rating and words; sealed, because a signature is biometric. `fingerprint` is its
    SHA-256 in canonical form, so that one row's content cannot pass for another's.
    """

    __tablename__ = "own_phone_signatures"
    __table_args__ = (
        CheckConstraint("decision IN ('sign', 'refuse')", name="decision"),
        CheckConstraint(f"state IN {STATES}", name="state"),
    )

    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visits.id"), index=True)
    content_sha256: Mapped[str] = mapped_column(String(64))
    decision: Mapped[str] = mapped_column(String(7))
    kept: Mapped[dict[str, Any]] = mapped_column(SealedJson("own_phone_signatures.kept"))
    fingerprint: Mapped[str] = mapped_column(String(64))
    signed_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(8), default="waiting")
    joined_at: Mapped[datetime | None]

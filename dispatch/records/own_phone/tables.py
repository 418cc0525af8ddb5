"""Rows of signatures that were given on the customer's own phone."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.database import Base, Identified

STATES = (
    "waiting",  # what was signed has not arrived from the technician's phone yet
    "joined",  # it has, and the signature stands among the visit's entries
    "differs",  # the visit ended with other content than what was signed
    "replaced",  # the customer signed again
)


class OwnPhoneSignature(Identified, Base):
    """What a customer said on their own phone about content with this hash. `id` was made on that phone.

    `sealed_answers` hold signature, name, rating and words; encrypted, because a signature is biometric.
    """

    __tablename__ = "own_phone_signatures"
    __table_args__ = (
        CheckConstraint("decision IN ('sign', 'refuse')", name="decision"),
        CheckConstraint(f"state IN {STATES}", name="state"),
    )

    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visits.id"), index=True)
    content_sha256: Mapped[str] = mapped_column(String(64))
    decision: Mapped[str] = mapped_column(String(7))
    sealed_answers: Mapped[str] = mapped_column(Text)
    fingerprint: Mapped[str] = mapped_column(String(64))
    signed_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(8), default="waiting")
    joined_at: Mapped[datetime | None]

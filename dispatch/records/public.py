"""What anyone may know of a record by its number: that there is one, since when, and which file it is."""

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.records.queries import corrected_by, known_document
from dispatch.records.tables import DocumentTry, LedgerRow

NUMBER = re.compile(r"SR-[0-9]{8}-[0-9A-Z]{4,12}")


@dataclass(frozen=True)
class PublicFacts:
    """Nothing about a person. `sha256` is that of the signed PDF, None until it is drawn.

    `ledger_row`: where the record stands in the ledger of all seals. `waits`: the PDF waits for a time-stamp.
    """

    number: str
    sealed_at: datetime
    sha256: str | None
    corrected_by: str | None
    revision: int = 1
    corrects: str | None = None
    ledger_row: int | None = None
    waits: bool = False


def public_facts(session: Session, number: str) -> PublicFacts | None:
    """The facts of the record `number` (spaces and small letters are forgiven); None when there is no such record."""
    number = "".join(number.split()).upper()
    if not NUMBER.fullmatch(number):
        return None
    known = known_document(session, number)
    if known is None:
        return None
    record, document = known
    newer = corrected_by(session, number)
    row = session.scalar(select(LedgerRow.seq).where(LedgerRow.kind == "record", LedgerRow.number == record.number))
    return PublicFacts(
        record.number,
        record.sealed_at,
        document.sha256 if document else None,
        newer,
        record.revision,
        record.corrects,
        row,
        document is None and session.get(DocumentTry, record.id) is not None,
    )

"""Writing the ledger down, and checking it against everything that it speaks of."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from checklists.words import Words
from dispatch.database import one_at_a_time
from dispatch.objects import ObjectStore
from dispatch.records.ledger_rules import Head, Seal, broken_links, following
from dispatch.records.tables import Document, LedgerHead, LedgerRow, Record

DOCUMENTS = "documents"
AT_ONCE = 1000


@dataclass(frozen=True)
class Checked:
    """How many rows the ledger has, its head, and what is wrong; nothing if sound."""

    rows: int
    head: str
    problems: tuple[Words, ...]


def write_down(session: Session, at: datetime, kind: str, record: Record, sha256: str) -> None:
    """Add the next row, in the transaction that seals: no seal without its row, and no row without its seal."""
    one_at_a_time(session, "ledger")
    seal = following(head_of(session), at, kind, record.number, record.revision, sha256)
    session.add(LedgerRow(**vars(seal)))
    session.flush()


def head_of(session: Session) -> Seal | None:
    """The last row; None for an empty ledger."""
    row = session.scalar(select(LedgerRow).order_by(LedgerRow.seq.desc()).limit(1))
    return _seal(row) if row else None


def sealed_as(session: Session, kind: str, number: str) -> str | None:
    """The SHA-256 that the ledger holds for a record or its document."""
    return session.scalar(select(LedgerRow.sha256).where(LedgerRow.kind == kind, LedgerRow.number == number))


def published_heads(session: Session) -> list[Head]:
    """The heads that the database says were published, the oldest first."""
    rows = session.scalars(select(LedgerHead).order_by(LedgerHead.day))
    return [Head(row.day, row.seq, row.hash) for row in rows]


def check_ledger(session: Session, objects: ObjectStore, heads: Iterable[Head] = ()) -> Checked:
    """The chain, the published heads, and every record and document against their rows. Reads every document."""
    seals = list(_seals(session))
    problems = broken_links(seals, [*published_heads(session), *heads])
    sealed = {(seal.kind, seal.number): seal for seal in seals}
    for record in session.scalars(select(Record).execution_options(yield_per=AT_ONCE)):
        problems += _against(sealed.pop(("record", record.number), None), record, record.sha256)
        if hashlib.sha256(record.body.encode()).hexdigest() != record.sha256:
            problems.append(Words(f"记录 {record.number} 的内容被改动。", f"Record {record.number} was changed."))
    query = select(Document, Record).join(Record, Record.id == Document.record_id)
    for document, record in session.execute(query.execution_options(yield_per=AT_ONCE)):
        problems += _against(sealed.pop(("document", record.number), None), record, document.sha256)
        content = objects.get(DOCUMENTS, document.sha256)
        if content is None or hashlib.sha256(content).hexdigest() != document.sha256:
            problems.append(
                Words(
                    f"{record.number} 的 PDF 文件缺失或被改动。", f"The PDF of {record.number} is missing or changed."
                )
            )
    for kind, number in sealed:
        problems.append(
            Words(
                f"账本中的{'记录' if kind == 'record' else '文件'} {number} 已不存在。",
                f"The {kind} {number} that the ledger holds is gone.",
            )
        )
    return Checked(len(seals), seals[-1].hash if seals else "", tuple(problems))


def _against(seal: Seal | None, record: Record, sha256: str) -> list[Words]:
    if seal is None:
        return [Words(f"{record.number} 不在账本中。", f"{record.number} is not in the ledger.")]
    if (seal.sha256, seal.revision) != (sha256, record.revision):
        return [Words(f"{record.number} 与账本不符。", f"{record.number} is not what the ledger holds.")]
    return []


def _seals(session: Session) -> Iterator[Seal]:
    for row in session.scalars(select(LedgerRow).order_by(LedgerRow.seq).execution_options(yield_per=AT_ONCE)):
        yield _seal(row)


def _seal(row: LedgerRow) -> Seal:
    return Seal(row.seq, row.at, row.kind, row.number, row.revision, row.sha256, row.previous, row.hash)

"""Rows of an order file that were left out when it was taken in: they wait for a person, and nobody forgets them."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from checklists.words import Words
from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import DESK, Viewer
from dispatch.errors import NotAllowed, NotFound
from dispatch.visits.tables import LeftOutRows

MOST_LINES_KEPT = 200


def note_left_out(turn: Turn, lines: Sequence[int], *, name: str, sha256: str | None) -> LeftOutRows | None:
    """Write down what was left out; nothing for nothing, and one file that is taken in again is not told twice."""
    if not lines:
        return None
    if sha256 is not None:
        again = select(LeftOutRows).where(LeftOutRows.sha256 == sha256, LeftOutRows.settled_at.is_(None))
        known = turn.session.scalar(again.limit(1))
        if known is not None:
            known.rows, known.lines = len(lines), sorted(lines)[:MOST_LINES_KEPT]
            return known
    row = LeftOutRows(
        at=turn.now,
        by=turn.by,
        name=name[-120:],
        sha256=sha256,
        rows=len(lines),
        lines=sorted(lines)[:MOST_LINES_KEPT],
    )
    turn.session.add(row)
    turn.session.flush()
    return row


def settle_left_out(turn: Turn, row_id: UUID) -> LeftOutRows:
    """A person has seen to these rows: corrected and imported, or not wanted."""
    turn.viewer.must_be(DESK)
    row = turn.session.scalar(select(LeftOutRows).where(LeftOutRows.id == row_id).with_for_update())
    if row is None:
        raise NotFound
    if row.settled_at is not None:
        raise NotAllowed(
            Words(
                "这些行已有人处理完毕，无需再登记。", "Somebody has seen to these rows already; nothing is left to do."
            ),
            name="left-out-settled",
        )
    row.settled_at, row.settled_by = turn.now, turn.by
    turn.audit("settle_left_out", "import", row.id, rows=row.rows)
    return row


def left_out_waiting(session: Session, viewer: Viewer, limit: int = 100) -> list[LeftOutRows]:
    """What waits for a person, the oldest first; nothing for who is not at the desk."""
    if not viewer.at_desk:
        return []
    query = select(LeftOutRows).where(LeftOutRows.settled_at.is_(None)).order_by(LeftOutRows.at).limit(limit)
    return list(session.scalars(query))

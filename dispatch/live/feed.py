"""What changed since a reader last looked: nothing is missed, whatever commits beside what.

Triggers write a row in the transaction of each change (migration 0008). Rows get their numbers before they are
committed, so on PostgreSQL "every number above the last" would miss one that is committed late: there a reader's place
is a *snapshot*, and what is new is exactly what that snapshot did not see. SQLite has one writer: its numbers do.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

KEPT = timedelta(hours=26)
RESUMED_WITHIN = timedelta(hours=24)
MOST = 5_000  # changes handed over at once: with more, reading anew is cheaper
CHANNEL = "doorstep_live"

_PLACE = re.compile(r"([0-9a-f]{32})\.(\d{1,12})\.(\d{1,19}(?::\d{1,19}:[\d,]{0,4000})?)", re.ASCII)


@dataclass(frozen=True)
class Change:
    """One thing of one kind (`visit`, `order`, `technician`, `customer`, `site`, `phone`) is not as it was."""

    kind: str
    thing: UUID


@dataclass(frozen=True)
class News:
    """What changed, each thing once, and the place up to which that is everything. `anew`: nobody can tell."""

    place: str
    changes: Sequence[Change] = ()
    anew: bool = False

    def of(self, *kinds: str) -> set[UUID]:
        """The things of these kinds that changed."""
        return {change.thing for change in self.changes if change.kind in kinds}


def place_now(session: Session, now: datetime) -> str:
    """A reader's place: everything committed before it has been seen."""
    return news_since(session, None, now).place


def news_since(session: Session, place: str | None, now: datetime) -> News:
    """What changed since `place` was given out. A place that is none of ours, or too old, leads to `anew`.

    What is read after this in the same session is at least as new as the changes named.
    """
    epoch = session.execute(text("SELECT epoch FROM live_epoch")).scalar_one()
    known = _known(place, epoch, now)
    postgres = session.get_bind().dialect.name == "postgresql"
    if known is not None and (":" in known) != postgres:
        known = None
    position, rows = _in_postgres(session, known) if postgres else _in_sqlite(session, known)
    here = f"{epoch}.{int(now.timestamp())}.{position}"
    if known is None or rows is None or len(rows) > MOST:
        return News(here, anew=True)
    return News(here, tuple(dict.fromkeys(Change(kind, UUID(str(thing))) for kind, thing in rows)))


def _known(place: str | None, epoch: str, now: datetime) -> str | None:
    """The position that `place` names, if this database gave it out and still keeps what came after."""
    found = _PLACE.fullmatch(place or "")
    if found is None or found[1] != epoch:
        return None
    if abs(now.timestamp() - int(found[2])) > RESUMED_WITHIN.total_seconds():
        return None
    if ":" in found[3] and not _is_snapshot(found[3]):
        return None
    return found[3]


def _is_snapshot(told: str) -> bool:
    """Whether PostgreSQL would read it: `xmin:xmax:xip,xip`, in order."""
    first, last, running = told.split(":")
    if running and not re.fullmatch(r"\d{1,19}(,\d{1,19})*", running):
        return False
    listed = [int(each) for each in running.split(",")] if running else []
    low, high = int(first), int(last)
    return 0 < low <= high < 2**63 and listed == sorted(set(listed)) and all(low <= each < high for each in listed)


def _in_postgres(session: Session, known: str | None) -> tuple[str, list[tuple[str, UUID]] | None]:
    """One statement, so one snapshot: what it sees, less what the reader's own snapshot saw."""
    if known is None:
        return str(session.execute(text("SELECT pg_current_snapshot()")).scalar_one()), None
    rows = session.execute(
        text(
            "WITH news AS (SELECT kind, thing FROM live_changes"
            " WHERE xid >= pg_snapshot_xmin(CAST(:known AS pg_snapshot))"
            " AND NOT pg_visible_in_snapshot(xid, CAST(:known AS pg_snapshot)) ORDER BY id LIMIT :most)"
            " SELECT pg_current_snapshot()::text AS here,"
            " pg_snapshot_xmax(pg_current_snapshot()) >= pg_snapshot_xmax(CAST(:known AS pg_snapshot)) AS ours,"
            " news.kind, news.thing FROM (SELECT 1) AS one LEFT JOIN news ON true"
        ),
        {"known": known, "most": MOST + 1},
    ).all()
    if not rows[0].ours:
        return str(rows[0].here), None
    return str(rows[0].here), [(row.kind, row.thing) for row in rows if row.kind is not None]


def _in_sqlite(session: Session, known: str | None) -> tuple[str, list[tuple[str, UUID]] | None]:
    last = session.execute(text("SELECT seq FROM sqlite_sequence WHERE name = 'live_changes'")).scalar() or 0
    if known is None or int(known) > last:
        return str(last), None
    rows = session.execute(
        text("SELECT kind, thing FROM live_changes WHERE id > :known AND id <= :last ORDER BY id LIMIT :most"),
        {"known": int(known), "last": last, "most": MOST + 1},
    )
    return str(last), [(row.kind, row.thing) for row in rows]


def forget_old_changes(session: Session, now: datetime) -> int:
    """Delete what nobody resumes from any more; how many rows."""
    before = now - KEPT
    bound = before if session.get_bind().dialect.name == "postgresql" else f"{before:%Y-%m-%d %H:%M:%S.000}"
    gone = session.execute(text("DELETE FROM live_changes WHERE at < :before"), {"before": bound})
    return int(gone.rowcount)  # type: ignore[attr-defined]

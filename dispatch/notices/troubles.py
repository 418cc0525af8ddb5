"""Which customers could not be told: the newest word about a visit is what counts."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.notices.tables import Notice

TROUBLED = ("failed", "in_doubt", "expired")
AT_ONCE = 500  # SQLite binds a limited number of values


def visits_in_trouble(session: Session, visit_ids: Collection[UUID], now: datetime) -> set[UUID]:
    """Those of `visit_ids` whose newest notice failed, is in doubt, came too late, or is past its deadline unsent."""
    wanted, found = list(visit_ids), set[UUID]()
    for begin in range(0, len(wanted), AT_ONCE):
        rows = session.execute(
            select(Notice.visit_id, Notice.state, Notice.deadline)
            .where(
                Notice.visit_id.in_(wanted[begin : begin + AT_ONCE]),
                Notice.state != "superseded",
                Notice.call_by.is_not(None),  # of what is only kindness nobody has to be called
            )
            .order_by(Notice.owed_at, Notice.id)
        )
        newest = {row.visit_id: row for row in rows}
        found |= {
            visit_id
            for visit_id, row in newest.items()
            if row.state in TROUBLED
            or (row.state in ("owed", "claimed") and row.deadline is not None and row.deadline < now)
        }
    return found

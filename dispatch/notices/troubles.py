"""Which customers could not be told: the newest word about a visit is what counts."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func, or_, select
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
            .where(Notice.visit_id.in_(wanted[begin : begin + AT_ONCE]), Notice.state != "superseded")
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


def notices_matching(
    session: Session, state: str | None, now: datetime, *, page: int = 1, per_page: int = 50
) -> tuple[list[Notice], int]:
    """One page of notices, newest first, and how many there are. `state` may be `trouble`: those to be looked after."""
    query = select(Notice)
    if state == "trouble":
        late = and_(Notice.state.in_(("owed", "claimed")), Notice.deadline < now)
        query = query.where(or_(Notice.state.in_(TROUBLED), late))
    elif state is not None:
        query = query.where(Notice.state == state)
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    ordered = query.order_by(Notice.owed_at.desc(), Notice.id).offset((page - 1) * per_page).limit(per_page)
    return list(session.scalars(ordered)), total

"""Letting visits change places: for the time of one transaction their planned times make room for each other.

The database refuses two planned times of one technician that overlap, at every statement. Two visits that swap places
would never get past that, so all that are to move stand aside first, fifty years on, and each then takes its new place
through the desk's own verb, judged like any other.
"""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, update

from dispatch.accounts.turn import Turn
from dispatch.visits.tables import Visit

ASIDE = timedelta(days=365 * 50)


def stand_aside(turn: Turn, visit_ids: Collection[UUID]) -> None:
    """Let the planned times of these visits make room until each is moved, in this same transaction.

    Whoever calls this moves each by `reschedule_visit`, or rolls back; `nobody_stands_aside` makes sure.
    """
    rows = turn.session.scalars(
        select(Visit)
        .where(Visit.id.in_(list(visit_ids)), Visit.planned_start.is_not(None))
        .order_by(Visit.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    for row in rows:
        assert row.planned_start is not None
        assert row.planned_end is not None
        turn.session.execute(
            update(Visit)
            .where(Visit.id == row.id)
            .values(planned_start=row.planned_start + ASIDE, planned_end=row.planned_end + ASIDE)
            .execution_options(synchronize_session=False)
        )
        turn.session.expire(row)


def nobody_stands_aside(turn: Turn, visit_ids: Collection[UUID]) -> None:
    """Raise if one of these was not given its place: a bug, and nothing may be committed."""
    turn.session.flush()
    left = turn.session.scalars(
        select(Visit.id).where(Visit.id.in_(list(visit_ids)), Visit.planned_start > turn.now + ASIDE / 2)
    ).all()
    if left:
        raise RuntimeError(f"left standing aside: {', '.join(map(str, left))}")

"""Questions about notices."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dispatch.notices.tables import Notice


def notices_of_visit(session: Session, visit_id: UUID) -> list[Notice]:
    """Everything that was owed about a visit, first owed first. The caller has checked that the viewer may see it."""
    return list(session.scalars(select(Notice).where(Notice.visit_id == visit_id).order_by(Notice.owed_at, Notice.id)))


def recent_notices(session: Session, state: str | None = None, limit: int = 200) -> list[Notice]:
    """The latest notices, newest first, for the desk."""
    query = select(Notice).order_by(Notice.owed_at.desc(), Notice.id).limit(limit)
    if state is not None:
        query = query.where(Notice.state == state)
    return list(session.scalars(query))


def counts_by_state(session: Session) -> dict[str, int]:
    """How many notices are in each state."""
    rows = session.execute(select(Notice.state, func.count()).group_by(Notice.state))
    return {row.state: row[1] for row in rows}

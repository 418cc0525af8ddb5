"""Questions about notices."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dispatch.notices.tables import Notice


def notices_of_visit(session: Session, visit_id: UUID) -> list[Notice]:
    """Everything that was owed about a visit, first owed first. The caller has checked that the viewer may see it."""
    return list(session.scalars(select(Notice).where(Notice.visit_id == visit_id).order_by(Notice.owed_at, Notice.id)))


def counts_by_state(session: Session) -> dict[str, int]:
    """How many notices are in each state."""
    rows = session.execute(select(Notice.state, func.count()).group_by(Notice.state))
    return {row.state: row[1] for row in rows}

"""Notices as a gateway would have left them, for tests that begin after it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.notices.tables import Notice


def everything_was_told(session: Session, at: datetime) -> None:
    """Whatever is owed was accepted at `at`."""
    for notice in session.scalars(select(Notice).where(Notice.state == "owed")):
        notice.state, notice.attempts, notice.accepted_at = "accepted", 1, at
    session.flush()


def kinds_of(session: Session, visit_id: UUID | None = None) -> list[tuple[str, str]]:
    """(kind, state) of the notices (of one visit), in the order in which they were owed."""
    query = select(Notice).order_by(Notice.owed_at, Notice.visit_version, Notice.id)
    rows = session.scalars(query if visit_id is None else query.where(Notice.visit_id == visit_id))
    return [(row.kind, row.state) for row in rows]

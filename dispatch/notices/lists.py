"""Lists of notices for the desk: by state, kind, day, visit; those in trouble, and those that broke the rule."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from dispatch.notices.tables import Notice
from dispatch.notices.troubles import TROUBLED


@dataclass(frozen=True)
class Wanted:
    """Which notices to list; what is None does not matter. `state` may be `trouble` or `breach`.

    `owed_from` and `owed_until` bound when they were written down; `visits` are those that they may be about.
    """

    state: str | None = None
    kind: str | None = None
    owed_from: datetime | None = None
    owed_until: datetime | None = None
    visits: Collection[UUID] | None = None


def notices_listed(
    session: Session, wanted: Wanted, now: datetime, *, page: int = 1, per_page: int = 50
) -> tuple[list[Notice], int]:
    """One page of notices, newest first, and how many there are."""
    query = _chosen(wanted, now)
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    ordered = query.order_by(Notice.owed_at.desc(), Notice.id).offset((page - 1) * per_page).limit(per_page)
    return list(session.scalars(ordered)), total


def _chosen(wanted: Wanted, now: datetime) -> Select[Notice]:
    query: Select[Notice] = select(Notice)
    if wanted.state == "trouble":
        late = and_(Notice.state.in_(("owed", "claimed")), Notice.deadline < now)
        query = query.where(or_(Notice.state.in_(TROUBLED), late))
    elif wanted.state == "breach":
        query = query.where(Notice.breached_at.is_not(None))
    elif wanted.state is not None:
        query = query.where(Notice.state == wanted.state)
    if wanted.kind is not None:
        query = query.where(Notice.kind == wanted.kind)
    if wanted.owed_from is not None:
        query = query.where(Notice.owed_at >= wanted.owed_from)
    if wanted.owed_until is not None:
        query = query.where(Notice.owed_at < wanted.owed_until)
    if wanted.visits is not None:
        query = query.where(Notice.visit_id.in_(list(wanted.visits)))
    return query


def breaches(session: Session) -> int:
    """How many notices broke the two-hour rule."""
    return session.scalar(select(func.count()).where(Notice.breached_at.is_not(None))) or 0

"""Lists and counts of call tasks: what the desk shows on every page, and what is open about which visit."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from dispatch.notices.tables import CallTask

AT_ONCE = 500  # SQLite binds a limited number of values
LISTED = 200


@dataclass(frozen=True)
class CallCounts:
    """How many calls wait for a person, and how many of them are overdue."""

    open: int
    overdue: int


def call_counts(session: Session, now: datetime) -> CallCounts:
    """Count the open calls."""
    due = CallTask.due_at < now
    waiting, overdue = session.execute(
        select(func.count(), func.count().filter(due)).where(CallTask.state == "open")
    ).one()
    return CallCounts(waiting, overdue)


def calls_listed(
    session: Session,
    state: str | None = "open",
    *,
    visit_id: UUID | None = None,
    customer_id: UUID | None = None,
    most: int = LISTED,
) -> list[CallTask]:
    """Call tasks: those that are open the most urgent first, others the last closed first.

    The caller has checked that the viewer may see them.
    """
    query: Select[CallTask] = select(CallTask)
    if state is not None:
        query = query.where(CallTask.state == state)
    if visit_id is not None:
        query = query.where(CallTask.visit_id == visit_id)
    if customer_id is not None:
        query = query.where(CallTask.customer_id == customer_id)
    if state == "open":
        query = query.order_by(CallTask.due_at, CallTask.id)
    else:
        query = query.order_by(CallTask.closed_at.is_not(None), CallTask.closed_at.desc(), CallTask.due_at, CallTask.id)
    return list(session.scalars(query.limit(most)))


def calls_open_about(session: Session, visit_ids: Collection[UUID]) -> dict[UUID, CallTask]:
    """The most urgent open call about each of these visits; visits without one are left out."""
    wanted, found = list(visit_ids), dict[UUID, CallTask]()
    for begin in range(0, len(wanted), AT_ONCE):
        tasks = session.scalars(
            select(CallTask)
            .where(CallTask.visit_id.in_(wanted[begin : begin + AT_ONCE]), CallTask.state == "open")
            .order_by(CallTask.due_at, CallTask.id)
        )
        for task in tasks:
            if task.visit_id is not None:
                found.setdefault(task.visit_id, task)
    return found

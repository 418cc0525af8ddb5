"""Questions about return calls: which to make now, and the table of those that were made."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.accounts.viewer import Viewer
from dispatch.care.return_calls.tables import ReturnCall
from dispatch.care.who import CARERS
from dispatch.errors import NotFound

MOST = 300


def return_call_seen_by(session: Session, viewer: Viewer, call_id: UUID) -> ReturnCall:
    """One return call, for the desk; NotFound for everybody else."""
    call = session.get(ReturnCall, call_id) if viewer.role in CARERS else None
    if call is None:
        raise NotFound
    return call


def return_calls_listed(
    session: Session,
    viewer: Viewer,
    *,
    state: str = "due",
    begin: datetime | None = None,
    end: datetime | None = None,
    most: int = MOST,
) -> list[ReturnCall]:
    """Return calls: due ones by when to ring next, others the last done first; nothing for who is not at the desk."""
    if viewer.role not in CARERS:
        return []
    query = select(ReturnCall)
    query = query.where(ReturnCall.state == "due") if state == "due" else query.where(ReturnCall.state != "due")
    if begin is not None:
        query = query.where(ReturnCall.made_at >= begin)
    if end is not None:
        query = query.where(ReturnCall.made_at < end)
    order = ReturnCall.next_at if state == "due" else ReturnCall.done_at.desc()
    return list(session.scalars(query.order_by(order, ReturnCall.id).limit(most)))


@dataclass(frozen=True)
class Tally:
    """How these return calls went, in counts: who was reached, and of them fixed, unhappy and demanded."""

    calls: int
    reached: int
    fixed: int
    complaints: int
    demanded: int


def tally(calls: Sequence[ReturnCall]) -> Tally:
    """Count them."""
    done = [one for one in calls if one.state == "done"]
    return Tally(
        len(calls),
        len(done),
        sum(one.fixed == "yes" for one in done),
        sum(one.complaint_id is not None for one in done),
        sum(bool(one.demanded) for one in done),
    )

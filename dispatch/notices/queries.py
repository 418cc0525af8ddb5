"""Questions about notices: of a visit, of a customer, how each was tried, and what gateways said of it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from checklists.words import Words
from dispatch.accounts.turn import Turn
from dispatch.errors import NotFound
from dispatch.notices import rules
from dispatch.notices.calls import CALLERS
from dispatch.notices.tables import Attempt, CallTask, Notice, Receipt


def notices_of_visit(session: Session, visit_id: UUID) -> list[Notice]:
    """Everything that was owed about a visit, first owed first. The caller has checked that the viewer may see it."""
    return list(session.scalars(select(Notice).where(Notice.visit_id == visit_id).order_by(Notice.owed_at, Notice.id)))


def notices_of_customer(session: Session, customer_id: UUID, most: int = 200) -> list[Notice]:
    """The newest of what a customer was owed, newest first. The caller has checked that the viewer may see it."""
    query = select(Notice).where(Notice.customer_id == customer_id)
    return list(session.scalars(query.order_by(Notice.owed_at.desc(), Notice.id).limit(most)))


def notice_seen_by(turn: Turn, notice_id: UUID) -> Notice:
    """One notice, for the desk and for care agents. Refuses with NotFound."""
    turn.viewer.must_be(CALLERS)
    notice = turn.session.get(Notice, notice_id)
    if notice is None:
        raise NotFound(Words("没有这条通知。", "There is no such notice."))
    return notice


@dataclass(frozen=True)
class Moment:
    """One thing that happened to a notice. `what` is a word of the life of a notice, or how an attempt ended."""

    at: datetime
    what: str
    channel: str = ""
    detail: str = ""


def moments_of(session: Session, notice: Notice) -> list[Moment]:
    """The whole story of a notice: owed, each try, each receipt, each call, read; in the order that it happened."""
    found = [Moment(notice.owed_at, "owed", detail=notice.resend_reason or "")]
    for attempt in _attempts(session, notice.id):
        found.append(Moment(attempt.claimed_at, "claimed", attempt.channel, "asked first" if attempt.asked else ""))
        found.append(Moment(attempt.ended_at, attempt.answer, attempt.channel, attempt.problem))
    if notice.state == "claimed" and notice.claimed_at is not None:
        found.append(Moment(notice.claimed_at, "claimed", notice.channel or ""))
    for receipt in session.scalars(select(Receipt).where(Receipt.notice_id == notice.id)):
        found.append(Moment(receipt.at, f"receipt_{receipt.state}"))
    for task in session.scalars(select(CallTask).where(CallTask.notice_id == notice.id)):
        found.append(Moment(task.opened_at, "call_opened", detail=task.why))
        found += [
            Moment(datetime.fromisoformat(one["at"]), f"call_{one['outcome']}", detail=one["note"])
            for one in task.tries
        ]
    for at, what in ((notice.read_at, "read"), (notice.breached_at, "breached")):
        if at is not None:
            found.append(Moment(at, what))
    return sorted(found, key=lambda moment: moment.at)


def _attempts(session: Session, notice_id: UUID) -> list[Attempt]:
    return list(session.scalars(select(Attempt).where(Attempt.notice_id == notice_id).order_by(Attempt.attempt)))


def told_at(notice: Notice) -> datetime | None:
    """When the customer was told: taken by a gateway, or said by phone. None while nobody told them."""
    return notice.accepted_at or notice.phoned_at


def verdict(notice: Notice, now: datetime) -> str:
    """Whether a notice was in time: told, told_late, waiting, late, closed (a newer one speaks), or never."""
    told = told_at(notice)
    if told is not None:
        return "told" if rules.in_time(told, notice.deadline) else "told_late"
    if notice.state == "superseded":
        return "closed"
    if notice.deadline is not None and now > notice.deadline:
        return "late"
    return "waiting" if notice.state in ("owed", "claimed") else "never"


def counts_by_state(session: Session) -> dict[str, int]:
    """How many notices are in each state."""
    rows = session.execute(select(Notice.state, func.count()).group_by(Notice.state))
    return {row.state: row[1] for row in rows}

"""Deadlines are watched: what is at risk becomes a call while there is time; what was missed is called a breach.

The sender looks at what is due; this looks at what is *not* told, whatever the reason: a gateway that is down, a paused
channel, a doubt that nobody can clear, a sender that died.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, and_, exists, or_, select
from sqlalchemy.orm import Session

from dispatch.database import Database
from dispatch.notices import rules
from dispatch.notices.calls import call_for_notice
from dispatch.notices.claiming import expire, is_over
from dispatch.notices.tables import CallTask, Notice

log = logging.getLogger("doorstep.notices")
LOOK_AHEAD = timedelta(minutes=90)  # the earliest that a notice can be left for its next way, or at risk
AT_A_TIME = 500
UNTOLD = tuple(sorted(rules.UNTOLD_STATES))


@dataclass(frozen=True)
class Watched:
    """What a look at the deadlines did."""

    calls: int = 0
    breaches: int = 0
    next_ways: int = 0
    expired: int = 0


def watch(database: Database, now: datetime) -> Watched:
    """Look at everything untold whose time is near or over. Doing it twice, or by several processes, is the same."""
    with database.reading() as session:
        if session.scalar(_near(now).limit(1)) is None and session.scalar(_over(now).limit(1)) is None:
            return Watched()
    with database.writing() as session:
        missed = _mark_missed(session, now)
        called, moved_on = _look_ahead(session, now)
    found = Watched(called, missed[0], moved_on, missed[1])
    if found != Watched():
        log.info("deadlines watched", extra={"facts": vars(found)})
    return found


def _near(now: datetime) -> Select[UUID]:
    """Untold, a person would have to call, and nobody is asked to yet."""
    asked = exists().where(CallTask.notice_id == Notice.id, CallTask.state != "void")
    return select(Notice.id).where(
        Notice.call_by.is_not(None), Notice.call_by <= now + LOOK_AHEAD, Notice.state.in_(UNTOLD), ~asked
    )


def _over(now: datetime) -> Select[UUID]:
    """Untold and past its deadline without being called a breach, or owed and of no use any more."""
    missed = and_(Notice.deadline < now, Notice.state.in_(UNTOLD), Notice.breached_at.is_(None))
    useless = and_(Notice.state == "owed", Notice.last_problem.is_distinct_from("unknown"), Notice.useful_until <= now)
    return select(Notice.id).where(or_(missed, useless))


def _mark_missed(session: Session, now: datetime) -> tuple[int, int]:
    rows = session.scalars(
        select(Notice).where(Notice.id.in_(_over(now).limit(AT_A_TIME))).with_for_update(skip_locked=True)
    ).all()
    breaches = expired = 0
    for notice in rows:
        if notice.deadline is not None and now > notice.deadline and notice.breached_at is None:
            notice.breached_at = now
            breaches += 1
            call_for_notice(session, notice, "not told in time", now).breached_at = now
        doubtful = notice.state == "claimed" or notice.last_problem == "unknown"
        if notice.state == "owed" and not doubtful and is_over(notice, now):
            expire(session, notice, now)
            expired += 1
    return breaches, expired


def _look_ahead(session: Session, now: datetime) -> tuple[int, int]:
    """Let a silent way go for the next one; where the time for that is over too, ask a person to call."""
    rows = session.scalars(
        select(Notice).where(Notice.id.in_(_near(now).limit(AT_A_TIME))).with_for_update(skip_locked=True)
    ).all()
    calls = next_ways = 0
    for notice in rows:
        assert notice.call_by is not None
        written = [way for way in notice.routes if way != "call"]
        stuck = notice.state == "owed" and notice.last_problem != "unknown" and notice.not_before <= now
        if written and stuck and now >= rules.fall_back_from(notice.call_by, notice.owed_at):
            notice.medium, notice.routes = written[0], [way for way in notice.routes if way != written[0]]
            notice.first_sent_at, notice.reference = None, None
            next_ways += 1
        if now >= rules.at_risk_from(notice.call_by, notice.owed_at):
            call_for_notice(session, notice, notice.last_problem or f"still {notice.state}", now)
            calls += 1
    return calls, next_ways

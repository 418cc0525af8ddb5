"""Taking notices for an attempt and writing down what came of it: one transaction does both, fenced by the attempt.

The claim is the sending transaction: what a newer truth closed before it is not claimed, and nothing waits between the
claim and its attempt.
"""

import os
import random
import socket
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, load_only

from dispatch.notices import limits, rules
from dispatch.notices.calls import call_for_notice, void_calls_about
from dispatch.notices.channels.protocol import Channel
from dispatch.notices.sending import Claimed, Finished
from dispatch.notices.tables import Attempt, Notice
from dispatch.settings import Settings

ME = f"{socket.gethostname()}:{os.getpid()}"


def due(now: datetime, media: Collection[str]) -> ColumnElement[bool]:
    """To be sent now by one of `media`: owed and let go, or held by a sender whose lease ran out."""
    return and_(
        Notice.medium.in_(list(media)),
        or_(
            and_(Notice.state == "owed", Notice.not_before <= now),
            and_(Notice.state == "claimed", Notice.lease_until < now),
        ),
    )


def something_is_due(session: Session, channels: Mapping[str, Channel], now: datetime) -> bool:
    """A cheap look, so that idle senders do not take SQLite's write lock each second."""
    media = limits.open_media(session, channels, now)
    return bool(session.scalar(select(func.count()).select_from(Notice).where(due(now, media)).limit(1)))


def claim(
    session: Session, settings: Settings, channels: Mapping[str, Channel], now: datetime, most: int
) -> list[Claimed]:
    """Take up to `most` notices that are due, for one lease. On PostgreSQL rows held by others are skipped.

    A notice whose deadline, or whose use, has passed is not sent: it becomes `expired`, and where it matters a person
    must call.
    """
    pace = limits.pace_of(session, settings, channels, now, most)
    if not pace:
        return []
    rows = session.scalars(
        select(Notice)
        .where(due(now, pace.keys()))
        .order_by(Notice.urgent.desc(), Notice.not_before)
        .limit(most)
        .with_for_update(skip_locked=True)
    ).all()
    crowded = limits.crowded_numbers(session, settings, {row.to for row in rows if row.medium == "sms"}, now)
    claimed: list[Claimed] = []
    for notice in rows:
        doubtful = notice.state == "claimed" or notice.last_problem == "unknown"
        if not doubtful and is_over(notice, now):
            expire(session, notice, now)
        elif notice.to in crowded and not notice.urgent and notice.medium == "sms":
            notice.not_before, notice.last_problem = crowded[notice.to], "number has had enough for now"
        elif pace[notice.medium] > 0:
            pace[notice.medium] -= 1
            claimed.append(_take(notice, doubtful, now))
    limits.use_pace(session, settings, channels, claimed, now)
    return claimed


def _take(notice: Notice, doubtful: bool, now: datetime) -> Claimed:
    notice.state = "claimed"
    notice.attempts += 1
    notice.sender = ME
    notice.claimed_at = now
    notice.first_sent_at = notice.first_sent_at or now
    notice.lease_until = now + rules.LEASE
    return Claimed(
        id=notice.id,
        kind=notice.kind,
        to=notice.to,
        mail=notice.mail,
        medium="mail" if notice.medium == "mail" else "sms",
        language=notice.language,
        facts=notice.facts,
        attempt=notice.attempts,
        must_ask=doubtful,
        claimed_at=now,
        first_sent_at=notice.first_sent_at,
        deadline=notice.deadline,
        useful_until=notice.useful_until,
        reference=notice.reference,
        visit_id=notice.visit_id,
        visit_version=notice.visit_version,
    )


def is_over(notice: Notice, now: datetime) -> bool:
    """Whether it is too late to send: the deadline has passed, or it tells nothing any more."""
    late = notice.deadline is not None and now > notice.deadline
    return late or (notice.useful_until is not None and now >= notice.useful_until)


def expire(session: Session, notice: Notice, now: datetime) -> None:
    """Not sent any more. A missed deadline is a breach; what matters becomes a call."""
    notice.state, notice.lease_until = "expired", None
    if notice.deadline is not None and now > notice.deadline:
        notice.breached_at = notice.breached_at or now
        notice.last_problem = "not told in time"
    else:
        notice.last_problem = notice.last_problem or "of no use any more"
    if notice.call_by is not None:
        task = call_for_notice(session, notice, notice.last_problem, now)
        task.breached_at = task.breached_at or notice.breached_at


SETTLED = load_only(
    Notice.state, Notice.attempts, Notice.medium, Notice.routes, Notice.owed_at, Notice.not_before,
    Notice.first_sent_at, Notice.deadline, Notice.call_by, Notice.accepted_at, Notice.breached_at, Notice.text,
    Notice.to, Notice.language, Notice.customer_id, Notice.visit_id,
)  # fmt: skip


def settle(session: Session, finished: Sequence[Finished], now: datetime) -> None:
    """Write what came of attempts, unless somebody else has claimed the notice since."""
    if not finished:
        return
    rows = session.scalars(
        select(Notice).where(Notice.id.in_([one.claimed.id for one in finished])).options(SETTLED).with_for_update()
    )
    notices = {row.id: row for row in rows}
    told = []
    for one in finished:
        notice = notices[one.claimed.id]
        if notice.attempts != one.claimed.attempt:
            continue
        session.add(_attempt_row(one, now))
        if notice.state == "claimed":
            _settle_one(session, notice, one, now)
            if notice.state in rules.TOLD_STATES:
                told.append(notice.id)
        elif one.outcome.answer in ("accepted", "delivered"):
            # closed while it was under way: what has left has left, and the row must say so
            notice.accepted_at, notice.text = notice.accepted_at or now, one.text
    void_calls_about(session, told, now)
    limits.note_busy(session, [one for one in finished if one.outcome.whole_channel], now)


def _settle_one(session: Session, notice: Notice, one: Finished, now: datetime) -> None:
    outcome = one.outcome
    tried = rules.Try(
        answer=outcome.answer,
        problem=outcome.problem[:200],
        asked_to_wait=outcome.wait,
        doubtful=one.claimed.must_ask,
        never_known=outcome.never_known,
        attempt=one.claimed.attempt,
        routes=tuple(notice.routes),
        owed_at=notice.owed_at,
        first_sent_at=notice.first_sent_at,
        deadline=notice.deadline,
        call_by=notice.call_by,
    )
    then = rules.after(tried, now=now, chance=random.random())  # noqa: S311 - it spreads tries, it guards nothing
    notice.state, notice.last_problem, notice.lease_until = then.state, then.problem, None
    notice.channel = one.channel
    if one.text:
        notice.text, notice.parts = one.text, one.parts
    if outcome.reference:
        notice.reference = outcome.reference[:120]
    if then.wait is not None:
        notice.not_before = now + then.wait
    if then.next_way:
        way = next(way for way in notice.routes if way != "call")
        notice.medium, notice.routes = way, [other for other in notice.routes if other != way]
        notice.first_sent_at, notice.reference = None, None
    if then.state in rules.TOLD_STATES:
        notice.accepted_at = now
        if then.state == "delivered":
            notice.delivered_at = now
        if notice.deadline is not None and now > notice.deadline:
            notice.breached_at = notice.breached_at or now
    elif then.state == "expired":
        expire(session, notice, now)
    elif then.state in ("failed", "in_doubt"):
        notice.failed_at = now if then.state == "failed" else None
        if notice.call_by is not None:
            call_for_notice(session, notice, f"{then.state}: {then.problem}", now)


def _attempt_row(one: Finished, now: datetime) -> Attempt:
    return Attempt(
        notice_id=one.claimed.id,
        attempt=one.claimed.attempt,
        channel=one.channel,
        claimed_at=one.claimed.claimed_at,
        ended_at=now,
        asked=one.claimed.must_ask,
        answer=one.outcome.answer,
        problem=one.outcome.problem[:200],
    )

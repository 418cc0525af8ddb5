"""Taking notices for an attempt and writing down what came of it: one transaction does both, fenced by the attempt.

The claim is the sending transaction: what a newer truth closed before it is not claimed, and nothing waits between the
claim and its attempt.
"""

import os
import random
import socket
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import uuid4

from sqlalchemy import ColumnElement, String, Table, and_, bindparam, func, insert, or_, select, update
from sqlalchemy.orm import Session

from dispatch.notices import limits, rules
from dispatch.notices.calls import call_for_notice, void_calls_about
from dispatch.notices.channels.protocol import Channel
from dispatch.notices.sending import Claimed, Finished
from dispatch.notices.tables import Attempt, Notice
from dispatch.settings import Settings

TABLE = cast(Table, Notice.__table__)
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
    rows = session.execute(
        select(*CLAIMED)
        .where(due(now, pace.keys()))
        .order_by(Notice.urgent.desc(), Notice.not_before)
        .limit(most)
        .with_for_update(skip_locked=True)
    ).all()
    crowded = limits.crowded_numbers(session, settings, {row.to for row in rows if row.medium == "sms"}, now)
    claimed: list[Claimed] = []
    for row in rows:
        doubtful = row.state == "claimed" or row.last_problem == "unknown"
        if not doubtful and is_over(row, now):
            expire(session, session.get_one(Notice, row.id), now)
        elif row.to in crowded and not row.urgent and row.medium == "sms":
            notice = session.get_one(Notice, row.id)
            notice.not_before, notice.last_problem = crowded[row.to], "number has had enough for now"
        elif pace[row.medium] > 0:
            pace[row.medium] -= 1
            claimed.append(_claimed(row, doubtful, now))
    _take(session, claimed, now)
    limits.use_pace(session, settings, channels, claimed, now)
    return claimed


CLAIMED = (
    Notice.id, Notice.kind, Notice.to, Notice.mail, Notice.medium, Notice.language, Notice.facts, Notice.attempts,
    Notice.state, Notice.last_problem, Notice.urgent, Notice.claimed_at, Notice.first_sent_at, Notice.owed_at,
    Notice.deadline, Notice.call_by, Notice.useful_until, Notice.reference, Notice.visit_id, Notice.visit_version,
)  # fmt: skip


def _claimed(row: Any, doubtful: bool, now: datetime) -> Claimed:
    return Claimed(
        id=row.id,
        kind=row.kind,
        to=row.to,
        mail=row.mail,
        medium="mail" if row.medium == "mail" else "sms",
        language=row.language,
        facts=row.facts,
        attempt=row.attempts + 1,
        must_ask=doubtful,
        claimed_at=now,
        first_sent_at=row.first_sent_at or now,
        last_sent_at=row.claimed_at,
        owed_at=row.owed_at,
        deadline=row.deadline,
        call_by=row.call_by,
        useful_until=row.useful_until,
        reference=row.reference,
        visit_id=row.visit_id,
        visit_version=row.visit_version,
    )


def _take(session: Session, claimed: Sequence[Claimed], now: datetime) -> None:
    """All of them in one statement: the rows are locked, or this is SQLite's only writer."""
    if claimed:
        session.execute(
            update(Notice)
            .where(Notice.id.in_([one.id for one in claimed]))
            .values(
                state="claimed",
                attempts=Notice.attempts + 1,
                sender=ME,
                claimed_at=now,
                first_sent_at=func.coalesce(Notice.first_sent_at, now),
                lease_until=now + rules.LEASE,
            ),
            execution_options={"synchronize_session": False},
        )


def is_over(notice: Any, now: datetime) -> bool:
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


def settle(session: Session, finished: Sequence[Finished], now: datetime) -> None:
    """Write what came of attempts, unless somebody else has claimed the notice since."""
    if not finished:
        return
    held = {
        row.id: row
        for row in session.execute(
            select(Notice.id, Notice.attempts, Notice.state)
            .where(Notice.id.in_([one.claimed.id for one in finished]))
            .with_for_update()
        )
    }
    ours = [one for one in finished if held[one.claimed.id].attempts == one.claimed.attempt]
    plain = [one for one in ours if held[one.claimed.id].state == "claimed" and _is_plain(one, now)]
    _settle_plain(session, plain, now)
    told = [one.claimed.id for one in plain if _may_have_a_call(one, now)]
    for one in ours:
        if one in plain:
            continue
        notice = session.get_one(Notice, one.claimed.id)
        if notice.state == "claimed":
            _settle_one(session, notice, one, now)
            if notice.state in rules.TOLD_STATES:
                told.append(notice.id)
        elif one.outcome.answer in ("accepted", "delivered"):
            # closed while it was under way: what has left has left, and the row must say so
            notice.accepted_at, notice.text = notice.accepted_at or now, one.text
    if ours:
        session.execute(insert(Attempt), [_attempt_row(one, now) for one in ours])
    void_calls_about(session, told, now)
    limits.note_busy(session, [one for one in ours if one.outcome.whole_channel], now)


def _is_plain(one: Finished, now: datetime) -> bool:
    """Taken, and in time: nearly all of them. Their rows are written together, for a tenth of the work."""
    in_time = one.claimed.deadline is None or now <= one.claimed.deadline
    return one.outcome.answer == "accepted" and in_time


def _settle_plain(session: Session, plain: Sequence[Finished], now: datetime) -> None:
    if plain:
        session.connection().execute(
            TABLE.update()
            .where(TABLE.c.id == bindparam("which"))
            .values(
                state="accepted",
                last_problem=None,
                lease_until=None,
                accepted_at=now,
                channel=bindparam("by"),
                text=bindparam("said"),
                parts=bindparam("of"),
                reference=func.coalesce(bindparam("known_as", type_=String), TABLE.c.reference),
            ),
            [
                {
                    "which": one.claimed.id,
                    "by": one.channel,
                    "said": one.text,
                    "of": one.parts,
                    "known_as": one.outcome.reference[:120] if one.outcome.reference else None,
                }
                for one in plain
            ],
        )


def _may_have_a_call(one: Finished, now: datetime) -> bool:
    """Whether a person may have been asked to call: it had failed before, or its time was near."""
    claimed = one.claimed
    near = claimed.call_by is not None and now >= rules.at_risk_from(claimed.call_by, claimed.owed_at)
    return near or claimed.attempt > 1


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


def _attempt_row(one: Finished, now: datetime) -> dict[str, Any]:
    return {
        "id": uuid4(),
        "notice_id": one.claimed.id,
        "attempt": one.claimed.attempt,
        "channel": one.channel,
        "claimed_at": one.claimed.claimed_at,
        "ended_at": now,
        "asked": one.claimed.must_ask,
        "answer": one.outcome.answer,
        "problem": one.outcome.problem[:200],
    }

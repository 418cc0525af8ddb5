"""Sending what is owed: claim with a lease, ask before any resend, write what came of it, fenced by the attempt.

Any number of processes may do this at once. A sender that dies leaves a lease that runs out; whoever claims the notice
next asks the gateway what became of it before anything is sent again.
"""

import logging
import os
import random
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select, update

from dispatch.clock import utc_now
from dispatch.database import Database
from dispatch.notices import rules
from dispatch.notices.channels.protocol import Channel, Outcome, Sent
from dispatch.notices.composing import compose
from dispatch.notices.tables import Notice
from dispatch.notices.wording import HIDDEN_LINK
from dispatch.settings import Settings

log = logging.getLogger("doorstep.notices")
ME = f"{socket.gethostname()}:{os.getpid()}"


@dataclass(frozen=True)
class Claimed:
    """A notice that this process holds for one attempt."""

    id: UUID
    kind: str
    to: str
    language: str
    facts: dict[str, Any]
    attempt: int
    must_ask: bool
    owed_at: datetime
    deadline: datetime | None


def _due(now: datetime) -> ColumnElement[bool]:
    """To be sent now: owed and let go, or held by a sender whose lease ran out."""
    return or_(
        and_(Notice.state == "owed", Notice.not_before <= now),
        and_(Notice.state == "claimed", Notice.lease_until < now),
    )


def claim(database: Database, now: datetime, most: int = 20) -> list[Claimed]:
    """Take up to `most` notices that are due, for one lease. On PostgreSQL rows held by others are skipped.

    A notice whose deadline, or whose appointment, has passed is not sent: it becomes `expired`, and a person must call.
    """
    with database.writing() as session:
        rows = session.scalars(
            select(Notice)
            .where(_due(now))
            .order_by(Notice.urgent.desc(), Notice.not_before)
            .limit(most)
            .with_for_update(skip_locked=True)
        ).all()
        claimed: list[Claimed] = []
        for notice in rows:
            was_sending = notice.state == "claimed"
            doubtful = was_sending or notice.last_problem == "unknown"
            in_time = notice.deadline is None or now <= notice.deadline
            if not doubtful and not (in_time and rules.is_of_use(notice.kind, notice.facts, now=now)):
                notice.state = "expired"
                continue
            notice.state = "claimed"
            notice.attempts += 1
            notice.sender = ME
            notice.lease_until = now + rules.LEASE
            claimed.append(
                Claimed(
                    id=notice.id,
                    kind=notice.kind,
                    to=notice.to,
                    language=notice.language,
                    facts=notice.facts,
                    attempt=notice.attempts,
                    must_ask=doubtful,
                    owed_at=notice.owed_at,
                    deadline=notice.deadline,
                )
            )
        return claimed


def something_is_due(database: Database, now: datetime) -> bool:
    """A cheap look, so that idle senders do not take SQLite's write lock each second."""
    with database.reading() as session:
        return bool(session.scalar(select(func.count()).select_from(Notice).where(_due(now)).limit(1)))


def send_one(
    database: Database,
    settings: Settings,
    channel: Channel,
    claimed: Claimed,
    link: str,
    clock: Callable[[], datetime] = utc_now,
) -> Outcome:
    """One attempt: ask if it may have been sent before, check that it still holds, send, write the outcome.

    A notice that cannot be put into words is our own fault: it fails visibly instead of being tried for ever.
    """
    try:
        message = compose(
            str(claimed.id), claimed.kind, claimed.language, claimed.facts, claimed.to, "sms", settings, link
        )
        text = message.text
    except Exception as error:
        log.exception("notice %s cannot be put into words", claimed.id)
        return finish(
            database, claimed, channel, Outcome("refused", f"wording: {type(error).__name__}"), "", link, clock()
        )
    if claimed.must_ask:
        outcome = channel.ask(Sent(str(claimed.id), claimed.to))
        if outcome.answer != "never_seen":
            return finish(database, claimed, channel, outcome, text, link, clock())
        if claimed.deadline is not None and clock() > claimed.deadline:
            return finish(database, claimed, channel, Outcome("too_late", "never sent in time"), text, link, clock())
    if not _still_true(database, claimed):
        return Outcome("refused", "superseded")
    return finish(database, claimed, channel, channel.send(message), text, link, clock())


def _still_true(database: Database, claimed: Claimed) -> bool:
    """Whether the notice is still ours and nothing newer has closed it: looked at in the last moment before sending."""
    with database.reading() as session:
        row = session.execute(select(Notice.state, Notice.attempts).where(Notice.id == claimed.id)).one()
        return bool(row.state == "claimed" and row.attempts == claimed.attempt)


def finish(
    database: Database, claimed: Claimed, channel: Channel, outcome: Outcome, text: str, link: str, now: datetime
) -> Outcome:
    """Write what came of an attempt, unless somebody else has claimed the notice since.

    The text is kept without the secret of its link.
    """
    values: dict[str, Any] = {"channel": channel.name, "text": text.replace(link, HIDDEN_LINK), "lease_until": None}
    match outcome.answer:
        case "accepted":
            values |= {"state": "accepted", "accepted_at": now, "last_problem": None}
        case "delivered":
            values |= {"state": "delivered", "accepted_at": now, "delivered_at": now, "last_problem": None}
        case "refused":
            values |= {"state": "failed", "last_problem": outcome.problem[:200]}
        case "too_late":
            values |= {"state": "expired", "last_problem": outcome.problem}
        case "unknown" if rules.give_up_asking(claimed.owed_at, claimed.deadline, now=now):
            values |= {"state": "in_doubt", "last_problem": outcome.problem[:200]}
        case _:
            wait = rules.wait_before_retry(claimed.attempt, asked_to_wait=outcome.wait, chance=random.random())  # noqa: S311
            problem = "unknown" if outcome.answer == "unknown" or claimed.must_ask else outcome.problem[:200]
            values |= {"state": "owed", "not_before": now + wait, "last_problem": problem}
    with database.writing() as session:
        mine = and_(Notice.id == claimed.id, Notice.attempts == claimed.attempt)
        told = session.execute(update(Notice).where(mine, Notice.state == "claimed").values(**values))
        if told.rowcount == 0 and outcome.answer in ("accepted", "delivered"):  # type: ignore[attr-defined]
            # superseded while it was under way: what has left has left, and the row must say so
            session.execute(
                update(Notice).where(mine, Notice.state == "superseded").values(accepted_at=now, text=values["text"])
            )
    return outcome

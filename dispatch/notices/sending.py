"""One attempt: ask if it may have been sent before, look whether it still holds, send. Rows are not written here.

Any number of processes may do this at once. A sender that dies leaves a lease that runs out; whoever claims the notice
next asks the gateway what became of it before anything is sent again.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import select

from dispatch.database import Database
from dispatch.notices.channels.protocol import Channel, Medium, Outcome, Sent
from dispatch.notices.composing import compose
from dispatch.notices.tables import Notice
from dispatch.notices.wording import HIDDEN_LINK
from dispatch.settings import Settings

if TYPE_CHECKING:
    from dispatch.notices.texts import Texts

log = logging.getLogger("doorstep.notices")
LiveTexts = Mapping[tuple[str, str], "Texts"]


@dataclass(frozen=True)
class Claimed:
    """A notice that this process holds for one attempt."""

    id: UUID
    kind: str
    to: str
    mail: str | None
    medium: Medium
    language: str
    facts: dict[str, Any]
    attempt: int
    must_ask: bool
    claimed_at: datetime
    first_sent_at: datetime | None
    last_sent_at: datetime | None
    owed_at: datetime
    deadline: datetime | None
    call_by: datetime | None
    useful_until: datetime | None
    reference: str | None
    visit_id: UUID | None
    visit_version: int | None

    @property
    def address(self) -> str:
        """Where it goes by its medium."""
        return (self.mail or "") if self.medium == "mail" else self.to


@dataclass(frozen=True)
class Finished:
    """What came of an attempt. `text` is what was said, without the secret of its link."""

    claimed: Claimed
    channel: str
    outcome: Outcome
    text: str = ""
    parts: int | None = None


def attempt(
    database: Database,
    settings: Settings,
    channel: Channel | None,
    texts: LiveTexts,
    claimed: Claimed,
    link: str,
    clock: Callable[[], datetime],
) -> Finished | None:
    """Try once; None when the notice is not true any more.

    A notice that cannot be put into words is our own fault: it fails visibly instead of being tried for ever.
    """
    if channel is None:
        return Finished(claimed, "none", Outcome("refused", f"no channel for {claimed.medium}"))
    try:
        composed = compose(claimed, texts, settings, link, reply_hint=channel.takes_replies)
    except Exception as error:
        log.exception("notice %s cannot be put into words", claimed.id)
        return Finished(claimed, channel.name, Outcome("refused", f"wording: {type(error).__name__}"))
    text, parts = composed.message.text.replace(link, HIDDEN_LINK), composed.parts
    if claimed.must_ask:
        sent = Sent(str(claimed.id), claimed.address, claimed.first_sent_at, claimed.reference, claimed.last_sent_at)
        outcome = channel.ask(sent)
        if outcome.answer != "never_seen":
            return Finished(claimed, channel.name, outcome, text, parts)
        if not _still_true(database, claimed):
            return None
        if claimed.deadline is not None and clock() > claimed.deadline:
            return Finished(claimed, channel.name, Outcome("too_late", "never sent in time"), text, parts)
        if claimed.useful_until is not None and clock() >= claimed.useful_until:
            return Finished(claimed, channel.name, Outcome("too_late", "of no use any more"), text, parts)
    return Finished(claimed, channel.name, channel.send(composed.message), text, parts)


def _still_true(database: Database, claimed: Claimed) -> bool:
    """Whether the notice is still ours and nothing newer has closed it, after the time that asking took."""
    with database.reading() as session:
        row = session.execute(select(Notice.state, Notice.attempts).where(Notice.id == claimed.id)).one()
        return bool(row.state == "claimed" and row.attempts == claimed.attempt)

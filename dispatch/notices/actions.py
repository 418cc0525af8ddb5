"""Verbs of notices: owe one, close those that a newer truth made stale, take in a receipt."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from dispatch.accounts.turn import Turn
from dispatch.notices import rules
from dispatch.notices.tables import Notice, Receipt

UNSENT = ("owed", "claimed")


@dataclass(frozen=True)
class Reader:
    """Who is to be told: the customer's id, number (E.164) and language."""

    customer_id: UUID
    phone: str
    language: str


def owe(
    turn: Turn,
    kind: str,
    reader: Reader,
    facts: dict[str, Any],
    *,
    visit_id: UUID,
    visit_version: int,
    about: datetime | None = None,
    deadline: datetime | None = None,
    urgent: bool = False,
) -> Notice:
    """Write down, in the caller's transaction, that `reader` must be told. Sending is for the jobs process.

    `about` is when what it speaks of begins; `deadline` until when a gateway must have accepted it.
    """
    settings = turn.settings
    quiet_ends = rules.quiet_until(turn.now, settings.zone, settings.quiet_from, settings.quiet_until)
    not_before = (
        turn.now if urgent else rules.release_time(turn.now, about=about, deadline=deadline, quiet_ends=quiet_ends)
    )
    notice = Notice(
        dedupe_key=f"{kind}:{visit_id}:{visit_version}",
        kind=kind,
        customer_id=reader.customer_id,
        visit_id=visit_id,
        visit_version=visit_version,
        to=reader.phone,
        language=reader.language,
        facts=facts,
        urgent=urgent,
        owed_at=turn.now,
        not_before=not_before,
        deadline=deadline,
    )
    turn.session.add(notice)
    turn.session.flush()
    return notice


def supersede(turn: Turn, visit_id: UUID) -> int:
    """Close what was owed about this visit and has not left: it is not true any more. Returns how many."""
    closed = turn.session.execute(
        update(Notice).where(Notice.visit_id == visit_id, Notice.state.in_(UNSENT)).values(state="superseded")
    )
    return int(closed.rowcount)  # type: ignore[attr-defined]


FOLD = {
    ("accepted", "delivered"): "delivered",
    ("accepted", "failed"): "failed",
    ("in_doubt", "delivered"): "delivered",
    ("in_doubt", "accepted"): "accepted",
    ("in_doubt", "failed"): "failed",
    ("claimed", "delivered"): "delivered",
    ("claimed", "accepted"): "accepted",
    ("owed", "delivered"): "delivered",
    ("owed", "accepted"): "accepted",
}
"""How a receipt moves a notice; what is not here changes nothing, so receipts may come twice and out of order."""


def take_receipt(turn: Turn, notice_id: UUID | None, state: str, body: dict[str, Any]) -> Notice | None:
    """Keep what the gateway says and fold it into the notice's state. Unknown ids are kept too."""
    notice = turn.session.scalar(select(Notice).where(Notice.id == notice_id).with_for_update()) if notice_id else None
    turn.session.add(Receipt(notice_id=notice_id, state=state[:20], body=body, at=turn.now))
    if notice is None:
        return None
    after = FOLD.get((notice.state, state))
    if after is not None:
        notice.state = after
        notice.accepted_at = notice.accepted_at or turn.now
        if after == "delivered":
            notice.delivered_at = turn.now
    return notice

"""Verbs of notices: owe one, close those that a newer truth made stale, say one again, pause a channel."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update

from checklists.words import Words
from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import OVERRIDERS, PLANNERS
from dispatch.customers.phones import takes_sms
from dispatch.customers.tables import Customer
from dispatch.errors import Invalid, NotAllowed, NotFound
from dispatch.notices import rules
from dispatch.notices.calls import call_for_notice, void_calls
from dispatch.notices.limits import locked_state
from dispatch.notices.tables import ChannelState, Notice

UNSENT = ("owed", "claimed", "failed", "in_doubt", "expired")
"""States that a newer notice makes pointless: what was not told need not be told any more."""


@dataclass(frozen=True)
class Reader:
    """Who is to be told: the customer's id, number (E.164), language, mail address and the way that they prefer."""

    customer_id: UUID
    phone: str
    language: str
    mail: str | None = None
    channel: str = "sms"


def owe(
    turn: Turn,
    kind: str,
    reader: Reader,
    facts: dict[str, Any],
    *,
    visit_id: UUID | None = None,
    visit_version: int | None = None,
    outage_id: UUID | None = None,
    dedupe: str | None = None,
    about: datetime | None = None,
    deadline: datetime | None = None,
    not_before: datetime | None = None,
    call_by: datetime | None = None,
    useful_until: datetime | None = None,
    urgent: bool = False,
    breach: bool = False,
) -> Notice:
    """Write down, in the caller's transaction, that `reader` must be told. Sending is for the jobs process.

    `about` is when what it speaks of begins; `deadline` until when a gateway must have accepted it (missed, it is a
    breach); `breach` that it was missed before this was owed (by an override); `useful_until` from when it tells
    nothing any more. Quiet hours, the ways to try and whether a person calls at last come from the kind's manner. A
    customer whom only a call can reach has a call task at once.
    """
    settings, manner = turn.settings, rules.MANNERS[kind]
    quiet_ends = rules.quiet_until(turn.now, settings.zone, settings.quiet_from, settings.quiet_until)
    released = (
        turn.now
        if manner.urgent or urgent
        else rules.release_time(turn.now, about=about, deadline=deadline, quiet_ends=quiet_ends)
    )
    first, *others = rules.ways(
        reader.channel,
        takes_sms=takes_sms(reader.phone),
        has_mail=bool(reader.mail),
        needs_call=manner.needs_call,
    ) or ["call"]
    notice = Notice(
        dedupe_key=dedupe or f"{kind}:{visit_id}:{visit_version}",
        kind=kind,
        customer_id=reader.customer_id,
        visit_id=visit_id,
        visit_version=visit_version,
        outage_id=outage_id,
        to=reader.phone,
        mail=reader.mail,
        medium=first,
        routes=others,
        language=reader.language,
        facts=facts,
        urgent=manner.urgent or urgent or deadline is not None,
        owed_at=turn.now,
        not_before=max(released, not_before) if not_before else released,
        deadline=deadline,
        call_by=call_by or rules.call_by(manner.needs_call, owed_at=turn.now, about=about, deadline=deadline),
        useful_until=useful_until,
        breached_at=turn.now if breach else None,
    )
    if first == "call":
        notice.state, notice.failed_at, notice.last_problem = "failed", turn.now, "no way but a call"
    turn.session.add(notice)
    turn.session.flush()
    if first == "call" and notice.call_by is not None:
        call_for_notice(turn.session, notice, "no way but a call", turn.now)
    return notice


def supersede(turn: Turn, visit_id: UUID, kinds: Collection[str] | None = None) -> int:
    """Close what was owed about this visit and has not been told: it is not true any more. Returns how many.

    With `kinds` only those. The calls that were to be made about them need not be made any more.
    """
    stale = [Notice.visit_id == visit_id, Notice.state.in_(UNSENT)]
    if kinds is not None:
        stale.append(Notice.kind.in_(list(kinds)))
    ids = list(turn.session.scalars(select(Notice.id).where(*stale)))
    if not ids:
        return 0
    turn.session.execute(update(Notice).where(Notice.id.in_(ids)).values(state="superseded"))
    void_calls(turn, ids)
    return len(ids)


def close_unsent_of_outage(turn: Turn, outage_id: UUID) -> int:
    """Close what was owed about an outage and has not left. Returns how many. What was told is said no second time."""
    turn.session.execute(
        update(Notice).where(Notice.outage_id == outage_id, Notice.state.not_in(UNSENT)).values(useful_until=turn.now)
    )
    closed = turn.session.execute(
        update(Notice).where(Notice.outage_id == outage_id, Notice.state.in_(UNSENT)).values(state="superseded")
    )
    return int(closed.rowcount)  # type: ignore[attr-defined]


def mark_read(turn: Turn, visit_id: UUID) -> int:
    """The customer has looked at the visit's page: what they were told about it by then is read. Returns how many."""
    marked = turn.session.execute(
        update(Notice)
        .where(Notice.visit_id == visit_id, Notice.state.in_(("accepted", "delivered")), Notice.read_at.is_(None))
        .values(read_at=turn.now)
    )
    return int(marked.rowcount)  # type: ignore[attr-defined]


def resend(turn: Turn, notice_id: UUID, reason: str) -> Notice:
    """Owe the same words once more, by hand: the customer lost it, or it never came. Needs a reason.

    It goes where the customer can be reached now, which may be another number than the first time. Refuses while the
    first may still arrive, and when it is not true any more.
    """
    turn.viewer.must_be(PLANNERS)
    first = turn.session.scalar(select(Notice).where(Notice.id == notice_id).with_for_update())
    if first is None:
        raise NotFound(Words("没有这条通知。", "There is no such notice."))
    if not reason.strip():
        raise Invalid(Words("请填写重发原因。", "Say why it is sent again."), name="reason-missing")
    _must_be_sendable_again(turn, first)
    again = turn.session.scalar(
        select(func.count()).select_from(Notice).where(Notice.resend_of == (first.resend_of or first.id))
    )
    customer = turn.session.get_one(Customer, first.customer_id)
    reader = Reader(customer.id, customer.phone, customer.language, customer.mail, customer.channel)
    notice = owe(
        turn,
        first.kind,
        reader,
        first.facts,
        visit_id=first.visit_id,
        visit_version=first.visit_version,
        outage_id=first.outage_id,
        dedupe=f"again:{first.resend_of or first.id}:{(again or 0) + 1}",
        useful_until=first.useful_until,
        urgent=True,
    )
    notice.resend_of, notice.resend_reason = first.resend_of or first.id, reason.strip()[:500]
    turn.audit("resend_notice", "notice", first.id, reason=reason.strip()[:500])
    return notice


def _must_be_sendable_again(turn: Turn, first: Notice) -> None:
    if first.state in ("owed", "claimed"):
        raise NotAllowed(
            Words("该通知还在发送中，请稍候再看。", "This notice is still under way. Wait and look again."),
            name="notice-under-way",
        )
    newer = turn.session.scalar(
        select(func.count())
        .select_from(Notice)
        .where(
            Notice.visit_id == first.visit_id,
            Notice.visit_version > (first.visit_version or 0),
            Notice.kind.in_(("moved", "cancelled", "booked", "technician_changed")),
        )
    )
    over = first.useful_until is not None and turn.now >= first.useful_until
    if first.state == "superseded" or (first.visit_id is not None and newer) or over:
        raise NotAllowed(
            Words("该通知已不符合现状，请勿重发。", "This notice is not true any more and cannot be sent again."),
            name="notice-not-true",
        )


def pause_channel(turn: Turn, name: str, reason: str) -> ChannelState:
    """Send nothing more by this channel until somebody resumes it. What is owed waits, falls back, or is called."""
    turn.viewer.must_be(OVERRIDERS)
    if not reason.strip():
        raise Invalid(Words("请填写暂停原因。", "Say why it is paused."), name="reason-missing")
    state = locked_state(turn.session, name)
    if state.paused_at is None:
        state.paused_at, state.paused_by, state.reason = turn.now, turn.by, reason.strip()[:500]
        turn.audit("pause_channel", "channel", name, reason=state.reason)
    return state


def resume_channel(turn: Turn, name: str) -> ChannelState:
    """Send by this channel again."""
    turn.viewer.must_be(OVERRIDERS)
    state = locked_state(turn.session, name)
    if state.paused_at is not None:
        state.paused_at, state.paused_by, state.reason = None, None, ""
        turn.audit("resume_channel", "channel", name)
    return state

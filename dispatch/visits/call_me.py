"""“Call me”: the customer would rather talk. A task for the desk, with a time that they are told honestly."""

from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dispatch.accounts.turn import Turn
from dispatch.notices.calls import open_call
from dispatch.notices.rules import quiet_until
from dispatch.notices.tables import CallTask
from dispatch.visits.life import MOVABLE
from dispatch.visits.tables import Visit
from dispatch.visits.telling import reader_of

WITHIN = timedelta(minutes=30)
MORNING = time(9)
BEFORE_THE_VISIT = timedelta(hours=1)


def call_due(
    now: datetime, zone: ZoneInfo, quiet_from: int, quiet_to: int, *, visit_starts: datetime | None
) -> datetime:
    """By when a customer who asks at `now` is called: within 30 minutes by day, else by nine in the next morning.

    In the evening that morning may be too late for the visit: then an hour before it, never sooner than 30 minutes.
    """
    soon = now + WITHIN
    if quiet_until(soon, zone, quiet_from, quiet_to) is None and quiet_until(now, zone, quiet_from, quiet_to) is None:
        return soon
    local = soon.astimezone(zone)
    day = local.date() + timedelta(days=1 if local.time() >= MORNING else 0)
    morning = datetime.combine(day, MORNING, zone).astimezone(now.tzinfo)
    if visit_starts is None or visit_starts <= now:
        return morning
    return min(morning, max(soon, visit_starts - BEFORE_THE_VISIT))


def open_call_me(turn: Turn, visit: Visit, why: str) -> CallTask:
    """The desk's task to call the customer of `visit`. While one is open, asking again changes nothing."""
    kept = promised_call_me(turn.session, visit.id)
    if kept is not None:
        return kept
    earlier = turn.session.scalar(
        select(func.count()).select_from(CallTask).where(CallTask.visit_id == visit.id, CallTask.kind == "call_me")
    )
    settings = turn.settings
    due = call_due(
        turn.now,
        settings.zone,
        settings.quiet_from,
        settings.quiet_until,
        visit_starts=visit.window_start if visit.status in MOVABLE else None,
    )
    return open_call(
        turn,
        "call_me",
        reader=reader_of(visit.work_order.customer),
        due_at=due,
        dedupe=f"call_me:{visit.id}:{(earlier or 0) + 1}",
        visit_id=visit.id,
        why=" ".join(why.split()),
    )


def promised_call_me(session: Session, visit_id: UUID) -> CallTask | None:
    """The call that this visit's customer asked for and has not had yet."""
    return session.scalar(
        select(CallTask)
        .where(CallTask.visit_id == visit_id, CallTask.kind == "call_me", CallTask.state == "open")
        .order_by(CallTask.opened_at)
        .limit(1)
    )

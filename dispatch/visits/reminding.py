"""The reminder on the day before. What is due is read from the rows at each wake, so a restart misses nothing."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, String, cast, literal, select

from dispatch.accounts.turn import Turn
from dispatch.clock import day_bounds, local_day
from dispatch.database import one_at_a_time
from dispatch.notices.tables import Notice
from dispatch.visits.life import Status
from dispatch.visits.promised import TOLD
from dispatch.visits.queries import with_story
from dispatch.visits.rules import TOLD_BEFORE
from dispatch.visits.tables import Visit
from dispatch.visits.telling import NAMES_A_WINDOW, tell

AT_ONCE = 200


def reminder_due(start: datetime, zone: ZoneInfo, hour: int) -> datetime:
    """When the customer of a visit that starts at `start` is to be reminded: at `hour` of the day before."""
    day = local_day(start, zone) - timedelta(days=1)
    return datetime.combine(day, time(hour), zone).astimezone(start.tzinfo)


def is_to_be_reminded(start: datetime, told_at: datetime | None, due: datetime, *, now: datetime) -> bool:
    """Whether a reminder is of use now: it is due, the visit is more than two hours away, and the customer was told
    of this time before the reminder was due. Who was told later needs none, and who was not told has another notice
    coming."""
    return due <= now < start - TOLD_BEFORE and told_at is not None and told_at < due


def owe_reminders(turn: Turn) -> int:
    """Owe the reminders that are due now, each once for a told window; returns how many.

    Made up for after a standstill, as long as the visit is more than two hours away.
    """
    zone, hour = turn.settings.zone, turn.settings.reminder_hour
    local = turn.now.astimezone(zone)
    last_day = local.date() + timedelta(days=1 if local.hour >= hour else 0)
    one_at_a_time(turn.session, "reminders")
    visits = turn.session.scalars(
        with_story(select(Visit))
        .where(
            Visit.status == Status.BOOKED,
            Visit.window_start > turn.now + TOLD_BEFORE,
            Visit.window_start < day_bounds(last_day, zone)[1],
            ~select(Notice.id)
            .where(Notice.visit_id == Visit.id, Notice.kind == "reminder", _of_this_window())
            .exists(),
        )
        .order_by(Visit.window_start, Visit.id)
    ).unique()
    owed = 0
    for visit in visits:
        due = reminder_due(visit.window_start, zone, hour)
        if not is_to_be_reminded(visit.window_start, _told_at(turn, visit), due, now=turn.now):
            continue
        key = _key(visit)
        tell(turn, visit, "reminder", replaces=("reminder",), dedupe=key, useful_until=visit.window_start)
        owed += 1
        if owed == AT_ONCE:
            break
    return owed


def _key(visit: Visit) -> str:
    return f"reminder:{visit.id}:{visit.told_version}"


def _of_this_window() -> ColumnElement[bool]:
    """The reminder is one of the window that stands now; keys end with the told version."""
    return Notice.dedupe_key.endswith(literal(":") + cast(Visit.told_version, String))


def _told_at(turn: Turn, visit: Visit) -> datetime | None:
    """When the customer was told of the present window; None while that is still owed, or in trouble."""
    last = turn.session.scalar(
        select(Notice)
        .where(Notice.visit_id == visit.id, Notice.kind.in_(NAMES_A_WINDOW), Notice.state != "superseded")
        .order_by(Notice.visit_version.desc(), Notice.owed_at.desc())
        .limit(1)
    )
    if last is None or last.state not in TOLD:
        return None
    return last.accepted_at or last.phoned_at or last.owed_at

"""The one place that asks what time it is.

Instants are UTC and aware everywhere; the business zone is only for reading dates from people and showing them.
Rules never call this: they are given `now`.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def utc_now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


def day_bounds(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """First instant of `day` in `zone` and first instant of the next day, both in UTC (half-open)."""
    start = datetime.combine(day, time.min, zone)
    end = datetime.combine(day + timedelta(days=1), time.min, zone)
    return start.astimezone(UTC), end.astimezone(UTC)


def local_day(instant: datetime, zone: ZoneInfo) -> date:
    """The calendar day that people in `zone` would give to `instant`."""
    return instant.astimezone(zone).date()

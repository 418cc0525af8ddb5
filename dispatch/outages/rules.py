"""When each of many customers is told of a planned outage: by day, at a pace, and all before it begins. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from checklists.words import Words
from dispatch.errors import Invalid, NotAllowed
from dispatch.notices.rules import quiet_until

SHORTEST, LONGEST = timedelta(minutes=1), timedelta(hours=48)
FARTHEST = timedelta(days=90)
TO_SPARE = timedelta(minutes=30)  # between the last message and the outage, for a gateway that is slow
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Pace:
    """How fast, and at which hours of the business zone, many may be told."""

    per_minute: int
    zone: ZoneInfo
    quiet_from: int
    quiet_until: int


def awake(moment: datetime, pace: Pace) -> datetime:
    """`moment`, or the end of the quiet hours that it lies in."""
    return quiet_until(moment, pace.zone, pace.quiet_from, pace.quiet_until) or moment


def moments(begin: datetime, pace: Pace) -> Iterator[datetime]:
    """From `begin` on, when each customer's message may leave: `per_minute` in each minute that is not quiet."""
    minute = awake(begin, pace)
    while True:
        for _ in range(pace.per_minute):
            yield minute
        minute = awake(minute + MINUTE, pace)


def told_by(count: int, begin: datetime, pace: Pace) -> datetime:
    """When the last of `count` customers is told, if the telling begins at `begin`."""
    left, minute = max(count, 1), awake(begin, pace)
    while left > pace.per_minute:
        left -= pace.per_minute
        minute = awake(minute + MINUTE, pace)
    return minute


def good_stretch(starts: datetime, ends: datetime, *, now: datetime) -> None:
    """Refuse with Invalid an outage that is past, too far, too short or too long to be true."""
    if not SHORTEST <= ends - starts <= LONGEST:
        raise Invalid(
            Words(
                "停网时间应在 1 分钟到 48 小时之间，请核对。", "An outage lasts from 1 minute to 48 hours. Check it."
            ),
            name="outage-length",
        )
    if starts <= now:
        raise Invalid(
            Words("停网开始时间已过，请填写将来的时间。", "That outage has begun already. Give a time to come."),
            name="outage-in-the-past",
        )
    if starts > now + FARTHEST:
        raise Invalid(
            Words("停网计划不能超过 90 天，请选择更近的时间。", "That is more than 90 days away. Plan it later."),
            name="outage-too-far",
        )


def must_be_told_in_time(count: int, starts: datetime, pace: Pace, *, now: datetime) -> datetime:
    """When all will have been told; refuses with NotAllowed when that is not half an hour before the outage."""
    last = told_by(count, now, pace)
    if last > starts - TO_SPARE:
        minutes = -(-count // pace.per_minute)
        raise NotAllowed(
            Words(
                f"来不及在停网前通知全部 {count} 位客户：每分钟 {pace.per_minute} 条，避开休息时间，"
                f"约需 {minutes} 分钟。请推迟停网，或请管理员提高每分钟条数。",
                f"All {count} customers cannot be told before the outage: at {pace.per_minute} a minute, outside the "
                f"quiet hours, it takes about {minutes} minutes. Plan it later, or have the pace raised.",
            ),
            name="outage-too-soon",
            facts={"customers": count, "told_by": last.isoformat()},
        )
    return last

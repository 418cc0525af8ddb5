"""When each of many customers is told of an outage: by day, at a pace, and while it is of use to them. Pure.

Of planned work all are told before it begins. An area's fault has begun already: they are told until its repair is
expected, and no longer.
"""

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
BEGUN_AT_MOST, BACK_WITHIN = timedelta(hours=48), timedelta(hours=48)
REPAIR_TAKES, QUARTER = timedelta(hours=4), timedelta(minutes=15)  # what a form proposes before anybody knows


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


def told_before(until: datetime, count: int, begin: datetime, pace: Pace) -> int:
    """How many of `count` customers have their moment before `until`, if the telling begins at `begin`."""
    found, minute = 0, awake(begin, pace)
    while found < count and minute < until:
        found += pace.per_minute
        minute = awake(minute + MINUTE, pace)
    return min(found, count)


def moment_to_tell(theirs: datetime, until: datetime, pace: Pace, *, now: datetime) -> datetime | None:
    """When a customer is told of a fault whose turn is at `theirs`; None when that would be too late to be of use.

    Who comes after their turn, having moved in since, is not told in the quiet hours either.
    """
    moment = max(theirs, awake(now, pace))
    return moment if moment < until else None


def expected_repair(now: datetime) -> datetime:
    """What a form proposes: four hours from `now`, rounded up to a quarter of an hour."""
    back = now + REPAIR_TAKES
    over = timedelta(minutes=back.minute, seconds=back.second, microseconds=back.microsecond) % QUARTER
    return back + (QUARTER - over) % QUARTER


def good_fault(begun: datetime, back: datetime, *, now: datetime) -> None:
    """Refuse with Invalid a fault that has not begun, or long ago, or that is not expected back within 48 hours."""
    if begun > now:
        raise Invalid(
            Words(
                "区域故障应已发生，开始时间不能晚于现在；将来的停网请登记为计划停网。",
                "A fault has begun already. What begins later is planned as an outage.",
            ),
            name="fault-not-begun",
        )
    if begun < now - BEGUN_AT_MOST:
        raise Invalid(
            Words("故障开始时间早于 48 小时前，请核对。", "It began more than 48 hours ago. Check when it began."),
            name="fault-too-old",
        )
    if back <= now:
        raise Invalid(
            Words("预计恢复时间已过，请填写将来的时间。", "The expected repair is past already. Give a time to come."),
            name="fault-over",
        )
    if back > now + BACK_WITHIN:
        raise Invalid(
            Words(
                "预计恢复时间最多在 48 小时之内；如届时仍未恢复，请再发布一次。",
                "A repair is expected within 48 hours. If it takes longer, announce it again then.",
            ),
            name="fault-too-long",
        )


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

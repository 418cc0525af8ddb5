"""Times of day, deadlines and wanted windows as people and systems write them."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from checklists.words import Words
from dispatch.errors import Invalid
from dispatch.visits.order_files.cells import half_width
from dispatch.visits.order_files.days import split_day

EXACT = timedelta(minutes=30)  # an exact time is kept as a window of this length (the field's rule)
SHORTEST, LONGEST = timedelta(minutes=15), timedelta(hours=12)
EARLIEST_HOUR = 6  # a wish for 2:00 means two in the afternoon, or is a slip: nobody is visited at night

DAY_PARTS: dict[str, tuple[int, int]] = {
    "上午": (8, 12), "早上": (8, 12), "早晨": (8, 12), "am": (8, 12), "morning": (8, 12),
    "中午": (12, 14), "noon": (12, 14),
    "下午": (12, 18), "pm": (12, 18), "afternoon": (12, 18),
    "晚上": (18, 21), "傍晚": (18, 21), "晚间": (18, 21), "夜间": (18, 21), "evening": (18, 21),
    "全天": (8, 18), "整天": (8, 18), "白天": (8, 18), "all day": (8, 18), "any time": (8, 18), "anytime": (8, 18),
}  # fmt: skip
"""What a part of the day means as a window, in whole hours of the business zone. The choice is our own."""

_MORNING = {"上午", "早上", "早晨", "am", "morning", "凌晨"}
_AFTER_NOON = {"下午", "pm", "afternoon", "晚上", "傍晚", "晚间", "夜间", "evening"}
_PARTS = "|".join(sorted([*DAY_PARTS, "凌晨"], key=len, reverse=True))
_CLOCK = re.compile(
    rf"(?P<before>{_PARTS})?\s*(?P<hour>[0-9]{{1,2}})"
    r"(?P<sharp>\s*[:点时]\s*(?:(?P<minute>[0-9]{1,2}|半|整)\s*分?)?"
    r"(?:\s*:?\s*(?P<second>[0-9]{2})(?:\.[0-9]+)?\s*秒?)?)?"
    r"\s*(?P<after>am|pm)?(?![0-9a-y:])"
)
_COMPACT = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{2})?(?=$|\s*[-~到至])")
_BETWEEN = re.compile(r"\s*(?:-+|~|到|至|to\b|until\b)\s*")
# Only east of Greenwich: 09:00-10:00 is a span of one hour, not nine o'clock in Hawaii.
_OFFSET = re.compile(r"\s*(?:(?P<utc>z|utc|gmt)\b|\+(?P<hours>[01][0-9]):?(?P<minutes>[0-5][0-9]))")
_DATED = re.compile(r"20[0-9]{2}\s*[-/.年]|[0-9]{1,2}\s*月")
_CLOSING = re.compile(r"\s*(?:之前|以前|前|截止|止|by end)$")


class _Clock(NamedTuple):
    hour: int
    minute: int
    second: int
    part: str | None
    sharp: bool  # says more than a bare number
    offset: timedelta | None


def read_deadline(text: str, zone: ZoneInfo, today: date, *, from_1904: bool = False) -> datetime:
    """The instant by which something is to be done, in UTC.

    A day without a time means 23:59 of that day in `zone`; a part of the day means its end. An offset in the
    text (`Z`, `+08:00`) goes before `zone`; one west of Greenwich is refused, because it looks like a span.
    """
    return _moment(text, zone, today, from_1904, _Clock(23, 59, 0, None, True, None))


def read_report_time(text: str, zone: ZoneInfo, today: date, *, from_1904: bool = False) -> datetime:
    """The instant at which something was reported, in UTC; a day without a time means its first minute.

    Refuses with `Invalid` a day after `today`.
    """
    reported = _moment(text, zone, today, from_1904, _Clock(0, 0, 0, None, True, None))
    if reported.astimezone(zone).date() > today:
        raise Invalid(
            Words("受理时间在将来，请核对。", "This was reported in the future. Check the date."), name="in-the-future"
        )
    return reported


def _moment(text: str, zone: ZoneInfo, today: date, from_1904: bool, without_time: _Clock) -> datetime:
    day, rest = split_day(_CLOSING.sub("", half_width(text)), today, from_1904=from_1904)
    rest = _plain(rest)
    if not rest:
        return _instant(day, without_time, zone)
    if rest in DAY_PARTS:
        return _instant(day, _Clock(DAY_PARTS[rest][1], 0, 0, None, True, None), zone)
    clock, rest = _clock(rest)
    if rest or not clock.sharp:
        raise _not_a_time()
    return _instant(day, clock, zone)


def read_window(
    day_text: str, span_text: str, zone: ZoneInfo, today: date, *, from_1904: bool = False
) -> tuple[datetime, datetime]:
    """The window that the customer asked for, in UTC: `2026-11-22 上午`, or a day and a span in two cells.

    A span is a part of the day (`DAY_PARTS`), two times, or one time (kept as 30 minutes); without any, the
    whole day is meant. Refuses with `Invalid` what ends before it starts, what is not 15 minutes to 12 hours
    long, and what begins in the night.
    """
    day, rest = split_day(day_text, today, from_1904=from_1904)
    rest, span = _plain(rest), _plain(half_width(span_text))
    if span:
        if rest and not re.fullmatch(r"0?0:00(:00)?", rest):  # a date cell may bring midnight along
            raise Invalid(
                Words(
                    "日期里已经有时间，旁边又填了时段，请只保留一个。",
                    "The date already holds a time and a span stands beside it. Keep one of the two.",
                ),
                name="two-times",
            )
        rest = _without_same_day(span, day, today)
    start, end = _span(rest, day, zone, today)
    if not SHORTEST <= end - start <= LONGEST:
        raise Invalid(
            Words(
                "预约时段应在 15 分钟到 12 小时之间，且结束晚于开始，请核对。",
                "A window lasts between 15 minutes and 12 hours and ends after it starts. Check it.",
            ),
            name="window-length",
        )
    if start.astimezone(zone).hour < EARLIEST_HOUR:
        raise Invalid(
            Words(
                "预约时段在凌晨，请按 24 小时制填写，例如 14:00-16:00。",
                "This window begins in the night. Write it by the 24-hour clock, for example 14:00-16:00.",
            ),
            name="window-at-night",
        )
    return start, end


def _span(text: str, day: date, zone: ZoneInfo, today: date) -> tuple[datetime, datetime]:
    if not text or text in DAY_PARTS:
        first, last = DAY_PARTS[text or "全天"]
        return (
            _instant(day, _Clock(first, 0, 0, None, True, None), zone),
            _instant(day, _Clock(last, 0, 0, None, True, None), zone),
        )
    clock, rest = _clock(text)
    between = _BETWEEN.match(rest)
    if between is None:
        if rest or not clock.sharp:
            raise _not_a_time()
        start = _instant(day, clock, zone)
        return start, start + EXACT
    until, rest = _clock(_without_same_day(rest[between.end() :], day, today))
    if rest:
        raise _not_a_time()
    if until.part is None and clock.part is not None and until.hour <= 12:
        until = until._replace(part=clock.part)  # 下午2点-4点
    if clock.part is None and until.part in ("am", "pm") and clock.hour <= until.hour % 12 + 12 * (until.hour > 12):
        clock = clock._replace(part=until.part)  # 2-4 pm; but 11:00-1:00 pm begins in the morning
    return _instant(day, clock, zone), _instant(day, until, zone)


def _clock(text: str) -> tuple[_Clock, str]:
    """The time at the start of `text` and what follows it."""
    compact = _COMPACT.match(text)
    if compact:
        hour, minute, second = (int(part or 0) for part in compact.groups())
        return _checked(_Clock(hour, minute, second, None, True, None)), text[compact.end() :].strip()
    found = _CLOCK.match(text)
    if not found:
        raise _not_a_time()
    written = found["minute"]
    minute = 30 if written == "半" else 0 if written in (None, "整") else int(written)
    part = found["before"] or found["after"]
    rest = text[found.end() :]
    offset = _OFFSET.match(rest) if ":" in (found["sharp"] or "") else None
    if offset:
        rest = rest[offset.end() :]
    clock = _Clock(
        int(found["hour"]),
        minute,
        int(found["second"] or 0),
        part,
        bool(found["sharp"] or part),
        _offset(offset) if offset else None,
    )
    return _checked(clock), rest.strip()


def _checked(clock: _Clock) -> _Clock:
    past_midnight = clock.hour > 24 or (clock.hour == 24 and (clock.minute or clock.second))
    if past_midnight or clock.minute > 59 or clock.second > 59:
        raise _not_a_time()
    if clock.part in _MORNING and clock.hour > 12:
        raise _not_a_time()
    return clock


def _offset(found: re.Match[str]) -> timedelta:
    if found["utc"]:
        return timedelta()
    return timedelta(hours=int(found["hours"]), minutes=int(found["minutes"]))


def _instant(day: date, clock: _Clock, zone: ZoneInfo) -> datetime:
    hour = clock.hour
    if (clock.part in _AFTER_NOON and hour < 12) or (clock.part in ("中午", "noon") and hour < 3):
        hour += 12
    elif clock.part in ("晚上", "夜间", "晚间") and hour == 12:
        hour = 24
    elif clock.part in ("am", "凌晨") and hour == 12:
        hour = 0
    wall = datetime.combine(day, time()) + timedelta(hours=hour, minutes=clock.minute, seconds=clock.second)
    if clock.offset is not None:
        return wall.replace(tzinfo=UTC) - clock.offset
    instant = wall.replace(tzinfo=zone).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) != wall:
        raise _not_a_time()  # an hour that the change to summer time skips
    return instant


def _without_same_day(text: str, day: date, today: date) -> str:
    """`text` without a date at its start; that date must be `day`."""
    if not _DATED.match(text):
        return text
    again, rest = split_day(text, today)
    if again != day:
        raise Invalid(
            Words(
                "预约的开始和结束不在同一天，请核对。",
                "The wanted window begins and ends on different days. Check it.",
            ),
            name="window-length",
        )
    return _plain(rest)


def _plain(text: str) -> str:
    """Comparable: no brackets, one kind of letters, `a.m.` as `am`, the T of ISO dates gone."""
    bare = re.sub(r"[()\[\],，]", " ", text).strip().casefold()
    bare = re.sub(r"\b([ap])\.m\.?", r"\1m", bare)
    return re.sub(r"^t(?=[0-9])", "", bare).strip()


def _not_a_time() -> Invalid:
    return Invalid(
        Words(
            "看不出是几点，请写成 14:00、09:00-11:00、上午或下午。",
            "This cannot be read as a time. Write 14:00, 09:00-11:00, morning or afternoon.",
        ),
        name="not-a-time",
    )

"""Dates as people and systems write them. What could be two days is refused, not guessed."""

import re
from datetime import date, timedelta

from checklists.words import Words
from dispatch.errors import Invalid
from dispatch.visits.order_files.cells import half_width

LONGEST_TEXT = 60
FARTHEST = timedelta(days=2 * 366)  # a date farther from today than this is a slip of the pen

_YEAR_FIRST = re.compile(r"(20[0-9]{2})\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})(?![0-9])\s*[日号]?")
_COMPACT = re.compile(r"(20[0-9]{2})([0-9]{2})([0-9]{2})(?=$|[^0-9.]|[0-9]{4}(?:[0-9]{2})?$)")
_MONTH_DAY = re.compile(r"([0-9]{1,2})\s*月\s*([0-9]{1,2})(?![0-9])\s*[日号]?")
_YEAR_LAST = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2(20[0-9]{2})(?![0-9])")
_NO_YEAR = re.compile(r"([0-9]{1,2})([-/])([0-9]{1,2})(?=$|\s)")
_SHORT_YEAR = re.compile(r"[0-9]{1,2}([-/.])[0-9]{1,2}\1[0-9]{2}(?![0-9])")
_SERIAL = re.compile(r"([0-9]{5})(\.[0-9]+)?(?=$|\s)")
_DAY_NAME = re.compile(r"([0-9]{1,2})[-\s]([A-Za-z]{3,9})[-,\s]+(20[0-9]{2})(?![0-9])")
_NAME_DAY = re.compile(r"([A-Za-z]{3,9})\.?\s+([0-9]{1,2})(?:st|nd|rd|th)?,?\s+(20[0-9]{2})(?![0-9])")
_WEEKDAY = re.compile(
    r"^\s*[,(]?\s*(?:(?:星期|周|礼拜)[一二三四五六日天]|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*)\s*[,)]?",
    re.IGNORECASE,
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NEAR_DAYS = {"今天": 0, "今日": 0, "明天": 1, "明日": 1, "后天": 2, "today": 0, "tomorrow": 1}
_DAY_ZERO = {False: date(1899, 12, 30), True: date(1904, 1, 1)}


def split_day(text: str, today: date, *, from_1904: bool = False) -> tuple[date, str]:
    """The day at the start of `text`, and what follows it (a time, perhaps; `HH:MM:SS` for a serial's fraction).

    Reads 2026-11-22, 2026/11/22, 2026.11.22, 2026年11月22日, 20261122, 11月22日 (the one nearest to `today`),
    22/11/2026 and 11/22/2026 where only one reading exists, 22 Nov 2026, Nov 22, 2026, 今天/明天/后天, and
    Excel's day numbers (`from_1904`: those of a workbook that counts from 1904). Refuses with `Invalid` what
    is no date, what could be two, and what is more than two years from `today`.
    """
    plain = half_width(text)
    if len(plain) > LONGEST_TEXT:
        raise not_a_date()
    found = _spelled(plain, today) or _serial(plain, from_1904)
    if found is None:
        _refuse_the_ambiguous(plain)
        raise not_a_date()
    day, rest = found
    if abs(day - today) > FARTHEST:
        raise Invalid(
            Words(
                f"{day:%Y-%m-%d} 与今天相差两年以上，请核对年份。",
                f"{day:%Y-%m-%d} is more than two years from today. Check the year.",
            ),
            name="date-too-far",
        )
    return day, _WEEKDAY.sub("", rest, count=1).strip()


def not_a_date() -> Invalid:
    """The refusal of what cannot be read as a date."""
    return Invalid(
        Words(
            "看不出是哪一天，请写成 2026-11-22 这样的格式。",
            "This cannot be read as a date. Write it like 2026-11-22.",
        ),
        name="not-a-date",
    )


def _spelled(plain: str, today: date) -> tuple[date, str] | None:
    for pattern in (_YEAR_FIRST, _COMPACT):
        found = pattern.match(plain)
        if found:
            return _day(int(found[1]), int(found[2]), int(found[3])), plain[found.end() :]
    found = _MONTH_DAY.match(plain)
    if found:
        return _nearest(int(found[1]), int(found[2]), today), plain[found.end() :]
    found = _YEAR_LAST.match(plain)
    if found:
        return _year_last(int(found[1]), int(found[3]), int(found[4])), plain[found.end() :]
    found = _NO_YEAR.match(plain)
    if found:
        month, day = _month_and_day(int(found[1]), int(found[3]))
        return _nearest(month, day, today), plain[found.end() :]
    for pattern, day_at, month_at in ((_DAY_NAME, 1, 2), (_NAME_DAY, 2, 1)):
        found = pattern.match(plain)
        if found and found[month_at][:3].casefold() in _MONTHS:
            month = _MONTHS.index(found[month_at][:3].casefold()) + 1
            return _day(int(found[3]), month, int(found[day_at])), plain[found.end() :]
    for word, days in _NEAR_DAYS.items():
        if plain.casefold().startswith(word):
            return today + timedelta(days=days), plain[len(word) :]
    return None


def _serial(plain: str, from_1904: bool) -> tuple[date, str] | None:
    """Excel's day number; the fraction is the time of day, to the second."""
    found = _SERIAL.match(plain)
    if not found:
        return None
    day, after = _DAY_ZERO[from_1904] + timedelta(days=int(found[1])), plain[found.end() :]
    if not 2000 <= day.year <= 2050:
        return None
    if not found[2]:
        return day, after
    seconds = round(float(f"0{found[2]}") * 86400)
    if seconds == 86400:
        return day + timedelta(days=1), f"00:00:00{after}"
    return day, f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{after}"


def _year_last(first: int, second: int, year: int) -> date:
    month, day = _month_and_day(first, second)
    return _day(year, month, day)


def _month_and_day(first: int, second: int) -> tuple[int, int]:
    """Two numbers of which one is the month; refused if either could be."""
    if first > 12 and second > 12:
        raise not_a_date()
    if first <= 12 and second <= 12 and first != second:
        raise Invalid(
            Words(
                f"分不清是 {first} 月 {second} 日还是 {second} 月 {first} 日，请写成 2026-11-22 这样的格式。",
                f"This could be {first} of month {second} or {second} of month {first}. Write it like 2026-11-22.",
            ),
            name="ambiguous-date",
        )
    return (first, second) if second > 12 or first == second else (second, first)


def _nearest(month: int, day: int, today: date) -> date:
    """The day of that name which is nearest to `today`: in December, 1月3日 is next January."""
    candidates = []
    for year in (today.year - 1, today.year, today.year + 1):
        try:
            candidates.append(date(year, month, day))
        except ValueError:
            continue  # 29 February, in a year without one
    if not candidates:
        raise not_a_date()
    return min(candidates, key=lambda candidate: abs(candidate - today))


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise Invalid(
            Words(
                f"日历上没有 {year} 年 {month} 月 {day} 日，请核对。",
                f"There is no day {year}-{month:02}-{day:02}. Check it.",
            ),
            name="no-such-day",
        ) from None


def _refuse_the_ambiguous(plain: str) -> None:
    if _SHORT_YEAR.match(plain):
        raise Invalid(
            Words(
                "年份只有两位，分不清哪个是年。请写成 2026-11-22 这样的格式。",
                "With a two-digit year this could be several days. Write it like 2026-11-22.",
            ),
            name="ambiguous-date",
        )

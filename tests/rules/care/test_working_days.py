"""Deadlines in working days: holidays and make-up days counted right, and what is not published said to be so."""

import json
import random
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import chinese_calendar
import pytest

from dispatch.care.working_days import Due, days_after, published_calendar, read_calendar, working_days_after

SHANGHAI = ZoneInfo("Asia/Shanghai")
OURS = published_calendar()
FIRST, LAST = min(OURS.years), max(OURS.years)
CASES = 1000


def due(start: datetime, days: int, closes: int = 18) -> Due:
    return working_days_after(start, days, calendar=OURS, zone=SHANGHAI, closes=closes)


def noon(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 12, tzinfo=SHANGHAI)


def closing(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 18, tzinfo=SHANGHAI)


def counted_independently(start: datetime, days: int) -> datetime:
    """By asking chinesecalendar about every single day; it raises for a year that it does not know."""
    after = [start.astimezone(SHANGHAI).date() + timedelta(days=n) for n in range(1, 60)]
    known = [day for day in after if day.year <= LAST]
    worked = [day for day in known if chinese_calendar.is_workday(day)]
    return datetime.combine(worked[days - 1], time(18), SHANGHAI)


def test_a_thousand_starts_over_all_published_years_agree_with_an_independent_count() -> None:
    chance = random.Random(20261122)
    begin, end = datetime(FIRST, 1, 1, tzinfo=UTC), datetime(LAST, 12, 1, tzinfo=UTC)
    off, years = [], set()
    for _ in range(CASES):
        start = begin + timedelta(seconds=chance.randrange(int((end - begin).total_seconds())))
        years.add(start.year)
        for days in (2, 5, 7):
            found = due(start, days)
            if found != Due(counted_independently(start, days), False):
                off.append((start, days, found))
    assert off == []
    assert years == set(OURS.years), "every published year was tried"


def test_every_day_of_every_published_year_is_what_the_calendar_says() -> None:
    day, wrong = date(FIRST, 1, 1), []
    while day.year <= LAST:
        if OURS.is_working(day) != chinese_calendar.is_workday(day):
            wrong.append(day)
        day += timedelta(days=1)
    assert wrong == []


@pytest.mark.parametrize(
    ("start", "days", "closes_at"),
    [
        (noon(2026, 9, 30), 2, closing(2026, 10, 9)),  # National Day: back on Thursday the 8th
        (noon(2026, 9, 30), 3, closing(2026, 10, 10)),  # the Saturday is worked
        (noon(2026, 2, 13), 1, closing(2026, 2, 14)),  # Saturday before the Spring Festival: worked
        (noon(2026, 2, 14), 1, closing(2026, 2, 24)),
        (noon(2026, 11, 20), 2, closing(2026, 11, 24)),  # a plain weekend
        (noon(2026, 9, 19), 1, closing(2026, 9, 20)),  # from a Saturday off to a Sunday that is worked
    ],
)
def test_known_holidays_and_make_up_days(start: datetime, days: int, closes_at: datetime) -> None:
    assert due(start, days) == Due(closes_at, False)


def test_the_day_itself_does_not_count_from_its_first_minute_to_its_last() -> None:
    for clock in (time(0, 0), time(17, 59), time(23, 59, 59)):
        assert due(datetime.combine(date(2026, 11, 24), clock, SHANGHAI), 1).at == closing(2026, 11, 25)
    assert due(datetime(2026, 11, 24, 16, 0, tzinfo=UTC), 1).at == closing(2026, 11, 26), "midnight in Shanghai"


def test_a_day_may_close_at_midnight() -> None:
    assert due(noon(2026, 11, 24), 1, closes=24).at == datetime(2026, 11, 26, 0, 0, tzinfo=SHANGHAI)


def test_an_unpublished_year_is_provisional_from_its_first_counted_day_on() -> None:
    last_known = due(noon(LAST, 12, 30), 1)
    assert (last_known.at, last_known.provisional) == (closing(LAST, 12, 31), False)
    assert due(noon(LAST, 12, 31), 1).provisional
    assert due(noon(LAST, 12, 25), 7).provisional
    assert due(noon(LAST + 3, 5, 5), 2).provisional
    assert due(noon(FIRST - 1, 12, 20), 2).provisional


def test_calendar_days_are_never_provisional_and_pass_over_holidays() -> None:
    assert days_after(noon(LAST, 12, 25), 15, zone=SHANGHAI, closes=18) == Due(closing(LAST + 1, 1, 9), False)


def test_less_than_a_day_is_no_deadline() -> None:
    with pytest.raises(ValueError, match="at least one"):
        due(noon(2026, 11, 24), 0)


def test_an_operator_adds_a_year_and_it_is_provisional_no_more(tmp_path: Path) -> None:
    year = LAST + 1
    monday = next(day for day in (date(year, 1, n) for n in range(4, 12)) if day.weekday() == 0)
    file = tmp_path / "days.json"
    sunday = monday - timedelta(days=1)
    file.write_text(json.dumps({"years": [year], "days_off": [f"{monday}"], "make_up_days": [f"{sunday}"]}))
    known = published_calendar(file)
    before = datetime.combine(monday - timedelta(days=2), time(12), SHANGHAI)
    found = working_days_after(before, 2, calendar=known, zone=SHANGHAI, closes=18)
    assert found == Due(datetime.combine(monday + timedelta(days=1), time(18), SHANGHAI), False)
    assert known.days_off >= OURS.days_off


@pytest.mark.parametrize(
    "broken",
    [
        {"years": [2027], "days_off": ["2028-01-03"], "make_up_days": []},
        {"years": [2027], "days_off": ["2027-01-02"], "make_up_days": []},  # a Saturday is off anyway
        {"years": [2027], "days_off": [], "make_up_days": ["2027-01-04"]},
        {"years": [], "days_off": [], "make_up_days": []},
    ],
)
def test_a_calendar_that_contradicts_itself_is_refused(broken: dict[str, list[object]]) -> None:
    with pytest.raises(ValueError, match=r"year|Saturdays"):
        read_calendar(broken)

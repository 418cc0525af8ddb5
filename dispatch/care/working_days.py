"""Working days in China: holidays, make-up days worked on weekends, and what nobody can know yet. Pure.

The data are in working_days.json (`tools/write_working_days.py` fills it). The State Council publishes a year's days in
the autumn before; until then Monday to Friday is assumed, and what was counted so is *provisional* and says so.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

FILE = Path(__file__).with_name("working_days.json")


@dataclass(frozen=True)
class Calendar:
    """The published years; in them `days_off` are weekdays without work and `make_up_days` weekend days with it."""

    years: frozenset[int]
    days_off: frozenset[date]
    make_up_days: frozenset[date]

    def is_working(self, day: date) -> bool:
        """Whether people work on `day`; Monday to Friday where the year is not published."""
        if day in self.make_up_days:
            return True
        return day.weekday() < 5 and day not in self.days_off

    def knows(self, day: date) -> bool:
        """Whether the year of `day` is published."""
        return day.year in self.years


@dataclass(frozen=True)
class Due:
    """An instant (UTC) by which something is owed. `provisional`: days of an unpublished year were counted for it."""

    at: datetime
    provisional: bool


def working_days_after(start: datetime, days: int, *, calendar: Calendar, zone: ZoneInfo, closes: int) -> Due:
    """When the `days`-th working day after the day of `start` closes, at the hour `closes` in the business `zone`.

    The day of `start` does not count, whatever the hour (Civil Code art. 201); the last day ends when business does
    (art. 203). Raises ValueError for less than one day.
    """
    if days < 1:
        raise ValueError("a deadline is at least one working day away")
    day, left, provisional = start.astimezone(zone).date(), days, False
    while left:
        day += timedelta(days=1)
        provisional = provisional or not calendar.knows(day)
        left -= calendar.is_working(day)
    return Due(_closing(day, zone, closes, start), provisional)


def days_after(start: datetime, days: int, *, zone: ZoneInfo, closes: int) -> Due:
    """The same for days of the calendar, working or not: never provisional, and never moved by a holiday."""
    return Due(_closing(start.astimezone(zone).date() + timedelta(days=days), zone, closes, start), False)


def _closing(day: date, zone: ZoneInfo, closes: int, start: datetime) -> datetime:
    if closes == 24:
        day, closes = day + timedelta(days=1), 0
    return datetime.combine(day, time(closes), zone).astimezone(start.tzinfo)


def read_calendar(content: Any) -> Calendar:
    """A calendar from the JSON of working_days.json. Raises ValueError for a day that belongs to no year of it."""
    years = frozenset(int(year) for year in content["years"])
    off, made_up = _days(content["days_off"]), _days(content["make_up_days"])
    strangers = sorted(day for day in off | made_up if day.year not in years)
    if strangers:
        raise ValueError(f"{strangers[0]} is of a year that the calendar does not name")
    if not years or any(day.weekday() >= 5 for day in off) or any(day.weekday() < 5 for day in made_up):
        raise ValueError("days off are weekdays, make-up days are Saturdays and Sundays")
    return Calendar(years, off, made_up)


def _days(listed: Iterable[str]) -> frozenset[date]:
    return frozenset(date.fromisoformat(day) for day in listed)


@lru_cache(maxsize=4)
def published_calendar(more: Path | None = None) -> Calendar:
    """The calendar that we ship, with the years of the operator's own file `more` (same shape) added or replaced."""
    ours = read_calendar(json.loads(FILE.read_text(encoding="utf-8")))
    if more is None:
        return ours
    theirs = read_calendar(json.loads(more.read_text(encoding="utf-8")))
    return Calendar(
        ours.years | theirs.years,
        frozenset(day for day in ours.days_off if day.year not in theirs.years) | theirs.days_off,
        frozenset(day for day in ours.make_up_days if day.year not in theirs.years) | theirs.make_up_days,
    )

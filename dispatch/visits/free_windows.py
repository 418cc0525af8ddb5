"""Which windows of a technician's day can truly be promised: pure, values and `now` in, windows out.

A window is two hours of the business zone's day, beginning at an even hour. It is free when the work can begin inside
it, end within the shift, touch nothing planned, and leave the technician their lunch.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from dispatch.visits.rules import TOLD_BEFORE, earliest_free
from dispatch.visits.windows import Window

HOURS = range(8, 20, 2)  # from 8:00 to 20:00
LENGTH = timedelta(hours=2)
SOONEST = TOLD_BEFORE  # a technician is not sent where they did not mean to go at shorter notice than a customer


@dataclass(frozen=True)
class Lunch:
    """So many minutes anywhere inside a stretch."""

    between: Window
    minutes: int


@dataclass(frozen=True)
class WorkingDay:
    """One technician's shift on one day, and what is planned in it."""

    technician_id: UUID
    shift: Window
    taken: tuple[Window, ...] = ()
    lunch: Lunch | None = None


@dataclass(frozen=True)
class Slot:
    """A window that is free, who would come, and when they plan to be there."""

    window: Window
    technician_id: UUID
    planned: Window


def windows_of_day(day: date, zone: ZoneInfo) -> Iterator[Window]:
    """The day's two-hour windows. Built from the wall clock, so a day with a changing clock has them, too."""
    for hour in HOURS:
        start = datetime.combine(day, time(hour), zone)
        yield Window(start, datetime.combine(day, time(hour + 2), zone))


def free_slot(window: Window, minutes: int, working: WorkingDay, *, now: datetime) -> Slot | None:
    """This technician in this window, if that can be promised at `now`."""
    first, last = max(window.start, working.shift.start), min(window.end, working.shift.end)
    if first >= last or window.start < now + SOONEST:
        return None
    inside = Window(first, last)
    planned = earliest_free(inside, minutes, working.taken, now=now)
    if planned is not None and not _leaves_lunch(working, planned):  # then after an early lunch
        planned = earliest_free(inside, minutes, [*working.taken, *_early_lunch(working)], now=now)
    if planned is None or planned.end > working.shift.end or not _leaves_lunch(working, planned):
        return None
    return Slot(window, working.technician_id, planned)


def free_slots(
    windows: Iterable[Window],
    minutes: int,
    crew: Sequence[WorkingDay],
    *,
    now: datetime,
    closed: Sequence[Window] = (),
) -> list[Slot]:
    """Every window in which somebody of the crew (the preferred first) is free, each once for each who is.

    `closed` are windows that must not be offered: the present one, and those of the order's other visits.
    """
    found: list[Slot] = []
    for window in windows:
        if any(window.overlaps(other) for other in closed):
            continue
        slots = (free_slot(window, minutes, working, now=now) for working in crew)
        found += [slot for slot in slots if slot is not None]
    return found


def _early_lunch(working: WorkingDay, *more: Window) -> list[Window]:
    """The earliest lunch beside what is taken; none where there is none, or it does not fit any more."""
    lunch = working.lunch
    if lunch is None or lunch.minutes == 0:
        return []
    latest = lunch.between.end - timedelta(minutes=lunch.minutes)
    if latest < lunch.between.start:
        return []
    begins = Window(lunch.between.start, latest + timedelta(seconds=1))
    found = earliest_free(begins, lunch.minutes, [*working.taken, *more], now=lunch.between.start)
    return [found] if found else []


def _leaves_lunch(working: WorkingDay, planned: Window) -> bool:
    """Whether lunch still fits beside `planned`. One that is lost already binds nobody."""
    return bool(_early_lunch(working, planned)) or not _early_lunch(working)

"""The demo city's today and tomorrow: a timetable for every technician, played up to the present minute."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from dispatch.demo.acting import Stage
from dispatch.technicians.tables import Technician
from dispatch.visits import on_the_day
from dispatch.visits.tables import Visit, WorkOrder
from dispatch.visits.windows import EXACT, Window

EARLY_SLOTS = ((time(8, 30), 120), (time(10, 30), 120), (time(13, 30), 120), (time(15, 30), 120))
"""Arrival windows of a day: start in the business zone and length in minutes. Lunch fits after the second."""
EXACT_EVERY = 5
DRIVE = timedelta(minutes=18)
WAITED = timedelta(minutes=15)
LATE_BY = timedelta(hours=1)  # technicians of the late shift do everything an hour later


@dataclass(frozen=True)
class Slot:
    """Where a visit may go: whose day, and in which window."""

    technician: Technician
    window: Window


def slots_of(stage: Stage, day: date) -> dict[str, list[Slot]]:
    """The slots of `day` by area, the day's first window of every technician first."""
    zone = stage.settings.zone
    found: dict[str, list[Slot]] = {}
    for area, crew in stage.crew.by_area.items():
        found[area] = []
        for start, minutes in EARLY_SLOTS:
            for technician in crew:
                later = LATE_BY if technician is crew[-1] else timedelta(0)
                first = datetime.combine(day, start, zone) + later
                found[area].append(Slot(technician, Window(first, first + timedelta(minutes=minutes))))
    return found


def book_into(stage: Stage, order: WorkOrder, slot: Slot, number: int, at: datetime) -> Visit:
    """Book `order` into `slot` at `at`; every fifth appointment is for an exact time."""
    start = slot.window.start + timedelta(minutes=stage.chance.choice((0, 5, 10, 15)))
    window = Window(start, start + EXACT) if number % EXACT_EVERY == 0 else slot.window
    return stage.book(order, window, at, slot.technician.id, start)


def at_the_door(stage: Stage, window: Window, start: datetime) -> datetime:
    """When a punctual technician rings: five to nine minutes before an exact time, else inside the window."""
    early = start - timedelta(minutes=stage.chance.randrange(5, 10))
    return early if window.is_exact else max(early, window.start + timedelta(minutes=stage.chance.randrange(5)))


def play(stage: Stage, visit: Visit, now: datetime, *, nobody_home: bool) -> None:
    """Bring `visit` to where it would stand at `now`: finished, on site, on the way, or still to come."""
    planned = visit.planned
    assert planned is not None
    arrived = at_the_door(stage, visit.window, planned.start)
    if nobody_home and arrived + WAITED < now:
        _find_nobody(stage, visit, arrived)
    elif arrived < now:
        stage.visit(visit, arrived, now)
    elif arrived - DRIVE < now:
        on_the_day.depart(stage.technician(visit, arrived - DRIVE), visit.id)


def _find_nobody(stage: Stage, visit: Visit, arrived: datetime) -> None:
    on_the_day.depart(stage.technician(visit, arrived - DRIVE), visit.id)
    on_the_day.arrive(stage.technician(visit, arrived), visit.id)
    on_the_day.no_access(stage.technician(visit, arrived + WAITED), visit.id, note_left=True)

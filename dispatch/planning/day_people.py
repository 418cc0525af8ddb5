"""The technicians of a day, as the optimiser wants them: shift, lunch, where they are, what has happened. Pure."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from dispatch.planning.asked import Asked, Otherwise
from dispatch.planning.day_places import Places, usable
from dispatch.planning.day_rows import DayRows
from dispatch.planning.optimiser.people_and_visits import Break, Technician
from dispatch.planning.optimiser.values import LONGEST, Window
from dispatch.technicians import tables
from dispatch.technicians.tables import Shift
from dispatch.visits.life import Status
from dispatch.visits.tables import Visit

COPY = "+"  # a technician who does not exist is called as the one they are like, and this and a number


def planned_technicians(
    rows: DayRows,
    visits: Sequence[Visit],
    asked: Asked,
    places: Places,
    now: int,
    seconds: Callable[[datetime], int],
) -> list[Technician]:
    """Everybody with something left of a shift; who is sick stays only to finish what they began."""
    late, sick = asked.about("late"), asked.about("sick")
    slower = max((one.percent or 0 for one in asked.events if one.kind == "slower"), default=0)
    on_site = {visit.technician_id for visit in visits if visit.status == Status.ON_SITE}
    out = on_site | {visit.technician_id for visit in visits if visit.status == Status.EN_ROUTE}
    otherwise = asked.otherwise or Otherwise()
    found: list[Technician] = []
    for one in rows.technicians:
        shift = rows.shifts.get(one.id)
        if shift is None:
            continue
        opens, closes = seconds(shift.starts_at), seconds(shift.ends_at)
        opens, closes = opens + otherwise.shift_minutes * 60, closes + otherwise.shift_minutes * 60
        free = opens
        if one.id in late:
            free = max(opens, now) + (late[one.id].minutes or 0) * 60
        free = max(free, _busy_until(one.id, visits, now, seconds))
        if one.id in sick:
            if one.id not in on_site:
                continue
            closes = max(free + 1, min(closes, now))
        if (closes <= max(free, now) and one.id not in out) or closes <= 0:
            continue
        free = max(0, min(free, closes - 1))
        here = _here(one, rows, places, now, opens)
        found.append(
            Technician(
                id=str(one.id),
                shift=Window(start=free, end=min(closes, LONGEST)),
                start=here,
                end=places.of_start(one),
                skills={skill.skill: skill.level for skill in one.skills},
                breaks=_lunch(shift, free, closes, now, seconds) if one.id not in sick else (),
                areas=(str(one.area_id),) if one.area_id else (),
                speed=max(20, 100 * 100 // (100 + slower)),
            )
        )
    return _more_or_fewer(found, otherwise.technicians)


def _here(one: tables.Technician, rows: DayRows, places: Places, now: int, opens: int) -> str:
    """Where the day, or the rest of it, begins: once it has begun, where they arrived last."""
    last = rows.last_site.get(one.id)
    if last is not None and now > opens and usable(last.latitude, last.longitude):
        return places.of_site(last)
    return places.of_start(one)


def _busy_until(who: UUID, visits: Sequence[Visit], now: int, seconds: Callable[[datetime], int]) -> int:
    """The end of a sealed visit's planned time that has begun: the database keeps it for that visit."""
    ends = [
        seconds(visit.planned_end)
        for visit in visits
        if visit.technician_id == who
        and visit.status == Status.SEALED
        and visit.planned_start is not None
        and visit.planned_end is not None
        and seconds(visit.planned_start) <= now
    ]
    return max(ends, default=0)


def _lunch(shift: Shift, opens: int, closes: int, now: int, seconds: Callable[[datetime], int]) -> tuple[Break, ...]:
    """Lunch, unless its time is over (it is taken then) or does not fit what is left of the shift."""
    if shift.lunch_from is None or shift.lunch_until is None or shift.lunch_minutes <= 0:
        return ()
    length = shift.lunch_minutes * 60
    earliest, latest = max(0, seconds(shift.lunch_from)), seconds(shift.lunch_until) - length
    begins = max(earliest, opens)
    if latest < max(begins, now) or begins + length > closes:
        return ()
    return (Break(earliest=earliest, latest=latest, length=length),)


def _more_or_fewer(found: list[Technician], more: int) -> list[Technician]:
    """The last ones left out, or copies of the first ones added."""
    if more < 0:
        return found[: len(found) + more] if len(found) > -more else found[:1]
    copies = [
        found[number % len(found)].model_copy(update={"id": f"{found[number % len(found)].id}{COPY}{number + 1}"})
        for number in range(more if found else 0)
    ]
    return [*found, *copies]

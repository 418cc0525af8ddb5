"""One technician's day as it can still be: what has begun and what a dispatcher settled taken into account."""

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dispatch.planning.optimiser.people_and_visits import Break, Technician, Visit, duration

if TYPE_CHECKING:
    from dispatch.planning.optimiser.problem import Problem


@dataclass(frozen=True)
class Day:
    """From where, from when and until when one technician works, and which visits come first, in which order.

    `opens`, `shift_end` and `closes` are seconds; `closes` is `shift_end` and the overtime that may be asked.
    """

    technician: Technician
    opens: int
    shift_end: int
    closes: int
    start: str
    end: str
    rest: Break | None
    first: tuple[Visit, ...]


def day_of_each(problem: "Problem") -> dict[str, Day]:
    """Every technician's day, by id."""
    first: dict[str, list[Visit]] = defaultdict(list)
    for visit in problem.visits:
        if visit.pin is not None and (visit.pin.begun is not None or visit.pin.order is not None):
            first[visit.pin.technician].append(visit)
    return {technician.id: _day(problem, technician, first[technician.id]) for technician in problem.technicians}


def _day(problem: "Problem", technician: Technician, first: list[Visit]) -> Day:
    """What has begun runs on: a break, or the end of the day, that it has made impossible moves behind it."""
    first.sort(key=lambda visit: (visit.pin.begun is None, visit.pin.order or 0) if visit.pin else (True, 0))
    opens, start = max(technician.shift.start, problem.now), technician.start
    closes = technician.shift.end + technician.overtime
    rest = technician.breaks[0] if technician.breaks else None
    free_at = opens
    begun = first[0] if first and first[0].pin is not None and first[0].pin.begun is not None else None
    if begun is not None and begun.pin is not None and begun.pin.start is not None:
        opens, start = begun.pin.start, begun.place
        free_at = opens + duration(technician, begun)
        home = free_at + problem.way(technician, begun.place, technician.end)
        closes = max(closes, home + (rest.length if rest else 0))
    if rest is not None and rest.latest < free_at and (begun is not None or technician.shift.start < problem.now):
        rest = Break(earliest=min(rest.earliest, free_at), latest=free_at, length=rest.length)
    return Day(technician, opens, technician.shift.end, closes, start, technician.end, rest, tuple(first))

"""The day as it stands at some moment, as a new problem: what has happened stands fast, what was told is a wall.

From the morning's problem and plan, the time, who is away, and what came in.
"""

from collections.abc import Collection, Sequence

from dispatch.planning.optimiser.people_and_visits import Pin, Technician, Visit
from dispatch.planning.optimiser.plan import Plan, Stop
from dispatch.planning.optimiser.problem import Problem
from dispatch.planning.optimiser.travel import Travel


def as_it_stands(
    problem: Problem,
    plan: Plan,
    now: int,
    *,
    away: Collection[str] = (),
    new: Sequence[Visit] = (),
    travel: Travel | None = None,
    keep_told: bool = True,
) -> Problem:
    """The problem of the rest of the day at `now`, for a plan that has been followed so far.

    Finished visits are gone; whoever is at a customer's finishes there. Of the others, each planned visit keeps its
    technician as the one that its customer was told of, and the window that it was planned into as its promise
    (`keep_told` False: neither). Technicians `away` cannot be given anything, but finish what they began. `travel` must
    know the places of `new` visits.
    """
    begun: dict[str, tuple[str, int]] = {}
    done: set[str] = set()
    told: dict[str, tuple[str, Stop]] = {}
    last_place: dict[str, str] = {}
    for route in plan.routes:
        for stop in route.stops:
            if stop.end <= now:
                done.add(stop.visit)
                last_place[route.technician] = problem.visits_by_id[stop.visit].place
            elif stop.start <= now:
                begun[stop.visit] = route.technician, stop.start
            else:
                told[stop.visit] = route.technician, stop
    rested = {route.technician: rest.end for route in plan.routes for rest in route.breaks if rest.start <= now}
    visits = [
        _still_to_do(visit, begun.get(visit.id), told.get(visit.id), keep_told)
        for visit in problem.visits
        if visit.id not in done
    ]
    people = [
        _from_now(one, now, last_place.get(one.id), rested.get(one.id), one.id in away) for one in problem.technicians
    ]
    return Problem(
        technicians=tuple(people),
        visits=(*visits, *new),
        travel=travel or problem.travel,
        prices=problem.prices,
        now=now,
    )


def _still_to_do(visit: Visit, begun: tuple[str, int] | None, told: tuple[str, Stop] | None, keep: bool) -> Visit:
    if begun is not None:
        return visit.model_copy(update={"pin": Pin(technician=begun[0], start=begun[1], begun="on_site")})
    if told is None or not keep:
        return visit
    technician, stop = told
    window = next((one for one in visit.windows if one.holds(stop.start)), None)
    return visit.model_copy(update={"told": technician, "promised": visit.promised or window})


def _from_now(one: Technician, now: int, place: str | None, rested_until: int | None, away: bool) -> Technician:
    """The technician where they are; for who is away the shift is over. On the way counts as where they came from."""
    changed: dict[str, object] = {"start": place or one.start}
    start, end = one.shift.start, one.shift.end
    if rested_until is not None:
        changed["breaks"] = ()
        start = max(start, min(rested_until, end - 1))
    if away:
        changed |= {"breaks": (), "overtime": 0}
        start, end = min(start, now), max(one.shift.start + 1, min(end, now))
    changed["shift"] = one.shift.model_copy(update={"start": min(start, end - 1), "end": end})
    return one.model_copy(update=changed)

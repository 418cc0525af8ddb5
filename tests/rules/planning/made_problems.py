"""Makers of small planning problems: a town on a line, where the way from 3 to 10 takes 7 minutes."""

from typing import Any

from dispatch.planning.optimiser.judging import broken_rules
from dispatch.planning.optimiser.people_and_visits import Break, Prices, Technician, Visit
from dispatch.planning.optimiser.plan import LeftOut, Plan, Route, Stop
from dispatch.planning.optimiser.problem import Problem
from dispatch.planning.optimiser.travel import TravelTable
from dispatch.planning.optimiser.values import Window

MINUTE, HOUR = 60, 3_600
MILES = tuple(str(mile) for mile in range(41))
LINE = TravelTable(places=MILES, seconds=tuple(tuple(abs(a - b) * MINUTE for b in range(41)) for a in range(41)))


def at(hour: int, minute: int = 0, second: int = 0) -> int:
    return hour * HOUR + minute * MINUTE + second


def between(start: int, end: int) -> Window:
    return Window(start=start, end=end)


def a_technician(id: str = "wang", **changed: Any) -> Technician:
    given = {"id": id, "shift": between(at(8), at(17)), "start": "0", "end": "0", "skills": {"fibre": 2}}
    return Technician(**(given | changed))


def a_visit(id: str = "v", **changed: Any) -> Visit:
    given = {"id": id, "place": "10", "duration": 30 * MINUTE, "windows": (between(at(8), at(16)),)}
    return Visit(**(given | changed))


LUNCH = Break(earliest=at(11, 30), latest=at(13), length=30 * MINUTE)


def a_problem(
    visits: tuple[Visit, ...], technicians: tuple[Technician, ...] = (), prices: Prices | None = None, now: int = 0
) -> Problem:
    return Problem(
        technicians=technicians or (a_technician(),), visits=visits, travel=LINE, prices=prices or Prices(), now=now
    )


def a_route(
    technician: str, *stops: tuple[str, int, int], leaves: int = at(8), returns: int = at(17), rest: int | None = None
) -> Route:
    """Stops as (visit, start, minutes); `rest` is when half an hour's break begins."""
    return Route(
        technician=technician,
        leaves=leaves,
        stops=tuple(Stop(visit=visit, start=start, end=start + minutes * MINUTE) for visit, start, minutes in stops),
        breaks=() if rest is None else (between(rest, rest + 30 * MINUTE),),
        returns=returns,
    )


def a_plan(*routes: Route, without: tuple[str, ...] = ()) -> Plan:
    return Plan(routes=routes, left_out=tuple(LeftOut(visit=one, why_zh="…", why_en="…") for one in without))


def broken(problem: Problem, *routes: Route, without: tuple[str, ...] = ()) -> list[str]:
    """The names of the rules that these routes break."""
    return [one.rule for one in broken_rules(problem, a_plan(*routes, without=without))]

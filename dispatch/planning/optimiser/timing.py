"""The best times for visits in a given order: every way to place the break is tried, plainly, leg by leg.

Given the leg on which the break is taken, to begin everything as early as possible is best: waiting longer can only
make later visits later. So the best day of an order is the cheapest over the legs (lateness and overtime).
"""

from collections.abc import Mapping, Sequence

from dispatch.planning.optimiser.costs import late_price, overtime_price
from dispatch.planning.optimiser.days import Day
from dispatch.planning.optimiser.people_and_visits import Visit, allowed_windows, duration
from dispatch.planning.optimiser.plan import Plan, Route, Stop
from dispatch.planning.optimiser.problem import Problem
from dispatch.planning.optimiser.values import LONGEST, Window


def timed(problem: Problem, technician_id: str, visit_ids: Sequence[str]) -> Route:
    """The cheapest times for one technician's visits in this order.

    When no times keep every rule, those that break the fewest: the judge then says which.
    """
    day = problem.days[technician_id]
    visits = [problem.visits_by_id[visit_id] for visit_id in visit_ids]
    if not visits:
        return Route(technician=technician_id, leaves=day.opens, stops=(), returns=day.opens)
    legs: Sequence[int | None] = range(len(visits) + 1) if day.rest is not None else (None,)
    tried = [_with_break_on(problem, day, visits, leg) for leg in legs]
    return min(tried, key=lambda one: (one[0], one[1], one[2].returns))[2]


def _with_break_on(problem: Problem, day: Day, visits: list[Visit], leg: int | None) -> tuple[int, int, Route]:
    """How many rules are broken, what lateness and overtime cost, and the day itself."""
    broken = cost = 0
    free, place, leaves = day.opens, day.start, day.opens
    stops: list[Stop] = []
    rests: tuple[Window, ...] = ()

    def travelled(number: int, target: str) -> int:
        nonlocal broken, rests
        way = problem.way(day.technician, place, target)
        if day.rest is None or number != leg:
            return free + way
        began = max(free, day.rest.earliest)
        broken += began > day.rest.latest
        rests = (Window(start=_fit(began), end=_fit(began + day.rest.length)),)
        return max(free + way, day.rest.earliest) + day.rest.length

    for number, visit in enumerate(visits):
        arrived = travelled(number, visit.place)
        start = next(
            (max(arrived, one.start) for one in allowed_windows(visit, problem.now) if arrived <= one.end), None
        )
        if start is None:
            broken, start = broken + 1, arrived
        if number == 0 and leg != 0:
            leaves = max(day.opens, start - problem.way(day.technician, place, visit.place))
        cost += late_price(problem.prices, visit, start)
        free, place = start + duration(day.technician, visit), visit.place
        stops.append(Stop(visit=visit.id, start=_fit(start), end=_fit(free)))
    returns = travelled(len(visits), day.end)
    broken += returns > day.closes
    cost += overtime_price(problem.prices, day, returns)
    route = Route(technician=day.technician.id, leaves=leaves, stops=tuple(stops), breaks=rests, returns=_fit(returns))
    return broken, cost, route


def _fit(moment: int) -> int:
    return min(moment, LONGEST)


def timed_plan(problem: Problem, orders: Mapping[str, Sequence[str]]) -> tuple[Route, ...]:
    """The best times for each technician's order; technicians without visits get no route."""
    return tuple(timed(problem, technician, visits) for technician, visits in orders.items() if visits)


def orders_of(plan: Plan) -> dict[str, Sequence[str]]:
    """Each technician's visits in order, as `timed_plan` takes them."""
    return {route.technician: route.visits for route in plan.routes}

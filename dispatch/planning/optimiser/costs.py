"""What a plan costs, exactly, in plain Python: the search must come to the same whole number."""

from dataclasses import astuple, dataclass
from itertools import pairwise

from dispatch.planning.optimiser.days import Day
from dispatch.planning.optimiser.people_and_visits import Prices, Technician, Visit, duration
from dispatch.planning.optimiser.plan import Plan, Route
from dispatch.planning.optimiser.problem import Problem


@dataclass(frozen=True)
class Cost:
    """The price of a plan by reason, in seconds of driving."""

    travel: int = 0
    left_out: int = 0
    not_area_owner: int = 0
    not_preferred: int = 0
    changed_technician: int = 0
    overtime: int = 0
    late: int = 0
    unfairness: int = 0

    @property
    def total(self) -> int:
        """All of it."""
        return int(sum(astuple(self)))


def late_price(prices: Prices, visit: Visit, start: int) -> int:
    """What it costs that a visit begins at `start`, after its deadline: each further second at its step's price."""
    if visit.deadline is None or start <= visit.deadline:
        return 0
    late = start - visit.deadline
    total = 0
    for number, step in enumerate(prices.late):
        until = prices.late[number + 1].late if number + 1 < len(prices.late) else late
        total += max(0, min(late, until) - step.late) * step.price
    return total


def overtime_price(prices: Prices, day: Day, returns: int) -> int:
    """What it costs that the technician is home at `returns`."""
    own = day.technician.overtime_price
    return max(0, returns - day.shift_end) * (prices.overtime if own is None else own)


def assignment_prices(prices: Prices, technician: Technician, visit: Visit) -> tuple[int, int, int]:
    """What it costs that this technician comes: not the area's owner, not the preferred one, another than told."""
    return (
        prices.not_area_owner if visit.area is not None and visit.area not in technician.areas else 0,
        prices.not_preferred if visit.preferred is not None and visit.preferred != technician.id else 0,
        prices.changed_technician if visit.told is not None and visit.told != technician.id else 0,
    )


def left_out_price(problem: Problem, visit: Visit, last: int) -> int:
    """What it costs to leave a visit out: by priority, more for a given word, and late as if begun at `last_moment`."""
    prices = problem.prices
    price = prices.left_out[min(visit.priority, len(prices.left_out)) - 1]
    if visit.promised is not None or visit.pin is not None:
        price += prices.broken_word
    return price + late_price(prices, visit, last)


def last_moment(problem: Problem) -> int:
    """When the last technician's day ends, with overtime."""
    return max(day.closes for day in problem.days.values())


def fair_share(problem: Problem, technician: Technician) -> int:
    """Seconds of visits that are this technician's fair load: all visits, shared out by length of shift."""
    shifts = sum(one.shift.end - one.shift.start for one in problem.technicians)
    work = sum(visit.duration for visit in problem.visits)
    return work * (technician.shift.end - technician.shift.start) // max(shifts, 1)


def unfairness_price(prices: Prices, load: int, share: int) -> int:
    """What a load of `load` seconds costs above the fair share: it grows with the square of the excess."""
    excess = max(0, load - share)
    return prices.unfairness * (excess * excess // 3_600)


def price_route(problem: Problem, route: Route) -> Cost:
    """What one technician's day costs."""
    if not route.stops:
        return Cost()
    day = problem.days[route.technician]
    technician, prices = day.technician, problem.prices
    visits = [problem.visits_by_id[stop.visit] for stop in route.stops]
    places = [day.start, *(visit.place for visit in visits), day.end]
    ways = sum(problem.way(technician, one, other) for one, other in pairwise(places))
    assigned = [assignment_prices(prices, technician, visit) for visit in visits]
    load = sum(duration(technician, visit) for visit in visits)
    return Cost(
        travel=ways * prices.travel,
        not_area_owner=sum(one[0] for one in assigned),
        not_preferred=sum(one[1] for one in assigned),
        changed_technician=sum(one[2] for one in assigned),
        overtime=overtime_price(prices, day, route.returns),
        late=sum(late_price(prices, visit, stop.start) for visit, stop in zip(visits, route.stops, strict=True)),
        unfairness=unfairness_price(prices, load, fair_share(problem, technician)) if prices.unfairness else 0,
    )


def price(problem: Problem, plan: Plan) -> Cost:
    """What a whole plan costs, reason by reason: its routes, and every visit that no route has."""
    done = {stop.visit for route in plan.routes for stop in route.stops}
    last = last_moment(problem)
    parts = [price_route(problem, route) for route in plan.routes]
    parts.append(Cost(left_out=sum(left_out_price(problem, one, last) for one in problem.visits if one.id not in done)))
    return Cost(*(sum(column) for column in zip(*(astuple(part) for part in parts), strict=True)))

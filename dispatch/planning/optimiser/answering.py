"""From the search's numbers back to a plan that people read: times, breaks, the price, and why visits are left out."""

from collections.abc import Mapping, Sequence

from dispatch.planning.optimiser.costs import price
from dispatch.planning.optimiser.left_out import why_left_out
from dispatch.planning.optimiser.people_and_visits import Technician, Visit
from dispatch.planning.optimiser.plan import LeftOut, Plan
from dispatch.planning.optimiser.problem import Problem
from dispatch.planning.optimiser.search.inserting import place_in_day
from dispatch.planning.optimiser.search.numbers import NEVER, Numbers, numbers_of
from dispatch.planning.optimiser.search.routes import Routes
from dispatch.planning.optimiser.search.starting import taken_over
from dispatch.planning.optimiser.timing import timed_plan


def standing_fast(problem: Problem, technicians: Sequence[Technician], visits: Sequence[Visit]) -> list[list[int]]:
    """For each technician the visits, by number, that stand fast at the head of the day."""
    number = {visit.id: v for v, visit in enumerate(visits)}
    return [[number[visit.id] for visit in problem.days[one.id].first] for one in technicians]


def plan_of(problem: Problem, orders: Mapping[str, Sequence[str]], seed: int, iterations: int) -> Plan:
    """The plan in which each technician does their visits in this order at the best times."""
    done = {visit for visits in orders.values() for visit in visits}
    absent = [visit for visit in problem.visits if visit.id not in done]
    plan = Plan(
        routes=timed_plan(problem, orders),
        left_out=_left_out(problem, orders, absent),
        seed=seed,
        iterations=iterations,
    )
    return plan.model_copy(update={"cost": price(problem, plan).total})


def _left_out(problem: Problem, orders: Mapping[str, Sequence[str]], absent: list[Visit]) -> tuple[LeftOut, ...]:
    """Each absent visit with its reason. Technicians are looked at a few at a time: a big city's matrix is too big."""
    fitting: dict[str, list[str]] = {visit.id: [] for visit in absent}
    size = 50
    for first in range(0, len(problem.technicians) if absent else 0, size):
        some = problem.technicians[first : first + size]
        theirs = [problem.visits_by_id[visit] for one in some for visit in orders.get(one.id, ())]
        visits = [*theirs, *absent]
        number = {visit.id: v for v, visit in enumerate(visits)}
        numbers = numbers_of(problem, some, visits, neighbours=0)
        routes = taken_over(numbers, [[number[visit] for visit in orders.get(one.id, ())] for one in some])
        for visit in absent:
            fits = _who_could(numbers, routes, number[visit.id])
            fitting[visit.id] += [some[k].id for k in fits]
    reasons = [(visit, why_left_out(problem, visit, fitting[visit.id])) for visit in absent]
    return tuple(LeftOut(visit=visit.id, why_zh=words.zh, why_en=words.en) for visit, words in reasons)


def _who_could(numbers: Numbers, routes: Routes, visit: int) -> list[int]:
    """Technicians into whose day a visit fits, whatever it costs."""
    return [
        k for k in range(numbers.assign.shape[1]) if place_in_day(numbers, routes, k, visit, NEVER - 1)[0] < NEVER - 1
    ]

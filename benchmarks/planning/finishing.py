"""One end for all engines: what breaks a rule is taken out, what still fits is put in, then judged and priced alike."""

from dataclasses import dataclass

from dispatch.planning.optimiser.constraints import BrokenRule
from dispatch.planning.optimiser.costs import assignment_prices, last_moment, left_out_price, price
from dispatch.planning.optimiser.judging import broken_rules, judge_route
from dispatch.planning.optimiser.plan import LeftOut, Plan
from dispatch.planning.optimiser.problem import Problem
from dispatch.planning.optimiser.timing import timed, timed_plan


@dataclass(frozen=True)
class Finished:
    """A plan as it was judged: its price, what it leaves out, and what had to be changed to keep the rules."""

    plan: Plan
    cost: int
    left_out: int
    taken_out: int
    put_in: int
    broken: int


def finish(problem: Problem, orders: dict[str, list[str]]) -> Finished:
    """Make an engine's orders into a plan that keeps every rule."""
    orders = {technician: list(visits) for technician, visits in orders.items()}
    last = last_moment(problem)
    worth = {visit.id: left_out_price(problem, visit, last) for visit in problem.visits}
    taken_out = 0
    for technician, visits in orders.items():
        while visits and faults(problem, technician, visits):
            without = [visits[:j] + visits[j + 1 :] for j in range(len(visits))]
            drop = min(
                range(len(visits)), key=lambda j: (len(faults(problem, technician, without[j])), worth[visits[j]])
            )
            visits.pop(drop)
            taken_out += 1
    put_in = _fill(problem, orders, worth)
    done = {visit for visits in orders.values() for visit in visits}
    plan = Plan(
        routes=timed_plan(problem, orders),
        left_out=tuple(LeftOut(visit=one.id, why_zh="", why_en="") for one in problem.visits if one.id not in done),
    )
    return Finished(
        plan, price(problem, plan).total, len(plan.left_out), taken_out, put_in, len(broken_rules(problem, plan))
    )


def faults(problem: Problem, technician: str, visits: list[str]) -> list[BrokenRule]:
    """What a day with these visits in this order breaks."""
    return judge_route(problem, timed(problem, technician, visits))


def _fill(problem: Problem, orders: dict[str, list[str]], worth: dict[str, int]) -> int:
    done = {visit for visits in orders.values() for visit in visits}
    put_in = 0
    for visit in sorted((one for one in problem.visits if one.id not in done), key=lambda one: -worth[one.id]):
        best: tuple[int, str, int] | None = None
        for technician in problem.technicians:
            visits = orders.setdefault(technician.id, [])
            if any(technician.skills.get(skill, 0) < level for skill, level in visit.skills.items()):
                continue
            day = problem.days[technician.id]
            places = [day.start, *(problem.visits_by_id[one].place for one in visits), day.end]
            for gap in range(len(visits) + 1):
                one, other = places[gap], places[gap + 1]
                added = problem.way(technician, one, visit.place) + problem.way(technician, visit.place, other)
                added -= problem.way(technician, one, other) if visits else 0
                added += sum(assignment_prices(problem.prices, technician, visit))
                if added >= worth[visit.id] or (best is not None and added >= best[0]):
                    continue
                if not faults(problem, technician.id, [*visits[:gap], visit.id, *visits[gap:]]):
                    best = added, technician.id, gap
        if best is not None:
            orders[best[1]].insert(best[2], visit.id)
            put_in += 1
    return put_in

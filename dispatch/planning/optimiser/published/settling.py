"""Technicians who are there twice, straight from home and by the depot first: a search decides which of them drives."""

from collections.abc import Callable

from dispatch.planning.optimiser.plan import Plan
from dispatch.planning.optimiser.problem import Problem
from dispatch.planning.optimiser.published.pillac import VIA_DEPOT

SHARES = (0.4, 0.15, 0.1, 0.1)  # of the effort, while both of a technician may drive; the rest goes to the last search

Look = Callable[[Problem, Plan | None, float], Plan]


def settled(problem: Problem, look: Look) -> tuple[Problem, Plan]:
    """A problem in which nobody is there twice, and a plan for it. `look` searches with a share (0 to 1) of the effort.

    Whoever drives both ways loses the way with fewer requests, and the search goes on from there.
    """
    plan: Plan | None = None
    left = 1.0
    for share in SHARES:
        plan = look(problem, plan, share)
        left -= share
        twice = _twice_out(plan)
        if not twice:
            break
        problem = _without(problem, twice)
    driving = {route.technician for route in plan.routes if route.stops} if plan else set()
    spare = {one if _other(one) in driving or one not in driving else _other(one) for one in _there_twice(problem)}
    problem = _without(problem, spare)
    return problem, look(problem, plan, left)


def is_settled(problem: Problem) -> bool:
    """Whether nobody is there twice."""
    return not _there_twice(problem)


def _other(id: str) -> str:
    return id.removesuffix(VIA_DEPOT) if id.endswith(VIA_DEPOT) else id + VIA_DEPOT


def _there_twice(problem: Problem) -> set[str]:
    """Technicians straight from home who are there by the depot too."""
    known = problem.technicians_by_id
    return {one for one in known if not one.endswith(VIA_DEPOT) and _other(one) in known}


def _twice_out(plan: Plan) -> set[str]:
    load = {route.technician: len(route.stops) for route in plan.routes if route.stops}
    both = [one for one in load if not one.endswith(VIA_DEPOT) and _other(one) in load]
    return {min((one, _other(one)), key=lambda who: load[who]) for one in both}


def _without(problem: Problem, gone: set[str]) -> Problem:
    return problem.model_copy(update={"technicians": tuple(one for one in problem.technicians if one.id not in gone)})

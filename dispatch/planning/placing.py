"""Putting one more visit into a technician's day, exactly as the judge would have it. Pure.

First with everybody else where they are; only if that does not go, others may move inside what they were told.
"""

from collections.abc import Sequence

from dispatch.planning.day_standing import DayProblem
from dispatch.planning.optimiser.costs import price_route
from dispatch.planning.optimiser.judging import judge_route
from dispatch.planning.optimiser.people_and_visits import Visit
from dispatch.planning.optimiser.plan import Plan, Route
from dispatch.planning.optimiser.problem import Problem
from dispatch.planning.optimiser.timing import timed
from dispatch.planning.optimiser.travel import Point, StraightLine
from dispatch.planning.optimiser.values import Window

GUEST_PLACE = "guest"


def placed(day: DayProblem, plan: Plan, technician: str, guest: Visit, point: Point) -> Route | None:
    """The technician's day with the guest in it, keeping every rule; None where that cannot be.

    `plan` is the day as it stands; `guest.windows` are those that it may begin in, `point` is where it is.
    """
    order = next((list(route.visits) for route in plan.routes if route.technician == technician), [])
    others = [day.problem.visits_by_id[visit] for visit in order]
    here = guest.model_copy(update={"place": GUEST_PLACE})
    for visits in ([_where_it_is(day, visit) for visit in others], others):
        found = _cheapest(_alone(day.problem, technician, [*visits, here], point), technician, order, here)
        if found is not None:
            return found
    return None


def _cheapest(problem: Problem, technician: str, order: Sequence[str], guest: Visit) -> Route | None:
    best: tuple[int, int, Route] | None = None
    for place in range(len(order) + 1):
        route = timed(problem, technician, [*order[:place], guest.id, *order[place:]])
        if judge_route(problem, route):
            continue
        ranked = price_route(problem, route).total, route.returns, route
        if best is None or ranked[:2] < best[:2]:
            best = ranked
    return best[2] if best else None


def _where_it_is(day: DayProblem, visit: Visit) -> Visit:
    """The same visit, to begin when it is planned to."""
    known = day.present.get(visit.id)
    if known is None or known.start is None or (visit.pin is not None and visit.pin.begun is not None):
        return visit
    just_then = Window(start=max(0, known.start), end=max(0, known.start))
    return visit.model_copy(update={"windows": (just_then,), "promised": just_then})


def _alone(problem: Problem, technician: str, visits: Sequence[Visit], point: Point) -> Problem:
    """One technician's day as a problem by itself, with the guest's place."""
    travel = problem.travel
    assert isinstance(travel, StraightLine), "free windows are reckoned by the straight line"
    here = point.model_copy(update={"place": GUEST_PLACE})
    return problem.model_copy(
        update={
            "technicians": (problem.technicians_by_id[technician],),
            "visits": tuple(visits),
            "travel": travel.model_copy(update={"points": (*travel.points, here)}),
        }
    )


def keeping_their_rules(day: DayProblem, plan: Plan) -> tuple[Problem, Plan] | None:
    """The day without technicians whose present day breaks a rule: nothing can be promised of them. None if all do."""
    broken = {route.technician for route in plan.routes if judge_route(day.problem, route)}
    if not broken:
        return day.problem, plan
    people = tuple(one for one in day.problem.technicians if one.id not in broken)
    if not people:
        return None
    routes = tuple(route for route in plan.routes if route.technician not in broken)
    done = {visit for route in routes for visit in route.visits}
    visits = tuple(
        visit.model_copy(update={"told": None if visit.told in broken else visit.told})
        for visit in day.problem.visits
        if visit.id in done
    )
    return day.problem.model_copy(update={"technicians": people, "visits": visits}), plan.model_copy(
        update={"routes": routes, "left_out": ()}
    )

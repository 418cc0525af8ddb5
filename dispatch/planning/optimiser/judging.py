"""A whole plan before the judge: whether it speaks of this problem at all, then every rule for every technician."""

from collections import Counter
from collections.abc import Iterator

from dispatch.planning.optimiser.constraints import RULES, BrokenRule, Planned
from dispatch.planning.optimiser.plan import Plan, Route
from dispatch.planning.optimiser.problem import Problem
from dispatch.planning.optimiser.values import both


def broken_rules(problem: Problem, plan: Plan) -> list[BrokenRule]:
    """Everything that the plan breaks; an empty list means that it can be carried out as it stands."""
    strangers = [*known_people_and_visits(problem, plan)]
    if strangers:
        return strangers
    found = [*each_visit_is_planned_once(problem, plan), *nobody_has_two_days(plan)]
    for route in plan.routes:
        found += judge_route(problem, route)
    return found


def judge_route(problem: Problem, route: Route) -> list[BrokenRule]:
    """What one technician's planned day breaks."""
    stops = tuple((stop, problem.visits_by_id[stop.visit]) for stop in route.stops)
    planned = Planned(problem, problem.days[route.technician], route, stops)
    return [
        BrokenRule(rule.__name__, words, route.technician, visit.id if visit else None)
        for rule in RULES
        for visit, words in rule(planned)
    ]


def known_people_and_visits(problem: Problem, plan: Plan) -> Iterator[BrokenRule]:
    """The plan speaks only of technicians and visits of this problem."""
    for route in plan.routes:
        if route.technician not in problem.technicians_by_id:
            words = both("方案中的技术人员 {id} 不存在。", "There is no technician {id}.", id=route.technician)
            yield BrokenRule("known_people_and_visits", words, route.technician)
    for visit in [*(one for route in plan.routes for one in route.visits), *(one.visit for one in plan.left_out)]:
        if visit not in problem.visits_by_id:
            words = both("方案中的上门 {id} 不存在。", "There is no visit {id}.", id=visit)
            yield BrokenRule("known_people_and_visits", words, None, visit)


def each_visit_is_planned_once(problem: Problem, plan: Plan) -> Iterator[BrokenRule]:
    """Every visit is done once, or left out openly; what has begun cannot be left out."""
    done = Counter(visit for route in plan.routes for visit in route.visits)
    left = Counter(one.visit for one in plan.left_out)
    for visit in problem.visits:
        facts = {"id": visit.id, "n": done[visit.id]}
        words = None
        if done[visit.id] > 1:
            words = both("{id} 被排了 {n} 次。", "{id} is planned {n} times.", **facts)
        elif done[visit.id] and left[visit.id]:
            words = both("{id} 既已排入又列为未排。", "{id} is both planned and left out.", **facts)
        elif not done[visit.id] and not left[visit.id]:
            words = both("{id} 既未排入也未列为未排。", "{id} is neither planned nor left out.", **facts)
        elif left[visit.id] > 1:
            words = both("{id} 重复列为未排。", "{id} is left out more than once.", **facts)
        elif left[visit.id] and visit.pin is not None and visit.pin.begun is not None:
            words = both("{id} 已经开始，不能不排。", "{id} has begun and cannot be left out.", **facts)
        if words is not None:
            yield BrokenRule("each_visit_is_planned_once", words, None, visit.id)


def nobody_has_two_days(plan: Plan) -> Iterator[BrokenRule]:
    """Each technician has one route."""
    for technician, count in Counter(route.technician for route in plan.routes).items():
        if count > 1:
            words = both("{id} 有 {n} 条路线。", "{id} has {n} routes.", id=technician, n=count)
            yield BrokenRule("nobody_has_two_days", words, technician)

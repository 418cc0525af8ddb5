"""The search's constant-time test and price of an insertion are exactly what the judge and the evaluator say."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.planning.optimiser.answering import plan_of, standing_fast
from dispatch.planning.optimiser.costs import price, price_route
from dispatch.planning.optimiser.judging import broken_rules, judge_route
from dispatch.planning.optimiser.people_and_visits import Technician, Visit
from dispatch.planning.optimiser.problem import Problem
from dispatch.planning.optimiser.search.annealing import work_on
from dispatch.planning.optimiser.search.chain import Chain
from dispatch.planning.optimiser.search.chance import chance
from dispatch.planning.optimiser.search.inserting import place_in_day, put, take_out
from dispatch.planning.optimiser.search.numbers import NEVER, numbers_of
from dispatch.planning.optimiser.search.routes import empty_routes, refresh_all
from dispatch.planning.optimiser.search.ruining import ruin
from dispatch.planning.optimiser.searching import named, search
from dispatch.planning.optimiser.timing import timed
from dispatch.planning.optimiser.travel import TravelTable
from dispatch.planning.optimiser.values import Window
from tests.rules.planning.chance_problems import problems


def cost_of(problem: Problem, technician: str, visits: list[str]) -> int | None:
    """What the evaluator asks for a day in this order, or None if the judge finds anything."""
    route = timed(problem, technician, visits)
    return None if judge_route(problem, route) else price_route(problem, route).total


@settings(max_examples=400, deadline=None)
@given(problems(), st.data())
def test_an_insertion_is_found_exactly_where_the_judge_finds_nothing_and_at_its_price(
    problem: Problem, data: st.DataObject
) -> None:
    numbers = numbers_of(problem)
    routes = empty_routes(numbers)
    refresh_all(numbers, routes)
    fast = standing_fast(problem, problem.technicians, problem.visits)
    days = [[problem.visits[v].id for v in day] for day in fast]
    for k, day in enumerate(fast):
        for v in day:
            put(numbers, routes, k, int(routes.length[k]), v)
    fixed = {visit for day in days for visit in day}
    todo = [v for v, one in enumerate(problem.visits) if one.id not in fixed]
    for v in data.draw(st.permutations(todo)):
        visit = problem.visits[v].id
        for k, technician in enumerate(problem.technicians):
            before = cost_of(problem, technician.id, days[k])
            asked = {
                gap: cost_of(problem, technician.id, [*days[k][:gap], visit, *days[k][gap:]])
                for gap in range(len(days[k]) + 1)
            }
            possible = {gap: cost - (before or 0) for gap, cost in asked.items() if cost is not None}
            found, gap = place_in_day(numbers, routes, k, v, NEVER - 1)
            if not possible or before is None:
                assert found == NEVER
                assert not possible
                continue
            assert found == min(possible.values())
            assert possible[int(gap)] == found
        k = data.draw(st.integers(0, len(days) - 1))
        fit, gap = place_in_day(numbers, routes, k, v, NEVER - 1)
        if fit < NEVER:
            put(numbers, routes, k, int(gap), v)
            days[k].insert(int(gap), visit)
            assert routes.cost[k] == cost_of(problem, problem.technicians[k].id, days[k])


@settings(max_examples=150, deadline=None)
@given(problems(most_visits=9), st.integers(0, 10**9))
def test_what_the_search_finds_is_sound_and_costs_what_the_evaluator_says(problem: Problem, seed: int) -> None:
    numbers = numbers_of(problem)
    chain = Chain(numbers, standing_fast(problem, problem.technicians, problem.visits), seed)
    chain.run(60, 0.0, 1.0)
    orders = named(problem, chain.best_orders())
    plan = plan_of(problem, orders, seed, 60)
    facts = {one.id for one in problem.visits if one.pin is not None and one.pin.begun}
    with_facts = {route.technician for route in plan.routes if facts & set(route.visits)}
    assert [one for one in broken_rules(problem, plan) if one.technician not in with_facts] == []
    if not [one for one in broken_rules(problem, plan) if one.technician in with_facts]:
        assert plan.cost == price(problem, plan).total == chain.best_cost


@settings(max_examples=100, deadline=None)
@given(problems(most_visits=9), st.integers(0, 10**9))
def test_ruin_takes_out_only_what_may_move_and_lists_each_visit_once(problem: Problem, seed: int) -> None:
    numbers = numbers_of(problem)
    chain = Chain(numbers, standing_fast(problem, problem.technicians, problem.visits), seed)
    routes, work, source = chain._routes, work_on(numbers, chain._routes), chance(seed)
    before = {int(v) for v in np.flatnonzero(routes.technician >= 0)}
    heads = [routes.order[k, : numbers.locked[k]].tolist() for k in range(len(problem.technicians))]
    count = ruin(numbers, routes, seed % len(problem.visits), work.touched, work.loose, work.is_loose, source)
    loose = work.loose[:count].tolist()
    assert len(set(loose)) == count
    assert all(routes.technician[v] == -1 for v in loose)
    still = {int(v) for k in range(len(heads)) for v in routes.order[k, : routes.length[k]]}
    assert still == before - set(loose) == {int(v) for v in np.flatnonzero(routes.technician >= 0)}
    assert [routes.order[k, : len(head)].tolist() for k, head in enumerate(heads)] == heads


@settings(max_examples=60, deadline=None)
@given(problems(), st.data())
def test_what_is_put_in_and_taken_out_again_leaves_the_day_as_it_was(problem: Problem, data: st.DataObject) -> None:
    numbers = numbers_of(problem)
    chain = Chain(numbers, standing_fast(problem, problem.technicians, problem.visits), 1)
    routes = chain._routes
    times = ("early_owing", "early_rested", "late_owing", "late_rested")
    k = data.draw(st.integers(0, len(problem.technicians) - 1))
    absent = np.flatnonzero(routes.technician < 0)
    length = int(routes.length[k])
    kept = [getattr(routes, name)[k, : length + 1].copy() for name in times]
    if len(absent):
        gap = data.draw(st.integers(int(numbers.locked[k]), length))
        put(numbers, routes, k, gap, int(absent[0]))
        take_out(numbers, routes, k, gap, 1)
    assert [list(one) for one in kept] == [list(getattr(routes, name)[k, : length + 1]) for name in times]


def test_a_day_that_keeps_its_end_only_by_a_detour_never_loses_the_detour_alone() -> None:
    """By b the way home takes no time, straight home it takes three: too long once the visit at b is taken out."""
    table = TravelTable(places=("a", "b", "c"), seconds=((0, 0, 0), (0, 0, 0), (3, 0, 0)))
    shift, anytime = Window(start=12, end=22), (Window(start=5, end=20),)
    one, other = (Technician(id=name, shift=shift, start="a", end="a") for name in ("one", "other"))
    last = Visit(id="last", place="c", duration=0, windows=(Window(start=20, end=20),), priority=1, excluded=("other",))
    by = Visit(id="by", place="b", duration=0, windows=anytime, priority=1, preferred="other")
    problem = Problem(technicians=(one, other), visits=(last, by), travel=table)
    for seed in range(20):
        plan = search(problem, iterations=200, seed=seed)
        assert broken_rules(problem, plan) == []

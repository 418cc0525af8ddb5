"""What the search answers: the same for a seed, at any time, from an earlier plan, for a big city, with reasons."""

import pytest

from dispatch.planning.optimiser.costs import price
from dispatch.planning.optimiser.judging import broken_rules
from dispatch.planning.optimiser.made_days import made_day
from dispatch.planning.optimiser.people_and_visits import Pin, Prices
from dispatch.planning.optimiser.plan import Plan
from dispatch.planning.optimiser.problem import Problem
from dispatch.planning.optimiser.searching import search
from dispatch.planning.optimiser.spells import Progress
from tests.rules.planning.made_problems import a_problem, a_technician, a_visit, at, between

DAY = made_day(8, 60, 3)


def sound(problem: Problem, plan: Plan) -> bool:
    return broken_rules(problem, plan) == [] and plan.cost == price(problem, plan).total


def test_the_same_seed_and_count_give_the_same_plan_and_another_seed_another() -> None:
    once, again, other = (search(DAY, iterations=2_000, seed=seed) for seed in (5, 5, 6))
    assert once == again
    assert once.routes != other.routes
    assert sound(DAY, once)


def test_two_cores_give_the_same_plan_each_time() -> None:
    once, again = (search(DAY, iterations=1_000, seed=5, cores=2) for _ in range(2))
    assert once == again
    assert once.cost <= search(DAY, iterations=1_000, seed=5).cost


def test_longer_is_better() -> None:
    assert search(DAY, iterations=20_000).cost < search(DAY, iterations=20).cost


def test_the_search_tells_how_far_it_is_and_stops_when_called_off() -> None:
    told: list[Progress] = []
    plan = search(DAY, seconds=3_000, watch=told.append, cancelled=lambda: len(told) >= 3)
    assert len(told) >= 3
    assert plan.iterations >= told[0].iterations
    assert told[-1].cost == plan.cost
    assert sound(DAY, plan)


def test_a_search_called_off_at_once_still_answers() -> None:
    assert sound(DAY, search(DAY, seconds=3_000, cancelled=lambda: True))


@pytest.mark.parametrize("asked", [{}, {"seconds": 1.0, "iterations": 1}])
def test_either_seconds_or_a_count_is_asked(asked: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="either"):
        search(DAY, **asked)  # type: ignore[arg-type]


def test_an_earlier_plan_is_where_the_search_starts() -> None:
    good = search(DAY, iterations=20_000)
    assert search(DAY, iterations=1, previous=good).cost <= good.cost
    assert search(DAY, iterations=1).cost > good.cost


def test_what_an_earlier_plan_has_and_the_problem_lacks_is_forgotten() -> None:
    good = search(DAY, iterations=500)
    smaller = DAY.model_copy(update={"visits": DAY.visits[:20], "technicians": DAY.technicians[1:]})
    smaller = Problem.model_validate(smaller.model_dump())
    assert sound(smaller, search(smaller, iterations=50, previous=good))


def test_an_earlier_plan_that_names_a_visit_twice_does_no_harm() -> None:
    good = search(DAY, iterations=500)
    twice = good.model_copy(update={"routes": (*good.routes, *good.routes[:3], good.routes[0])})
    assert sound(DAY, search(DAY, iterations=20, previous=twice))


@pytest.mark.parametrize(("start", "left_out"), [(at(16, 30), 0), (at(16, 30) + 1, 1)])
def test_a_visit_at_the_end_of_the_way_may_end_with_the_shift(start: int, left_out: int) -> None:
    problem = a_problem((a_visit(place="0", windows=(between(start, start),)),))
    assert len(search(problem, iterations=5).left_out) == left_out


def test_a_pinned_order_and_what_has_begun_stay_at_the_head() -> None:
    visits = [
        a_visit("a", place="30", pin=Pin(technician="wang", order=2)),
        a_visit("b", place="5", pin=Pin(technician="wang", order=1)),
        a_visit("c", place="20", pin=Pin(technician="wang", start=at(9), begun="on_site")),
        *(a_visit(f"v{n}", place=str(n)) for n in range(1, 9)),
    ]
    problem = a_problem(tuple(visits), (a_technician(), a_technician("li")), now=at(9, 10))
    plan = search(problem, iterations=500)
    assert sound(problem, plan)
    (wang,) = (route for route in plan.routes if route.technician == "wang")
    assert wang.visits[:3] == ("c", "b", "a")


def test_a_day_without_visits_is_planned_too() -> None:
    plan = search(a_problem(()), iterations=10)
    assert (plan.routes, plan.left_out, plan.cost) == ((), (), 0)


def test_a_city_is_planned_region_by_region_alike_on_one_core_and_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dispatch.planning.optimiser.searching.BIG", 100)
    monkeypatch.setattr("dispatch.planning.optimiser.regions.VISITS_A_GROUP", 40)
    city = made_day(24, 180, 1)
    told: list[Progress] = []
    one = search(city, iterations=6_000, watch=told.append)
    two = search(city, iterations=6_000, cores=2)
    assert one == two
    assert sound(city, one)
    assert told[-1].part == pytest.approx(1.0)
    assert sound(city, search(city, iterations=600, previous=one))
    assert search(city, iterations=600, previous=one).cost <= one.cost


REASONS = {
    "over": (a_visit("over", windows=(between(at(8), at(9)),)), "Its windows are over"),
    "level": (a_visit("level", skills={"fibre": 3}), "Nobody that day has fibre"),
    "welcome": (a_visit("welcome", excluded=("wang", "li")), "excluded"),
    "parts": (a_visit("parts", parts={"splitter": 1}), "No van holds what it needs of splitter"),
    "busy": (
        a_visit("busy", skills={"fibre": 2}, windows=(between(at(9, 59), at(10)),)),
        "No one with fibre is free in 09:59-10:00 (of 1)",
    ),
}


@pytest.mark.parametrize("reason", REASONS)
def test_each_visit_left_out_says_why(reason: str) -> None:
    visit, words = REASONS[reason]
    busy = a_visit("begun", duration=3_600, pin=Pin(technician="wang", start=at(9, 30), begun="on_site"))
    people = (a_technician(stock={}), a_technician("li", skills={"fibre": 1}, stock={}))
    problem = a_problem((busy, visit), people, now=at(9, 40))
    (left,) = search(problem, iterations=20).left_out
    assert left.visit == reason
    assert words in left.why_en
    assert left.why_zh


def test_what_would_fit_but_costs_too_much_says_who_could() -> None:
    problem = a_problem((a_visit(place="40"),), prices=Prices(left_out=(60,)))
    (left,) = search(problem, iterations=20).left_out
    assert left.why_en.startswith("wang could take it")

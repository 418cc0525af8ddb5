"""What a day costs, reason by reason, with numbers that a person can check."""

import pytest

from dispatch.planning.optimiser.costs import Cost, late_price, price
from dispatch.planning.optimiser.people_and_visits import LateStep, Pin, Prices
from dispatch.planning.optimiser.timing import timed, timed_plan
from tests.rules.planning.made_problems import (
    HOUR,
    LUNCH,
    MINUTE,
    a_plan,
    a_problem,
    a_technician,
    a_visit,
    at,
    between,
)


def test_a_day_costs_the_way_there_on_and_home() -> None:
    problem = a_problem((a_visit("a"), a_visit("b", place="25")))
    plan = a_plan(timed(problem, "wang", ["a", "b"]))
    assert price(problem, plan) == Cost(travel=50 * MINUTE)


def test_owner_preference_and_change_are_paid_once_each() -> None:
    visit = a_visit(area="north", preferred="li", told="li")
    problem = a_problem((visit,), (a_technician(areas=("south",)), a_technician("li", areas=("north",))))
    mine, theirs = (price(problem, a_plan(timed(problem, who, ["v"]))) for who in ("wang", "li"))
    assert (mine.not_area_owner, mine.not_preferred, mine.changed_technician) == (600, 1_800, 1_800)
    assert mine.total - theirs.total == 4_200


@pytest.mark.parametrize(("priority", "asked"), [(1, 36_000), (2, 14_400), (3, 7_200), (4, 7_200), (5, 7_200)])
def test_leaving_out_is_paid_by_priority(priority: int, asked: int) -> None:
    problem = a_problem((a_visit(priority=priority),))
    assert price(problem, a_plan(without=("v",))) == Cost(left_out=asked)


def test_leaving_out_what_was_promised_or_pinned_costs_the_word() -> None:
    for word in ({"promised": between(at(9), at(11))}, {"pin": Pin(technician="wang")}):
        problem = a_problem((a_visit(**word),))
        assert price(problem, a_plan(without=("v",))).left_out == 7_200 + 36_000


@pytest.mark.parametrize(
    ("late", "asked"), [(-1, 0), (0, 0), (1, 1), (HOUR, HOUR), (HOUR + 1, HOUR + 2), (2 * HOUR, 3 * HOUR)]
)
def test_lateness_costs_more_the_later_it_is(late: int, asked: int) -> None:
    prices = Prices(late=(LateStep(late=0, price=1), LateStep(late=HOUR, price=2)))
    assert late_price(prices, a_visit(deadline=at(12)), at(12) + late) == asked


def test_leaving_out_what_has_a_deadline_is_never_cheaper_than_being_late() -> None:
    problem = a_problem((a_visit(deadline=at(9)),), (a_technician(), a_technician("li", overtime=HOUR)))
    assert price(problem, a_plan(without=("v",))).left_out == 7_200 + HOUR + 2 * 8 * HOUR  # until 18:00


@pytest.mark.parametrize(("own", "asked"), [(None, 20 * MINUTE), (5, 50 * MINUTE), (0, 0)])
def test_overtime_is_paid_by_the_second_at_ones_own_price(own: int | None, asked: int) -> None:
    visit = a_visit(windows=(between(at(16, 30), at(16, 30)),))
    problem = a_problem((visit,), (a_technician(overtime=HOUR, overtime_price=own),))
    plan = a_plan(timed(problem, "wang", ["v"]))
    assert plan.routes[0].returns == at(17, 10)
    assert price(problem, plan).overtime == asked


def test_a_load_above_the_fair_share_costs_by_its_square() -> None:
    people = (a_technician(), a_technician("li"))
    problem = a_problem(
        (a_visit("a", duration=2 * HOUR), a_visit("b", duration=2 * HOUR)), people, Prices(unfairness=60)
    )
    uneven = a_plan(timed(problem, "wang", ["a", "b"]))
    even = a_plan(timed(problem, "wang", ["a"]), timed(problem, "li", ["b"]))
    assert price(problem, uneven).unfairness == 60 * 2 * HOUR * 2 * HOUR // HOUR
    assert price(problem, even).unfairness == 0


def test_the_break_is_put_where_it_makes_the_least_late() -> None:
    first = a_visit("a", place="5", windows=(between(at(11), at(13)),), duration=20 * MINUTE)
    second = a_visit("b", place="6", windows=(between(at(11), at(16)),), deadline=at(11, 40))
    problem = a_problem((first, second), (a_technician(breaks=(LUNCH,)),))
    route = timed(problem, "wang", ["a", "b"])
    assert [stop.start for stop in route.stops] == [at(11), at(11, 21)]
    assert route.breaks[0].start == at(11, 51)


def test_nobody_without_visits_gets_a_route() -> None:
    problem = a_problem((a_visit(),), (a_technician(), a_technician("li")))
    assert [route.technician for route in timed_plan(problem, {"wang": [], "li": ["v"]})] == ["li"]

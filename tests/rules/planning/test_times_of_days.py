"""The earliest and latest times that the search keeps for each gap of a day, by hand, on both sides of borders."""

import pytest

from dispatch.planning.optimiser.people_and_visits import Break
from dispatch.planning.optimiser.search.inserting import put
from dispatch.planning.optimiser.search.numbers import NEVER, numbers_of
from dispatch.planning.optimiser.search.routes import Routes, empty_routes, refresh_all
from tests.rules.planning.made_problems import MINUTE, a_problem, a_technician, a_visit, at, between

NOON, ONE = between(at(12), at(12)), between(at(13), at(13))


def day_with_lunch(latest: int, earliest: int = at(12, 10)) -> Routes:
    """Home, noon for half an hour, home, one o'clock for half an hour, home; half an hour's lunch."""
    rest = Break(earliest=earliest, latest=latest, length=30 * MINUTE)
    visits = (a_visit("a", place="0", windows=(NOON,)), a_visit("b", place="0", windows=(ONE,)))
    numbers = numbers_of(a_problem(visits, (a_technician(breaks=(rest,)),)))
    routes = empty_routes(numbers)
    refresh_all(numbers, routes)
    put(numbers, routes, 0, 0, 0)
    put(numbers, routes, 0, 1, 1)
    return routes


@pytest.mark.parametrize(("latest", "rested"), [(at(12, 30), at(13, 30)), (at(12, 30) - 1, NEVER)])
def test_a_break_may_begin_the_moment_a_visit_ends_if_that_is_its_latest(latest: int, rested: int) -> None:
    routes = day_with_lunch(latest)
    assert list(routes.early_owing[0, :3]) == [at(8), at(12, 30), at(13, 30)]
    assert list(routes.early_rested[0, :3]) == [NEVER, NEVER, rested]


@pytest.mark.parametrize(("latest", "late"), [(at(12, 30), at(12)), (at(12, 30) - 1, -NEVER)])
def test_whoever_still_owes_a_break_must_find_a_place_for_it(latest: int, late: int) -> None:
    routes = day_with_lunch(latest)
    assert routes.late_owing[0, 0] == late
    assert routes.late_rested[0, 0] == at(12)
    assert routes.late_owing[0, 2] == -NEVER  # at home it is too late
    assert routes.late_rested[0, 2] == at(17)


@pytest.mark.parametrize(("earliest", "late"), [(at(12, 30), at(12)), (at(12, 30) + 1, -NEVER)])
def test_a_break_must_be_over_before_what_follows(earliest: int, late: int) -> None:
    assert day_with_lunch(at(12, 45), earliest).late_owing[0, 0] == late


def test_a_break_that_ends_with_the_day_is_just_in_time() -> None:
    rest = Break(earliest=at(16, 30), latest=at(16, 30), length=30 * MINUTE)
    visit = a_visit("a", place="0", windows=(between(at(15), at(16)),))
    numbers = numbers_of(a_problem((visit,), (a_technician(breaks=(rest,)),)))
    routes = empty_routes(numbers)
    refresh_all(numbers, routes)
    put(numbers, routes, 0, 0, 0)
    assert routes.late_owing[0, 0] == at(16)


def test_the_second_window_is_used_when_the_first_is_over() -> None:
    visit = a_visit("a", place="10", windows=(between(at(8), at(8, 9)), between(at(11), at(12))))
    numbers = numbers_of(a_problem((visit,)))
    routes = empty_routes(numbers)
    refresh_all(numbers, routes)
    put(numbers, routes, 0, 0, 0)
    assert routes.early_rested[0, 1] == at(11, 30)
    earlier = a_problem((visit.model_copy(update={"windows": (between(at(8), at(8, 10)), between(at(11), at(12)))}),))
    numbers = numbers_of(earlier)
    refresh_all(numbers, routes)
    assert routes.early_rested[0, 1] == at(8, 40)

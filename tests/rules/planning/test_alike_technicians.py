"""Of technicians who are alike and stay at home, only the first is looked at; whoever differs in anything is too."""

from typing import Any

import pytest

from dispatch.planning.optimiser.judging import broken_rules
from dispatch.planning.optimiser.people_and_visits import Pin
from dispatch.planning.optimiser.search.numbers import numbers_of
from dispatch.planning.optimiser.searching import search
from tests.rules.planning.made_problems import LUNCH, a_problem, a_technician, a_visit, at, between


def alike(**changed: Any) -> list[int]:
    """Whether each of three technicians is like the one before, the second being changed."""
    people = (a_technician(), a_technician("li", **changed), a_technician("zhao"))
    return numbers_of(a_problem((a_visit(area="north"),), people)).like_before.tolist()


def test_nothing_but_the_name_differs() -> None:
    assert alike() == [0, 1, 1]


@pytest.mark.parametrize(
    "changed",
    [
        {"skills": {"fibre": 3}},
        {"start": "1"},
        {"end": "1"},
        {"shift": between(at(8), at(17, 1))},
        {"breaks": (LUNCH,)},
        {"overtime": 60},
        {"overtime_price": 3},
        {"stock": {"ont": 3}},
        {"speed": 90},
        {"pace": {"visit": 90}},
        {"areas": ("north",)},
    ],
)
def test_whoever_differs_is_looked_at(changed: dict[str, Any]) -> None:
    assert alike(**changed) == [0, 0, 0]


def test_another_area_that_no_visit_lies_in_makes_no_difference() -> None:
    assert alike(areas=("south",)) == [0, 1, 1]


def test_what_a_pin_or_a_preference_says_about_one_of_them_counts() -> None:
    people = (a_technician(), a_technician("li"))
    for said in ({"preferred": "li"}, {"excluded": ("li",)}, {"told": "li"}, {"pin": Pin(technician="li", order=1)}):
        assert numbers_of(a_problem((a_visit(**said),), people)).like_before.tolist() == [0, 0]


def test_all_of_many_alike_are_sent_when_all_are_needed() -> None:
    visits = tuple(a_visit(f"v{n}", windows=(between(at(9), at(9)),)) for n in range(6))
    people = tuple(a_technician(f"t{n}") for n in range(6))
    plan = search(a_problem(visits, people), iterations=200)
    assert (len(plan.routes), plan.left_out) == (6, ())
    assert broken_rules(a_problem(visits, people), plan) == []

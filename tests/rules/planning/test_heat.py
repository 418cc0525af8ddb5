"""How hot a search begins: mild where only ways are left to be shortened, hot where days may have to be turned over."""

from typing import Any

import pytest

from dispatch.planning.optimiser.people_and_visits import Prices
from dispatch.planning.optimiser.search.chain import GENTLE, HOT, MILD, Chain
from dispatch.planning.optimiser.search.numbers import numbers_of
from tests.rules.planning.made_problems import a_problem, a_technician, a_visit, at, between


def heat(visits: int = 3, prices: Prices | None = None, warm: bool = False, **changed: Any) -> float:
    """The first temperature, in mean ways, for so many visits at nine sharp and three technicians."""
    nine = (between(at(9), at(9)),)
    problem = a_problem(
        tuple(a_visit(f"v{n}", windows=nine, **changed) for n in range(visits)),
        (a_technician(), a_technician("li"), a_technician("zhao")),
        prices,
    )
    return Chain(numbers_of(problem), [[], [], []], 1, [[], [], []] if warm else None)._hottest


def test_where_all_are_in_and_only_ways_cost_it_begins_mild() -> None:
    assert heat(3) == MILD
    assert heat(4) == HOT  # one is left out at first


@pytest.mark.parametrize("changed", [{"area": "north"}, {"preferred": "li"}, {"told": "li"}, {"deadline": at(8)}])
def test_where_it_matters_who_comes_or_when_it_begins_hot(changed: dict[str, Any]) -> None:
    assert heat(3, **changed) == HOT


def test_where_fairness_costs_it_begins_hot() -> None:
    assert heat(3, Prices(unfairness=1)) == HOT


def test_an_earlier_plan_is_only_warmed() -> None:
    assert heat(3, warm=True) == heat(4, warm=True) == GENTLE

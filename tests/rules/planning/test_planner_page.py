"""The example in docs/planner.md is one that the planner takes."""

import re
from pathlib import Path

from dispatch.planning.optimiser.reading import read_problem
from dispatch.planning.optimiser.searching import search

PAGE = Path(__file__).resolve().parents[3] / "docs" / "planner.md"


def test_the_example_of_the_page_can_be_planned() -> None:
    (example,) = re.findall(r"```json\n(.*?)```", PAGE.read_text(), re.DOTALL)
    plan = search(read_problem(example), iterations=20)
    assert [route.visits for route in plan.routes] == [("v1",)]
    assert plan.cost == 1_800

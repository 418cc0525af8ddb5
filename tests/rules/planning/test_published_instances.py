"""The format in which the literature publishes its instances is read, and a small one is solved to its known best."""

import pytest

from benchmarks.planning.published import read_published
from dispatch.planning.optimiser.judging import broken_rules
from dispatch.planning.optimiser.searching import search

# Four customers on a cross of arms 3 and 4, five units of load a vehicle: one vehicle would have to carry eight, so two
# go. By hand: east and north together are 3 + 5 + 4 = 12, so are west and south: 24 in all.
CROSS = """CROSS

VEHICLE
NUMBER     CAPACITY
  3          5

CUSTOMER
CUST NO.   XCOORD.   YCOORD.   DEMAND   READY TIME   DUE DATE   SERVICE TIME

    0      10         10         0          0        200          0
    1      13         10         2          0        150         10
    2      10         14         2          0        150         10
    3       7         10         2          0        150         10
    4      10          6         2          0        150         10
"""


def test_the_small_instance_is_read_as_published() -> None:
    problem = read_published(CROSS)
    assert [one.stock for one in problem.technicians] == [{"load": 5}] * 3
    first = problem.visits[0]
    assert (first.duration, first.windows[0].end, first.parts) == (100, 1_500, {"load": 2})
    assert problem.travel.between(1, 2) == 50
    assert problem.travel.between(0, 1) == 30
    assert problem.technicians[0].shift.end == 2_000


def test_ways_are_cut_to_a_tenth_not_rounded() -> None:
    problem = read_published(CROSS.replace("13         10", "12         11"))
    assert problem.travel.between(0, 1) == 22  # the root of 5 is 2.236
    assert problem.travel.between(1, 2) == 36  # the root of 13 is 3.606


def test_the_small_instance_is_solved_to_its_known_best() -> None:
    problem = read_published(CROSS)
    plan = search(problem, iterations=300)
    assert broken_rules(problem, plan) == []
    assert plan.left_out == ()
    assert plan.cost == 240
    assert len(plan.routes) == 2


@pytest.mark.parametrize("broken", ["", "VEHICLE\n", CROSS.replace("CUSTOMER\n", ""), CROSS + "    6 1 1 1 1 1 1\n"])
def test_what_is_not_in_the_format_is_refused(broken: str) -> None:
    with pytest.raises(ValueError):
        read_published(broken)

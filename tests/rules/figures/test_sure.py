"""How sure a figure is: intervals by known examples, small samples, and differences beyond chance."""

from itertools import product

import pytest

from dispatch.kpis.intervals import (
    Interval,
    median,
    medians_differ,
    of_median,
    of_points,
    shares_differ,
    wilson,
)


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilsons_interval_is_that_of_newcombes_published_examples(hits: int, of: int, low: float, high: float) -> None:
    found = wilson(hits, of)
    assert found is not None
    assert (found.low, found.high) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_all_of_twenty_is_not_certainty() -> None:
    found = wilson(20, 20)
    assert found is not None
    assert found.high == 1.0
    assert found.low == pytest.approx(1 - 0.1611, abs=5e-5)
    assert wilson(0, 0) is None


def test_points_that_are_only_the_lowest_and_the_highest_are_a_share() -> None:
    share, points = wilson(30, 40), of_points(30 * 5 + 10 * 1, 40, 1, 5)
    assert share is not None
    assert points == Interval(1 + 4 * share.low, 1 + 4 * share.high)


def test_the_median_of_an_even_count_is_the_middle_of_two() -> None:
    assert median([(10, 2), (20, 2)]) == 15.0
    assert median([(10, 2), (20, 3)]) == 20.0
    assert median([]) is None


@pytest.mark.parametrize(("count", "rank"), [(6, 1), (8, 1), (9, 2), (10, 2), (20, 6), (50, 18), (100, 40)])
def test_the_medians_interval_lies_between_the_ranks_of_the_binomial_table(count: int, rank: int) -> None:
    values = [(value, 1) for value in range(1, count + 1)]
    assert of_median(values) == Interval(rank, count + 1 - rank)


def test_five_values_say_nothing_of_the_median() -> None:
    assert of_median([(value, 1) for value in range(5)]) is None


def test_the_interval_of_many_values_goes_on_where_the_exact_one_ends() -> None:
    exact = of_median([(value, 1) for value in range(1000)])
    rough = of_median([(value, 1) for value in range(1001)])
    assert exact is not None
    assert rough is not None
    assert abs(exact.low - rough.low) <= 1
    assert abs(exact.high - rough.high) <= 2


def test_a_difference_is_said_only_beyond_chance() -> None:
    assert shares_differ(56, 70, 48, 80) == "up"  # Newcombe: 0.0524 to 0.3339
    assert shares_differ(48, 80, 56, 70) == "down"
    assert shares_differ(9, 10, 8, 10) == "chance"
    assert shares_differ(9, 10, 0, 0) == "unknown"


def test_medians_differ_when_their_intervals_do_not_touch() -> None:
    assert medians_differ(Interval(5, 6), Interval(1, 4)) == "up"
    assert medians_differ(Interval(1, 4), Interval(5, 6)) == "down"
    assert medians_differ(Interval(1, 5), Interval(5, 6)) == "chance"
    assert medians_differ(None, Interval(5, 6)) == "unknown"


def test_every_wilson_interval_holds_its_share() -> None:
    for of, hits in product((1, 2, 7, 30, 1000), range(1001)):
        found = wilson(hits, of) if hits <= of else None
        assert found is None or found.low <= hits / of <= found.high

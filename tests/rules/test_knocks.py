"""How often one address may knock."""

import pytest

from mobile_api.customer.tries import MOST_ADDRESSES, Knocks, TooOften


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_is_let_in_and_the_next_is_told_when_to_come_back() -> None:
    clock = Clock()
    knocks = Knocks(3, 0.5, clock)
    for _ in range(3):
        knocks.take("a")
    with pytest.raises(TooOften) as refused:
        knocks.take("a")
    assert refused.value.facts["retry_after"] == 2
    clock.now += 1.9
    with pytest.raises(TooOften):
        knocks.take("a")
    clock.now += 0.1
    knocks.take("a")


def test_another_address_has_its_own_bucket() -> None:
    knocks = Knocks(1, 0.1, Clock())
    knocks.take("a")
    knocks.take("b")
    with pytest.raises(TooOften):
        knocks.take("a")


def test_what_opens_nothing_costs_more_but_never_more_than_there_is() -> None:
    clock = Clock()
    knocks = Knocks(10, 1.0, clock)
    for _ in range(2):
        knocks.take("a")
        knocks.charge("a", 4)
    with pytest.raises(TooOften):
        knocks.take("a")
    clock.now += 1
    knocks.take("a")


def test_a_flood_of_addresses_takes_no_more_memory_than_is_given() -> None:
    knocks = Knocks(1, 0.1, Clock())
    for number in range(MOST_ADDRESSES + 50):
        knocks.take(str(number))
    assert len(knocks._left) == MOST_ADDRESSES

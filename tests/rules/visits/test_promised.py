"""What the customer believes, notice by notice."""

from datetime import timedelta

import pytest

from dispatch.visits.promised import Saying, believed_windows
from dispatch.visits.windows import Window
from tests.makers import NOON, a_window

FIRST, SECOND, THIRD = (a_window(NOON + timedelta(days=day)) for day in (1, 2, 3))


def booked(state: str = "accepted", attempts: int = 1) -> Saying:
    return Saying("booked", FIRST, state, attempts, accepted=state in ("accepted", "delivered"))


def moved(window: Window, state: str, attempts: int = 0, accepted: bool = False, agreed: bool = False) -> Saying:
    return Saying("moved", window, state, attempts, accepted, agreed)


SURE = [
    moved(SECOND, "accepted", 1, accepted=True),
    moved(SECOND, "delivered", 1, accepted=True),
    moved(SECOND, "phoned"),
    moved(SECOND, "superseded", 1, accepted=True),
    moved(SECOND, "failed", 1, accepted=True),
    moved(SECOND, "owed", agreed=True),
    moved(SECOND, "superseded", agreed=True),
]
DOUBTFUL = [
    moved(SECOND, "claimed", 1),
    moved(SECOND, "claimed"),
    moved(SECOND, "in_doubt", 3),
    moved(SECOND, "owed", 1),
    moved(SECOND, "superseded", 2),
    moved(SECOND, "failed", 2),
]
UNSAID = [moved(SECOND, "owed"), moved(SECOND, "superseded"), moved(SECOND, "expired"), moved(SECOND, "failed")]


@pytest.mark.parametrize("saying", SURE, ids=lambda one: f"{one.state} {one.accepted} {one.agreed}")
def test_what_was_surely_told_is_believed_and_nothing_before_it(saying: Saying) -> None:
    found = believed_windows([saying, booked()], SECOND)
    assert (found.windows, found.told) == ((SECOND,), SECOND)


@pytest.mark.parametrize("saying", DOUBTFUL, ids=lambda one: f"{one.state} {one.attempts}")
def test_what_may_have_arrived_leaves_both_possible(saying: Saying) -> None:
    found = believed_windows([saying, booked()], SECOND)
    assert (set(found.windows), found.told) == ({SECOND, FIRST}, FIRST)
    assert not found.is_only(FIRST)


@pytest.mark.parametrize("saying", UNSAID, ids=lambda one: one.state)
def test_what_has_not_left_is_unknown_to_them(saying: Saying) -> None:
    found = believed_windows([saying, booked()], SECOND)
    assert (found.windows, found.told, found.in_writing) == ((FIRST,), FIRST, True)
    assert found.is_only(FIRST)


def test_a_booking_was_agreed_though_its_message_never_left() -> None:
    found = believed_windows([moved(SECOND, "owed"), booked("superseded", 0)], SECOND)
    assert (found.windows, found.in_writing) == ((FIRST,), False)


def test_the_walk_ends_at_the_first_sure_one() -> None:
    sayings = [moved(THIRD, "in_doubt", 1), moved(SECOND, "delivered", 1, accepted=True), booked()]
    assert believed_windows(sayings, THIRD).windows == (THIRD, SECOND)


def test_without_any_saying_the_present_window_is_believed() -> None:
    assert believed_windows([], FIRST).windows == (FIRST,)


def test_the_former_time_named_is_not_the_new_one() -> None:
    found = believed_windows([moved(SECOND, "claimed", 1), booked()], SECOND)
    assert found.instead_of(THIRD) == FIRST
    assert found.instead_of(None) == FIRST
    assert found.instead_of(FIRST) == SECOND

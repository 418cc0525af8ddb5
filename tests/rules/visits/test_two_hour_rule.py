"""The two-hour rule, cell by cell: who asks, earlier or later, and the border to the second."""

from datetime import datetime, timedelta, timezone

import pytest

from dispatch.errors import Invalid, NotAllowed
from dispatch.visits import rules
from dispatch.visits.life import NEXT, Status, step_to
from dispatch.visits.punctuality import punctuality
from dispatch.visits.rules import Override, TooLateToMove, change_promise, earliest_free, planned_inside
from dispatch.visits.windows import Window, window_to_promise
from tests.makers import NOON, a_window

TWO_HOURS = timedelta(hours=2)
SECOND = timedelta(seconds=1)
OLD = a_window(NOON + timedelta(hours=10))
EARLIER = a_window(NOON + timedelta(hours=7))
LATER = a_window(NOON + timedelta(hours=20))
CALLED = Override("光缆被挖断", "reached_agreed", NOON)


@pytest.mark.parametrize(
    ("new", "border"),
    [
        (EARLIER, EARLIER.start - TWO_HOURS),
        (LATER, OLD.start - TWO_HOURS),
        (None, OLD.start - TWO_HOURS),
    ],
    ids=["earlier", "later", "cancelled"],
)
class TestTheCompanyAsks:
    def test_in_time_it_is_a_change_with_a_deadline(self, new: Window | None, border: datetime) -> None:
        for now in (border - timedelta(days=1), border - SECOND, border):
            change = change_promise(OLD, new, now=now, asked_by="company", override=None)
            assert (change.tell_until, change.breach) == (border, False)

    def test_a_second_too_late_it_is_refused_with_what_to_do(self, new: Window | None, border: datetime) -> None:
        with pytest.raises(TooLateToMove) as refused:
            change_promise(OLD, new, now=border + SECOND, asked_by="company", override=None)
        assert refused.value.facts == {"tell_until": border.isoformat()}
        assert "致电" in refused.value.words.zh
        assert "Call" in refused.value.words.en

    def test_too_late_with_an_override_it_is_a_breach(self, new: Window | None, border: datetime) -> None:
        change = change_promise(OLD, new, now=border + SECOND, asked_by="company", override=CALLED)
        assert (change.tell_until, change.breach) == (border, True)

    def test_in_time_an_override_is_no_breach(self, new: Window | None, border: datetime) -> None:
        assert not change_promise(OLD, new, now=border, asked_by="company", override=CALLED).breach

    def test_the_customer_may_always_ask(self, new: Window | None, border: datetime) -> None:
        for now in (border - SECOND, border + SECOND, OLD.start):
            change = change_promise(OLD, new, now=now, asked_by="customer", override=None)
            assert (change.tell_until, change.breach) == (None, False)


def test_leaving_the_window_as_it_is_owes_nothing_at_any_time() -> None:
    change = change_promise(OLD, OLD, now=OLD.start, asked_by="company", override=None)
    assert (change.tell_until, change.breach) == (None, False)


def test_the_same_instants_in_another_zone_are_the_same_window() -> None:
    shanghai = timedelta(hours=8)
    again = Window(OLD.start.astimezone(timezone(shanghai)), OLD.end.astimezone(timezone(shanghai)))
    assert again == OLD


def test_a_window_cannot_end_before_it_starts() -> None:
    with pytest.raises(Invalid):
        Window(NOON, NOON)
    with pytest.raises(Invalid):
        Window(NOON, NOON - SECOND)
    with pytest.raises(ValueError, match="aware"):
        Window(NOON.replace(tzinfo=None), NOON)


@pytest.mark.parametrize(
    ("start", "length", "fits"),
    [
        (NOON + TWO_HOURS, timedelta(minutes=15), True),
        (NOON + TWO_HOURS, timedelta(minutes=15) - SECOND, False),
        (NOON + TWO_HOURS, timedelta(hours=12), True),
        (NOON + TWO_HOURS, timedelta(hours=12) + SECOND, False),
        (NOON - timedelta(hours=1), timedelta(hours=1), False),
        (NOON - timedelta(hours=1), timedelta(hours=1) + SECOND, True),
        (NOON + timedelta(days=366), timedelta(hours=1), True),
        (NOON + timedelta(days=366) + SECOND, timedelta(hours=1), False),
    ],
)
def test_what_may_be_promised(start: datetime, length: timedelta, fits: bool) -> None:
    if fits:
        assert window_to_promise(start, start + length, now=NOON).length == length
    else:
        with pytest.raises(Invalid):
            window_to_promise(start, start + length, now=NOON)


def test_planned_time_begins_inside_the_window() -> None:
    window = a_window(NOON)
    assert planned_inside(window, NOON, 60) == Window(NOON, NOON + timedelta(hours=1))
    assert planned_inside(window, window.end - SECOND, 60).end == window.end - SECOND + timedelta(hours=1)
    for outside in (NOON - SECOND, window.end):
        with pytest.raises(Invalid):
            planned_inside(window, outside, 60)


def test_the_earliest_free_time_touches_nothing_taken() -> None:
    window = a_window(NOON, hours=4)
    taken = [Window(NOON - timedelta(minutes=30), NOON + timedelta(minutes=30)), a_window(NOON + timedelta(hours=1))]
    free = earliest_free(window, 60, taken, now=NOON)
    assert free == Window(NOON + TWO_HOURS, NOON + timedelta(hours=3))
    assert earliest_free(window, 30, taken, now=NOON) == Window(NOON + timedelta(minutes=30), NOON + timedelta(hours=1))
    assert earliest_free(a_window(NOON, hours=1), 60, taken, now=NOON) is None


def test_the_earliest_free_time_is_not_in_the_past() -> None:
    window = a_window(NOON, hours=4)
    free = earliest_free(window, 60, [], now=NOON + timedelta(hours=1))
    assert free is not None
    assert free.start == NOON + timedelta(hours=1)


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("wanted", list(Status))
def test_the_life_of_a_visit_cell_by_cell(status: Status, wanted: Status) -> None:
    allowed = {
        ("booked", "en_route"), ("booked", "cancelled"),
        ("en_route", "on_site"), ("en_route", "no_access"), ("en_route", "booked"), ("en_route", "cancelled"),
        ("on_site", "sealed"), ("on_site", "no_access"),
    }  # fmt: skip
    assert (wanted in NEXT[status]) == ((status.value, wanted.value) in allowed)
    if (status.value, wanted.value) in allowed:
        assert step_to(status, wanted) == wanted
    else:
        with pytest.raises(NotAllowed):
            step_to(status, wanted)


@pytest.mark.parametrize("status", list(Status))
def test_only_a_visit_that_has_not_begun_moves(status: Status) -> None:
    if status in (Status.BOOKED, Status.EN_ROUTE):
        rules.must_be_movable(status)
        rules.must_be_cancellable(status)
    else:
        with pytest.raises(NotAllowed):
            rules.must_be_movable(status)
        with pytest.raises(NotAllowed):
            rules.must_be_cancellable(status)


EXACT = Window(NOON, NOON + timedelta(minutes=30))
HALF_DAY = a_window(NOON, hours=4)


@pytest.mark.parametrize(
    ("window", "arrived", "wanted"),
    [
        (EXACT, NOON - timedelta(minutes=10) - SECOND, "early"),
        (EXACT, NOON - timedelta(minutes=10), "on_time"),
        (EXACT, NOON, "on_time"),
        (EXACT, NOON + SECOND, "late"),
        (HALF_DAY, NOON - SECOND, "early"),
        (HALF_DAY, NOON, "on_time"),
        (HALF_DAY, HALF_DAY.end, "on_time"),
        (HALF_DAY, HALF_DAY.end + SECOND, "late"),
        (HALF_DAY, None, "unknown"),
    ],
)
def test_on_time_is_counted_from_an_exact_start_or_inside_a_longer_window(
    window: Window, arrived: datetime | None, wanted: str
) -> None:
    assert punctuality(window, arrived) == wanted

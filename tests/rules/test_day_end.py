"""What became of a day's visits."""

from datetime import UTC, datetime, timedelta

import pytest

from dispatch.day_end.rules import Tally, late_by, outcome_of, tally
from dispatch.visits.life import Status
from dispatch.visits.windows import Window

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
WINDOW = Window(NOON, NOON + 2 * HOUR)
EXACT = Window(NOON, NOON + 30 * MINUTE)


@pytest.mark.parametrize(
    ("status", "in_time", "after"),
    [
        (Status.BOOKED, "to_come", "not_done"),
        (Status.EN_ROUTE, "under_way", "not_done"),
        (Status.ON_SITE, "under_way", "under_way"),
        (Status.SEALED, "done", "done"),
        (Status.NO_ACCESS, "missed", "missed"),
        (Status.CANCELLED, "cancelled", "cancelled"),
    ],
)
def test_every_status_has_an_outcome_before_and_after_the_window(status: Status, in_time: str, after: str) -> None:
    assert outcome_of(status, WINDOW, now=NOON + 2 * HOUR) == in_time
    assert outcome_of(status, WINDOW, now=NOON + 2 * HOUR + MINUTE) == after


def test_late_is_after_the_window_or_after_the_minute_of_an_exact_appointment() -> None:
    assert late_by(WINDOW, NOON + 2 * HOUR) == timedelta(0)
    assert late_by(WINDOW, NOON + 2 * HOUR + 7 * MINUTE) == 7 * MINUTE
    assert late_by(EXACT, NOON) == timedelta(0)
    assert late_by(EXACT, NOON + MINUTE) == MINUTE
    assert late_by(WINDOW, None) == timedelta(0)


def test_a_day_is_counted_with_its_cancelled_visits_apart() -> None:
    day = [("done", True), ("done", False), ("missed", True), ("not_done", False), ("to_come", False)]
    day += [("under_way", False), ("cancelled", False)]
    assert tally(day) == Tally(visits=6, done=2, late=2, missed=1, not_done=1, open=2, cancelled=1)  # type: ignore[arg-type]
    assert tally([]) == Tally()

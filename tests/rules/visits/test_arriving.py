"""When the technician will be there, and what being late owes: to the second around each border."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from dispatch.visits.call_me import call_due
from dispatch.visits.predicting import Place, predicted_arrival, still_worth_saying, straight_km
from dispatch.visits.punctuality import late_notice
from dispatch.visits.reminding import is_to_be_reminded, reminder_due
from dispatch.visits.windows import Window
from tests.makers import NOON

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
EXACT = Window(NOON, NOON + 30 * MINUTE)
LONG = Window(NOON, NOON + 4 * HOUR)
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(("window", "latest"), [(EXACT, NOON), (LONG, NOON + 4 * HOUR)], ids=["exact", "long"])
def test_late_is_later_than_promised_and_told_a_quarter_of_an_hour_before(window: Window, latest: datetime) -> None:
    now = latest - 3 * HOUR
    assert late_notice(window, latest, now=now) is None
    late = late_notice(window, latest + SECOND, now=now)
    assert late is not None
    assert (late.tell_until, late.breach) == (latest - 15 * MINUTE, False)
    for now, until, breach in (
        (latest - 15 * MINUTE, latest - 15 * MINUTE, False),
        (latest - 15 * MINUTE + SECOND, latest, False),
        (latest, latest, False),
        (latest + SECOND, None, True),
    ):
        late = late_notice(window, latest + HOUR, now=now)
        assert late is not None
        assert (late.tell_until, late.breach) == (until, breach), now - latest


def test_a_distance_becomes_minutes_on_the_road() -> None:
    here, there = Place(31.2041, 121.5937), Place(31.2041 + 10 / 111.195, 121.5937)
    assert straight_km(here, there) == pytest.approx(10, abs=0.01)
    departed = datetime(2026, 11, 22, 1, 2, 3, tzinfo=UTC)
    # 10 km x 1.3 at 25 km/h are 31.2 minutes: 01:33:15, and so 01:35
    assert predicted_arrival(here, there, departed=departed) == datetime(2026, 11, 22, 1, 35, tzinfo=UTC)
    assert predicted_arrival(here, here, departed=NOON) == NOON
    assert predicted_arrival(here, here, departed=NOON + SECOND) == NOON + 5 * MINUTE
    assert predicted_arrival(None, there, departed=NOON) is None
    assert predicted_arrival(here, Place(0, 0), departed=NOON) is None, "nobody drives there"


def test_on_the_way_is_not_said_when_it_is_history() -> None:
    assert still_worth_saying(NOON + MINUTE, NOON, now=NOON + MINUTE - SECOND)
    assert not still_worth_saying(NOON + MINUTE, NOON, now=NOON + MINUTE)
    assert still_worth_saying(None, NOON, now=NOON + 30 * MINUTE - SECOND)
    assert not still_worth_saying(None, NOON, now=NOON + 30 * MINUTE)


def local(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI).astimezone(UTC)


@pytest.mark.parametrize(
    ("asked", "starts", "due"),
    [
        (local(22, 10), None, local(22, 10, 30)),
        (local(22, 20, 29), None, local(22, 20, 59)),
        (local(22, 20, 30), None, local(23, 9)),  # half an hour later the quiet hours have begun
        (local(22, 23), None, local(23, 9)),
        (local(23, 1), None, local(23, 9)),
        (local(23, 7, 50), None, local(23, 9)),
        (local(23, 8), None, local(23, 8, 30)),
        (local(22, 22), local(23, 8, 30), local(23, 7, 30)),  # at nine they would stand at the door already
        (local(22, 22), local(22, 22, 40), local(22, 22, 30)),
        (local(22, 22), local(23, 14), local(23, 9)),
    ],
)
def test_who_asks_for_a_call_is_told_by_when(asked: datetime, starts: datetime | None, due: datetime) -> None:
    assert call_due(asked, SHANGHAI, 21, 8, visit_starts=starts) == due


def test_a_reminder_is_due_on_the_evening_before_and_of_use_until_two_hours_before() -> None:
    start = local(24, 14)
    due = reminder_due(start, SHANGHAI, 18)
    assert due == local(23, 18)
    assert reminder_due(local(24, 0), SHANGHAI, 18) == local(23, 18)
    assert reminder_due(local(24, 0) - SECOND, SHANGHAI, 18) == local(22, 18)
    told = due - SECOND
    for now, wanted in (
        (due - SECOND, False),
        (due, True),
        (start - 2 * HOUR - SECOND, True),
        (start - 2 * HOUR, False),
    ):
        assert is_to_be_reminded(start, told, due, now=now) == wanted, now
    assert not is_to_be_reminded(start, due, due, now=due + HOUR), "told after that hour"
    assert not is_to_be_reminded(start, None, due, now=due), "not told yet: that notice comes first"

"""Late arrivals are seen before the customer waits: from check-ins, the order of the day, the ways and lunch."""

from datetime import timedelta
from pathlib import Path

import pytest

from dispatch.database import Database
from dispatch.planning.arrivals import arrivals_today, late_today
from dispatch.visits.on_the_day import arrive, depart
from tests.database.planned_days import Town, between, clock
from tests.makers import a_turn, some_settings

FIVE_MINUTES = timedelta(minutes=5)


@pytest.fixture
def town(database: Database, tmp_path: Path) -> Town:
    made = Town(database, some_settings(tmp_path / "var", str(database.url)))
    made.hire(1, lunch=False)
    return made


def late(town: Town, hour: float) -> dict[str, bool]:
    """Which visits will be late as things stand at that hour; whether the promise is broken already."""
    with town.database.reading() as session:
        found = late_today(a_turn(session, town.settings, clock(hour)))
    return {str(one.visit_id): one.late.breach for one in found if one.late}


def at_work(town: Town, visit: object, hour: float) -> None:
    with town.database.writing() as session:
        depart(a_turn(session, town.settings, clock(hour - 0.2)), visit)  # type: ignore[arg-type]
    with town.database.writing() as session:
        arrive(a_turn(session, town.settings, clock(hour)), visit)  # type: ignore[arg-type]


def test_a_day_that_goes_as_planned_warns_of_nobody(town: Town) -> None:
    first, second = town.visit(0, between(9, 10), 9), town.visit(0, between(11, 12), 11)
    assert late(town, 8) == {}
    at_work(town, first, 9)
    assert late(town, 9.5) == {}
    with town.database.reading() as session:
        found = arrivals_today(a_turn(session, town.settings, clock(9.5)))
    assert set(found) == {str(second)}, "who is at the customer's need not be predicted"
    assert found[str(second)].at == clock(11), "nobody comes before the window opens"


def test_who_began_late_will_be_late_at_the_next_and_it_is_seen_before_that_window_opens(town: Town) -> None:
    first, second = town.visit(0, between(9, 11), 9), town.visit(0, between(10.75, 11.5), 10.75, east=3)
    at_work(town, first, 10.9)
    assert late(town, 10.95) == {str(second): False}
    with town.database.reading() as session:
        (one,) = late_today(a_turn(session, town.settings, clock(10.95)))
    assert clock(11.9) < one.at < clock(12.2)
    assert one.late is not None
    assert one.late.tell_until == clock(11.5) - timedelta(minutes=15)
    assert late(town, 11.51) == {str(second): True}, "nobody said so in time"


def test_who_has_not_set_out_yet_is_reckoned_from_now(town: Town) -> None:
    visit = town.visit(0, between(9, 10), 9, east=6)
    assert late(town, 9.5) == {}
    assert late(town, 9.99) == {str(visit): False}


def test_a_long_lunch_makes_late_too(database: Database, tmp_path: Path) -> None:
    town = Town(database, some_settings(tmp_path / "var", str(database.url)))
    town.hire(1, lunch=True)
    town.visit(0, between(11.5, 12.5), 11.6)
    after = town.visit(0, between(12.75, 13.2), 12.75)
    assert late(town, 8) == {str(after): False}, "lunch has to be taken before or after it"

"""Free windows by the planned days: what is offered can be booked and keeps every rule, what is held is held."""

import random
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from dispatch.accounts.turn import Turn
from dispatch.database import Database
from dispatch.planning.asked import Asked
from dispatch.planning.day_problem import day_problem
from dispatch.planning.day_rows import day_rows
from dispatch.planning.optimiser.judging import judge_route
from dispatch.planning.optimiser.plan import Stop
from dispatch.planning.part_taken import route_of
from dispatch.planning.slot_booking import hold_window, take_window
from dispatch.planning.slot_days import order_with_site
from dispatch.planning.slot_holds import HELD_FOR
from dispatch.planning.slots import offers_for
from dispatch.technicians.tables import Area
from dispatch.visits.slots_offered import SlotGone
from dispatch.visits.tables import WorkOrder
from dispatch.visits.windows import Window
from tests.database.planned_days import MONDAY, SUNDAY_NOON, Town, between, clock
from tests.makers import a_turn, some_settings


@pytest.fixture
def town(database: Database, tmp_path: Path) -> Town:
    return Town(database, some_settings(tmp_path / "var", str(database.url)))


def an_order_here(town: Town, turn: Turn, east: float = 1.0, **more: object) -> WorkOrder:
    order = order_with_site(turn.session, town.order(turn, east, **more))
    assert order is not None
    order.site.area_id = town.area
    turn.session.flush()
    return order


def on_monday(offers: list[Window]) -> list[Window]:
    return [one for one in offers if clock(0) <= one.start < clock(24)]


def offered(turn: Turn, order: WorkOrder, holder: str | None = None) -> list[Window]:
    found = offers_for(turn, order, holder=holder)
    assert found is not None
    return [one.window for one in found]


def broken(town: Town, session: Session) -> list[str]:
    """What the judge says of Monday as it stands in the rows, to the second."""
    rows = day_rows(session, session.get_one(Area, town.area), MONDAY, town.settings.zone)
    day = day_problem(rows, Asked(), now=SUNDAY_NOON)
    assert day is not None
    found = []
    for who in day.problem.technicians_by_id:
        stops = [
            Stop(visit=visit, start=known.start, end=known.end)  # type: ignore[arg-type]
            for visit, known in day.present.items()
            if known.technician == who
        ]
        stops.sort(key=lambda one: one.start)
        found += [one.words.en for one in judge_route(day.problem, route_of(day.problem, who, stops))]
    return found


@pytest.mark.timeout(300)
def test_what_is_offered_can_be_booked_and_keeps_every_rule(town: Town) -> None:
    town.hire(3)
    chance = random.Random(7)
    booked = 0
    for number in range(30):
        with town.database.writing() as session:
            turn = a_turn(session, town.settings, SUNDAY_NOON)
            order = an_order_here(town, turn, chance.uniform(-8, 8), minutes=chance.choice((30, 60, 90)))
            free = on_monday(offered(turn, order))
            if not free:
                continue
            visit = take_window(turn, order, None, chance.choice(free)).visit
            assert visit.technician_id is not None, number
            booked += 1
        with town.database.reading() as session:
            assert broken(town, session) == [], number
    assert booked >= 12


def test_others_make_room_inside_what_they_were_told(town: Town) -> None:
    town.hire(1, hours=4, lunch=False)
    wide = town.visit(0, between(10, 12), 10.5)
    with town.database.writing() as session:
        turn = a_turn(session, town.settings, SUNDAY_NOON)
        order = an_order_here(town, turn, minutes=60)
        assert between(10, 12) in offered(turn, order)
        take_window(turn, order, None, between(10, 12))
    moved = town.read(wide)
    assert moved.planned_start is not None
    assert moved.planned_start != clock(10.5)
    assert (moved.window_start, moved.window_end) == (clock(10), clock(12))
    with town.database.reading() as session:
        assert broken(town, session) == []


def test_nobody_who_lacks_the_skill_or_the_time_is_offered(town: Town) -> None:
    town.hire(1, start=8, hours=4, lunch=False)
    with town.database.writing() as session:
        turn = a_turn(session, town.settings, SUNDAY_NOON)
        assert on_monday(offered(turn, an_order_here(town, turn))) == [between(8, 10), between(10, 12)]
        assert offered(turn, an_order_here(town, turn, skills=("xgspon",))) == []
        assert on_monday(offered(turn, an_order_here(town, turn, minutes=239))) == []


def test_who_is_near_anyway_is_marked_and_cheaper(town: Town) -> None:
    town.hire(2, lunch=False)
    town.visit(0, between(8, 10), 9, east=20)
    with town.database.writing() as session:
        turn = a_turn(session, town.settings, SUNDAY_NOON)
        found = offers_for(turn, an_order_here(town, turn, 20.1, minutes=30))
        assert found is not None
        prices = {one.window: one for one in found}
    near, far = prices[between(10, 12)], prices[between(14, 16) if between(14, 16) in prices else between(12, 14)]
    assert near.green
    assert near.technician_id == town.crew[0]
    assert near.price <= far.price
    with town.database.writing() as session:
        turn = a_turn(session, town.settings, SUNDAY_NOON)
        away = offers_for(turn, an_order_here(town, turn, -20.0, minutes=30))
    assert away
    assert not any(one.green for one in away), "somebody would go there on purpose"


def test_a_held_time_is_free_for_its_holder_only_and_only_for_five_minutes(town: Town) -> None:
    town.hire(1, start=10, hours=2, lunch=False)
    with town.database.writing() as session:
        turn = a_turn(session, town.settings, SUNDAY_NOON)
        mine, other = an_order_here(town, turn, minutes=90), an_order_here(town, turn, minutes=90)
        assert on_monday(offered(turn, mine)) == [between(10, 12)]
        held = hold_window(turn, mine, between(10, 12), holder="me")
        assert held.held_until == SUNDAY_NOON + timedelta(minutes=5)
        assert on_monday(offered(turn, other)) == []
        assert on_monday(offered(turn, mine, "me")) == [between(10, 12)]
        mine_id, other_id = mine.id, other.id
    assert is_gone(town, other_id)
    with town.database.reading() as session:
        turn = a_turn(session, town.settings, SUNDAY_NOON + HELD_FOR)
        assert on_monday(offered(turn, waiting(session, other_id))), "it has run out"
    with town.database.writing() as session:
        turn = a_turn(session, town.settings, SUNDAY_NOON)
        order = waiting(session, mine_id)
        assert take_window(turn, order, None, between(10, 12), holder="me").visit.technician_id == town.crew[0]


def is_gone(town: Town, order_id: UUID) -> bool:
    with town.database.writing() as session:
        turn, order = a_turn(session, town.settings, SUNDAY_NOON), order_with_site(session, order_id)
        assert order is not None
        with pytest.raises(SlotGone):
            take_window(turn, order, None, between(10, 12))
    return True


def waiting(session: Session, order_id: UUID) -> WorkOrder:
    order = order_with_site(session, order_id)
    assert order is not None
    return order


def test_what_somebody_booked_by_hand_meanwhile_is_gone(town: Town) -> None:
    town.hire(1, start=10, hours=2, lunch=False)
    with town.database.writing() as session:
        turn = a_turn(session, town.settings, SUNDAY_NOON)
        order = an_order_here(town, turn, minutes=60)
        assert between(10, 12) in offered(turn, order)
        order_id: UUID = order.id
    town.visit(0, between(10, 11), 10.2)
    with town.database.reading() as session:
        turn = a_turn(session, town.settings, SUNDAY_NOON)
        assert on_monday(offered(turn, waiting(session, order_id))) == []
    assert is_gone(town, order_id)


def test_without_shifts_nothing_can_be_said(town: Town) -> None:
    town.hire(1)
    with town.database.writing() as session:
        turn = a_turn(session, town.settings, SUNDAY_NOON + timedelta(days=30))
        assert offers_for(turn, an_order_here(town, turn)) is None


def test_nobody_is_sent_at_shorter_notice_than_a_customer_would_be(town: Town) -> None:
    town.hire(1, lunch=False)
    for minutes, soon_enough in ((0, True), (1, False)):
        with town.database.writing() as session:
            turn = a_turn(session, town.settings, clock(8) + timedelta(minutes=minutes))
            order = an_order_here(town, turn)
            assert (between(10, 12) in offered(turn, order)) is soon_enough
            if not soon_enough:
                with pytest.raises(SlotGone):
                    take_window(turn, order, None, between(10, 12))

"""The van's kit goes down once for each visit, whatever comes twice or late, and comes up at the station."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import Viewer
from dispatch.database import Database
from dispatch.errors import Forbidden, Invalid, NotFound
from dispatch.technicians.kit import draw_kit, top_up_kit
from dispatch.technicians.queries import kit_stock_of
from dispatch.technicians.tables import KitDraw, KitTopUp
from dispatch.visits.vans import short_vans
from dispatch.visits.windows import Window
from tests.makers import NOON, a_booking, a_technician, a_turn, a_window, some_settings

VISIT = UUID(int=7)


@pytest.fixture
def turn(database: Database, tmp_path: Path) -> Iterator[Turn]:
    with database.writing() as session:
        yield a_turn(session, some_settings(tmp_path, str(database.url)))


def test_a_visit_takes_its_kit_once_however_often_it_says_so(turn: Turn) -> None:
    van = a_technician(turn.session).id
    top_up_kit(turn, van, {"shoe_covers": 5, "rubbish_bag": 5})
    for _ in range(3):
        draw_kit(turn, van, VISIT, {"shoe_covers": 2, "rubbish_bag": 1})
    assert kit_stock_of(turn.session, van) == {"shoe_covers": 3, "rubbish_bag": 4}
    draw_kit(turn, van, UUID(int=8), {"shoe_covers": 1})
    assert kit_stock_of(turn.session, van)["shoe_covers"] == 2


def test_what_is_said_anew_counts_by_its_difference(turn: Turn) -> None:
    van = a_technician(turn.session).id
    top_up_kit(turn, van, {"shoe_covers": 5})
    for used, held in ((2, 3), (3, 2), (1, 4), (0, 5), (1, 4)):
        draw_kit(turn, van, VISIT, {"shoe_covers": used})
        assert kit_stock_of(turn.session, van) == {"shoe_covers": held}, used
    draw_kit(turn, van, VISIT, {})
    assert kit_stock_of(turn.session, van) == {"shoe_covers": 5}


def test_a_stock_that_was_counted_wrong_stops_at_nothing_and_gives_back_only_what_it_gave(turn: Turn) -> None:
    van = a_technician(turn.session).id
    top_up_kit(turn, van, {"shoe_covers": 1})
    draw_kit(turn, van, VISIT, {"shoe_covers": 3})
    assert kit_stock_of(turn.session, van) == {"shoe_covers": 0}
    row = turn.session.get_one(KitDraw, (VISIT, "shoe_covers"))
    assert (row.used, row.taken) == (3, 1)
    draw_kit(turn, van, VISIT, {})
    assert kit_stock_of(turn.session, van) == {"shoe_covers": 1}


def test_only_what_is_used_up_goes_down_and_nothing_that_is_no_kit(turn: Turn) -> None:
    van = a_technician(turn.session).id
    top_up_kit(turn, van, {"drop_cloth": 1, "sticky_note": 3})
    draw_kit(turn, van, VISIT, {"drop_cloth": 1, "sticky_note": 1, "gold": 1, "user_guide": 1})
    assert kit_stock_of(turn.session, van) == {"drop_cloth": 1, "sticky_note": 2}
    kept = set(turn.session.scalars(select(KitDraw.item)))
    assert kept == {"sticky_note", "user_guide"}  # a van whose guides nobody counted still has its use kept


def test_another_technician_who_takes_over_draws_no_second_time(turn: Turn) -> None:
    first, second = a_technician(turn.session).id, a_technician(turn.session, "T-2").id
    for van in (first, second):
        top_up_kit(turn, van, {"shoe_covers": 5})
    draw_kit(turn, first, VISIT, {"shoe_covers": 1})
    draw_kit(turn, second, VISIT, {"shoe_covers": 1})
    assert kit_stock_of(turn.session, first) == {"shoe_covers": 4}
    assert kit_stock_of(turn.session, second) == {"shoe_covers": 5}


def test_topping_up_adds_and_counting_sets_and_both_are_kept(turn: Turn) -> None:
    van = a_technician(turn.session).id
    assert top_up_kit(turn, van, {"shoe_covers": 5}) == {"shoe_covers": 5}
    assert top_up_kit(turn, van, {"shoe_covers": 4}) == {"shoe_covers": 9}
    assert top_up_kit(turn, van, {"shoe_covers": 0}, counted=True) == {"shoe_covers": 0}
    rows = turn.session.scalars(select(KitTopUp)).all()
    assert sorted((row.kind, row.quantity, row.held) for row in rows) == [
        ("added", 4, 9), ("added", 5, 5), ("counted", 0, 0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "wrong", [{}, {"shoe_covers": 0}, {"gold": 1}, {"shoe_covers": -1}, {"shoe_covers": 1001}, {"": 1}]
)
def test_what_cannot_be_put_into_a_van_is_refused(turn: Turn, wrong: dict[str, int]) -> None:
    van = a_technician(turn.session).id
    with pytest.raises(Invalid):
        top_up_kit(turn, van, wrong)
    assert kit_stock_of(turn.session, van) == {}


def test_a_van_takes_a_thousand_of_an_item_and_no_more(turn: Turn) -> None:
    van = a_technician(turn.session).id
    top_up_kit(turn, van, {"shoe_covers": 999})
    assert top_up_kit(turn, van, {"shoe_covers": 1}) == {"shoe_covers": 1000}
    with pytest.raises(Invalid):
        top_up_kit(turn, van, {"shoe_covers": 1})


def test_a_van_is_topped_up_by_planners_and_by_its_own_technician(turn: Turn) -> None:
    van, other = a_technician(turn.session).id, a_technician(turn.session, "T-2").id

    def by(role: str, technician_id: UUID | None = None) -> Turn:
        viewer = Viewer(role, role, technician_id=technician_id)  # type: ignore[arg-type]
        return Turn(turn.session, viewer, turn.now, turn.settings)

    for asker in (by("dispatcher"), by("supervisor"), by("admin"), by("technician", van)):
        top_up_kit(asker, van, {"shoe_covers": 1})
    assert kit_stock_of(turn.session, van) == {"shoe_covers": 4}
    for asker, refusal in ((by("care_agent"), Forbidden), (by("technician", other), NotFound)):
        with pytest.raises(refusal):
            top_up_kit(asker, van, {"shoe_covers": 1})
    with pytest.raises(NotFound):
        top_up_kit(by("admin"), uuid4(), {"shoe_covers": 1})


def test_the_evening_before_a_van_is_short_of_what_today_leaves_for_tomorrow(turn: Turn) -> None:
    """Noon: two visits left today, two tomorrow; four shoe covers are enough and three are not."""
    technician = a_technician(turn.session)
    zone, tomorrow = turn.settings.zone, (NOON + timedelta(days=1)).date()
    for hours in (2, 5, 24, 27):
        a_booking(turn, technician, a_window(NOON + timedelta(hours=hours)))
    a_booking(turn, None, Window(NOON + timedelta(hours=24), NOON + timedelta(hours=25)))
    top_up_kit(turn, technician.id, {"shoe_covers": 4})
    assert short_vans(turn.session, turn.viewer, tomorrow, zone, NOON) == []
    top_up_kit(turn, technician.id, {"shoe_covers": 3}, counted=True)
    (van,) = short_vans(turn.session, turn.viewer, tomorrow, zone, NOON)
    assert (van.technician_id, van.visits, [need.item.key for need in van.needs]) == (
        technician.id, 2, ["shoe_covers"],
    )  # fmt: skip
    assert short_vans(turn.session, turn.viewer, NOON.date(), zone, NOON) == []

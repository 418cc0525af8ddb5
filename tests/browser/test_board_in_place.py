"""Planning, the map and the wall on the live board, in a real browser."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import expect
from sqlalchemy import select, update

from dispatch.accounts.viewer import SYSTEM
from dispatch.clock import local_day, utc_now
from dispatch.customers.tables import Site
from dispatch.notices.calls import open_call
from dispatch.planning.tables import PlanRun
from dispatch.technicians.tables import Area, Shift
from dispatch.visits.queries import new_visit
from dispatch.visits.tables import Visit
from dispatch.visits.telling import reader_of
from mobile_api.technician.maps import to_gcj02
from tests.browser.conftest import Opener, Served
from tests.browser.looks import wrong_with
from tests.browser.test_live_board import DAY, board, settle
from tests.full import FULL
from tests.journeys.desk_hand import SHANGHAI
from tests.makers import a_turn

pytestmark = pytest.mark.browser


def a_town(served: Served) -> dict[str, UUID]:
    """Tomorrow as in the board's own tests, with homes in the area."""
    known = settle(served)
    with served.house.database.writing() as session:
        area = session.scalars(select(Area.id)).one()
        session.execute(update(Site).values(area_id=area, latitude=31.21, longitude=121.6))
    return known


def asked(served: Served) -> list[dict[str, Any]]:
    with served.house.database.reading() as session:
        return [run.asked for run in session.scalars(select(PlanRun).order_by(PlanRun.asked_at))]


def test_two_clicks_lead_from_a_sick_technician_to_the_planner(served: Served, opened: Opener) -> None:
    a_town(served)
    page = board(opened("dispatcher", width=1440, height=900).page)
    page.locator(f"[data-technician='{served.cast.technician_id}'] .lb-person").click()
    card = page.locator(".lb-card")
    expect(card).to_contain_text("T-001")
    card.get_by_role("button", name="今天来不了").click()
    page.wait_for_url("**/desk/plans/*")
    expect(page.locator("main")).to_contain_text("人员请假或生病：赵翀㛃 T-001")
    assert asked(served)[0]["events"][0]["kind"] == "sick"
    page.get_by_role("link", name="排班板").last.click()
    page.wait_for_selector("doorstep-board[data-ready]")


def test_picked_visits_are_planned_anew_by_mouse_and_by_keyboard(served: Served, opened: Opener) -> None:
    known = a_town(served)
    page = board(opened("dispatcher", width=1440, height=900).page)
    bar = page.locator(".lb-picked")
    expect(bar).to_be_hidden()
    page.locator(f"#v-{known['assigned']}").click(modifiers=["Control"])
    expect(bar).to_contain_text("已选 1 个上门")
    page.locator(f"#v-{known['pool']}").focus()
    page.keyboard.press("x")
    expect(bar).to_contain_text("已选 2 个上门")
    expect(page.locator(".lb-aloud")).to_contain_text("共 2 个")
    page.keyboard.press("x")
    expect(bar).to_contain_text("已选 1 个上门")
    bar.get_by_role("button", name="重新排这些上门").click()
    page.wait_for_url("**/desk/plans/*")
    expect(page.locator("main")).to_contain_text("只重排选中的 1 个上门")
    assert asked(served)[0]["picked"] == [str(known["assigned"])]


def test_an_order_on_the_phone_is_one_click_from_its_free_windows(served: Served, opened: Opener) -> None:
    known = a_town(served)
    page = board(opened("dispatcher", width=1440, height=900).page)
    page.locator(".lb-order").get_by_role("link", name="可约时段").click()
    page.wait_for_url(f"**/desk/orders/{known['order']}/slots")
    board(page).locator(".lb-order").get_by_role("button", name="紧急").click()
    page.wait_for_url("**/desk/plans/*")
    assert asked(served)[0]["events"][0]["kind"] == "urgent"


def test_what_needs_a_person_is_counted_live_and_a_call_is_one_click_from_its_block(
    served: Served, opened: Opener
) -> None:
    known = a_town(served)
    page = board(opened("dispatcher", width=1440, height=900).page)
    everything = page.locator("[data-need=all] .lb-count")
    expect(everything).to_have_text("0", timeout=10_000)
    expect(page.locator(".lb-well")).to_be_visible()
    with served.house.database.writing() as session:
        turn = a_turn(session, served.settings, utc_now(), SYSTEM)
        reader = reader_of(new_visit(session, known["assigned"]).work_order.customer)
        due = turn.now + timedelta(minutes=9)
        task = open_call(turn, "call_me", reader=reader, due_at=due, dedupe="b", visit_id=known["assigned"]).id
    expect(everything).to_have_text("1", timeout=10_000)
    expect(page.locator("[data-need=call]")).to_be_visible()
    page.locator(f"#v-{known['assigned']}").click()
    page.locator(".lb-card").get_by_role("link", name="致电客户").click()
    page.wait_for_url(f"**/desk/calls/{task}")
    page.get_by_role("button", name="已接通，客户同意").click()
    page.wait_for_url("**/desk/calls?done=called")
    expect(board(page).locator("[data-need=all] .lb-count")).to_have_text("0", timeout=10_000)


# ---- The map ----


def test_the_map_shows_what_its_list_says(served: Served, opened: Opener) -> None:
    known = a_town(served)
    page = board(opened("dispatcher", width=1440, height=900).page)
    page.locator("[data-map]").click()
    places = page.locator(".lb-map")
    expect(places.locator(f"[data-visit='{known['assigned']}']")).to_have_count(1)
    expect(places.locator(f"[data-visit='{known['pool']}']")).to_have_count(1)
    expect(places.locator(".lm-cell")).to_have_count(1)
    expect(places.locator(".lm-person")).to_have_count(0)  # tomorrow nobody is anywhere
    expect(places.locator(".lm-list")).to_contain_text("不是今天，只显示路线")
    before = places.locator("svg > g").get_attribute("transform")
    places.locator("svg").focus()
    page.keyboard.press("+")
    page.keyboard.press("ArrowLeft")
    assert places.locator("svg > g").get_attribute("transform") != before
    places.locator("[data-view=fit]").click()
    places.locator(".lm-go").first.click()
    expect(page.locator(".lb-card")).to_contain_text("T-001")
    page.reload()
    page.wait_for_selector("doorstep-board[data-ready]")
    expect(places).to_be_visible()  # as it was left
    page.keyboard.press("m")
    expect(places).to_be_hidden()


def today_at_work(served: Served) -> UUID:
    """The first technician is on shift now, and on site at the visit; the second is off. The visit's id."""
    known, now = a_town(served), utc_now()
    with served.house.database.writing() as session:
        for shift in session.scalars(select(Shift)):
            session.delete(shift)
        session.flush()
        midnight = now.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
        session.add(
            Shift(
                technician_id=served.cast.technician_id, starts_at=midnight, ends_at=midnight + timedelta(hours=24)
            )
        )  # fmt: skip
        visit = session.get_one(Visit, known["assigned"])
        begun = max(midnight, now - timedelta(minutes=20))
        visit.window_start = visit.planned_start = visit.arrived_at = begun
        visit.window_end = visit.planned_end = begun + timedelta(hours=1)
        visit.status = "on_site"
    return known["assigned"]


def test_who_is_on_shift_stands_where_the_plan_says_and_who_is_off_is_not_shown(served: Served, opened: Opener) -> None:
    today_at_work(served)
    page = opened("dispatcher", width=1440, height=900).page
    board(page, f"{local_day(utc_now(), SHANGHAI)}").locator("[data-map]").click()
    places = page.locator(".lb-map")
    expect(places.locator(".lm-person")).to_have_count(1)
    expect(places.locator(".lm-person.how-at")).to_have_count(1)
    expect(places.locator(".lm-list")).to_contain_text("现场（手机已登记到达）")
    expect(places.locator(".lm-list")).to_contain_text("不在班次内，不显示位置")


WHERE = """async ([from, technician, visits, minute]) => {
  const { whereabouts } = await import(from.replace("board.js", "whereabouts.js"));
  const found = whereabouts(technician, visits, minute);
  return found && [found.how, found.xy, found.visit?.id ?? null];
}"""


def test_a_place_is_never_more_than_the_plan_and_the_arrivals_say(served: Served, opened: Opener) -> None:
    settle(served)
    page = board(opened("dispatcher", width=1440, height=900).page)
    script = page.evaluate("document.querySelector('script[src*=\"js/board/board.js\"]').src")
    somebody = {"sh": [480, 1020], "xy": [31.2, 121.5]}

    def visit(id: str, status: str, at: int) -> dict[str, Any]:
        return {"id": id, "s": status, "p": [at, at + 60], "w": [at, at + 60], "xy": [31.2, 121.5 + at / 1e4], "g": []}

    def where(visits: list[dict[str, Any]], minute: int, who: dict[str, Any] = somebody) -> Any:
        found = page.evaluate(WHERE, [script, who, visits, minute])
        return found and (found[0], found[2])

    done, going, next_one = visit("a", "sealed", 500), visit("b", "en_route", 600), visit("c", "booked", 700)
    assert where([done, visit("b", "on_site", 600), next_one], 610) == ("at", "b")
    assert where([done, going, next_one], 590) == ("to", "b")
    assert where([done, next_one], 590) == ("next", "c")
    assert where([visit("z", "no_access", 490), done], 900) == ("last", "a")
    assert where([], 600) == ("start", None)
    assert where([done, going], 479) is None
    assert where([done, going], 1019) == ("to", "b")
    assert where([done, going], 1020) is None, "the shift is over"
    assert where([going], 600, {"sh": None, "xy": [31.2, 121.5]}) is None
    assert where([], 600, {"sh": [480, 1020], "xy": None}) is None


def test_the_browser_shifts_for_chinese_maps_as_the_phones_links_do(served: Served, opened: Opener) -> None:
    settle(served)
    page = board(opened("dispatcher", width=1440, height=900).page)
    script = page.evaluate("document.querySelector('script[src*=\"js/board/board.js\"]').src")
    points = [(31.1774276, 121.5272106), (39.9042, 116.4074), (22.543847, 113.912316), (48.8584, 2.2945), (18.2, 109.5)]
    shifted, back = page.evaluate(
        """async ([from, points]) => {
          const { toGcj02, project, unproject } = await import(from.replace("board.js", "projection.js"));
          return [points.map(toGcj02), points.map((one) => unproject(project(one)))];
        }""",
        [script, points],
    )
    for point, told, again in zip(points, shifted, back, strict=True):
        assert told == pytest.approx(to_gcj02(*point), abs=1e-9)
        assert again == pytest.approx(point, abs=1e-9)


# ---- The wall, the empty board, and everybody ----


def test_a_wall_has_nothing_to_press_and_no_whole_names(served: Served, opened: Opener) -> None:
    known = a_town(served)
    page = opened("dispatcher", width=1920, height=1080).page
    page.goto(f"/desk/board?day={DAY}&wall=1")
    page.wait_for_selector("doorstep-board[data-ready]")
    expect(page.locator(f"#v-{known['assigned']}")).to_contain_text("王＊")
    assert "王𬭎" not in page.inner_text("doorstep-board")
    for gone in (".bar", ".lb-tools", ".lb-side", ".lb-top-end"):
        expect(page.locator(gone)).to_be_hidden()
    page.locator(f"#v-{known['assigned']}").focus()
    page.keyboard.press("Space")
    expect(page.locator(".lb-spot")).to_have_count(0)
    page.keyboard.press("w")
    page.wait_for_url(lambda address: "wall" not in address)
    page.wait_for_selector("doorstep-board[data-ready]")
    expect(page.locator(".lb-tools")).to_be_visible()
    page.keyboard.press("w")
    page.wait_for_url("**wall=1")


def test_an_empty_filter_is_cleared_by_one_press(served: Served, opened: Opener) -> None:
    settle(served)
    page = board(opened("dispatcher", width=1440, height=900).page)
    page.fill(".lb-tools [name=find]", "没有这样的人")
    expect(page.locator(".lb-nobody")).to_contain_text("没有符合条件")
    page.locator(".lb-nobody button").click()
    expect(page.locator(".lb-row")).to_have_count(2)


LOOKS = [(1440, "light", "zh"), (1024, "dark", "en"), (390, "dark", "en")]
LOOKS += [(2560, "dark", "zh"), (800, "light", "en")] if FULL else []


@pytest.mark.parametrize(("width", "scheme", "language"), LOOKS)
def test_planning_map_and_wall_can_be_used_by_everybody(
    served: Served, opened: Opener, width: int, scheme: Any, language: str
) -> None:
    known = a_town(served)
    eyes = opened("dispatcher", width=width, height=900, scheme=scheme, language=language)
    page = board(eyes.page)
    page.locator("[data-map]").click()
    expect(page.locator(".lm-cell")).to_have_count(1)
    page.locator(f"#v-{known['assigned']}").focus()
    page.keyboard.press("x")
    page.keyboard.press("t")
    expect(page.locator(".lb-card")).to_be_visible()
    wrong = wrong_with(eyes, "the map, a pick and a technician's card")
    page.goto(f"/desk/board?day={DAY}&wall=1")
    page.wait_for_selector("doorstep-board[data-ready]")
    wrong += wrong_with(eyes, "the wall")
    assert wrong == []

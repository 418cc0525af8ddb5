"""The live board in a real browser: true while it is open, moved by hand and by keyboard, legible to everybody."""

from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from dispatch.accounts.viewer import SYSTEM
from dispatch.clock import utc_now
from dispatch.notices.tables import Notice
from dispatch.planning.optimiser.travel import Point, StraightLine
from dispatch.technicians.tables import Technician
from dispatch.visits.booking import book_visit, reschedule_visit
from dispatch.visits.tables import Visit, VisitChange
from tests.browser.conftest import Opener, Served
from tests.browser.looks import wrong_with
from tests.full import FULL
from tests.journeys.desk_hand import SHANGHAI, fields, tomorrow
from tests.makers import a_booking, a_turn, an_order

pytestmark = pytest.mark.browser

DAY = fields(tomorrow(9))["day"]
TRUE_WITHIN = 5_000  # milliseconds


def settle(served: Served) -> dict[str, UUID]:
    """Tomorrow: one visit told 9 to 13 with the first technician, one in the pool, one order to book."""
    with served.house.database.writing() as session:
        turn = a_turn(session, served.settings, utc_now(), SYSTEM)
        first = session.get(Technician, served.cast.technician_id)
        assigned = a_booking(turn, first, tomorrow(9, 4)).visit.id
        pool = a_booking(turn, None, tomorrow(13, 4)).visit.id
        order = an_order(turn, "install", external_id="GD-1", skills=("xgspon",)).id
    return {"assigned": assigned, "pool": pool, "order": order}


def stands(served: Served, visit_id: UUID) -> tuple[UUID | None, datetime | None]:
    """Who goes, and from when on, by the database."""
    with served.house.database.reading() as session:
        visit = session.get(Visit, visit_id)
        assert visit is not None
        return visit.technician_id, visit.planned_start


def at(hour: int, minute: int = 0) -> datetime:
    return tomorrow(hour).start.astimezone(SHANGHAI).replace(minute=minute)


def board(page: Page, day: str = DAY) -> Page:
    page.goto(f"/desk/board?day={day}")
    page.wait_for_selector("doorstep-board[data-ready]")
    return page


def elsewhere(served: Served, visit_id: UUID, technician: UUID | None) -> None:
    """Another dispatcher, in another process."""
    with served.house.database.writing() as session:
        visit = session.scalars(select(Visit).where(Visit.id == visit_id)).one()
        turn = a_turn(session, served.settings, utc_now(), SYSTEM)
        reschedule_visit(turn, visit_id, visit.window, asked_by="company", reason="", technician_id=technician)


def drag(page: Page, visit: UUID, technician: UUID, hour: float) -> None:
    """With the mouse, by the block's left end, to an hour of another row."""
    box = page.locator(f"#v-{visit}").bounding_box()
    lane = page.locator(f"[data-technician='{technician}'] .lb-lane").bounding_box()
    scale = page.evaluate(
        "(() => { const b = document.querySelector('doorstep-board'); return [b.opens, b.minute]; })()"
    )
    assert box
    assert lane
    in_pool = page.evaluate(f"document.getElementById('v-{visit}').closest('.lb-pool') !== null")
    x = lane["x"] + (hour * 60 - scale[0]) * scale[1] + (0 if in_pool else 6)
    page.mouse.move(box["x"] + 6, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 40, box["y"] + box["height"] / 2 + 8)
    page.mouse.move(x, lane["y"] + lane["height"] / 2, steps=4)
    page.mouse.up()


def confirm(page: Page) -> None:
    page.locator(".lb-dialog button[type=submit]").click()
    expect(page.locator(".lb-dialog")).to_be_hidden()


def row_of(page: Page, visit: UUID) -> str | None:
    return page.evaluate(f"document.getElementById('v-{visit}')?.closest('.lb-row')?.dataset.technician ?? null")


def test_a_visit_is_dragged_to_somebody_else_confirmed_and_taken_back(served: Served, opened: Opener) -> None:
    known, cast = settle(served), served.cast
    page = board(opened("dispatcher", width=1440, height=900).page)
    drag(page, known["assigned"], cast.other_technician_id, 10.5)
    dialog = page.locator(".lb-dialog")
    expect(dialog).to_contain_text("钱进")
    expect(dialog).to_contain_text("约定时段不变")
    expect(dialog).to_contain_text("当天排得下")
    assert stands(served, known["assigned"])[0] == cast.technician_id  # nothing before it is confirmed
    confirm(page)
    expect(page.locator(".lb-news")).to_contain_text("无需通知客户")
    assert stands(served, known["assigned"]) == (cast.other_technician_id, at(10, 30))
    assert row_of(page, known["assigned"]) == str(cast.other_technician_id)
    page.locator("[data-undo]").click()
    expect(page.locator(".lb-news")).to_contain_text("已撤销")
    assert stands(served, known["assigned"]) == (cast.technician_id, at(9))
    assert row_of(page, known["assigned"]) == str(cast.technician_id)


def test_what_leaves_the_told_window_says_what_the_customer_will_hear(served: Served, opened: Opener) -> None:
    known, cast = settle(served), served.cast
    page = board(opened("dispatcher", width=1440, height=900).page)
    drag(page, known["assigned"], cast.technician_id, 14.5)
    dialog = page.locator(".lb-dialog")
    expect(dialog).to_contain_text("约定时段改为")
    expect(dialog).to_contain_text("客户会收到改约通知")
    page.locator(".lb-dialog button[type=submit]").click()
    expect(dialog.locator(".problem")).to_be_visible()  # a reason is missing: nothing was stored
    assert stands(served, known["assigned"]) == (cast.technician_id, at(9))
    page.fill(".lb-dialog #f-reason", "前一户施工延误")
    confirm(page)
    assert stands(served, known["assigned"]) == (cast.technician_id, at(14, 30))
    with served.house.database.reading() as session:
        notices = session.scalars(select(Notice).where(Notice.visit_id == known["assigned"]).order_by(Notice.owed_at))
        assert [notice.kind for notice in notices][-1] == "moved"


def test_while_dragging_the_board_says_why_it_does_not_fit(served: Served, opened: Opener) -> None:
    known, cast = settle(served), served.cast
    with served.house.database.writing() as session:
        turn = a_turn(session, served.settings, utc_now(), SYSTEM)
        order = an_order(turn, "install", external_id="GD-2", skills=("xgspon",))
        able = book_visit(turn, order.id, tomorrow(10, 2)).visit.id
    page = board(opened("dispatcher", width=1440, height=900).page)
    page.locator(f"#v-{able}").focus()
    page.keyboard.press("Enter")
    row = page.locator(f"[data-technician='{cast.technician_id}']")
    expect(row).to_have_class("lb-row unfit")
    expect(page.locator(".lb-spot")).to_have_attribute("data-fits", "false")
    expect(page.locator(".lb-aloud")).to_contain_text("xgspon")
    page.keyboard.press("Escape")
    expect(row).not_to_have_class("lb-row unfit")
    assert stands(served, able)[0] is None
    drag(page, known["pool"], cast.technician_id, 9.25)
    expect(page.locator(".lb-dialog")).to_contain_text("与已有安排重叠")


def test_a_visit_is_moved_by_keyboard_alone_and_every_step_is_said(served: Served, opened: Opener) -> None:
    known, cast = settle(served), served.cast
    page = board(opened("dispatcher", width=1440, height=900).page)
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.lb-visit button')"):
            break
    assert page.evaluate("document.activeElement.id") == f"v-{known['assigned']}"
    aloud = page.locator(".lb-aloud")
    page.keyboard.press("Enter")
    expect(aloud).to_contain_text("已拿起")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(aloud).to_contain_text("钱进，09:30。合适")
    page.keyboard.press("Enter")
    expect(page.locator(".lb-dialog")).to_be_visible()
    page.keyboard.press("Enter")  # the dialog's first choice is to confirm
    expect(page.locator(".lb-dialog")).to_be_hidden()
    expect(page.locator(f"#v-{known['assigned']}")).to_be_focused()
    assert stands(served, known["assigned"]) == (cast.other_technician_id, at(9, 30))
    page.keyboard.press("Space")
    page.keyboard.press("Delete")
    expect(aloud).to_contain_text("未派单")
    page.keyboard.press("Space")
    confirm(page)
    assert stands(served, known["assigned"])[0] is None
    expect(page.locator(".lb-pool")).to_contain_text("王𬭎")


def test_escape_leaves_everything_where_it_was(served: Served, opened: Opener) -> None:
    known, cast = settle(served), served.cast
    page = board(opened("dispatcher", width=1440, height=900).page)
    page.locator(f"#v-{known['assigned']}").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(page.locator(".lb-aloud")).to_contain_text("留在原处")
    expect(page.locator(".lb-dialog")).to_be_hidden()
    assert stands(served, known["assigned"]) == (cast.technician_id, at(9))


def test_a_finger_that_rests_takes_a_visit(served: Served, opened: Opener) -> None:
    known, cast = settle(served), served.cast
    page = board(opened("dispatcher", width=1100, height=900).page)
    box = page.locator(f"#v-{known['assigned']}").bounding_box()
    lane = page.locator(f"[data-technician='{cast.other_technician_id}'] .lb-lane").bounding_box()
    assert box
    assert lane
    touch = page.context.new_cdp_session(page)
    begin, end = (box["x"] + 10, box["y"] + 20), (box["x"] + 10, lane["y"] + 20)

    def send(kind: str, *points: tuple[float, float]) -> None:
        listed = [{"x": x, "y": y} for x, y in points]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": listed})

    send("touchStart", begin)
    expect(page.locator(".lb-ghost")).to_be_visible()
    send("touchMove", (begin[0], begin[1] + 12))
    send("touchMove", end)
    send("touchEnd")
    confirm(page)
    assert stands(served, known["assigned"])[0] == cast.other_technician_id


def test_who_may_not_plan_may_look_and_takes_nothing(served: Served, opened: Opener) -> None:
    known = settle(served)
    page = board(opened("care_agent", width=1440, height=900).page)
    page.locator(f"#v-{known['assigned']}").focus()
    page.keyboard.press("Space")
    expect(page.locator(".lb-news")).to_contain_text("不能改动安排")
    expect(page.locator(".lb-spot")).to_have_count(0)


def test_what_others_do_appears_without_a_reload(served: Served, opened: Opener) -> None:
    known, cast = settle(served), served.cast
    page = board(opened("dispatcher", width=1440, height=900).page)
    expect(page.locator(".lb-state")).to_have_attribute("data-state", "live")
    page.locator(f"#v-{known['assigned']}").focus()
    elsewhere(served, known["assigned"], cast.other_technician_id)
    block = page.locator(f"[data-technician='{cast.other_technician_id}'] #v-{known['assigned']}")
    expect(block).to_have_count(1, timeout=2_000)
    expect(block).to_be_focused()
    expect(page.locator(".lb-aloud")).to_contain_text("有更新")
    with served.house.database.writing() as session:
        turn = a_turn(session, served.settings, utc_now(), SYSTEM)
        fresh = a_booking(turn, None, tomorrow(15, 2)).visit.id
    expect(page.locator(f".lb-pool #v-{fresh}")).to_have_count(1, timeout=2_000)


def test_after_a_killed_server_the_board_is_true_again(served: Served, opened: Opener) -> None:
    known, cast = settle(served), served.cast
    page = board(opened("dispatcher", width=1440, height=900).page)
    expect(page.locator(".lb-state")).to_have_attribute("data-state", "live")
    served.stop()
    expect(page.locator(".lb-state")).to_have_attribute("data-state", "lost", timeout=15_000)
    elsewhere(served, known["assigned"], cast.other_technician_id)
    elsewhere(served, known["pool"], cast.technician_id)
    with served.house.database.writing() as session:
        turn = a_turn(session, served.settings, utc_now(), SYSTEM)
        for hour in (15, 16, 17):
            a_booking(turn, session.get(Technician, cast.technician_id), tomorrow(hour + 3, 1))
    served.start()
    expect(page.locator(".lb-visit")).to_have_count(5, timeout=TRUE_WITHIN)
    shown = page.evaluate(
        "[...document.querySelectorAll('.lb-visit button')].map((one) => [one.id.slice(2),"
        " one.closest('.lb-row')?.dataset.technician ?? null, Number(one.dataset.version)]).sort()"
    )
    with served.house.database.reading() as session:
        rows = session.scalars(select(Visit)).all()
        true = sorted([str(one.id), str(one.technician_id) if one.technician_id else None, one.version] for one in rows)
    assert shown == true
    expect(page.locator(".lb-state")).to_have_attribute("data-state", "live", timeout=TRUE_WITHIN)


def test_two_dispatchers_move_the_same_visit_one_wins_the_other_sees_whose(served: Served, opened: Opener) -> None:
    known, cast = settle(served), served.cast
    page = board(opened("dispatcher", width=1440, height=900).page)
    page.locator(f"#v-{known['assigned']}").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator(".lb-dialog")).to_be_visible()
    other = board(opened("supervisor", width=1440, height=900).page)
    drag(other, known["assigned"], cast.other_technician_id, 11)
    confirm(other)
    page.locator(".lb-dialog button[type=submit]").click()
    dialog = page.locator(".lb-dialog")
    expect(dialog).to_contain_text("刚被别人改动")
    theirs, ours = dialog.locator(".theirs > div").all()
    expect(theirs).to_contain_text("钱进")
    expect(ours).to_contain_text("09:15")
    expect(dialog.locator(".timeline")).to_contain_text("supervisor")
    assert stands(served, known["assigned"]) == (cast.other_technician_id, at(11))
    confirm(page)  # ours on top of theirs, knowing it
    assert stands(served, known["assigned"]) == (cast.technician_id, at(9, 15))
    with served.house.database.reading() as session:
        changes = session.scalars(select(VisitChange).where(VisitChange.visit_id == known["assigned"])).all()
    assert sorted(change.version for change in changes) == [1, 2, 3]  # nothing was lost


LOOKS = [(1440, "light", "zh"), (1024, "dark", "en"), (390, "light", "zh")]
LOOKS += [(2560, "light", "en"), (800, "dark", "zh")] if FULL else []


@pytest.mark.parametrize(("width", "scheme", "language"), LOOKS)
def test_the_board_can_be_used_by_everybody(
    served: Served, opened: Opener, width: int, scheme: Any, language: str
) -> None:
    known = settle(served)
    eyes = opened("dispatcher", width=width, height=900, scheme=scheme, language=language)
    page = board(eyes.page)
    wrong = wrong_with(eyes, "the board")
    page.locator(f"#v-{known['assigned']}").click()
    expect(page.locator(".lb-card")).to_be_visible()
    wrong += wrong_with(eyes, "a visit's card")
    page.keyboard.press("Escape")
    page.locator(f"#v-{known['assigned']}").focus()
    page.keyboard.press("Space")
    for _ in range(20):
        page.keyboard.press("ArrowRight")
    wrong += wrong_with(eyes, "held")
    page.keyboard.press("Enter")
    expect(page.locator(".lb-dialog")).to_be_visible()
    wrong += wrong_with(eyes, "the dialog")
    page.locator(".lb-dialog [data-close]").click()
    page.keyboard.press("?")
    expect(page.locator("#board-keys")).to_be_visible()
    wrong += wrong_with(eyes, "the keys")
    assert wrong == []


def test_the_way_between_two_visits_is_the_planners_to_the_minute(served: Served, opened: Opener) -> None:
    settle(served)
    page = board(opened("dispatcher", width=1440, height=900).page)
    places = [(31.2041, 121.5937), (31.2042, 121.5937), (31.25, 121.48), (31.1, 121.4), (30.9, 121.9)]
    script = page.evaluate("document.querySelector('script[src*=\"js/board/board.js\"]').src")
    ways = page.evaluate(
        """async ([from, places]) => {
          const { minutesBetween } = await import(from.replace("board.js", "travel.js"));
          const rules = document.querySelector("doorstep-board").told.travel;
          return places.map((one) => places.map((other) => minutesBetween(one, other, rules)));
        }""",
        [script, places],
    )
    points = tuple(Point(place=str(n), latitude=a, longitude=b) for n, (a, b) in enumerate(places))
    travel = StraightLine(points=points)
    for one in range(len(places)):
        for other in range(len(places)):
            assert ways[one][other] == pytest.approx(-(-travel.between(one, other) // 60), abs=1)
    assert ways[0][4] > 60  # the far one is far

"""The customer's pages in a real browser: with scripts a finger signs, without them everything else still works."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from checklists.words import Words
from dispatch.clock import utc_now
from dispatch.notices.tables import Notice
from dispatch.outages.actions import approve_outage, cancel_outage, plan_outage
from dispatch.records.documents import draw_missing
from dispatch.records.tables import EntryRow, RatingRow
from dispatch.technicians.tables import Area
from dispatch.visits.tables import Visit
from tests.browser.conftest import Opener, Served, findings_of_axe
from tests.journeys.customer_stages import Guest, a_guest
from tests.makers import a_turn

pytestmark = pytest.mark.browser


@pytest.fixture
def plain(chromium: Browser, served: Served) -> Iterator[Page]:
    """A page of a browser whose scripts are switched off."""
    context = chromium.new_context(
        base_url=served.address,
        java_script_enabled=False,
        viewport={"width": 390, "height": 844},
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
    )
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


def signature_of(served: Served, guest: Guest) -> object:
    with served.house.database.reading() as session:
        query = select(EntryRow.value).where(EntryRow.visit_id == guest.visit_id, EntryRow.key == "customer_signature")
        return session.scalar(query)


def choose(page: Page, name: str, value: str) -> None:
    page.locator(f"[name={name}][value='{value}']").check()


def test_a_finger_signs_the_record(served: Served, opened: Opener) -> None:
    guest = a_guest(served.house, served.cast.technician_id, "worked")
    page = opened().page
    page.goto(guest.path)
    assert page.url.endswith(guest.home), "the secret is gone from the address"
    page.get_by_role("link", name="查看并签字").click()
    choose(page, "conduct_rating", "5")
    choose(page, "overall_rating", "4")
    choose(page, "decision", "sign")
    canvas = page.locator("canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box
    for left in (30, 130):
        page.mouse.move(box["x"] + left, box["y"] + 60)
        page.mouse.down()
        for step in range(1, 12):
            page.mouse.move(box["x"] + left + 7 * step, box["y"] + 60 + (40 if step % 2 else -20), steps=3)
        page.mouse.up()
    expect(page.locator("[data-pad-state]")).to_have_text("已签名")
    page.get_by_role("button", name="擦掉重签").click()
    expect(page.locator("[data-pad-state]")).to_have_text("尚未签名")
    box = canvas.bounding_box()
    assert box
    page.mouse.move(box["x"] + 30, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 120, steps=25)
    page.mouse.up()
    page.locator("[name=name]").fill(" ")
    page.get_by_role("button", name="提交").click()
    expect(page.locator("#f-name-error")).to_be_visible()
    expect(page.locator("[data-pad-state]")).to_have_text("已签名")  # something else was amiss: it is still there
    page.locator("[name=name]").fill("王𬭎")
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("heading", name="您的签字")).to_be_visible()
    value = signature_of(served, guest)
    assert isinstance(value, dict)
    assert len(value["strokes"]) == 1, "what was wiped away is not sent"
    points = value["strokes"][0]
    assert len(points) > 5
    assert points[0]["t"] == 0
    assert abs(value["width"] - box["width"]) <= 1
    assert abs(points[0]["x"] - 30) <= 2
    assert json.dumps(value).count("refused") == 0


def test_without_scripts_a_visit_is_confirmed_and_another_time_asked_for(served: Served, plain: Page) -> None:
    guest = a_guest(served.house, served.cast.technician_id)
    plain.goto(guest.path)
    plain.get_by_role("button", name="时间合适，确认").click()
    expect(plain.get_by_text("您已确认这个时间")).to_be_visible()
    plain.get_by_role("link", name="换个时间").click()
    plain.get_by_text("都不合适？").click()
    plain.get_by_role("button", name="提交").click()
    expect(plain.locator("#f-day-error")).to_contain_text("请选择日期")
    plain.locator("[name=day]").select_option(index=3)
    plain.locator("[name=begin]").select_option("14")
    plain.locator("[name=end]").select_option("17")
    plain.get_by_role("button", name="提交").click()
    expect(plain.get_by_text("我们已收到您的请求")).to_be_visible()
    with served.house.database.reading() as session:
        visit = session.get(Visit, guest.visit_id)
        assert visit is not None
        assert visit.confirmed_at is not None
        assert visit.wish is not None
        assert visit.wish["start"].endswith("T06:00:00+00:00"), "14:00 in Shanghai"


def test_without_scripts_signing_can_be_refused_with_a_reason(served: Served, plain: Page) -> None:
    guest = a_guest(served.house, served.cast.technician_id, "worked")
    plain.goto(guest.path)
    plain.goto(guest.home + "/sign")
    expect(plain.locator("canvas")).to_be_hidden()
    expect(plain.get_by_text("这个浏览器不能手写签名")).to_be_visible()
    choose(plain, "conduct_rating", "declined")
    choose(plain, "overall_rating", "3")
    choose(plain, "decision", "refuse")
    expect(plain.locator("[name=name]")).to_be_hidden()
    plain.locator("[name=reason]").fill("想等网速稳定后再签")
    plain.get_by_role("button", name="提交").click()
    expect(plain.get_by_text("想等网速稳定后再签").first).to_be_visible()
    assert signature_of(served, guest) == {"refused": True, "reason": "想等网速稳定后再签"}


def test_without_scripts_the_record_is_read_downloaded_verified_and_rated(
    served: Served, plain: Page, tmp_path: object
) -> None:
    guest = a_guest(served.house, served.cast.technician_id, "sealed")
    with ThreadPoolExecutor() as beside:  # Playwright keeps this thread's event loop to itself
        assert beside.submit(draw_missing, served.house).result() == 1
    plain.goto(guest.path)
    plain.get_by_role("link", name="查看、下载与评价").click()
    plain.get_by_text("实施完毕需认证").click()
    expect(plain.get_by_text("登录成功")).to_be_visible()
    with plain.expect_download() as waiting:
        plain.get_by_role("link", name="下载 PDF").click()
    file = waiting.value.path()
    choose(plain, "overall", "5")
    plain.get_by_role("button", name="提交评价").click()
    expect(plain.get_by_text("您的评价已保存")).to_be_visible()
    plain.get_by_role("link", name="核验真伪").click()
    expect(plain.get_by_text("有这份记录")).to_be_visible()
    plain.locator("[name=file]").set_input_files(
        {"name": "r.pdf", "mimeType": "application/pdf", "buffer": file.read_bytes()}
    )
    plain.get_by_role("button", name="核验文件").click()
    expect(plain.get_by_text("真实有效")).to_be_visible()
    with served.house.database.reading() as session:
        rating = session.get(RatingRow, guest.visit_id)
        assert rating is not None
        assert rating.overall == 5


def test_without_scripts_a_free_time_is_chosen_and_a_call_asked_for(served: Served, plain: Page) -> None:
    guest = a_guest(served.house, served.cast.technician_id)
    plain.goto(guest.path)
    plain.get_by_role("link", name="换个时间").click()
    plain.locator("summary", has_text="更多日期").click()
    choice = plain.locator("[name=slot]").last
    name = choice.get_attribute("value")
    choice.check()
    plain.get_by_role("button", name="改到这个时间").click()
    expect(plain.get_by_text("已改到下面的时间")).to_be_visible()
    with served.house.database.reading() as session:
        visit = session.get_one(Visit, guest.visit_id)
    assert f"{visit.window_start:%Y%m%dT%H%MZ}" == name
    plain.get_by_role("link", name="换个时间").click()
    plain.get_by_role("button", name="请给我打电话").click()
    expect(plain.get_by_text("请保持电话畅通")).to_be_visible()


def test_the_page_says_that_it_was_read_once_it_was_looked_at(served: Served, opened: Opener) -> None:
    guest = a_guest(served.house, served.cast.technician_id)
    with served.house.database.writing() as session:
        notice = session.scalars(select(Notice)).one()
        notice.state, notice.accepted_at = "accepted", utc_now()
    page = opened().page
    with page.expect_response(lambda answer: answer.url.endswith("/seen")) as told:
        page.goto(guest.path)
    assert told.value.status == 204
    with served.house.database.reading() as session:
        assert session.scalars(select(Notice.read_at)).one() is not None


STAGES = {
    "booked": ("", "/another-time"), "en_route": ("", "/another-time"), "begun": ("", "/sign"), "worked": ("/sign",),
    "sealed": ("", "/record"), "no_access": ("", "/another-time"), "cancelled": ("",),
}  # fmt: skip


@pytest.mark.parametrize(
    ("width", "scheme", "language"), [(390, "light", "zh"), (1280, "dark", "zh"), (320, "dark", "en")]
)
def test_every_page_is_free_of_findings(served: Served, opened: Opener, width: int, scheme: str, language: str) -> None:
    eyes = opened(width=width, scheme=scheme, language=language)
    page = eyes.page
    found: list[str] = []
    pages = 0

    def look(where: str) -> None:
        nonlocal pages
        pages += 1
        found.extend(f"{where}: {one}" for one in [*eyes.wrong, *findings_of_axe(page)])
        eyes.wrong.clear()  # axe measures with styles of its own, which our policy refuses
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{where}: wider than the screen")
        small = page.evaluate(
            """[...document.querySelectorAll('a:not(.skip-link), button, select, textarea, summary, label.choice')]
            .map(one => one.getBoundingClientRect()).filter(box => box.width && box.height < 43.5).length"""
        )
        if small:
            found.append(f"{where}: {small} targets under 44 px")

    for number, (stage, tails) in enumerate(STAGES.items()):
        guest = a_guest(served.house, served.cast.technician_id, stage, hours_ahead=26 + 3 * number, language=language)
        page.goto(guest.path)
        for tail in tails:
            page.goto(guest.home + tail)
            page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
            page.wait_for_timeout(300)  # what was folded has its full colours when it has faded in
            look(stage + tail)
    with served.house.database.writing() as session:
        turn = a_turn(session, served.settings, utc_now())
        area = session.scalars(select(Area.id)).one()
        start = utc_now() + timedelta(hours=40)
        outage = plan_outage(turn, area, start, start + timedelta(hours=3), Words("光缆割接", "Fibre works"))
        approve_outage(turn, outage.id)
        faults = [
            approve_outage(turn, plan_outage(turn, area, turn.now, start, Words("光缆受损", "A cable"), "fault").id)
            for _ in range(3)
        ]
        cancel_outage(turn, faults[1].id)
        faults[2].starts_at, faults[2].ends_at = turn.now - timedelta(hours=2), turn.now - timedelta(hours=1)
    for one in faults:
        page.goto(f"/outages/{one.id}")
        look(f"a fault, {one.state}, {one.ends_at}")
    for path in (f"/outages/{outage.id}", "/verify", "/verify/SR-20261122-ABCDEF", "/c/unknown"):
        page.goto(path)
        look(path)
    assert pages == 19
    assert found == []


def test_the_page_can_be_used_with_the_keyboard_alone(served: Served, opened: Opener) -> None:
    guest = a_guest(served.house, served.cast.technician_id)
    page = opened(width=1280).page
    page.goto(guest.path)
    for _ in range(8):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == "时间合适，确认":
            break
    page.keyboard.press("Enter")
    expect(page.get_by_text("您已确认这个时间")).to_be_visible()

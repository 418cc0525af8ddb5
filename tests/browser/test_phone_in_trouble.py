"""What goes wrong in the field, each by itself: nothing is lost, nothing counts twice, and the phone says how it is."""

import json
import re
from collections import Counter
from datetime import timedelta

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import select

from dispatch.clock import utc_now
from dispatch.records.tables import EntryRow, Parcel
from tests.browser.conftest import Opener, Served, sign_in
from tests.browser.phones import count, ready, rows_once, stored
from tests.browser.technicians_hand import HANDED_IN, Hand, a_photo, a_visit_today, rows

pytestmark = pytest.mark.browser

THREE_DAYS = timedelta(days=3)
WRONG_CLOCK = """const True_ = Date, off = OFF; globalThis.Date = class extends True_ {
  constructor(...given) { if (given.length) super(...given); else super(True_.now() + off); }
  static now() { return True_.now() + off; } };"""

SHELLS = """async () => { const found = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const key of await cache.keys()) found.push(await (await cache.match(key)).text());
  }
  return found.join(); }"""
KEEP_PHOTO = """async ([bytes, visit]) => {
  const address = document.querySelector("script[src*=app]").src.replace("app.js", "photo.js");
  return (await import(address)).keepPhoto(new Blob([new Uint8Array(bytes)]), visit); }"""


def answers_of_a_call(hand: Hand) -> None:
    """Three answers of the first step."""
    hand.open("step-appointment")
    hand.step = "appointment"
    hand.pick("background_read", "true")
    hand.pick("call_outcome", "reached")
    hand.now("announced_arrival")
    hand.page.wait_for_timeout(300)


def come_back(page: Page) -> None:
    """The signal is there again."""
    page.evaluate("dispatchEvent(new Event('online'))")


def test_two_lost_answers_and_two_tabs_count_once(served: Served, opened: Opener) -> None:
    visit_id = a_visit_today(served)
    window = opened("technician")
    ready(window.page)
    served.stop()
    hand = Hand(window.page, visit_id)
    answers_of_a_call(hand)
    other = window.context.new_page()
    other.goto(f"/t/visits/{visit_id}")
    tries: Counter[str] = Counter()

    def lose_the_first_two(route: Route) -> None:
        tries[route.request.url] += 1
        answer = route.fetch()
        route.abort() if tries[route.request.url] <= 2 else route.fulfill(response=answer)

    window.context.route("**/api/v1/parcels/*", lose_the_first_two)
    served.start()
    for page in (hand.page, other):
        come_back(page)
    for page in (hand.page, other):
        expect(page.locator(HANDED_IN)).to_be_attached(timeout=30_000)
    assert list(tries.values()) == [3]
    assert sorted(rows_once(served, visit_id).values()) == [1, 1, 1]
    assert count(served, Parcel) == 1


def test_a_deployment_with_a_full_queue_is_offered_not_forced_and_loses_nothing(served: Served, opened: Opener) -> None:
    visit_id = a_visit_today(served)
    window = opened("technician")
    ready(window.page)
    served.stop()
    hand = Hand(window.page, visit_id)
    answers_of_a_call(hand)
    waiting = len(stored(hand.page, "entries"))
    window.context.route("**/api/v1/parcels/*", lambda route: route.abort())
    served.start(build="abcdefabcdef")
    hand.page.reload()
    expect(hand.page.locator("#update")).to_be_visible(timeout=30_000)
    script = "document.querySelector('script[src*=app]').src"
    assert "abcdefabcdef" not in hand.page.evaluate(script), "nothing changes before somebody says so"
    hand.page.locator("#update button").click()
    hand.page.wait_for_function(f"() => {script}.includes('abcdefabcdef')", timeout=30_000)
    assert len(stored(hand.page, "entries")) == waiting == 3
    window.context.unroute("**/api/v1/parcels/*")
    come_back(hand.page)
    hand.all_handed_in()
    assert sorted(rows_once(served, visit_id).values()) == [1, 1, 1]
    kept = hand.page.evaluate("caches.keys()")
    assert len([name for name in kept if name.startswith("doorstep-shell")]) == 1


def test_work_goes_on_when_the_sign_in_has_run_out(served: Served, opened: Opener) -> None:
    visit_id = a_visit_today(served)
    window = opened("technician")
    ready(window.page)
    window.context.clear_cookies()
    hand = Hand(window.page, visit_id)
    answers_of_a_call(hand)
    expect(hand.page.locator(".sync")).to_contain_text("登录后上传，已存 3 项", timeout=20_000)
    hand.pick("call_outcome", "not_reached")
    assert rows(served, visit_id) == []
    hand.page.locator(".sync").click()
    hand.page.wait_for_url("**/sign-in")
    sign_in(hand.page)
    hand.open("step-appointment")
    hand.all_handed_in()
    assert sorted(rows_once(served, visit_id).values()) == [1, 1, 1]


def test_another_account_neither_sees_nor_sends_what_waits(served: Served, opened: Opener) -> None:
    visit_id = a_visit_today(served)
    window = opened("technician")
    ready(window.page)
    served.stop()
    hand = Hand(window.page, visit_id)
    answers_of_a_call(hand)
    name = hand.page.locator(".bar-title").text_content() or ""
    window.context.clear_cookies()
    served.start()
    page = window.context.new_page()
    sign_in(page, "technician2")
    ready_for_none = page.locator("[data-readiness]")
    page.goto("/t/")
    expect(ready_for_none).to_contain_text("另一账号", timeout=20_000)
    page.goto(f"/t/visits/{visit_id}")
    expect(page.locator("#screen")).to_contain_text("还没有存到手机上")
    come_back(hand.page)
    expect(hand.page.locator(".sync")).to_contain_text("已换账号，已存 3 项", timeout=20_000)
    assert rows(served, visit_id) == [], "the cookie of one never carries the work of another"
    shells = page.evaluate(SHELLS)
    assert "technician" in shells
    assert name.split(" ")[0] not in shells
    hand.page.close()
    window.context.clear_cookies()
    sign_in(page)
    page.goto("/t/")
    expect(page.locator(HANDED_IN)).to_be_attached(timeout=30_000)
    assert sorted(rows_once(served, visit_id).values()) == [1, 1, 1]


def test_signing_out_says_how_much_waits_and_afterwards_leaves_nothing(served: Served, opened: Opener) -> None:
    visit_id = a_visit_today(served)
    window = opened("technician")
    ready(window.page)
    hand = Hand(window.page, visit_id)
    window.context.route("**/api/v1/parcels/*", lambda route: route.abort())
    answers_of_a_call(hand)
    hand.page.goto("/t/me")
    hand.page.get_by_role("button", name="退出登录").click()
    expect(hand.page.locator("[data-unsent]")).to_contain_text("还有 3 项没有上传")
    window.context.unroute("**/api/v1/parcels/*")
    hand.page.get_by_role("button", name="退出登录").click()
    hand.page.wait_for_url("**/sign-in")
    names = "async () => (await indexedDB.databases()).map((one) => one.name)"
    dump = """async ([name]) => { const db = await new Promise((done) => { const asked = indexedDB.open(name);
      asked.onsuccess = () => done(asked.result); });
      const rows = await Promise.all([...db.objectStoreNames].map((name) => new Promise((done) => {
        const got = db.transaction(name).objectStore(name).getAll(); got.onsuccess = () => done(got.result); })));
      db.close(); return JSON.stringify(rows.flat()); }"""
    for name in hand.page.evaluate(names):
        assert hand.page.evaluate(dump, [name]) == "[]"
    served.stop()
    hand.page.goto("/t/")
    expect(hand.page.locator("#screen")).to_contain_text("请先登录")
    hand.page.goto(f"/t/visits/{visit_id}")
    expect(hand.page.locator("#screen")).to_contain_text("请先登录")


def test_a_clock_three_days_off_is_said_and_shown_to_the_desk_and_loses_nothing(served: Served, opened: Opener) -> None:
    visit_id = a_visit_today(served)
    window = opened("technician")
    milliseconds = int(THREE_DAYS.total_seconds() * 1000)
    window.context.add_init_script(WRONG_CLOCK.replace("OFF", str(milliseconds)))
    page = window.page
    page.goto("/t/")
    readiness = page.locator("[data-readiness]")
    expect(readiness).to_contain_text("手机时间偏差 4320 分钟", timeout=20_000)
    for lacking in ("应用尚未存好", "尚未存到手机"):
        expect(readiness).not_to_contain_text(lacking, timeout=20_000)
    served.stop()
    page.reload()
    expect(page.locator(".visit-card")).to_have_count(1)
    hand = Hand(page, visit_id)
    answers_of_a_call(hand)
    served.start()
    come_back(page)
    hand.all_handed_in()
    kept = rows(served, visit_id)
    assert len(kept) == 3
    assert all(any("clock" in flag["code"] for flag in row.flags) for row in kept)
    assert all(row.at > utc_now() + THREE_DAYS - timedelta(hours=1) for row in kept), "kept as the phone said it"


def test_a_photo_that_never_arrives_holds_up_neither_entries_nor_other_visits(served: Served, opened: Opener) -> None:
    visit_id, other_id = a_visit_today(served), a_visit_today(served, "repair", hours_ahead=2)
    window = opened("technician")
    ready(window.page)
    stuck: list[Route] = []
    window.context.route("**/api/v1/blobs/*", lambda route: stuck.append(route))
    hand = Hand(window.page, visit_id)
    answers_of_a_call(hand)
    hand.page.evaluate(
        KEEP_PHOTO,
        [list(a_photo()["buffer"]), str(visit_id)],
    )
    come_back(hand.page)
    hand.page.wait_for_timeout(2500)
    assert stuck, "the photo is under way and gets no answer"
    hand.pick("call_outcome", "not_reached")
    other = Hand(window.context.new_page(), other_id)
    answers_of_a_call(other)
    other.page.wait_for_timeout(4000)
    for one in (visit_id, other_id):  # an answer that was sent and then changed is there twice
        assert len({(row.step, row.key) for row in rows(served, one)}) == 3
    assert "not_reached" in {row.value for row in rows(served, visit_id) if row.key == "call_outcome"}
    expect(hand.page.locator(".sync")).to_contain_text("待传 1 项")
    for route in stuck:
        route.continue_()
    hand.all_handed_in()


def test_all_that_waits_can_be_taken_away_as_a_file(served: Served, opened: Opener) -> None:
    visit_id = a_visit_today(served)
    window = opened("technician")
    ready(window.page)
    served.stop()
    answers_of_a_call(Hand(window.page, visit_id))
    window.page.goto("/t/me")
    window.page.locator("details summary").click()
    with window.page.expect_download() as coming:
        window.page.locator("[data-export]").click()
    assert re.fullmatch(r"doorstep-phone-\w+-\d{12}\.json", coming.value.suggested_filename)
    told = json.loads(coming.value.path().read_text())
    assert (told["format"], told["device"][:6], told["blobs"]) == (1, "phone-", [])
    [parcel] = told["parcels"]
    assert json.loads(parcel["body"])["visit_id"] == str(visit_id)
    assert len(json.loads(parcel["body"])["entries"]) == 3
    served.start()
    come_back(window.page)
    expect(window.page.locator(HANDED_IN)).to_be_attached(timeout=30_000)
    with served.house.database.reading() as session:
        assert session.scalars(select(Parcel.id)).one().hex == parcel["id"].replace("-", "")
        assert len(session.scalars(select(EntryRow)).all()) == 3

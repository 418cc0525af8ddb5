"""A whole day with the server stopped: the app opens, a visit is done and signed, the queue comes home once."""

import os

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from dispatch.records.tables import Blob, Record
from tests.browser import whole_visits
from tests.browser.conftest import Opener, Served
from tests.browser.phones import count, ready, rows_once, stored
from tests.browser.technicians_hand import Hand, a_photo, a_visit_today, kept, status

pytestmark = pytest.mark.browser

PHOTOS = int(os.environ.get("DOORSTEP_PHONE_PHOTOS", "5"))


def test_every_page_opens_with_the_server_gone(served: Served, opened: Opener) -> None:
    visit_id = a_visit_today(served)
    window = opened("technician")
    ready(window.page)
    served.stop()
    page = window.context.new_page()
    page.goto("/t/")
    expect(page.locator(".visit-card")).to_have_count(1)
    expect(page.locator("[data-readiness]")).to_contain_text("已备好 1 单，待传 0 项")
    for path, said in (
        ("/t/kit", "五个一"),
        ("/t/me", "退出登录"),
        (f"/t/visits/{visit_id}", "工单背景"),
        (f"/t/visits/{visit_id}/note", "未能与您见面"),
        (f"/t/visits/{visit_id}/card", "服务贴心卡"),
        ("/t/?day=2020-01-01", "还没有存到手机上"),
    ):
        page.goto(path)
        expect(page.locator("#screen")).to_contain_text(said)
    page.goto("/t/kit?lang=en")
    expect(page.locator("#screen")).to_contain_text("The five")
    page.goto("/t/")
    expect(page.locator("#screen h1")).to_have_text("Visits of the day")


def test_what_was_answered_offline_stands_on_the_papers(served: Served, opened: Opener) -> None:
    visit_id = a_visit_today(served)
    window = opened("technician")
    ready(window.page)
    served.stop()
    hand = Hand(window.page, visit_id)
    hand.open()
    whole_visits.set_out(hand)
    hand.page.goto(f"/t/visits/{visit_id}/note")
    expect(hand.page.locator("[data-answer='appointment/arrived_at']")).not_to_contain_text("手写")
    hand.page.goto("/t/")
    expect(hand.page.locator(f"[data-waiting='{visit_id}']")).to_contain_text("待传")


def test_a_whole_visit_is_done_and_handed_in_without_a_server(served: Served, opened: Opener) -> None:
    visit_id = a_visit_today(served)
    window = opened("technician")
    ready(window.page)
    served.stop()
    hand = Hand(window.page, visit_id)
    hand.open()
    whole_visits.set_out(hand)
    whole_visits.enter(hand)
    whole_visits.install(hand)
    whole_visits.guide_and_remind(hand)
    whole_visits.leave(hand)
    taking = hand.field("after_photos").locator("input[type=file]")
    for n in range(2, PHOTOS):
        taking.set_input_files(a_photo(f"#{n:02x}{40 + n:02x}80"))
        hand.field("after_photos").locator("img").nth(n).wait_for()
    hand.page.reload()  # the page killed with everything in the queue
    hand.open("end")
    hand.page.click("#dock .primary")
    expect(hand.page.locator("#screen")).to_contain_text("有信号时自动上传并封存")
    hand.page.goto("/t/")
    expect(hand.page.locator(".sync")).to_contain_text("无网络")
    made = {(str(e["step"]), str(e["key"])) for e in stored(hand.page, "entries")}
    served.start()
    hand.page.evaluate("dispatchEvent(new Event('online'))")
    hand.all_handed_in()
    assert status(served, visit_id) == "sealed"
    answers = kept(served, visit_id)
    assert made == set(answers) | {("visit", "departed")}
    assert len(answers["leave", "after_photos"].value) == PHOTOS == count(served, Blob)
    assert answers["leave", "customer_signature"].value["name"] == "王芳"
    assert answers["work", "alteration_agreement"].value["strokes"]
    assert count(served, Record) == 1
    assert set(rows_once(served, visit_id).values()) == {1}
    hand.page.goto(f"/t/visits/{visit_id}/record")
    expect(hand.page.locator("h1")).to_contain_text("SR-")
    with served.house.database.reading() as session:
        assert session.scalars(select(Record.visit_id)).one() == visit_id

"""Whole visits on a phone of 390 pixels, from the call before leaving to the sealed record."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from dispatch.clock import utc_now
from dispatch.notices.tables import Notice
from dispatch.visits.tables import Visit
from tests.browser import whole_visits
from tests.browser.conftest import Opener, Served
from tests.browser.technicians_hand import Hand, a_visit_today, kept, status
from tests.journeys.customer_stages import a_guest

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("kind", ["install", "repair"])
def test_a_visit_is_done_signed_and_sealed_on_the_phone(served: Served, opened: Opener, kind: str) -> None:
    visit_id = a_visit_today(served, kind)
    hand = Hand(opened("technician").page, visit_id)
    hand.open()
    whole_visits.set_out(hand, repair=kind == "repair")
    hand.all_handed_in()
    assert status(served, visit_id) == "on_site"
    whole_visits.enter(hand, repair=kind == "repair")
    (whole_visits.install if kind == "install" else whole_visits.repair)(hand)
    whole_visits.guide_and_remind(hand)
    whole_visits.leave(hand)
    hand.all_handed_in()
    answers = kept(served, visit_id)
    assert len(answers["leave", "after_photos"].value) == 2
    assert answers["leave", "customer_signature"].value["name"] == "王芳"
    assert answers["leave", "overall_rating"].value == 4
    hand.open("end")
    hand.page.click("#dock .primary")
    hand.page.wait_for_url("**/record")
    expect(hand.page.locator("h1")).to_contain_text("SR-")
    expect(hand.page.locator(".code svg")).to_be_visible()
    assert status(served, visit_id) == "sealed"


def test_being_late_is_told_to_the_customer_from_the_phone_with_what_to_say(served: Served, opened: Opener) -> None:
    guest = a_guest(served.house, served.cast.technician_id, hours_ahead=1)
    with served.house.database.writing() as session:
        visit = session.get_one(Visit, guest.visit_id)
        visit.window_start, visit.window_end = utc_now() - timedelta(hours=1), utc_now() + timedelta(hours=1)
    page = opened("technician").page
    page.goto(f"/t/visits/{guest.visit_id}")
    page.get_by_text("会晚到？告诉客户").click()
    page.get_by_role("button", name="通知客户").click()
    expect(page.get_by_text("仍在约定时间之内")).to_be_visible()
    expect(page.locator("blockquote")).to_have_count(0)
    page.select_option("#late-by", "90")
    page.select_option("#late-why", "1")
    page.get_by_role("button", name="通知客户").click()
    expect(page.get_by_text("已通知客户")).to_be_visible()
    expect(page.locator("blockquote")).to_contain_text("非常抱歉，因为路上堵车")
    with served.house.database.reading() as session:
        notice = session.scalars(select(Notice).where(Notice.kind == "running_late")).one()
    assert notice.facts["reason"] == "路上堵车"
    served.stop()
    page.get_by_role("button", name="通知客户").click()
    expect(page.get_by_text("没有网络，通知没有发出")).to_be_visible()

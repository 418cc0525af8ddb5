"""Whole visits on a phone of 390 pixels, from the call before leaving to the sealed record."""

import pytest
from playwright.sync_api import expect

from tests.browser import whole_visits
from tests.browser.conftest import Opener, Served
from tests.browser.technicians_hand import Hand, a_visit_today, kept, status

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

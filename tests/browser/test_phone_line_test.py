"""The line test in the page: runs, median, how it is kept; stopped, without a network, and typed values beside it."""

from statistics import median
from uuid import UUID

import pytest
from playwright.sync_api import expect

from tests.browser import whole_visits
from tests.browser.conftest import Opener, Served
from tests.browser.technicians_hand import Hand, a_visit_today, kept

pytestmark = pytest.mark.browser


def at_the_proof(served: Served, opened: Opener) -> tuple[Hand, UUID]:
    """An installation whose line is up: what is measured comes next."""
    visit_id = a_visit_today(served)
    hand = Hand(opened("technician").page, visit_id)
    hand.open()
    whole_visits.set_out(hand)
    whole_visits.enter(hand)
    hand.go("work")
    hand.suggested("access_technology")
    hand.pick("go_ahead", "agreed")
    hand.pick("placement_agreed", "device_position", "cable_route", "power_source")
    hand.pick("alters_home", "false")
    hand.now("begun_at")
    hand.pick("protection", "asked_first", "settings_untouched", "phone_silent")
    hand.go("proof")
    hand.pick("login", "connected")
    return hand, visit_id


def test_a_line_test_keeps_its_runs_and_their_median(served: Served, opened: Opener) -> None:
    hand, visit_id = at_the_proof(served, opened)
    line = {"offline": False, "latency": 5, "downloadThroughput": 12_500_000, "uploadThroughput": 6_000_000}
    wire = hand.page.context.new_cdp_session(hand.page)
    wire.send("Network.emulateNetworkConditions", line)
    box = hand.page.locator(".line-test")
    expect(box).to_contain_text("需要网络")
    box.get_by_role("button", name="页面测速").click()
    expect(box.locator("dl")).to_contain_text("中位数", timeout=60_000)
    for name in ("时延", "下载", "上传"):
        expect(box.locator("dl")).to_contain_text(name, timeout=60_000)
    hand.all_handed_in()
    answers = kept(served, visit_id)
    for key in ("download", "upload"):
        value = answers["proof", key].value
        assert (value["method"], value["unit"], len(value["runs"])) == ("page", "Mbit/s", 3)
        assert value["value"] == sorted(value["runs"])[1]
        expect(hand.field(key)).to_contain_text("中位数")
    latency = answers["proof", "latency"].value
    assert (latency["method"], latency["unit"]) == ("page", "ms")
    assert abs(latency["value"] - median(latency["runs"])) <= 0.05 + 1e-9  # kept with one decimal
    hand.measure("download", 940)
    hand.all_handed_in()
    typed = kept(served, visit_id)["proof", "download"].value
    assert "method" not in typed, "typed over: an instrument's value again"


def test_a_line_test_can_be_stopped_and_says_when_there_is_no_network(served: Served, opened: Opener) -> None:
    hand, _ = at_the_proof(served, opened)
    hand.page.route("**/line-test/down*", lambda route: None)
    box = hand.page.locator(".line-test")
    box.get_by_role("button", name="页面测速").click()
    expect(box.get_by_role("progressbar")).to_be_visible()
    box.get_by_role("button", name="停止测速").click()
    expect(box).to_contain_text("测速已停止")
    hand.page.unroute("**/line-test/down*")
    served.stop()
    box.get_by_role("button", name="页面测速").click()
    expect(box).to_contain_text("没有网络")
    hand.measure("download", 941)
    expect(hand.field("download").locator(".pill")).to_contain_text("合格")

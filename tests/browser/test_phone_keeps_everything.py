"""What is typed on the phone is not lost: killed pages, lost answers, liars on the way, a network that goes away."""

import json
from collections import Counter

import pytest
from playwright.sync_api import Route, expect
from sqlalchemy import select

from dispatch.records.tables import Blob
from tests.browser import whole_visits
from tests.browser.conftest import Opener, Served
from tests.browser.technicians_hand import HANDED_IN, Hand, a_photo, a_visit_today, kept, rows, status

pytestmark = pytest.mark.browser


def test_a_page_killed_without_a_network_loses_nothing(served: Served, opened: Opener) -> None:
    visit_id = a_visit_today(served)
    window = opened("technician")
    hand = Hand(window.page, visit_id)
    hand.open()
    whole_visits.set_out(hand)
    hand.go("talk")
    hand.all_handed_in()
    served.stop()
    hand.pick("access", "let_in")
    hand.pick("entering", "introduced")
    hand.page.locator("[id='f-talk-first_proposal']").press_sequentially("先换跳线，再测一次")
    expect(hand.page.locator(".sync")).to_have_attribute("data-state", "offline", timeout=20_000)
    expect(hand.page.locator(".sync")).to_contain_text("已存 3 项")
    hand.page.locator("[id='f-talk-first_proposal']").press_sequentially("。")
    hand.page.wait_for_timeout(500)  # from the last key to the pocket: the phone's disk needs a moment
    hand.page.close(run_before_unload=False)
    served.start()
    page = window.context.new_page()
    again = Hand(page, visit_id)
    again.open("step-talk")
    expect(page.locator("[id='f-talk-first_proposal']")).to_have_value("先换跳线，再测一次。")
    again.all_handed_in()
    answers = kept(served, visit_id)
    assert answers["talk", "first_proposal"].value == "先换跳线，再测一次。"
    assert answers["talk", "entering"].value == ["introduced"]


def test_a_lost_answer_is_asked_for_again_and_counts_once(served: Served, opened: Opener) -> None:
    visit_id = a_visit_today(served)
    hand = Hand(opened("technician").page, visit_id)
    hand.open("step-appointment")
    hand.step = "appointment"
    tries: Counter[str] = Counter()

    def lose_the_first(route: Route) -> None:
        tries[route.request.url] += 1
        answer = route.fetch()
        route.abort() if tries[route.request.url] == 1 else route.fulfill(response=answer)

    hand.page.route("**/api/v1/parcels/*", lose_the_first)
    hand.pick("background_read", "true")
    hand.all_handed_in()
    assert list(tries.values()) == [2]
    assert [(row.key, row.value) for row in rows(served, visit_id)] == [("background_read", True)]


def test_an_answer_that_does_not_name_the_hash_is_not_believed(served: Served, opened: Opener) -> None:
    visit_id = a_visit_today(served)
    hand = Hand(opened("technician").page, visit_id)
    hand.open("step-appointment")
    hand.step = "appointment"
    lies = []

    def lie(route: Route) -> None:
        lies.append(route.request.url)
        body = {"id": route.request.url.rsplit("/", 1)[1], "sha256": "0" * 64, "entries": []}
        if len(lies) == 1:
            route.fulfill(json=body)
        elif len(lies) == 2:
            route.fulfill(body="<html>log in to the hotel's network</html>", content_type="text/html")
        else:
            route.continue_()

    hand.page.route("**/api/v1/parcels/*", lie)
    hand.pick("background_read", "true")
    hand.page.wait_for_function("() => document.querySelector('.sync').dataset.state === 'offline'")
    assert rows(served, visit_id) == []
    hand.page.wait_for_selector(HANDED_IN, timeout=30_000)
    assert len(set(lies)) == 1
    assert len(rows(served, visit_id)) == 1


def test_a_parcel_that_the_server_refuses_does_not_hold_up_the_others(served: Served, opened: Opener) -> None:
    visit_id, other_id = a_visit_today(served), a_visit_today(served, "repair", hours_ahead=2)
    page = opened("technician").page
    refused = str(visit_id)

    def refuse(route: Route) -> None:
        body = json.loads(route.request.post_data or "{}")
        if body["visit_id"] == refused:
            route.fulfill(status=422, json={"title": "no"})
        else:
            route.continue_()

    page.route("**/api/v1/parcels/*", refuse)
    for each in (visit_id, other_id):
        hand = Hand(page, each)
        hand.open("step-appointment")
        hand.page.reload()
        hand.step = "appointment"
        hand.pick("background_read", "true")
        page.wait_for_timeout(2500)
    assert len(rows(served, other_id)) == 1
    expect(page.locator(".sync")).to_contain_text("1 项需处理")
    page.unroute("**/api/v1/parcels/*")
    page.click(".sync")
    Hand(page, visit_id).all_handed_in()
    assert len(rows(served, visit_id)) == 1


def test_signing_out_waits_until_all_is_handed_in(served: Served, opened: Opener) -> None:
    visit_id = a_visit_today(served)
    page = opened("technician").page
    page.route("**/api/v1/parcels/*", lambda route: route.abort())
    hand = Hand(page, visit_id)
    hand.open("step-appointment")
    hand.step = "appointment"
    hand.pick("background_read", "true")
    page.goto("/t/me")
    page.get_by_role("button", name="退出登录").click()
    expect(page.locator("[data-unsent]")).to_be_visible()
    assert page.url.endswith("/t/me")
    page.unroute("**/api/v1/parcels/*")
    page.get_by_role("button", name="退出登录").click()
    page.wait_for_url("**/sign-in")
    assert len(rows(served, visit_id)) == 1


def test_a_photo_arrives_upright_small_and_named_by_its_bytes(served: Served, opened: Opener) -> None:
    visit_id = a_visit_today(served)
    hand = Hand(opened("technician").page, visit_id)
    hand.open()
    whole_visits.set_out(hand)
    hand.go("talk")
    hand.pick("access", "nobody_home")
    chooser = hand.field("missed_note_photo").locator("input[type=file]")
    chooser.set_input_files(a_photo(size=(2400, 1200), turned=6))
    hand.field("missed_note_photo").locator("img").wait_for()
    chooser.set_input_files({"name": "note.txt", "mimeType": "text/plain", "buffer": b"no picture"})
    expect(hand.field("missed_note_photo")).to_contain_text("不是可用的照片")
    hand.all_handed_in()
    [name] = kept(served, visit_id)["talk", "missed_note_photo"].value
    with served.house.database.reading() as session:
        [blob] = session.scalars(select(Blob)).all()
    assert (blob.sha256, blob.width, blob.height, blob.media_type) == (name, 800, 1600, "image/jpeg")


def test_nobody_home_ends_the_visit_with_a_note_and_its_own_record(served: Served, opened: Opener) -> None:
    visit_id = a_visit_today(served)
    hand = Hand(opened("technician").page, visit_id)
    hand.open()
    whole_visits.set_out(hand)
    hand.go("talk")
    hand.pick("access", "nobody_home")
    expect(hand.page.locator("[id='f-talk-entering-field']")).to_be_hidden()
    hand.pick("door_call", "not_reached")
    hand.pick("missed_note", "on_the_door")
    hand.write("next_time", "周六上午")
    hand.now("left_door_at")
    hand.done()
    hand.all_handed_in()
    assert status(served, visit_id) == "no_access"
    hand.open("end")
    hand.page.click("#dock .primary")
    hand.page.wait_for_url("**/record")
    hand.page.goto(f"/t/visits/{visit_id}/note")
    expect(hand.page.locator(".paper")).to_contain_text("未能与您见面")
    expect(hand.page.locator(".to-write")).to_have_count(0)


def test_a_value_that_cannot_be_is_said_at_once_kept_and_flagged(served: Served, opened: Opener) -> None:
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
    hand.measure("rx_power", 18.5)
    expect(hand.field("rx_power").locator(".pill")).to_contain_text("请核对")
    hand.all_handed_in()
    [row] = [row for row in rows(served, visit_id) if row.key == "rx_power"]
    assert [flag["code"] for flag in row.flags] == ["flawed:implausible"]
    hand.field("rx_power").get_by_role("button", name="改为 -18.5 dBm").click()
    expect(hand.field("rx_power").locator(".pill")).to_contain_text("合格")
    hand.all_handed_in()
    assert kept(served, visit_id)["proof", "rx_power"].value == {"value": -18.5, "unit": "dBm"}
    assert len([row for row in rows(served, visit_id) if row.key == "rx_power"]) == 2


def test_the_key_for_the_sign_makes_a_level_negative(served: Served, opened: Opener) -> None:
    visit_id = a_visit_today(served, "repair")
    hand = Hand(opened("technician").page, visit_id)
    hand.open()
    whole_visits.set_out(hand, repair=True)
    whole_visits.enter(hand, repair=True)
    hand.go("work")
    hand.suggested("access_technology")
    hand.measure("rx_before", 26)
    hand.field("rx_before").get_by_role("button", name="正负号").click()
    expect(hand.field("rx_before").locator(".pill")).to_contain_text("关注")
    hand.all_handed_in()
    assert kept(served, visit_id)["work", "rx_before"].value == {"value": -26, "unit": "dBm"}


def test_a_customer_may_refuse_to_sign_and_a_later_change_is_pointed_out(served: Served, opened: Opener) -> None:
    visit_id = a_visit_today(served, "repair")
    hand = Hand(opened("technician").page, visit_id)
    hand.open()
    whole_visits.set_out(hand, repair=True)
    whole_visits.enter(hand, repair=True)
    whole_visits.repair(hand)
    whole_visits.guide_and_remind(hand)
    hand.go("leave")
    hand.page.click(".hand-over a")
    expect(hand.page.locator(".letter")).to_contain_text("940 Mbit/s（合格）")
    expect(hand.page.locator(".bar")).to_be_hidden()
    hand.pick("conduct_rating", "declined")
    hand.pick("overall_rating", "2")
    box = hand.field("customer_signature")
    box.get_by_text("不愿签名", exact=True).click()
    box.get_by_role("button", name="仅记录原因").click()
    expect(box).to_contain_text("请写明不签名的原因")
    box.locator("[id$='-reason']").fill("还要观察一天")
    box.get_by_role("button", name="仅记录原因").click()
    hand.page.click(".thanks button")
    hand.all_handed_in()
    answers = kept(served, visit_id)
    assert answers["leave", "customer_signature"].value == {"refused": True, "reason": "还要观察一天"}
    assert answers["leave", "conduct_rating"].value == "declined"
    hand.go("leave")
    expect(hand.page.get_by_text("客户签名之后内容有改动")).to_have_count(0)
    hand.go("file")
    hand.measure("download", 955)
    hand.go("leave")
    expect(hand.page.get_by_text("客户签名之后内容有改动")).to_be_visible()

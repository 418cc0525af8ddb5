"""Kit over HTTP: a visit uses it up once, the desk sees what runs out and who left without what, and tops up."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from fastapi.testclient import TestClient

from dispatch.clock import local_day, utc_now
from dispatch.technicians.queries import kit_stock_of
from dispatch.visits.tables import Visit
from tests.journeys.conftest import Product
from tests.journeys.desk_hand import booked, follow, forms_of, send, text_of, tomorrow
from tests.journeys.test_whole_visit import a_photo, book, go_through


def held(product: Product) -> dict[str, int]:
    with product.house.database.reading() as session:
        return kit_stock_of(session, product.cast.technician_id)


def van(product: Product) -> str:
    return f"/api/v1/technicians/{product.cast.technician_id}/kit"


def hand_in(phone: TestClient, visit: str, step: str, key: str, value: Any) -> dict[str, Any]:
    entry = {"id": str(uuid4()), "step": step, "key": key, "value": value, "at": utc_now().isoformat()}
    parcel = {"visit_id": visit, "device_id": "phone", "entries": [entry]}
    answer = phone.put(f"/api/v1/parcels/{uuid4()}", json=parcel)
    assert answer.status_code == 200, answer.text
    return dict(answer.json()["entries"][0])


def test_a_visit_uses_up_its_kit_once_from_entry_to_seal(product: Product) -> None:
    desk, phone = product.as_("dispatcher"), product.as_("technician")
    assert desk.post(van(product), json={"items": {"shoe_covers": 10, "rubbish_bag": 10}}).status_code == 201
    visit = book(desk, product, "install")["visit"]
    go_through(phone, visit, "install", [a_photo(1)])
    after = held(product)
    assert after["shoe_covers"] < 10  # as soon as the phone said so, not only when it is sealed
    assert phone.post(f"/api/v1/visits/{visit}/seal").status_code == 201
    assert held(product) == after
    hand_in(phone, visit, "leave", "kit_used", [{"item": "shoe_covers", "used": 5}])
    assert held(product) == after  # what comes after the seal changes nothing


def test_the_same_parcel_twice_takes_nothing_twice_and_nonsense_takes_nothing(product: Product) -> None:
    desk, phone = product.as_("dispatcher"), product.as_("technician")
    desk.post(van(product), json={"items": {"shoe_covers": 10}})
    visit = book(desk, product, "install")["visit"]
    entry = {"id": str(uuid4()), "step": "leave", "key": "kit_used", "at": utc_now().isoformat()}
    parcel = {
        "visit_id": visit,
        "device_id": "phone",
        "entries": [entry | {"value": [{"item": "shoe_covers", "used": 2}]}],
    }
    address = f"/api/v1/parcels/{uuid4()}"
    for _ in range(2):
        assert phone.put(address, json=parcel).status_code == 200
    assert phone.put(f"/api/v1/parcels/{uuid4()}", json=parcel).status_code == 200  # the same entry in another parcel
    assert held(product) == {"shoe_covers": 8}
    for odd in (-3, 10**6, 1.5, True, "2"):
        hand_in(phone, visit, "leave", "kit_used", [{"item": "shoe_covers", "used": odd}])
        assert held(product) == {"shoe_covers": 10}, odd  # the last word says nothing that can be


def test_a_missed_visit_takes_its_note(product: Product) -> None:
    desk, phone = product.as_("dispatcher"), product.as_("technician")
    desk.post(van(product), json={"items": {"sticky_note": 3, "shoe_covers": 3}})
    for note_left, notes in ((True, 2), (False, 2)):
        visit = booked(product, tomorrow(9 if note_left else 14), technician=product.cast.technician_id)
        assert phone.post(f"/api/v1/visits/{visit}/depart").status_code == 200
        assert phone.post(f"/api/v1/visits/{visit}/no-access", json={"note_left": note_left}).status_code == 200
        assert held(product) == {"sticky_note": notes, "shoe_covers": 3}


def test_a_top_up_pressed_twice_is_put_in_once(product: Product) -> None:
    phone = product.as_("technician")
    headers = {"Idempotency-Key": "a-top-up"}
    for _ in range(2):
        answer = phone.post(van(product), json={"items": {"shoe_covers": 4}}, headers=headers)
        assert (answer.status_code, answer.json()) == (201, {"held": {"shoe_covers": 4}})
    assert held(product) == {"shoe_covers": 4}
    seen = phone.get(van(product)).json()
    assert (seen["held"], seen["runs_out"]) == ({"shoe_covers": 4}, [])
    for wrong in ({"items": {}}, {"items": {"gold": 1}}, {"items": {"shoe_covers": 1.5}}, {"items": []}, {}):
        assert phone.post(van(product), json=wrong).status_code == 422, wrong


def test_the_desk_sees_what_runs_out_and_tops_up_by_form(product: Product) -> None:
    desk, browser = product.as_("dispatcher"), product.browser("dispatcher")
    for hour in (9, 14):
        booked(product, tomorrow(hour), technician=product.cast.technician_id)
    desk.post(van(product), json={"items": {"shoe_covers": 1, "rubbish_bag": 2}})
    day = local_day(utc_now(), product.settings.zone) + timedelta(days=1)
    told = text_of(browser.get(f"/desk/kit?day={day}"))
    assert "当天会用完的车辆" in told
    assert "鞋套（一双） 剩 1，需 2" in told
    assert "垃圾袋（一个） 剩" not in told
    action = f"/desk/kit/{product.cast.technician_id}"
    page = browser.get(action)
    done = follow(browser, send(browser, page, action, shoe_covers="3"))
    assert "随车物品数量已更新" in text_of(done)
    again = send(browser, page, action, shoe_covers="3")  # the same form pressed twice
    assert again.status_code == 303
    assert held(product)["shoe_covers"] == 4
    assert "当天会用完的车辆" not in text_of(browser.get(f"/desk/kit?day={day}"))
    refused = send(browser, browser.get(action), action, shoe_covers="2000")
    assert refused.status_code == 422
    empty = send(browser, browser.get(action), action)
    assert "至少填写一种" in text_of(empty)
    counted = send(browser, browser.get(action), action, kind="counted", rubbish_bag="0")
    assert counted.status_code == 303
    assert held(product) == {"shoe_covers": 4, "rubbish_bag": 0}
    care = product.browser("care_agent")
    assert action not in forms_of(care.get(action))
    assert care.post(action, data={"key": "x" * 12, "shoe_covers": "1"}).status_code == 403


def test_the_desk_sees_who_left_without_what_and_why(product: Product) -> None:
    visit = str(booked(product, technician=product.cast.technician_id))
    missing = [{"item": "drop_cloth", "carried": False, "reason": "送洗未取回"}]
    hand_in(product.as_("technician"), visit, "appointment", "kit_check", missing)
    browser = product.browser("dispatcher")
    with product.house.database.reading() as session:
        day = local_day(session.get_one(Visit, UUID(visit)).window_start, product.settings.zone)
    told = text_of(browser.get(f"/desk/kit?day={day}"))
    assert "垫布（一块） 原因：送洗未取回" in told
    found = [{"item": "drop_cloth", "carried": True}]
    hand_in(product.as_("technician"), visit, "appointment", "kit_check", found)
    assert "送洗未取回" not in text_of(browser.get(f"/desk/kit?day={day}"))

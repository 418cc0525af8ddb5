"""The technician's pages over HTTP: their own visits only, the number only on its day, every look written down."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from checklists.kit_v1 import KIT_V1
from dispatch.accounts.tables import AuditRow
from dispatch.clock import utc_now
from dispatch.customers.actions import CustomerFacts, LineFacts, SiteFacts
from dispatch.technicians.tables import KitStock
from dispatch.visits.booking import book_visit
from dispatch.visits.windows import Window
from tests.journeys.conftest import Product
from tests.journeys.customer_stages import a_guest
from tests.makers import RARE_ADDRESS, RARE_NAME, a_turn, an_order

NUMBER = "+8613800000001"
PAGES = ("", "/data.json", "/note", "/card")


def a_visit(product: Product, *, days: int = 0, kind: str = "repair") -> UUID:
    """A visit of the first technician's, so many days from now."""
    with product.house.database.writing() as session:
        turn = a_turn(session, product.settings, utc_now())
        order = an_order(
            turn,
            kind,
            customer=CustomerFacts(RARE_NAME, NUMBER),
            site=SiteFacts(RARE_ADDRESS),
            line=LineFacts(f"line-{days}-{kind}", "千兆宽带", "gpon", 1000, 100),
            note="<b>请轻声敲门</b>",
        )
        start = utc_now() + timedelta(minutes=1, days=days)
        window = Window(start, start + timedelta(minutes=30))
        return book_visit(turn, order.id, window, technician_id=product.cast.technician_id).visit.id


def looks(product: Product, subject: str) -> int:
    with product.house.database.reading() as session:
        query = select(func.count()).where(AuditRow.action == "look", AuditRow.subject == subject)
        return session.scalar(query) or 0


def test_the_day_lists_ones_own_visits_with_the_promised_time(product: Product) -> None:
    visit_id = a_visit(product)
    mine = product.browser("technician").get("/t")
    assert mine.status_code == 200
    assert f"/t/visits/{visit_id}" in mine.text
    assert RARE_NAME in mine.text
    assert NUMBER[3:] not in mine.text
    theirs = product.browser("technician2").get("/t")
    assert str(visit_id) not in theirs.text
    assert RARE_NAME not in theirs.text
    assert looks(product, "visit") == 1


def test_another_day_can_be_looked_at_and_a_day_without_visits_says_so(product: Product) -> None:
    visit_id = a_visit(product, days=1)
    phone = product.browser("technician")
    tomorrow = (utc_now() + timedelta(days=1, minutes=1)).astimezone(product.settings.zone).date()
    assert str(visit_id) in phone.get("/t", params={"day": tomorrow.isoformat()}).text
    assert "这一天没有上门安排" in phone.get("/t", params={"day": "2020-01-01"}).text
    assert phone.get("/t", params={"day": "tomorrow"}).status_code == 422


@pytest.mark.parametrize("page", PAGES)
def test_a_visit_of_somebody_else_is_not_found(product: Product, page: str) -> None:
    visit_id = a_visit(product)
    assert product.browser("technician").get(f"/t/visits/{visit_id}{page}").status_code == 200
    assert product.browser("technician2").get(f"/t/visits/{visit_id}{page}").status_code == 404


@pytest.mark.parametrize("page", ["/t", "/t/kit", "/t/me", "/t/visits/00000000-0000-4000-8000-000000000000"])
@pytest.mark.parametrize(("login", "status"), [("dispatcher", 403), ("care_agent", 403), (None, 303)])
def test_the_phone_is_for_technicians(product: Product, page: str, login: str | None, status: int) -> None:
    assert product.browser(login).get(page).status_code == status


def test_the_number_is_given_on_the_day_and_the_look_is_written_down(product: Product) -> None:
    visit_id = a_visit(product)
    data = product.browser("technician").get(f"/t/visits/{visit_id}/data.json").json()
    assert data["customer"]["phone"] == NUMBER
    assert looks(product, "phone") == 1


def test_the_number_is_masked_on_any_other_day(product: Product) -> None:
    visit_id = a_visit(product, days=1)
    answer = product.browser("technician").get(f"/t/visits/{visit_id}/data.json")
    assert answer.json()["customer"]["phone"] is None
    assert answer.json()["customer"]["phone_shown"] == "138****0001"
    assert NUMBER[3:] not in answer.text
    assert (looks(product, "phone"), looks(product, "visit")) == (0, 1)


def test_the_data_hold_the_form_the_symptoms_and_a_background_without_markup_of_others(product: Product) -> None:
    visit_id = a_visit(product)
    data = product.browser("technician").get(f"/t/visits/{visit_id}/data.json").json()
    assert [step["number"] for step in data["form"]["steps"]] == list(range(1, 9))
    assert data["order"]["symptoms"] == ["晚高峰卡顿"]
    assert (data["measuring"]["access"], data["measuring"]["subscribed_down"]) == ("gpon_b", 1000)
    assert "&lt;b&gt;请轻声敲门&lt;/b&gt;" in data["background"]
    assert data["entries"] == []


def test_entries_handed_in_come_back_folded_with_their_flags(product: Product) -> None:
    visit_id = a_visit(product)
    phone = product.as_("technician")
    first, second = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
    parcel = {
        "visit_id": str(visit_id),
        "device_id": "p1",
        "entries": [
            {"id": first, "step": "appointment", "key": "call_outcome", "value": "reached",
             "at": (utc_now() - timedelta(minutes=1)).isoformat()},
            {"id": second, "step": "appointment", "key": "call_outcome", "value": "nonsense",
             "at": utc_now().isoformat()},
        ],
    }  # fmt: skip
    assert phone.put("/api/v1/parcels/33333333-3333-4333-8333-333333333333", json=parcel).status_code == 200
    entries = product.browser("technician").get(f"/t/visits/{visit_id}/data.json").json()["entries"]
    assert [(entry["id"], entry["value"]) for entry in entries] == [(second, "nonsense")]
    assert [flag["code"] for flag in entries[0]["flags"]] == ["flawed:not_an_option"]


def test_the_note_and_the_card_say_what_is_needed_and_never_the_customers_number(product: Product) -> None:
    visit_id = a_visit(product)
    phone = product.browser("technician")
    note = phone.get(f"/t/visits/{visit_id}/note").text
    for said in (RARE_NAME, RARE_ADDRESS, "赵翀㛃", "13900000001", product.settings.company_phone, "到达时间"):
        assert said in note
    card = phone.get(f"/t/visits/{visit_id}/card").text
    assert "账号密码最近修改日期" in card
    assert NUMBER[3:] not in note + card
    assert "未遇" not in card


def test_the_record_page_is_there_once_it_is_sealed_and_opens_the_customers_own_page(product: Product) -> None:
    guest = a_guest(product.house, product.cast.technician_id, "sealed")
    answer = product.browser("technician").get(f"/t/visits/{guest.visit_id}/record")
    assert answer.status_code == 200
    assert "SR-" in answer.text
    assert 'role="img"' in answer.text
    assert product.browser("technician2").get(f"/t/visits/{guest.visit_id}/record").status_code == 404
    assert product.browser("technician").get(f"/t/visits/{a_visit(product)}/record").status_code == 404


def test_the_kit_page_warns_before_the_van_runs_out(product: Product) -> None:
    phone = product.browser("technician")
    a_visit(product)
    with product.house.database.writing() as session:
        session.add(KitStock(technician_id=product.cast.technician_id, item="shoe_covers", quantity=1))
        session.add(KitStock(technician_id=product.cast.technician_id, item="rubbish_bag", quantity=0))
    page = phone.get("/t/kit").text
    assert all(item.label.zh in page for item in KIT_V1)
    assert "请回站补充：垃圾袋（一个）<" in page.replace("\n", "")


def test_the_language_of_the_page_is_the_readers(product: Product) -> None:
    phone = product.browser("technician")
    assert "退出登录" in phone.get("/t/me").text
    assert "Sign out" in phone.get("/t/me?lang=en").text

"""The desk's search over HTTP, and everything about one customer on one page."""

import pytest
from sqlalchemy import text

from tests.journeys.conftest import Product
from tests.journeys.desk_hand import booked, fields, looks, now_turn, send, text_of, tomorrow, visit_now
from tests.makers import an_order


def test_what_came_in_a_moment_ago_is_found_without_waiting_for_the_jobs(product: Product) -> None:
    booked(product)
    desk = product.browser("care_agent")
    for typed in ("王𬭎", "0001", "测试路0号"):
        told = text_of(desk.get("/desk/search", params={"q": typed}))
        assert "王𬭎" in told, typed
        assert "138****0001" in told
        assert "13800000001" not in told
    assert "没有找到" in text_of(desk.get("/desk/search", params={"q": "查无此人"}))


def test_an_order_leads_to_its_page_and_visit(product: Product) -> None:
    with product.house.database.writing() as session:
        order = an_order(now_turn(product, session), external_id="GD-2026-000777").id
    page = product.browser("dispatcher").get("/desk/search", params={"q": "000777"})
    assert f'href="/desk/orders/{order}"' in page.text


def test_that_somebody_searched_is_written_down_and_what_for_is_not(product: Product) -> None:
    booked(product)
    product.browser("dispatcher").get("/desk/search", params={"q": "王𬭎"})
    assert looks(product, "search") == ["dispatcher:dispatcher"]
    with product.house.database.reading() as session:
        kept = session.scalars(text("SELECT subject_id FROM audit WHERE subject = 'search'")).all()
    assert kept == ["found"]


@pytest.mark.parametrize("typed", ["\0", "'; DROP TABLE visits; --", '"', "%", "()", "&|!:*", "😀", "9" * 4000])
def test_nothing_that_is_typed_breaks_the_search(product: Product, typed: str) -> None:
    assert product.browser("dispatcher").get("/desk/search", params={"q": typed}).status_code == 200


@pytest.mark.parametrize("sent", ["%ED%A0%BD", "%FF%FE", "%00", "%F0%9F"])
def test_bytes_that_are_no_text_break_nothing_either(product: Product, sent: str) -> None:
    assert product.browser("dispatcher").get(f"/desk/search?q={sent}").status_code == 200


def test_a_customers_page_tells_everything_that_happened_in_order(product: Product) -> None:
    visit = booked(product, technician=product.cast.technician_id)
    desk = product.browser("dispatcher")
    page = desk.get(f"/desk/visits/{visit}/move")
    send(desk, page, f"/desk/visits/{visit}/move", **fields(tomorrow(14)), reason="前一户施工延误")
    with product.house.database.reading() as session:
        customer = session.scalar(text("SELECT customer_id FROM work_orders"))
    assert visit_now(product, visit).window == tomorrow(14)
    story = text_of(desk.get(f"/desk/customers/{customer}")).split("全部经过", 1)[1]
    moved, told, booked_at, came = (story.index(said) for said in ("已改约", "改约通知", "已预约", "工单已建立"))
    assert max(moved, told) < booked_at < came

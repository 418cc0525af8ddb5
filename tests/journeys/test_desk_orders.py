"""Work orders at the desk: typed in, found, booked once however often the button is pressed."""

from uuid import UUID

import pytest
from sqlalchemy import func, select

from dispatch.notices.tables import Notice
from dispatch.visits.tables import Visit, WorkOrder
from tests.journeys.conftest import Product
from tests.journeys.desk_hand import booked, fields, follow, forms_of, now_turn, send, text_of, tomorrow
from tests.makers import RARE_ADDRESS, RARE_NAME, an_order

NEW = "/desk/orders/new"
TOLD = {"name": RARE_NAME, "phone": "138 0000 0001", "address": RARE_ADDRESS, "symptoms": "晚高峰卡顿\n频繁掉线"}


def count(product: Product, table: type) -> int:
    with product.house.database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def waiting(product: Product, **more: object) -> UUID:
    with product.house.database.writing() as session:
        return an_order(now_turn(product, session), **more).id  # type: ignore[arg-type]


def test_an_order_is_taken_in_and_booked(product: Product) -> None:
    desk = product.browser("dispatcher")
    taken = send(desk, desk.get(NEW), NEW, **TOLD)
    page = follow(desk, taken)
    told = text_of(page)
    for said in ("工单已建立", RARE_NAME, RARE_ADDRESS, "晚高峰卡顿、频繁掉线", "138****0001"):
        assert said in told
    action = page.request.url.path + "/book"
    done = send(desk, page, action, **fields(tomorrow(9)), technician=str(product.cast.technician_id))
    told = text_of(follow(desk, done))
    assert "预约成功" in told
    assert "赵翀㛃" in told
    assert count(product, Notice) == 1


def test_a_care_agent_takes_orders_in_and_does_not_book_them(product: Product) -> None:
    agent, desk = product.browser("care_agent"), product.browser("dispatcher")
    page = follow(agent, send(agent, agent.get(NEW), NEW, **TOLD))
    action = page.request.url.path + "/book"
    assert action not in forms_of(page)
    form = forms_of(desk.get(page.request.url.path))[action]
    assert agent.post(action, data={**form, **fields(tomorrow(9))}).status_code == 403
    assert count(product, Visit) == 0


def test_a_double_click_books_one_visit(product: Product) -> None:
    order_id = waiting(product)
    desk = product.browser("dispatcher")
    page = desk.get(f"/desk/orders/{order_id}")
    sent = [send(desk, page, f"/desk/orders/{order_id}/book", **fields(tomorrow(9))) for _ in range(3)]
    assert {answer.status_code for answer in sent} == {303}
    assert len({answer.headers["location"] for answer in sent}) == 1
    assert count(product, Visit) == 1
    assert count(product, Notice) == 1


def test_a_form_that_was_used_does_not_do_something_else(product: Product) -> None:
    order_id = waiting(product)
    desk = product.browser("dispatcher")
    page = desk.get(f"/desk/orders/{order_id}")
    send(desk, page, f"/desk/orders/{order_id}/book", **fields(tomorrow(9)))
    other = send(desk, page, f"/desk/orders/{order_id}/book", **fields(tomorrow(14)))
    assert other.status_code == 409
    assert "已提交过" in text_of(other)
    assert count(product, Visit) == 1


def test_an_order_is_not_booked_twice_around_the_same_time(product: Product) -> None:
    order_id = waiting(product)
    desk = product.browser("dispatcher")
    for status in (303, 409):
        page = desk.get(f"/desk/orders/{order_id}")
        answer = send(desk, page, f"/desk/orders/{order_id}/book", **fields(tomorrow(9)))
        assert answer.status_code == status
    assert "已有预约" in text_of(answer)


@pytest.mark.parametrize(
    ("phone", "told"), [("138****0001", "隐去"), ("58881234", "区号"), ("10086", "热线"), ("abc", "不能识别")]
)
def test_a_number_that_cannot_be_called_is_refused_beside_its_field(product: Product, phone: str, told: str) -> None:
    desk = product.browser("dispatcher")
    refused = send(desk, desk.get(NEW), NEW, **{**TOLD, "phone": phone})
    assert refused.status_code == 422
    assert "f-phone-error" in refused.text
    assert told in text_of(refused)
    form = forms_of(refused)[NEW]
    assert (form["name"], form["symptoms"]) == (RARE_NAME, TOLD["symptoms"])
    assert count(product, WorkOrder) == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"latitude": "31.2"}, {"wanted_day": "2026-11-24"}, {"minutes": "0"}, {"latitude": "nan", "longitude": "1"},
        {"kind": "inspection"}, {"name": "a\r\nb"}, {"name": "王\u202e五"}, {"note": "x\x00y"}, {"unheard_of": "1"},
        {"deadline_time": "10:00"}, {"address": "x" * 400}, {"subscribed_down": "1e999"},
        {"wanted_day": "9999-12-31", "wanted_begin": "09:00", "wanted_end": "10:00"},
    ],
    ids=str,
)  # fmt: skip
def test_what_does_not_fit_is_refused_and_nothing_is_stored(product: Product, wrong: dict[str, str]) -> None:
    desk = product.browser("dispatcher")
    assert send(desk, desk.get(NEW), NEW, **{**TOLD, **wrong}).status_code == 422
    assert count(product, WorkOrder) == 0


def test_markup_in_a_name_is_shown_as_text(product: Product) -> None:
    hostile = "<script>alert(1)</script>{{7*7}}"
    desk = product.browser("dispatcher")
    page = follow(desk, send(desk, desk.get(NEW), NEW, **{**TOLD, "name": hostile, "note": hostile}))
    assert hostile not in page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{7*7}}" in page.text


def test_the_same_number_with_other_content_is_refused(product: Product) -> None:
    desk = product.browser("dispatcher")
    assert send(desk, desk.get(NEW), NEW, **TOLD, external_id="GD-1").status_code == 303
    same = send(desk, desk.get(NEW), NEW, **TOLD, external_id="GD-1")
    assert "done=order_known" in same.headers["location"]
    other = send(desk, desk.get(NEW), NEW, **{**TOLD, "note": "另一内容"}, external_id="GD-1")
    assert other.status_code == 409
    assert "f-external_id-error" in other.text
    assert count(product, WorkOrder) == 1


@pytest.mark.parametrize(("q", "found"), [
    ("GD-77", True), ("gd-7", True), ("𬭎", True), ("0000 0001", True), ("龘园", True),
    ("%", False), ("_", False), ("0002", False), ("不存在", False),
])  # fmt: skip
def test_an_order_is_found_by_number_name_phone_or_address(product: Product, q: str, found: bool) -> None:
    order_id = waiting(product, external_id="GD-77")
    page = product.browser("care_agent").get("/desk/orders", params={"q": q})
    assert page.status_code == 200
    assert (str(order_id) in page.text) is found


def test_a_booked_order_no_longer_waits_but_is_found(product: Product) -> None:
    booked(product)
    desk = product.browser("dispatcher")
    assert "没有待预约的工单" in text_of(desk.get("/desk/orders"))
    assert "已预约" in text_of(desk.get("/desk/orders", params={"q": RARE_NAME}))


def test_a_misfit_is_a_warning_and_no_refusal(product: Product) -> None:
    order_id = waiting(product, skills=("xgspon",))
    desk = product.browser("dispatcher")
    technician = str(product.cast.technician_id)
    asked = desk.get(f"/desk/orders/{order_id}/fit", params={**fields(tomorrow(20)), "technician": technician})
    assert "缺少所需技能" in text_of(asked)
    assert "不在班次内" in text_of(asked)
    page = desk.get(f"/desk/orders/{order_id}")
    assert "缺技能：xgspon" in text_of(page)
    done = send(desk, page, f"/desk/orders/{order_id}/book", **fields(tomorrow(20)), technician=technician)
    assert "不在班次内" in text_of(follow(desk, done))


def test_what_the_customer_asked_for_stands_in_the_form(product: Product) -> None:
    wanted = tomorrow(10, 2, days=2)
    order_id = waiting(product, wanted=wanted)
    form = forms_of(product.browser("dispatcher").get(f"/desk/orders/{order_id}"))[f"/desk/orders/{order_id}/book"]
    assert {name: form[name] for name in ("day", "begin", "end")} == fields(wanted)

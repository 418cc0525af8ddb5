"""A customer's file: everything about them on one page, their contact corrected, and every look written down."""

from uuid import UUID

import pytest
from sqlalchemy import select

from dispatch.accounts.tables import AuditRow
from dispatch.customers.tables import Customer
from dispatch.notices.tables import Notice
from tests.journeys.conftest import Product
from tests.journeys.desk_hand import booked, follow, looks, send, text_of, visit_now
from tests.journeys.test_desk_calls import asked_to_call
from tests.makers import RARE_NAME


def customer_of(product: Product, visit_id: UUID) -> Customer:
    with product.house.database.reading() as session:
        return session.scalars(select(Customer)).one()


def notice_now(product: Product, visit_id: UUID) -> Notice:
    with product.house.database.reading() as session:
        return session.scalars(select(Notice).where(Notice.visit_id == visit_id)).one()


def test_the_file_shows_everything_and_the_number_masked(product: Product) -> None:
    visit_id = booked(product)
    task_id = asked_to_call(product, visit_id=visit_id, why="请回电")
    customer, notice = customer_of(product, visit_id), notice_now(product, visit_id)
    page = product.browser("care_agent").get(f"/desk/customers/{customer.id}")
    told = text_of(page)
    for said in (RARE_NAME, "138****0001", "“请回电”", "预约确认", "记为应告知", "光纤 GPON"):
        assert said in told, said
    addresses = (f"/desk/visits/{visit_id}", f"/desk/notices/{notice.id}", f"/desk/calls/{task_id}", "/desk/lines/")
    assert all(f'href="{address}' in page.text for address in addresses)
    assert "13800000001" not in page.text
    assert looks(product, "customer") == ["care_agent:care_agent"]
    assert looks(product, "customer_phone") == []


def test_the_file_is_reached_from_the_visit_and_the_order(product: Product) -> None:
    visit_id = booked(product)
    customer, desk = customer_of(product, visit_id), product.browser("dispatcher")
    for address in (f"/desk/visits/{visit_id}", f"/desk/orders/{visit_now(product, visit_id).work_order_id}"):
        assert f'href="/desk/customers/{customer.id}"' in desk.get(address).text


@pytest.mark.parametrize("role", ["dispatcher", "care_agent", "supervisor"])
def test_the_contact_is_corrected_and_what_is_owed_goes_there(product: Product, role: str) -> None:
    visit_id = booked(product)
    task_id = asked_to_call(product, visit_id=visit_id)
    customer, desk = customer_of(product, visit_id), product.browser(role)
    address = f"/desk/customers/{customer.id}"
    changed = {"phone": "139 0000 0077", "mail": "Wang@Example.cn", "channel": "mail", "language": "en"}
    done = send(desk, desk.get(address), address, **changed)
    page = follow(desk, done)
    assert "客户资料已保存" in text_of(page)
    after = customer_of(product, visit_id)
    assert (after.phone, after.mail, after.channel, after.language) == (
        "+8613900000077", "Wang@example.cn", "mail", "en",
    )  # fmt: skip
    notice = notice_now(product, visit_id)
    assert (notice.to, notice.mail) == ("+8613900000077", "Wang@example.cn")
    assert "139****0077" in text_of(desk.get(f"/desk/calls/{task_id}"))
    with product.house.database.reading() as session:
        row = session.scalars(select(AuditRow).where(AuditRow.action == "change_contact")).one()
    assert row.facts == {"fields": ["channel", "language", "mail", "phone"]}  # which, never what


def test_what_may_have_left_already_is_not_sent_elsewhere(product: Product) -> None:
    visit_id = booked(product)
    with product.house.database.writing() as session:
        session.scalars(select(Notice)).one().last_problem = "unknown"
    customer, desk = customer_of(product, visit_id), product.browser("dispatcher")
    address = f"/desk/customers/{customer.id}"
    assert send(desk, desk.get(address), address, phone="13900000077").status_code == 303
    assert notice_now(product, visit_id).to == "+8613800000001"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"mail": "wang@example.cn\r\nBcc: x@example.cn"}, "邮箱地址不正确"),
        ({"mail": "wang\u202e@example.cn"}, "邮箱地址不正确"),
        ({"channel": "mail", "mail": ""}, "首选邮件通知时，请填写邮箱地址"),
        ({"phone": "1380000"}, "没有这样的电话号码"),
        ({"phone": "10086"}, "服务热线"),
        ({"name": "王\u202e五"}, "含有无法保存的字符"),
        ({"name": " "}, "请填写此项"),
        ({"channel": "pigeon"}, "请选择列出的选项之一"),
    ],
)
def test_an_impossible_contact_is_refused_beside_its_field(
    product: Product, changed: dict[str, str], said: str
) -> None:
    visit_id = booked(product)
    before, desk = customer_of(product, visit_id), product.browser("dispatcher")
    address = f"/desk/customers/{before.id}"
    refused = send(desk, desk.get(address), address, **changed)
    assert refused.status_code == 422
    assert said in text_of(refused)
    after = customer_of(product, visit_id)
    assert (after.name, after.phone, after.mail, after.channel) == (
        before.name, before.phone, before.mail, before.channel,
    )  # fmt: skip


def test_two_who_correct_it_at_once_do_not_undo_each_other(product: Product) -> None:
    visit_id = booked(product)
    address = f"/desk/customers/{customer_of(product, visit_id).id}"
    first, second = product.browser("dispatcher"), product.browser("care_agent")
    pages = [one.get(address) for one in (first, second)]
    assert send(first, pages[0], address, mail="wang@example.cn").status_code == 303
    refused = send(second, pages[1], address, language="en")
    assert refused.status_code == 409
    assert "刚被他人修改" in text_of(refused)
    after = customer_of(product, visit_id)
    assert (after.mail, after.language) == ("wang@example.cn", "zh")


def test_an_order_typed_in_takes_mail_and_way(product: Product) -> None:
    desk = product.browser("dispatcher")
    page = desk.get("/desk/orders/new")
    given = {
        "name": "李四",
        "phone": "13700000003",
        "address": "龘园路1号",
        "mail": "li@@example.cn",
        "channel": "mail",
    }
    refused = send(desk, page, "/desk/orders/new", **given)
    assert (refused.status_code, "邮箱地址不正确" in text_of(refused)) == (422, True)
    assert send(desk, page, "/desk/orders/new", **given | {"mail": "li@example.cn"}).status_code == 303
    with product.house.database.reading() as session:
        customer = session.scalars(select(Customer)).one()
    assert (customer.mail, customer.channel) == ("li@example.cn", "mail")


def test_an_order_system_tells_of_mail_and_way(product: Product) -> None:
    order = {
        "kind": "repair",
        "customer": {"name": "李", "phone": "13800000009", "mail": "li@example.cn", "channel": "call"},
        "site": {"address": "某路 1 号"},
    }
    client = product.as_("dispatcher")
    assert client.post("/api/v1/work-orders", json=order).status_code == 201
    order["customer"]["mail"] = "li@example"  # type: ignore[index]
    refused = client.post("/api/v1/work-orders", json=order)
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/mail-impossible")
    with product.house.database.reading() as session:
        customer = session.scalars(select(Customer)).one()
    assert (customer.mail, customer.channel) == ("li@example.cn", "call")

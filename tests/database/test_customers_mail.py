"""An order may tell how its customer likes to be told; one that says nothing changes nothing of that."""

from pathlib import Path

import pytest
from sqlalchemy import select

from dispatch.customers.actions import CustomerFacts
from dispatch.customers.tables import Customer
from dispatch.database import Database
from dispatch.errors import Invalid
from dispatch.settings import Settings
from dispatch.visits.importing import import_orders
from dispatch.visits.order_files import read_orders
from dispatch.visits.orders import take_in_order
from tests.makers import NOON, a_turn, an_order_told, some_settings

HEAD = "工单号,类型,客户姓名,联系电话,装机地址,电子邮箱,通知方式"


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    return some_settings(tmp_path / "var", database_url)


def told(number: str, mail: str | None = None, channel: str | None = None) -> object:
    return an_order_told(external_id=number, customer=CustomerFacts("王五", "13800000005", mail=mail, channel=channel))


def known(database: Database) -> tuple[str | None, str]:
    with database.reading() as session:
        customer = session.scalars(select(Customer)).one()
        return customer.mail, customer.channel


def take(database: Database, settings: Settings, *orders: object) -> None:
    for order in orders:
        with database.writing() as session:
            take_in_order(a_turn(session, settings), order)  # type: ignore[arg-type]


def take_file(database: Database, settings: Settings, *rows: str) -> list[str]:
    orders = read_orders(
        "\n".join((HEAD, *rows)).encode(), "orders.csv", zone=settings.zone, today=NOON.date(), allow_foreign=False
    )
    with database.writing() as session:
        import_orders(a_turn(session, settings), orders)
    return [problem.words.zh for problem in orders.problems]


def test_an_order_tells_how_and_the_next_that_says_nothing_leaves_it(database: Database, settings: Settings) -> None:
    take(database, settings, told("A-1"))
    assert known(database) == (None, "sms")
    take(database, settings, told("A-2", "Wang@Example.cn", "mail"))
    assert known(database) == ("Wang@example.cn", "mail")
    take(database, settings, told("A-3"))
    assert known(database) == ("Wang@example.cn", "mail")
    take(database, settings, told("A-4", channel="call"))
    assert known(database) == ("Wang@example.cn", "call")


def test_a_file_says_the_same_row_by_row(database: Database, settings: Settings) -> None:
    row = "{},维修,王五,13800000005,龘园路5号,{},{}"
    assert take_file(database, settings, row.format("B-1", "", "")) == []
    assert known(database) == (None, "sms")
    take_file(database, settings, row.format("B-2", "wang@example.cn", "邮件"), row.format("B-3", "", ""))
    assert known(database) == ("wang@example.cn", "mail")
    take_file(database, settings, row.format("B-4", "无", "打电话"))
    assert known(database) == ("wang@example.cn", "call")


def test_a_file_with_a_bad_address_is_taken_without_it_and_says_so(database: Database, settings: Settings) -> None:
    problems = take_file(database, settings, "C-1,维修,王五,13800000005,龘园路5号,wang@@example,信鸽")
    assert problems == ["邮箱地址不正确，未采用。", "不认识这种通知方式，未采用。"]
    assert known(database) == (None, "sms")


def test_an_order_with_a_bad_address_is_refused(database: Database, settings: Settings) -> None:
    with pytest.raises(Invalid) as refused:
        take(database, settings, told("D-1", "wang@example.cn\r\nBcc: x@example.cn"))
    assert refused.value.name == "mail-impossible"


def test_orders_that_were_known_before_anything_was_told_of_mail_are_known_still() -> None:
    # the fingerprint that the version before gave to this order
    before = "7ba7b3ef902c7c8bb8c575d7e00eda755f21ad292765188af077e321ccdc4623"
    assert an_order_told("repair", "BSS-1").fingerprint == before
    assert told("A-1").fingerprint != told("A-1", "wang@example.cn").fingerprint  # type: ignore[attr-defined]
    assert told("A-1").fingerprint != told("A-1", channel="sms").fingerprint  # type: ignore[attr-defined]

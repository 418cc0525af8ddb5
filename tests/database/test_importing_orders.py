"""A file of orders goes in whole or not at all, and twice is once. Both engines."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from dispatch.accounts.tables import AuditRow
from dispatch.accounts.viewer import SYSTEM, Viewer
from dispatch.clock import local_day
from dispatch.customers.tables import Customer, Line, Site
from dispatch.database import Database
from dispatch.errors import Forbidden
from dispatch.settings import Settings
from dispatch.technicians.tables import Area
from dispatch.visits.importing import ImportOutcome, RowsRefused, facts_of, import_orders
from dispatch.visits.order_files import OrderFile, read_orders
from dispatch.visits.orders import take_in_order
from dispatch.visits.tables import WorkOrder
from tests.full import FULL
from tests.makers import NOON, a_turn, some_settings

HEAD = "工单号,类型,客户姓名,联系电话,装机地址,宽带账号,故障现象,预约日期,预约时段,客户编号,片区,经度,纬度"


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    return some_settings(tmp_path / "var", database_url)


def a_row(number: int, **changed: str) -> str:
    told = {
        "工单号": f"WO-{number}",
        "类型": "维修",
        "客户姓名": "王𬭎",
        "联系电话": f"138{number:08d}",
        "装机地址": f"上海市浦东新区龘园路{number}号",
        "宽带账号": f"sh{number:06d}",
        "故障现象": "上不了网",
        "预约日期": "2026-11-23",
        "预约时段": "09:00-11:00",
        "客户编号": f"C{number}",
        "片区": "",
        "经度": "",
        "纬度": "",
    } | changed
    return ",".join(told[name] for name in HEAD.split(","))


def a_file(settings: Settings, *rows: str) -> OrderFile:
    text = "\n".join([HEAD, *rows])
    return read_orders(text.encode(), "orders.csv", zone=settings.zone, today=local_day(NOON, settings.zone))


def imported(database: Database, settings: Settings, file: OrderFile, **options: bool) -> ImportOutcome:
    with database.writing() as session:
        return import_orders(a_turn(session, settings), file, **options)


def counts(database: Database) -> tuple[int, ...]:
    with database.reading() as session:
        return tuple(
            session.scalar(select(func.count()).select_from(table)) or 0 for table in (WorkOrder, Customer, Site, Line)
        )


def test_every_row_becomes_an_order_with_its_wanted_window(database: Database, settings: Settings) -> None:
    outcome = imported(database, settings, a_file(settings, a_row(1), a_row(2)))
    assert (outcome.new, outcome.known, outcome.complete) == (2, 0, True)
    assert counts(database) == (2, 2, 2, 2)
    with database.reading() as session:
        order = session.scalars(select(WorkOrder).where(WorkOrder.external_id == "WO-1")).one()
        assert order.wanted is not None
        assert order.wanted.start == datetime(2026, 11, 23, 9, tzinfo=settings.zone)
        assert order.wanted.length == timedelta(hours=2)
        audited = session.scalar(select(func.count()).select_from(AuditRow).where(AuditRow.action == "take_in_order"))
        assert audited == 2


def test_the_same_file_again_changes_nothing(database: Database, settings: Settings) -> None:
    file = a_file(settings, *(a_row(number) for number in range(700)))
    assert imported(database, settings, file).new == 700
    before = counts(database)
    outcome = imported(database, settings, file)
    assert (outcome.new, outcome.known, outcome.changed) == (0, 700, ())
    assert counts(database) == before


def test_one_bad_row_refuses_the_whole_file_and_names_it(database: Database, settings: Settings) -> None:
    file = a_file(settings, a_row(1), a_row(2, 联系电话="1.38E+10"), a_row(3))
    with pytest.raises(RowsRefused, match="lines 3 cannot be read") as refusal:
        imported(database, settings, file)
    assert "第 3 行" in refusal.value.words.zh
    assert refusal.value.facts["bad"] == [3]
    assert counts(database) == (0, 0, 0, 0)


def test_bad_rows_are_left_out_when_asked(database: Database, settings: Settings) -> None:
    file = a_file(settings, a_row(1), a_row(2, 联系电话="1.38E+10"), a_row(3))
    outcome = imported(database, settings, file, skip_bad=True)
    assert (outcome.new, outcome.bad, outcome.complete) == (2, (3,), False)
    assert counts(database)[0] == 2


def test_a_known_order_with_other_content_refuses_the_file_and_is_left_as_it_is(
    database: Database, settings: Settings
) -> None:
    imported(database, settings, a_file(settings, a_row(1)))
    changed = a_file(settings, a_row(1, 故障现象="经常掉线"), a_row(2))
    with pytest.raises(RowsRefused, match="known with other content"):
        imported(database, settings, changed)
    assert counts(database)[0] == 1
    outcome = imported(database, settings, changed, skip_bad=True)
    assert (outcome.new, outcome.changed) == (1, ((2, "WO-1"),))
    with database.reading() as session:
        kept = session.scalars(select(WorkOrder.symptoms).where(WorkOrder.external_id == "WO-1")).one()
    assert kept == ["上不了网"]


def test_one_customer_with_two_orders_is_one_customer(database: Database, settings: Settings) -> None:
    same = {"客户编号": "C1", "联系电话": "13800000001", "装机地址": "龘园路1号", "宽带账号": "sh000001"}
    imported(database, settings, a_file(settings, a_row(1, **same), a_row(2, **same)))
    assert counts(database) == (2, 1, 1, 1)
    nameless = {"客户编号": "", "联系电话": "13800000009", "装机地址": "龘园路9号", "宽带账号": ""}
    imported(database, settings, a_file(settings, a_row(3, **nameless)))
    imported(database, settings, a_file(settings, a_row(4, **nameless)))
    assert counts(database) == (4, 2, 2, 2)


def test_a_file_and_the_single_order_say_the_same(database: Database, settings: Settings) -> None:
    """What came in one by one is known to the import, and the other way round."""
    file = a_file(settings, a_row(1), a_row(2, 客户编号="", 宽带账号=""))
    with database.writing() as session:
        for row in file.rows:
            take_in_order(a_turn(session, settings), facts_of(row))
    one_by_one = counts(database)
    assert imported(database, settings, file).known == 2
    assert imported(database, settings, a_file(settings, a_row(3, 客户编号="C1", 宽带账号="sh000001"))).new == 1
    after = counts(database)
    assert (after[1], after[3]) == (one_by_one[1], one_by_one[3])
    with database.writing() as session:
        _, new = take_in_order(a_turn(session, settings), facts_of(a_file(settings, a_row(1)).rows[0]))
    assert not new


def test_a_site_goes_to_the_area_that_is_named_or_nearest(database: Database, settings: Settings) -> None:
    with database.writing() as session:
        session.add(Area(name="张江", name_en="Zhangjiang", latitude=31.2041, longitude=121.5937))
        session.add(Area(name="徐家汇", name_en="Xujiahui", latitude=31.1955, longitude=121.4375))
    rows = (a_row(1, 片区="徐家汇"), a_row(2, 经度="121.60", 纬度="31.20"), a_row(3))
    imported(database, settings, a_file(settings, *rows))
    with database.reading() as session:
        rows_found = session.execute(
            select(WorkOrder.external_id, Area.name)
            .join(Site, Site.id == WorkOrder.site_id)
            .outerjoin(Area, Area.id == Site.area_id)
        )
        found = {row[0]: row[1] for row in rows_found}
    assert found == {"WO-1": "徐家汇", "WO-2": "张江", "WO-3": None}


def test_technicians_and_customers_import_nothing(database: Database, settings: Settings) -> None:
    file = a_file(settings, a_row(1))
    for role in ("technician", "customer"):
        with database.writing() as session, pytest.raises(Forbidden):
            import_orders(a_turn(session, settings, viewer=Viewer(role, "x")), file)  # type: ignore[arg-type]
    assert SYSTEM.at_desk
    assert counts(database)[0] == 0


@pytest.mark.heavy
def test_a_large_file_goes_in_at_once(database: Database, settings: Settings) -> None:
    """Full size: DOORSTEP_HEAVY=1, ten thousand rows."""
    rows = 10_000 if FULL else 1_500
    file = a_file(settings, *(a_row(number) for number in range(rows)))
    assert imported(database, settings, file).new == rows
    assert imported(database, settings, file).known == rows
    assert counts(database) == (rows, rows, rows, rows)

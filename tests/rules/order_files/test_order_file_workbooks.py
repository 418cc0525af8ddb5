"""Workbooks as people and systems make them: real dates, numbers, formulas, several sheets, hidden rows."""

import io
import re
import zipfile
from datetime import UTC, date, datetime, time
from typing import Any

import openpyxl
import pytest

from dispatch.errors import Invalid
from tests.rules.order_files.makers import HEADINGS, an_order, as_xlsx, read, saved


def a_book(*rows: dict[str, Any], headings: tuple[str, ...] = HEADINGS) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(headings))
    for row in rows:
        sheet.append([row.get(heading) for heading in headings])
    return book


def row_with(number: int = 1, **other: Any) -> dict[str, Any]:
    return {**an_order(number), **other}


def test_real_dates_and_numbers_are_read() -> None:
    row = row_with(
        工单号=20261122001,
        联系电话=13800000000,
        要求完成时间=datetime(2026, 11, 25, 18, 30),  # noqa: DTZ001  as a workbook has it
        预约日期=date(2026, 11, 22),
        预约时段=time(9, 30),
    )
    [order] = read(saved(a_book(row)), "a.xlsx").rows
    assert (order.external_id, order.phone) == ("20261122001", "+8613800000000")
    assert order.deadline == datetime(2026, 11, 25, 10, 30, tzinfo=UTC)
    assert order.wanted_window == (datetime(2026, 11, 22, 1, 30, tzinfo=UTC), datetime(2026, 11, 22, 2, tzinfo=UTC))


@pytest.mark.parametrize(
    ("number_format", "deadline"),
    [
        ("yyyy-mm-dd", (25, 15, 59)),
        ("yyyy-mm-dd hh:mm", (24, 16, 0)),
        ('yyyy"年"m"月"d"日"', (25, 15, 59)),
        ("General", (25, 15, 59)),
    ],
)
def test_midnight_is_meant_only_where_the_column_shows_a_time(
    number_format: str, deadline: tuple[int, int, int]
) -> None:
    book = a_book(row_with(要求完成时间=46351))
    book.worksheets[0]["F2"].number_format = number_format
    day, hour, minute = deadline
    assert read(saved(book), "a.xlsx").rows[0].deadline == datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def test_a_workbook_that_counts_days_from_1904_gives_the_same_day() -> None:
    book = a_book(row_with(要求完成时间=datetime(2026, 11, 25, 18), 预约日期=46348 - 1462))  # noqa: DTZ001
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    [order] = read(saved(book), "a.xlsx").rows
    assert order.deadline == datetime(2026, 11, 25, 10, tzinfo=UTC)
    assert order.wanted_window is not None
    assert order.wanted_window[0] == datetime(2026, 11, 22, 0, tzinfo=UTC)


def test_zeros_that_only_a_format_shows_are_kept() -> None:
    book = a_book(row_with(工单号=42))
    book.worksheets[0]["A2"].number_format = "00000000"
    assert read(saved(book), "a.xlsx").rows[0].external_id == "00000042"


def test_a_number_too_long_for_a_spreadsheet_is_refused_and_one_that_fits_is_not() -> None:
    orders = read(saved(a_book(row_with(工单号=10**15), row_with(工单号=10**15 - 1))), "a.xlsx")
    assert [order.external_id for order in orders.rows] == ["999999999999999"]
    assert [(problem.line, problem.column) for problem in orders.problems] == [(2, "工单号")]


def test_a_formula_gives_its_kept_result_and_is_refused_without_one() -> None:
    data = saved(a_book(row_with(1, 客户姓名='=CONCAT("张","伟")'), row_with(2, 客户姓名='="李"&"四"')))
    orders = read(data, "a.xlsx")
    assert orders.rows == ()
    assert [(problem.line, problem.column) for problem in orders.problems] == [(2, "客户姓名"), (3, "客户姓名")]
    assert all("公式" in problem.words.zh for problem in orders.problems)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
        parts = {name: archive.read(name) for name in archive.namelist()}
    computed = sheet.replace(b'<c r="C2"><f>', b'<c r="C2" t="str"><f>', 1)
    computed = computed.replace(b"</f><v></v>", "</f><v>张伟</v>".encode(), 1).replace(
        b"</f><v />", "</f><v>张伟</v>".encode(), 1
    )
    assert computed != sheet
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        for name, content in (parts | {"xl/worksheets/sheet1.xml": computed}).items():
            archive.writestr(name, content)
    orders = read(kept.getvalue(), "a.xlsx")
    assert [order.customer_name for order in orders.rows] == ["张伟"]
    assert [problem.line for problem in orders.problems] == [3]


def test_a_formula_in_a_column_that_nobody_reads_does_no_harm() -> None:
    assert len(read(as_xlsx([an_order() | {"班组": "=1+1"}]), "a.xlsx").rows) == 1


def test_spreadsheet_errors_refuse_their_row() -> None:
    book = a_book(row_with(1), row_with(2))
    book.worksheets[0]["E3"].value = "#N/A"
    book.worksheets[0]["E3"].data_type = "e"
    orders = read(saved(book), "a.xlsx")
    assert len(orders.rows) == 1
    assert [(problem.line, problem.column) for problem in orders.problems] == [(3, "装机地址")]


def test_a_hidden_row_is_read_and_told() -> None:
    book = a_book(row_with(1), row_with(2))
    book.worksheets[0].row_dimensions[3].hidden = True
    orders = read(saved(book), "a.xlsx")
    assert len(orders.rows) == 2
    assert [(problem.line, problem.fatal) for problem in orders.problems] == [(3, False)]


def test_the_first_visible_sheet_with_orders_is_read_and_the_others_told() -> None:
    book = a_book(row_with(3))
    book.worksheets[0].title = "隐藏"
    book.worksheets[0].sheet_state = "hidden"
    book.create_sheet("说明").append(["填写说明"])
    for title, number in (("周六", 1), ("周日", 2)):
        sheet = book.create_sheet(title)
        sheet.append(list(HEADINGS))
        sheet.append(list(an_order(number).values()))
    book.active = 1
    data = saved(book)
    orders = read(data, "a.xlsx")
    assert (orders.sheet, orders.rows[0].external_id) == ("周六", "SH2026000001")
    [problem] = orders.problems
    assert "周日" in problem.words.zh
    assert not problem.fatal
    assert read(data, "a.xlsx", sheet="周日").rows[0].external_id == "SH2026000002"
    assert read(data, "a.xlsx", sheet="隐藏").rows[0].external_id == "SH2026000003"
    with pytest.raises(Invalid) as refused:
        read(data, "a.xlsx", sheet="周一")
    assert "周六" in refused.value.words.zh


def test_a_hidden_sheet_is_read_where_no_other_has_orders() -> None:
    book = a_book(row_with(1))
    book.create_sheet("说明")
    book.worksheets[0].sheet_state = "hidden"
    book.active = 1
    assert len(read(saved(book), "a.xlsx").rows) == 1


def test_blank_rows_between_and_formatted_ones_after_the_last_are_no_orders() -> None:
    book = a_book(row_with(1), {}, {}, row_with(2), {}, {})
    sheet = book.worksheets[0]
    sheet["A900"].number_format = "0000"
    sheet["A900"].font = openpyxl.styles.Font(bold=True)
    orders = read(saved(book), "a.xlsx")
    assert [order.line for order in orders.rows] == [2, 5]
    assert orders.blank_lines == 2


def test_a_line_break_that_a_workbook_hides_in_its_own_way_is_seen() -> None:
    orders = read(saved(a_book(row_with(1, 客户姓名="张_x000D_伟"))), "a.xlsx")
    assert orders.rows == ()


def with_shared_texts(data: bytes) -> bytes:
    """The same workbook with its texts in a part of their own, as Excel and WPS write them."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    texts: list[bytes] = []

    def moved(found: re.Match[bytes]) -> bytes:
        texts.append(found[2])
        return found[1] + b' t="s"><v>%d</v></c>' % (len(texts) - 1)

    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = re.sub(rb'(<c r="\w+"[^>]*?) t="inlineStr"[^>]*><is>(.*?)</is></c>', moved, parts[sheet])
    assert texts
    space = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    items = b"".join(b"<si>" + text + b'<rPh sb="0" eb="1"><t>zhang</t></rPh></si>' for text in texts)
    parts["xl/sharedStrings.xml"] = b'<?xml version="1.0" encoding="UTF-8"?><sst ' + space + b">" + items + b"</sst>"
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    listed = b'<Override PartName="/xl/sharedStrings.xml" ContentType="' + kind + b'"/></Types>'
    if kind not in parts["[Content_Types].xml"]:
        parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"</Types>", listed)
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return kept.getvalue()


def test_texts_that_a_workbook_keeps_apart_are_read_without_their_pronunciation() -> None:
    orders = read(with_shared_texts(as_xlsx([an_order(1), an_order(2)])), "a.xlsx")
    assert [order.customer_name for order in orders.rows] == ["张伟", "张伟"]
    assert orders.problems == ()

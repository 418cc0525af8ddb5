"""What people are told about a file, and what they get back to correct."""

import csv
import io

import pytest

from dispatch.visits.order_files import OrderFile, refused_rows_csv, report, report_lines
from dispatch.visits.order_files.reporting import MOST_LINES, REASON
from tests.rules.order_files.makers import HEADINGS, an_order, as_csv, as_xlsx, read


@pytest.fixture
def orders() -> OrderFile:
    bad = an_order(2, 类型="拆机", 联系电话="138123")
    return read(as_csv([an_order(1), bad, an_order(1), an_order(4, 客户姓名="=cmd()", 联系电话="1") | {}]))


def cells_of(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_a_report_names_line_column_value_and_remedy_in_the_readers_language(orders: OrderFile) -> None:
    chinese, english = report(orders, "zh").splitlines(), report(orders, "en").splitlines()
    assert chinese[0] == "读取工单 1 条，退回 2 行，提示 1 条，空行 0 行。"
    assert english[0] == "Orders read: 1. Rows refused: 2. Notes: 1. Blank lines: 0."
    assert chinese[4] == "第 3 行，类型（拆机）：工单类型只能是装机（新装、开通、移机）或维修（故障、报障），请更正。"
    assert english[4].startswith("Line 3, 类型 (拆机): The kind of order is install")
    assert "第 4 行（SH2026000001）：与第 2 行完全相同，只取一次。" in chinese


def test_report_lines_are_one_for_each_problem(orders: OrderFile) -> None:
    lines = report_lines(orders, "zh")
    assert [(line.line, line.fatal) for line in lines] == [(3, True), (3, True), (4, False), (5, True)]


def test_a_problem_of_the_whole_file_says_so() -> None:
    orders = read(as_xlsx([an_order()]), "orders.csv")
    assert report_lines(orders, "zh")[0].text.startswith("文件：")
    assert report_lines(orders, "en")[0].text.startswith("File: ")


def test_a_long_report_ends_with_how_many_more_there_are() -> None:
    orders = read(as_csv([an_order(n, 类型="拆机") for n in range(MOST_LINES + 3)]))
    lines = report(orders, "zh").splitlines()
    assert lines[-1] == "……另有 3 条。"
    assert len(lines) == 4 + MOST_LINES + 1


def test_refused_rows_come_back_as_they_were_with_a_reason(orders: OrderFile) -> None:
    data = refused_rows_csv(orders)
    assert data.startswith(b"\xef\xbb\xbf")
    headings, first, second = cells_of(data)
    assert headings == [*HEADINGS, REASON]
    assert first[:-1] == list(an_order(2, 类型="拆机", 联系电话="138123").values())
    assert "类型：工单类型只能是" in first[-1]
    assert "Phone" not in first[-1]
    assert "No phone number looks like this" in first[-1]
    assert second[2] == "'=cmd()"


def test_reasons_come_in_one_language_if_asked(orders: OrderFile) -> None:
    assert "No phone" not in cells_of(refused_rows_csv(orders, "zh"))[1][-1]
    assert "没有" not in cells_of(refused_rows_csv(orders, "en"))[1][-1].replace("联系电话", "")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "＝"])
def test_no_cell_of_the_refused_rows_can_start_a_formula(start: str) -> None:
    evil = f"{start}HYPERLINK(1)"
    row = an_order(1, 类型="拆机", 客户姓名=evil, 装机地址=evil) | {f"{start}备注": evil}
    for line in cells_of(refused_rows_csv(read(as_csv([row])))):
        assert not any(cell.lstrip()[:1] in tuple("=+-@＝＋－＠") for cell in line)


def test_corrected_rows_can_be_imported_again() -> None:
    row = an_order(1, 类型="拆机", 联系电话="+86 138 0000 0000", 客户姓名="-张伟")
    back = refused_rows_csv(read(as_csv([row])))
    orders = read(back.replace("拆机".encode(), "移机".encode(), 1))
    assert [(order.phone, order.customer_name, order.kind) for order in orders.rows] == [
        ("+8613800000000", "-张伟", "install")
    ]
    assert orders.columns_ignored == (REASON,)


def test_a_line_that_is_no_row_comes_back_whole() -> None:
    data = as_csv([an_order(1), an_order(2)]).replace("张伟".encode(), '"张伟'.encode(), 1)
    [_, back] = cells_of(refused_rows_csv(read(data)))
    assert '"张伟' in back[0]
    assert "引号" in back[-1]

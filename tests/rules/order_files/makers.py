"""Order files for tests: rows as an order system would write them, in each kind of file."""

import csv
import io
from collections.abc import Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl

from dispatch.visits.order_files import OrderFile, read_orders

SHANGHAI = ZoneInfo("Asia/Shanghai")
FRIDAY = date(2026, 11, 20)
HEADINGS = ("工单号", "类型", "客户姓名", "联系电话", "装机地址", "要求完成时间", "预约日期", "预约时段")


def an_order(number: int = 1, **other: str) -> dict[str, str]:
    """A good row; `other` replaces cells by heading."""
    row = {
        "工单号": f"SH2026{number:06}",
        "类型": "装机",
        "客户姓名": "张伟",
        "联系电话": f"138{number:08}",
        "装机地址": f"上海市静安区南京西路{number}号",
        "要求完成时间": "2026-11-25 18:00",
        "预约日期": "2026-11-22",
        "预约时段": "上午",
    }
    return row | other


def as_csv(rows: Sequence[dict[str, str]], *, encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    """A text file with the headings that the first row has."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def as_xlsx(rows: Sequence[dict[str, Any]], *, title: str | None = None) -> bytes:
    """A workbook with one sheet, and a title line above the headings if there is a `title`."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    if title:
        sheet.append([title])
    sheet.append(list(rows[0]))
    for row in rows:
        sheet.append(list(row.values()))
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    """The workbook as a file."""
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def read(data: bytes, filename: str = "orders.csv", **how: Any) -> OrderFile:
    """Read as on that Friday in Shanghai."""
    return read_orders(data, filename, zone=SHANGHAI, today=FRIDAY, **how)


def read_one(**cells: str) -> OrderFile:
    """Read a file with one row."""
    return read(as_csv([an_order(**cells)]))

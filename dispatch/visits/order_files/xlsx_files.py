"""Workbooks: the one sheet that holds orders, as text, with every cell that cannot be trusted marked."""

import datetime as dt
import io
import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import iterparse

from openpyxl import load_workbook
from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from checklists.words import Words
from dispatch.errors import Invalid
from dispatch.visits.order_files.headings import SEARCHED_ROWS, find_header
from dispatch.visits.order_files.limits import (
    MOST_COLUMNS,
    MOST_ROWS,
    damaged,
    too_many_columns,
    too_many_rows,
)
from dispatch.visits.order_files.shapes import Sheet, SheetRow
from dispatch.visits.order_files.xlsx_guard import refuse_unsafe_xlsx

LAST_ROW = 1_048_576  # of any .xlsx; more is a lie
HEAD_ROWS = 200  # headings further down are not looked for
EXACT_DIGITS = 15  # a spreadsheet number keeps no more

_ESCAPED = re.compile(r"_x00([01][0-9A-Fa-f])_")
_DIGITS_LOST = Words(
    "这个号码超过 15 位且存为数字，末尾几位已丢失。请把该列设为“文本”后重新导出。",
    "This number has more than 15 digits and is kept as a number, so its last digits are lost. "
    "Set the column to Text and export again.",
)
_NOT_COMPUTED = Words(
    "这个单元格是公式，文件里没有保存结果。请复制后“选择性粘贴—数值”再保存。",
    "This cell is a formula whose result the file does not hold. Paste it as a value and save.",
)
_ERROR_VALUE = Words("这个单元格是表格错误值，请更正。", "This cell holds a spreadsheet error. Correct it.")


@dataclass
class _Marks:
    """What a sheet's XML says beyond the values, and how far its rows and columns really reach."""

    last_row: int = 0
    last_column: int = 0
    hidden: set[int] = field(default_factory=set)
    not_computed: set[tuple[int, int]] = field(default_factory=set)


def read_xlsx(data: bytes, sheet: str | None = None) -> Sheet:
    """The table in a workbook: the sheet called `sheet`, or the first visible one that has order headings.

    Hidden rows are read, with a note. Refuses with `Invalid` what is unsafe, damaged or has no such sheet.
    """
    refuse_unsafe_xlsx(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and extensions, which are nothing to us
            return _read(data, sheet)
    except Invalid:
        raise
    except Exception as wrong:  # the library raises anything at all on a hostile workbook
        raise damaged() from wrong


def _read(data: bytes, wanted: str | None) -> Sheet:
    workbook: Any = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    try:
        sheets = [one for one in workbook.worksheets if hasattr(one, "reset_dimensions")]
        visible = [one for one in sheets if one.sheet_state == "visible"]
        if wanted is not None:
            chosen, others = _called(sheets, wanted), []
        else:
            found = [one for one in visible if _has_orders(one)]
            found = found or [one for one in sheets if one not in visible and _has_orders(one)]
            chosen, others = (found or visible or sheets or [None])[0], found[1:]
        if chosen is None:
            raise damaged()
        marks = _marks(workbook, chosen)
        rows = tuple(_rows(chosen, marks))
        return Sheet(
            rows,
            "xlsx",
            name=str(chosen.title),
            notes=tuple(_also_has_orders(str(one.title)) for one in others),
            serials_from_1904=workbook.epoch == CALENDAR_MAC_1904,
        )
    finally:
        workbook.close()


def _called(sheets: Sequence[Any], name: str) -> Any:
    for one in sheets:
        if one.title == name:
            return one
    names = "、".join(str(one.title) for one in sheets)
    raise Invalid(
        Words(f"没有叫这个名字的工作表，现有：{names}。", f"There is no sheet of that name. There are: {names}."),
        name="order-file-sheet",
    )


def _also_has_orders(name: str) -> Words:
    return Words(
        f"工作表“{name}”看起来也是工单，这次没有读取；需要时请单独导入。",
        f"Sheet “{name}” looks like orders too and was not read. Import it on its own if it is wanted.",
    )


def _has_orders(sheet: Any) -> bool:
    head: list[SheetRow] = []
    for row in _rows(sheet, _Marks(last_row=HEAD_ROWS, last_column=MOST_COLUMNS)):
        head.append(row)
        if len(head) == SEARCHED_ROWS:
            break
    return find_header(head) is not None


def _rows(sheet: Any, marks: _Marks) -> Iterator[SheetRow]:
    """Rows that hold something. The size that a sheet claims is not believed: some claim a million rows."""
    blanks = given = 0
    gap: Any = None  # the library gives one and the same row for all that are missing, perhaps a million
    width = min(marks.last_column, MOST_COLUMNS + 1)
    cells_by_row = sheet.iter_rows(min_row=1, max_row=marks.last_row, min_col=1, max_col=width)
    for line, cells in enumerate(cells_by_row if width else (), start=1):
        if cells is gap:
            blanks += 1
            continue
        filled = [
            (at, cell)
            for at, cell in enumerate(cells)
            if cell.value is not None or (line, at + 1) in marks.not_computed
        ]
        texts = [""] * (filled[-1][0] + 1 if filled else 0)
        faults: list[tuple[int, Words]] = []
        for at, cell in filled:
            texts[at] = _text(cell)
            fault = _NOT_COMPUTED if (line, at + 1) in marks.not_computed else _fault(cell)
            if fault:
                faults.append((at, fault))
        if not faults and not any(text.strip() for text in texts):
            blanks, gap = blanks + 1, cells
            continue
        if len(texts) > MOST_COLUMNS:
            raise too_many_columns()
        given += 1
        if given > MOST_ROWS + SEARCHED_ROWS:
            raise too_many_rows()
        yield SheetRow(line, tuple(texts), tuple(faults), line in marks.hidden, blanks)
        blanks = 0


def _text(cell: Any) -> str:
    """What the cell means, as a reader of the sheet would write it."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(value, str(cell.number_format or ""))
    if isinstance(value, dt.datetime):
        return _moment(value, str(cell.number_format or ""))
    if isinstance(value, dt.time):
        return f"{value:%H:%M:%S}".removesuffix(":00")
    if isinstance(value, dt.timedelta):
        seconds = round(value.total_seconds())
        return f"{seconds // 3600:02}:{seconds // 60 % 60:02}"
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), str(value))


def _number(value: float, number_format: str) -> str:
    if isinstance(value, float) and not value.is_integer():
        return repr(value)
    text = str(int(value))
    # 000000 as a format shows zeros in front that the number itself does not have
    return text.zfill(len(number_format)) if re.fullmatch(r"0{2,40}", number_format) else text


def _moment(value: dt.datetime, number_format: str) -> str:
    """A date, with its time if it has one or the column shows one (then midnight is meant as midnight)."""
    near = value + dt.timedelta(microseconds=500_000)
    near = near.replace(microsecond=0)
    shows_time = re.search(r"[hH]", re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", number_format))
    if near.time() == dt.time() and not shows_time:
        return f"{near:%Y-%m-%d}"
    return f"{near:%Y-%m-%d %H:%M:%S}".removesuffix(":00") if near.second == 0 else f"{near:%Y-%m-%d %H:%M:%S}"


def _fault(cell: Any) -> Words | None:
    if cell.data_type == "e":
        return _ERROR_VALUE
    number = cell.value if isinstance(cell.value, int | float) and not isinstance(cell.value, bool) else 0
    return _DIGITS_LOST if abs(number) >= 10**EXACT_DIGITS else None


def _marks(workbook: Any, sheet: Any) -> _Marks:
    """Hidden rows, and formulas without a result: the library drops the first and shows the second as blank."""
    marks = _Marks()
    row = column = 0
    with workbook._archive.open(sheet._worksheet_path) as source:
        for event, element in iterparse(source, events=("start", "end")):  # noqa: S314  xlsx_guard has refused every DOCTYPE
            tag = element.tag.rpartition("}")[2]
            if tag == "row" and event == "start":
                row, column = int(element.get("r") or row + 1), 0
                if not marks.last_row < row <= LAST_ROW:
                    raise damaged()  # the library would drop a row that is out of order without a word
                marks.last_row = row
                if element.get("hidden") in ("1", "true"):
                    marks.hidden.add(row)
            elif tag == "c" and event == "end":
                place = element.get("r")
                column = coordinate_to_tuple(place)[1] if place else column + 1
                marks.last_column = max(marks.last_column, column)
                inner = {child.tag.rpartition("}")[2]: child.text for child in element}
                if "f" in inner and inner.get("v") is None and "is" not in inner:
                    marks.not_computed.add((row, column))
            elif tag == "row":
                element.clear()
    return marks

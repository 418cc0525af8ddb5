"""Tables as a spreadsheet file (XLSX). Text stays text: nothing that anybody wrote becomes a formula."""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

LONGEST_CELL = 32_000  # what a cell may hold, with some room
LONGEST_TITLE = 31
WIDEST = 60


@dataclass(frozen=True)
class Percent:
    """A share (0 to 1), shown as a percentage."""

    value: float


Cell = str | int | float | Percent | None


@dataclass(frozen=True)
class Table:
    """One sheet: a title, heads, rows of cells."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def workbook_of(tables: Sequence[Table]) -> bytes:
    """These tables as one file, heads kept in sight."""
    book = Workbook(write_only=True)
    for table in tables:
        sheet: Any = book.create_sheet(_title(table.title))
        sheet.freeze_panes = "A2"
        for number, head in enumerate(table.heads, 1):
            longest = max([_width(head), *(_width(str(row[number - 1])) for row in table.rows[:300])])
            sheet.column_dimensions[get_column_letter(number)].width = min(longest + 2, WIDEST)
        sheet.append([_written(sheet, head, is_head=True) for head in table.heads])
        for row in table.rows:
            sheet.append([_written(sheet, cell) for cell in row])
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def _written(sheet: Any, cell: Cell, *, is_head: bool = False) -> Any:
    if isinstance(cell, Percent):
        made = WriteOnlyCell(sheet, round(cell.value, 6))
        made.number_format = "0.0%"
    elif isinstance(cell, str):
        made = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", cell)[:LONGEST_CELL])
        made.data_type = "s"  # a text that begins with = is a text
    else:
        made = WriteOnlyCell(sheet, cell)
    if is_head:
        made.font = Font(bold=True)
    return made


def _title(title: str) -> str:
    return re.sub(r"[\[\]:*?/\\]", " ", title)[:LONGEST_TITLE] or "1"


def _width(text: str) -> int:
    """Chinese takes two places."""
    return sum(2 if sign > "\u2e7f" else 1 for sign in text)

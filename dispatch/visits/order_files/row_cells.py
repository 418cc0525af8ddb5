"""The cells of one row by what they mean, and what was found wrong with them on the way."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from zoneinfo import ZoneInfo

from checklists.words import Words
from dispatch.errors import Invalid
from dispatch.visits.order_files.cells import LONGEST_CELL, is_blank, shown, shown_personal, shown_phone
from dispatch.visits.order_files.headings import REQUIRED, Column, Header
from dispatch.visits.order_files.shapes import Kind, RowProblem, SheetRow

T = TypeVar("T")

_PERSONAL = {
    "customer_name",
    "address",
    "account",
    "customer_external_id",
    "mail",
    "latitude",
    "longitude",
    "place",
    "note",
}


@dataclass(frozen=True)
class Reading:
    """How a file is to be read.

    `zone` is the business zone, `today` the day that a date without a year is near to, `kind` what an order is where
    the file does not say; `from_1904` is how the workbook counts days.
    """

    zone: ZoneInfo
    today: date
    kind: Kind | None
    allow_foreign: bool
    from_1904: bool


class RowCells:
    """One row while it is read. Whatever is wrong is kept in `problems`, so that all of it is told at once."""

    def __init__(self, row: SheetRow, header: Header, reading: Reading) -> None:
        self.row, self.columns, self.header, self.reading = row, header.columns, header, reading
        self.problems: list[RowProblem] = []
        self._faults = dict(row.faults)

    def take(self, field: str, read: Callable[[str], T], *, required: bool | None = None) -> T | None:
        """The value of a field, or None if it is blank or unreadable (then a problem says so)."""
        column = self.columns.get(field)
        text = self.text(column) if column else None
        if column is None or text is None:
            return None
        if is_blank(text):
            if field in REQUIRED if required is None else required:
                words = Words("这一格必填，请补充。", "This cell must be filled in. Add the value.")
                self.problem(column, text, words)
            return None
        return self.attempt(column, text, lambda: read(text))

    def text(self, column: Column) -> str | None:
        """The cell as text; None if it cannot be trusted or is absurdly long."""
        text = self.raw(column)
        fault = self._faults.get(column.at)
        if fault is None and len(text) > LONGEST_CELL:
            fault = Words(
                f"这一格超过 {LONGEST_CELL} 个字，请缩短。",
                f"This cell is longer than {LONGEST_CELL} characters. Shorten it.",
            )
        if fault:
            self.problem(column, text, fault)
            return None
        return text

    def attempt(self, column: Column, text: str, read: Callable[[], T]) -> T | None:
        """What `read` gives; a refusal becomes a fatal problem of this cell."""
        try:
            return read()
        except Invalid as refused:
            self.problem(column, text, refused.words)
            return None

    def raw(self, column: Column) -> str:
        """The cell as the file has it; short rows end in blanks."""
        return self.row.cells[column.at] if column.at < len(self.row.cells) else ""

    def padded(self) -> tuple[str, ...]:
        """One cell for each heading."""
        width = len(self.header.headings)
        return (*self.row.cells, *[""] * (width - len(self.row.cells)))[:width]

    def zone(self, field: str) -> ZoneInfo:
        """The zone of a column's times: the business zone, unless its heading says UTC."""
        return ZoneInfo("UTC") if "utc" in self.columns[field].aside else self.reading.zone

    def note(self, field: str, words: Words) -> None:
        """Something to tell that does not keep the row out."""
        self.problem(self.columns[field], self.raw(self.columns[field]), words, fatal=False)

    def problem(self, column: Column | None, text: str, words: Words, *, fatal: bool = True) -> None:
        """Something wrong with a cell, or with the whole row if there is no `column`."""
        heading = shown(column.heading) if column else None
        value = _shown(column.field, text) if column else ""
        self.problems.append(RowProblem(self.row.line, heading, value, words, fatal))


def _shown(field: str, text: str) -> str:
    if field == "phone":
        return shown_phone(text[:LONGEST_CELL])
    return shown_personal(text) if field in _PERSONAL else shown(text)

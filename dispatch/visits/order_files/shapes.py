"""What reading an order file gives: rows that are understood, and what was wrong with the others."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from checklists.words import Words

Kind = Literal["install", "repair"]
Access = Literal["gpon", "xgspon", "dsl", "ethernet"]
Channel = Literal["sms", "mail", "call"]

WHOLE_FILE = 0
"""The `line` of a problem that concerns the file and not one row."""


@dataclass(frozen=True)
class OrderRow:
    """One order as the file says it. Personal fields stay out of `repr`, so that no log shows them.

    `line` is where the reader finds it: the row number in Excel, the physical line in a CSV file. `phone` is
    E.164. Coordinates are WGS-84 degrees, both or neither. Rates are Mbit/s, `minutes` is how long the work
    takes. `reported_at`, `deadline` and both ends of `wanted_window` are aware and in UTC. `raw` is heading and
    cell, as written. A value that the file does not give is None (or empty).
    """

    line: int
    external_id: str
    kind: Kind
    customer_external_id: str | None
    customer_name: str = field(repr=False)
    phone: str = field(repr=False)
    mail: str | None = field(repr=False)
    channel: Channel | None
    language: str | None
    address: str = field(repr=False)
    latitude: float | None = field(repr=False)
    longitude: float | None = field(repr=False)
    area: str | None
    account: str | None = field(repr=False)
    product: str | None
    subscribed_down_mbps: float | None
    subscribed_up_mbps: float | None
    access: Access | None
    symptoms: tuple[str, ...]
    note: str = field(repr=False)
    reported_at: datetime | None
    deadline: datetime | None
    minutes: int | None
    skills: tuple[str, ...]
    wanted_window: tuple[datetime, datetime] | None
    raw: tuple[tuple[str, str], ...] = field(repr=False, compare=False)


@dataclass(frozen=True)
class RowProblem:
    """What is wrong in one place and what to do. A `fatal` one keeps its row out; others are notes.

    `line` is `WHOLE_FILE` for the file itself. `column` is the heading as the file writes it, if one is
    meant. `value_shown` is shortened, and personal data in it are masked.
    """

    line: int
    column: str | None
    value_shown: str
    words: Words
    fatal: bool


@dataclass(frozen=True)
class RefusedRow:
    """A row that was kept out, cell by cell as the file has it, for handing back."""

    line: int
    cells: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True)
class OrderFile:
    """A whole file after reading.

    `blank_lines` counts empty lines among the rows (those after the last row do not count). `encoding` is the
    text encoding of a CSV file, or `xlsx`; `sheet` is the sheet's name, or None for CSV; `header_row` is the
    line of the headings. `columns_understood` pairs each heading with the field that it became.
    """

    rows: tuple[OrderRow, ...]
    problems: tuple[RowProblem, ...]
    blank_lines: int
    encoding: str
    sheet: str | None
    header_row: int
    columns_understood: tuple[tuple[str, str], ...]
    columns_ignored: tuple[str, ...]
    headings: tuple[str, ...]
    refused: tuple[RefusedRow, ...]


@dataclass(frozen=True)
class SheetRow:
    """One row that holds something, before it is understood.

    `cells` are text; `faults` are columns whose cell cannot be trusted, with why; `blanks_before` counts the empty
    lines directly above.
    """

    line: int
    cells: tuple[str, ...] = field(repr=False)
    faults: tuple[tuple[int, Words], ...] = ()
    hidden: bool = False
    blanks_before: int = 0


@dataclass(frozen=True)
class BrokenLine:
    """A physical line that is no row, as written, with the reason."""

    line: int
    text: str = field(repr=False)
    words: Words


@dataclass(frozen=True)
class Sheet:
    """A table of text, from whatever kind of file.

    `serials_from_1904` is how this workbook counts days; `notes` are things to tell about the file.
    """

    rows: tuple[SheetRow, ...]
    encoding: str
    name: str | None = None
    broken: tuple[BrokenLine, ...] = ()
    notes: tuple[Words, ...] = ()
    serials_from_1904: bool = False

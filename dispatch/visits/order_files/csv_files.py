"""Text files: rows with the line number that an editor shows, one bad line never swallowing the next."""

import csv
import io
import re
from collections.abc import Iterator, Sequence

from checklists.words import Words
from dispatch.visits.order_files.encodings import decoded
from dispatch.visits.order_files.headings import SEARCHED_ROWS, find_header
from dispatch.visits.order_files.limits import MOST_COLUMNS, MOST_LINES, MOST_ROWS, too_many_columns, too_many_rows
from dispatch.visits.order_files.shapes import BrokenLine, Sheet, SheetRow

DELIMITERS = (",", ";", "\t", "|")
LONGEST_RECORD = 20  # physical lines of one row that has line breaks inside quotes

_TEXT_FORMULA = re.compile(r'="([^"]*)"')  # how some systems keep a spreadsheet from touching a number
_SAID_DELIMITER = re.compile(r"sep=([,;\t|])\s*", re.IGNORECASE)
_QUOTES = Words(
    "这一行的引号没有配对，请检查单元格里的英文双引号。",
    "The quotes in this line do not match. Check the double quotes in its cells.",
)
_TOO_MANY_CELLS = Words(
    "这一行的单元格比表头多，可能有内容含分隔符却没有加引号，请更正。",
    "This line has more cells than headings; perhaps text with a delimiter lacks its quotes. Correct it.",
)


def read_csv(data: bytes) -> Sheet:
    """The table in a text file, whatever its delimiter. Refuses with `Invalid` what cannot be decoded for certain."""
    text, encoding = decoded(data)
    if text.count("\n") + text.count("\r") > 2 * MOST_LINES:
        raise too_many_rows()
    lines = list(io.StringIO(text, newline=""))
    said = _SAID_DELIMITER.fullmatch(lines[0]) if lines else None
    start = 1 if said else 0
    delimiter = said[1] if said else _delimiter(lines[:200])
    header_line, width = _header(lines, start, delimiter)
    rows: list[SheetRow] = []
    broken: list[BrokenLine] = []
    for found in _records(lines, start, delimiter, header_line, width):
        if isinstance(found, BrokenLine):
            broken.append(found)
        elif len(found.cells) > MOST_COLUMNS:
            raise too_many_columns()
        else:
            rows.append(found)
        if len(rows) + len(broken) > MOST_ROWS + SEARCHED_ROWS:
            raise too_many_rows()
    return Sheet(tuple(rows), encoding, broken=tuple(broken))


def _delimiter(lines: Sequence[str]) -> str:
    """The one that shows most headings."""

    def headings_found(delimiter: str) -> int:
        found = find_header(_head(lines, 0, delimiter))
        return len(found[1].understood) if found else 0

    return max(DELIMITERS, key=headings_found)


def _header(lines: Sequence[str], start: int, delimiter: str) -> tuple[int, int | None]:
    found = find_header(_head(lines, start, delimiter))
    if not found:
        return 0, None
    _, header = found
    return header.line, len(header.headings)


def _head(lines: Sequence[str], start: int, delimiter: str) -> list[SheetRow]:
    head: list[SheetRow] = []
    for found in _records(lines, start, delimiter, 0, None):
        if isinstance(found, SheetRow):
            head.append(found)
        if len(head) == SEARCHED_ROWS:
            break
    return head


def _records(
    lines: Sequence[str], start: int, delimiter: str, header_line: int, width: int | None
) -> Iterator[SheetRow | BrokenLine]:
    """Each row that holds something, with its first physical line.

    A quote that is opened and never closed spoils its own line only, and so does one that is closed by chance
    further down (`_swallowed_rows`).
    """
    at, blanks = start, 0
    while at < len(lines):
        line = at + 1
        width_here = width if line > header_line else None
        cells, taken = _one_record(lines, at, delimiter)
        if cells is None or (taken > 1 and width_here and _swallowed_rows(cells, delimiter, width_here)):
            yield BrokenLine(line, lines[at].rstrip("\r\n"), _QUOTES)
            at, blanks = at + 1, 0
            continue
        at += taken
        if not any(cell.strip() for cell in cells):
            blanks += 1
            continue
        if width_here is not None and any(cell.strip() for cell in cells[width_here:]):
            yield BrokenLine(line, lines[line - 1].rstrip("\r\n"), _TOO_MANY_CELLS)
        else:
            yield SheetRow(line, tuple(_unwrapped(cell) for cell in cells[:width_here]), blanks_before=blanks)
        blanks = 0


def _one_record(lines: Sequence[str], at: int, delimiter: str) -> tuple[list[str] | None, int]:
    """The cells of the row that starts at `at` and how many physical lines it takes; no cells if quotes fail."""
    if '"' not in lines[at]:
        return lines[at].rstrip("\r\n").split(delimiter), 1
    for taken in range(1, min(LONGEST_RECORD, len(lines) - at) + 1):
        try:
            [cells] = csv.reader(["".join(lines[at : at + taken])], delimiter=delimiter, strict=True)
        except csv.Error as wrong:
            if "unexpected end" not in str(wrong):
                break
        except ValueError:
            break  # the quotes closed, and another row follows: a lone carriage return
        else:
            return cells, taken
    return None, 1


def _swallowed_rows(cells: Sequence[str], delimiter: str, width: int) -> bool:
    """Whether a row over several lines is not one cell with line breaks but several rows, joined by a stray quote.

    Then either its cells are not as many as the headings, or one cell holds as many delimiters as whole rows do.
    """
    if len(cells) != width:
        return True
    inside = [cell.count(delimiter) for cell in cells if "\n" in cell or "\r" in cell]
    return any(count and count % (width - 1) == 0 for count in inside)


def _unwrapped(cell: str) -> str:
    found = _TEXT_FORMULA.fullmatch(cell.strip()) if len(cell) < 200 else None
    return found[1] if found else cell

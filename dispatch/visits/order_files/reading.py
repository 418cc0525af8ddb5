"""Reading an order file: find out what it is, find its headings, read every row, find repetitions."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import PurePath
from zoneinfo import ZoneInfo

from checklists.words import Words
from dispatch.errors import Invalid
from dispatch.visits.order_files import cells
from dispatch.visits.order_files.csv_files import read_csv
from dispatch.visits.order_files.headings import REQUIRED, Header, find_header, refuse_missing
from dispatch.visits.order_files.limits import MOST_BYTES, MOST_ROWS, too_large, too_many_rows
from dispatch.visits.order_files.row_cells import Reading
from dispatch.visits.order_files.rows import RowRead, read_row
from dispatch.visits.order_files.shapes import (
    WHOLE_FILE,
    Kind,
    OrderFile,
    OrderRow,
    RefusedRow,
    RowProblem,
    Sheet,
    SheetRow,
)
from dispatch.visits.order_files.xlsx_files import read_xlsx
from dispatch.visits.order_files.xlsx_guard import locked

_TEXT_NAMES, _BOOK_NAMES = {".csv", ".txt", ".tsv", ""}, {".xlsx", ".xlsm"}
_NAMES = _TEXT_NAMES | _BOOK_NAMES | {".xls"}  # many systems call their text exports .xls
_OLE = b"\xd0\xcf\x11\xe0"
_OTHER_KINDS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf", b"MZ", b"\x7fELF")
_FOOTER = re.compile(
    r"(合计|总计|小计|共\s*[0-9]+\s*[条行单个]|制表|导出|打印|备注|说明|注\s*[:：]|total|subtotal|exported|printed)",
    re.IGNORECASE,
)


def read_orders(
    data: bytes,
    filename: str,
    *,
    zone: ZoneInfo,
    today: date,
    sheet: str | None = None,
    kind: Kind | None = None,
    allow_foreign: bool = False,
) -> OrderFile:
    """Customers and work orders from a CSV file or an .xlsx workbook.

    `zone` is the business zone that dates in the file are in; `today` settles dates without a year. `sheet` names
    one sheet of a workbook (else the first visible one with order headings); `kind` is for a file without a column
    for it; `allow_foreign` enables foreign phone numbers.

    A file that cannot be read as a whole is refused with `Invalid`. A row that cannot be read is left out, with the
    exact reasons in `problems`; the other rows are still read.
    """
    table, notes = _open(data, filename, sheet)
    found = find_header(table.rows)
    if found is None:
        raise _no_headings()
    at, header = found
    refuse_missing(header, kind_is_given=kind is not None)
    below = table.rows[at + 1 :]
    if len(below) + len(table.broken) > MOST_ROWS:
        raise too_many_rows()
    if not below and not table.broken:
        raise Invalid(
            Words(
                "表头下面没有任何数据行，请检查导出范围。", "There are no rows below the headings. Check the export."
            ),
            name="order-file-empty",
        )
    reading = Reading(zone, today, kind, allow_foreign, table.serials_from_1904)
    problems = [RowProblem(WHOLE_FILE, None, "", words, fatal=False) for words in (*notes, *table.notes)]
    reads: list[RowRead] = []
    for row in below:
        aside = _no_order(row, header)
        if aside:
            problems.append(RowProblem(row.line, None, "", aside, fatal=False))
        else:
            reads.append(read_row(row, header, reading))
    orders, refused = _settle(reads, problems)
    for line in table.broken:
        problems.append(RowProblem(line.line, None, cells.shown_personal(line.text), line.words, fatal=True))
        refused.append(RefusedRow(line.line, (line.text,)))
    return OrderFile(
        rows=tuple(orders),
        problems=tuple(sorted(problems, key=lambda problem: problem.line)),
        blank_lines=sum(row.blanks_before for row in below),
        encoding=table.encoding,
        sheet=table.name,
        header_row=header.line,
        columns_understood=header.understood,
        columns_ignored=header.ignored,
        headings=header.headings,
        refused=tuple(sorted(refused, key=lambda row: row.line)),
    )


def _open(data: bytes, filename: str, sheet: str | None) -> tuple[Sheet, tuple[Words, ...]]:
    """The table inside, by what the file is and not by what it is called; a wrong name is a note."""
    if len(data) > MOST_BYTES:
        raise too_large()
    if not data.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0"):
        raise Invalid(Words("文件是空的，请重新导出。", "The file is empty. Export it again."), name="order-file-empty")
    suffix = PurePath(filename).suffix.casefold()
    if suffix not in _NAMES or data.startswith(_OTHER_KINDS):
        raise _wrong_kind()
    if data.startswith(_OLE):
        raise locked()
    if data.startswith(b"PK"):
        return read_xlsx(data, sheet), () if suffix in _BOOK_NAMES else (_misnamed(suffix),)
    if re.match(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|table|\?xml|head|meta|style)", data[:200], re.IGNORECASE):
        raise Invalid(
            Words(
                "这是网页或 XML，不是表格。请用表格软件打开，另存为 .xlsx 后重试。",
                "This is a web page or XML and no table. Open it in a spreadsheet and save it as .xlsx.",
            ),
            name="order-file-kind",
        )
    # A stray NUL spoils its row; many of them are no text.
    if not data.startswith((b"\xff\xfe", b"\xfe\xff")) and data.count(0) > 3 + len(data) // 1000:
        raise _wrong_kind()
    return read_csv(data), () if suffix in _TEXT_NAMES else (_misnamed(suffix),)


def _settle(reads: Iterable[RowRead], problems: list[RowProblem]) -> tuple[list[OrderRow], list[RefusedRow]]:
    """Orders to take and rows to hand back. The same order twice counts once; the same number twice does not."""
    first: dict[str, RowRead] = {}
    orders: list[OrderRow] = []
    refused: list[RefusedRow] = []
    for read in reads:
        problems.extend(read.problems)
        earlier = first.setdefault(read.external_id, read) if read.external_id else read
        if earlier is not read and read.order and earlier.order and _same(read.order, earlier.order):
            problems.append(_repeated(read, earlier.row.line))
            continue
        if earlier is not read and read.order:
            problems.append(_contradicts(read, earlier))
        if earlier is read and read.order:
            orders.append(read.order)
        else:
            refused.append(RefusedRow(read.row.line, read.row.cells))
    return orders, refused


def _same(one: OrderRow, other: OrderRow) -> bool:
    return replace(one, line=other.line) == other


def _repeated(read: RowRead, line: int) -> RowProblem:
    words = Words(f"与第 {line} 行完全相同，只取一次。", f"The same as line {line}; taken once.")
    return RowProblem(read.row.line, None, cells.shown(read.external_id or ""), words, fatal=False)


def _contradicts(read: RowRead, earlier: RowRead) -> RowProblem:
    line = earlier.row.line
    words = Words(
        f"这个工单号在第 {line} 行已出现，但内容不同。请核对并只保留一行。",
        f"This order number stands in line {line} with other content. Check both and keep one.",
    )
    return RowProblem(read.row.line, None, cells.shown(read.external_id or ""), words, fatal=True)


def _no_order(row: SheetRow, header: Header) -> Words | None:
    """What a row is that is no order: headings repeated on each printed page, or a total at the end."""
    if [cell.strip() for cell in row.cells] == [cell.strip() for cell in header.headings][: len(row.cells)]:
        return Words("这一行是重复的表头，已跳过。", "This line repeats the headings; skipped.")
    texts = [cell.strip() for cell in row.cells if cell.strip()]
    of_order = [header.columns[field].at for field in ("customer_name", "phone", "address")]
    no_order = not any(row.cells[at].strip() for at in of_order if at < len(row.cells))
    if no_order and len(texts) <= 4 and texts and _FOOTER.match(texts[0][:60]):
        return Words("这一行是合计或说明，已跳过。", "This line is a total or a remark; skipped.")
    return None


def _no_headings() -> Invalid:
    zh, en = "、".join(words.zh for words in REQUIRED.values()), ", ".join(words.en for words in REQUIRED.values())
    return Invalid(
        Words(
            f"没有找到表头。前几行里应有一行写明：{zh}。",
            f"No headings were found. One of the first lines should name: {en}.",
        ),
        name="order-file-headings",
    )


def _wrong_kind() -> Invalid:
    return Invalid(
        Words(
            "只能导入 CSV 或 .xlsx 文件，请在表格软件中另存后重试。",
            "Only CSV and .xlsx files can be imported. Save it as one of these and try again.",
        ),
        name="order-file-kind",
    )


def _misnamed(suffix: str) -> Words:
    return Words(
        f"文件名以 {suffix or '空'} 结尾，与内容不符，已按内容读取。",
        f"The file name ends in {suffix or 'nothing'}, which is not what it holds; it was read as what it is.",
    )

"""Files that are wrong, damaged or meant to harm get a clear refusal, before they cost anything."""

import io
import struct
import zipfile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.errors import Invalid
from dispatch.visits.order_files import limits
from tests.rules.order_files.makers import an_order, as_csv, as_xlsx, read, saved

GOOD_BOOK = as_xlsx([an_order(1), an_order(2)])


def refusal(data: bytes, filename: str = "orders.csv") -> str:
    with pytest.raises(Invalid) as refused:
        read(data, filename)
    assert refused.value.words.zh
    assert refused.value.words.en
    return refused.value.name


def outcome(data: bytes, filename: str) -> str:
    """How reading ended; anything else than a refusal is a bug and stays loud."""
    try:
        read(data, filename)
    except Invalid as refused:
        return refused.name
    return "read"


def with_part(name: str, content: bytes, *, book: bytes = GOOD_BOOK) -> bytes:
    """A workbook with one part replaced or added."""
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    return kept.getvalue()


def part_of(name: str, book: bytes = GOOD_BOOK) -> bytes:
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        return archive.read(name)


SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b"\r\n \t\n", b"\xff\xfe", b"\0" * 500])
def test_an_empty_file_is_refused(data: bytes) -> None:
    assert refusal(data) == "order-file-empty"


def test_headings_without_rows_are_refused() -> None:
    assert refusal(as_csv([an_order()]).split(b"\r\n")[0]) == "order-file-empty"


@pytest.mark.parametrize(
    ("data", "filename"),
    [
        (as_csv([an_order()]), "orders.exe"),
        (as_csv([an_order()]), "orders.csv.js"),
        (b"%PDF-1.7 ...", "orders.csv"),
        (b"\x89PNG\r\n\x1a\n....", "orders.xlsx"),
        (b"MZ\x90\x00....", "orders.xlsx"),
        (b"\x1f\x8b\x08....", "orders.csv"),
        (bytes(range(256)) * 40, "orders.csv"),
        ("工单号,客户姓名\r\n".encode("utf-16-le") * 50, "orders.csv"),
        (b"<html><table><tr><td>\xe5\xb7\xa5</td></tr></table></html>", "orders.xls"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><Workbook/>", "orders.xls"),
    ],
)
def test_what_is_no_table_is_refused_whatever_its_name(data: bytes, filename: str) -> None:
    assert refusal(data, filename) == "order-file-kind"


def test_other_zips_are_refused() -> None:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    assert refusal(kept.getvalue(), "orders.xlsx") == "order-file-kind"


def test_old_and_locked_workbooks_are_told_apart_from_nothing() -> None:
    assert refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "orders.xls") == "order-file-locked"


@pytest.mark.parametrize(("filename", "told"), [("orders.csv", 1), ("orders.xls", 1), ("ORDERS.XLSX", 0)])
def test_a_workbook_by_another_name_is_read_with_a_note(filename: str, told: int) -> None:
    orders = read(GOOD_BOOK, filename)
    assert (len(orders.rows), len(orders.problems)) == (2, told)


@pytest.mark.parametrize(
    ("filename", "told"), [("orders.xls", 1), ("orders.xlsx", 1), ("orders.TXT", 0), ("orders", 0)]
)
def test_a_text_file_by_another_name_is_read_with_a_note(filename: str, told: int) -> None:
    orders = read(as_csv([an_order()]), filename)
    assert (len(orders.rows), len(orders.problems)) == (1, told)


def test_a_file_over_the_limit_is_refused_and_one_at_the_limit_is_not() -> None:
    good = as_csv([an_order()])
    assert refusal(good + b" " * (limits.MOST_BYTES + 1 - len(good))) == "order-file-too-large"
    assert len(read(good + b" " * (limits.MOST_BYTES - len(good))).rows) == 1


def test_lines_over_the_limit_are_refused_even_if_blank() -> None:
    assert refusal(as_csv([an_order()]) + b"\r\n" * limits.MOST_LINES) == "order-file-too-large"
    assert len(read(as_csv([an_order()]) + b"\r\n" * (limits.MOST_LINES - 2)).rows) == 1


def test_rows_over_the_limit_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("csv_files", "xlsx_files", "reading"):
        monkeypatch.setattr(f"dispatch.visits.order_files.{module}.MOST_ROWS", 10)
    ten, eleven = ([an_order(n) for n in range(count)] for count in (10, 11))
    assert len(read(as_csv(ten)).rows) == len(read(as_xlsx(ten), "a.xlsx").rows) == 10
    assert refusal(as_csv(eleven)) == refusal(as_xlsx(eleven), "a.xlsx") == "order-file-too-large"
    assert refusal(as_csv([an_order(n) for n in range(40)])) == "order-file-too-large"


def test_columns_over_the_limit_are_refused() -> None:
    wide = {f"c{n}": "x" for n in range(limits.MOST_COLUMNS - 8)}
    assert len(read(as_csv([an_order() | wide])).rows) == len(read(as_xlsx([an_order() | wide]), "a.xlsx").rows) == 1
    wider = an_order() | wide | {"more": "x"}
    assert refusal(as_csv([wider])) == refusal(as_xlsx([wider]), "a.xlsx") == "order-file-too-large"


def test_a_zip_bomb_is_refused_by_what_it_says() -> None:
    bomb = with_part(SHEET, b"<worksheet>" + b" " * limits.MOST_UNPACKED)
    assert len(bomb) < 1_000_000
    assert refusal(bomb, "a.xlsx") == "order-file-unpacks-too-large"


@pytest.mark.parametrize("claimed", [200 * 1024 * 1024, 2**32 - 2, 10])
def test_a_false_size_in_the_zip_is_refused(claimed: int) -> None:
    data = bytearray(with_part(SHEET, part_of(SHEET)))
    at = data.rindex(b"PK\x01\x02", 0, data.rindex(SHEET.encode()))
    data[at + 24 : at + 28] = struct.pack("<I", claimed)
    expected = "order-file-damaged" if claimed == 10 else "order-file-unpacks-too-large"
    assert refusal(bytes(data), "a.xlsx") == expected


def test_many_parts_cells_or_sheets_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = io.BytesIO(GOOD_BOOK)
    with zipfile.ZipFile(kept, "a") as archive:
        for number in range(limits.MOST_PARTS):
            archive.writestr(f"xl/media/{number}", b"")
    assert refusal(kept.getvalue(), "a.xlsx") == "order-file-unpacks-too-large"
    book = openpyxl.Workbook()
    for number in range(limits.MOST_SHEETS):
        book.create_sheet(f"{number}")
    assert refusal(saved(book), "a.xlsx") == "order-file-unpacks-too-large"
    monkeypatch.setattr("dispatch.visits.order_files.xlsx_guard.MOST_CELLS", 10)
    assert refusal(GOOD_BOOK, "a.xlsx") == "order-file-unpacks-too-large"


@pytest.mark.parametrize(
    "declaration",
    [
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>',
        b'<?xml version="1.0"?><!DOCTYPE x SYSTEM "file:///etc/passwd">',
        b'<?xml version="1.0" encoding="utf-7"?>',
        b'<?xml version="1.0" encoding="utf-16"?>',
        b'<?xml version="1.0" encoding="iso-8859-1"?>',
        b"\xff\xfe",
    ],
)
def test_xml_that_is_not_plain_is_refused(declaration: bytes) -> None:
    sheet = part_of(SHEET)
    assert (
        refusal(with_part(SHEET, declaration + sheet[sheet.index(b"<worksheet") :]), "a.xlsx") == "order-file-damaged"
    )


def test_a_doctype_across_two_pieces_is_still_seen() -> None:
    sheet = part_of(SHEET)
    start = b'<?xml version="1.0"?>'
    padding = b" " * (1024 * 1024 - len(start) - 4)
    data = with_part(SHEET, start + padding + b"<!DOCTYPE x []>" + sheet)
    assert refusal(data, "a.xlsx") == "order-file-damaged"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'<row r="2"', b'<row r="1"'),
        (b'<row r="3"', b'<row r="x"'),
        (b'r="A2"', b'r="A99999999999"'),
        (b't="inlineStr"', b't="s"'),
        (b"<is><t>SH2026000001</t></is>", b"<v>7</v>"),
        (b"</sheetData>", b""),
    ],
)
def test_a_damaged_sheet_is_refused(old: bytes, new: bytes) -> None:
    sheet = part_of(SHEET)
    assert old in sheet
    data = with_part(SHEET, sheet.replace(old, new))
    try:
        orders = read(data, "a.xlsx")
    except Invalid as refused:
        name = refused.name
    else:
        name = "order-file-damaged" if len(orders.rows) + len(orders.refused) == 2 else "a row was lost"
    assert name in ("order-file-damaged", "order-file-headings")


def test_a_row_number_beyond_every_sheet_is_damage_and_the_last_one_is_not() -> None:
    def with_row(line: int) -> bytes:
        sheet = part_of(SHEET).replace(b'<row r="3"', f'<row r="{line}"'.encode())
        return with_part(SHEET, sheet.replace(b'3" t=', f'{line}" t='.encode()))

    assert refusal(with_row(1_048_577), "a.xlsx") == refusal(with_row(99999999999), "a.xlsx") == "order-file-damaged"
    orders = read(with_row(1_048_576), "a.xlsx")
    assert [row.line for row in orders.rows] == [2, 1_048_576]
    assert orders.blank_lines == 1_048_573


def test_a_sheet_that_claims_a_million_rows_is_read_by_its_rows() -> None:
    sheet = part_of(SHEET).replace(b'<dimension ref="A1:H3"', b'<dimension ref="A1:XFD1048576"')
    assert b"XFD" in sheet
    assert len(read(with_part(SHEET, sheet), "a.xlsx").rows) == 2


@settings(max_examples=60)
@given(st.integers(0, len(GOOD_BOOK) - 1), st.integers(1, 255))
def test_a_workbook_with_any_one_byte_changed_is_read_or_refused(at: int, change: int) -> None:
    data = bytearray(GOOD_BOOK)
    data[at] ^= change
    assert outcome(bytes(data), "a.xlsx").startswith(("read", "order-file-"))


@settings(max_examples=100)
@given(st.binary(max_size=400))
def test_any_bytes_are_refused_or_read(data: bytes) -> None:
    for bytes_given in (data, as_csv([an_order()], encoding="gb18030") + data):
        assert outcome(bytes_given, "orders.csv").startswith(("read", "order-file-"))


def test_a_utf8_file_cut_inside_a_character_is_not_read_as_gb18030() -> None:
    data = as_csv([an_order(n) for n in range(5)])
    cut = data[: data.rindex("张".encode()) + 2]
    with pytest.raises(Invalid) as refused:
        read(cut)
    assert "第 6 行附近的文字已损坏" in refused.value.words.zh


def test_a_utf8_mark_on_other_bytes_is_refused() -> None:
    assert refusal(b"\xef\xbb\xbf" + as_csv([an_order()], encoding="gb18030")) == "order-file-encoding"


@pytest.mark.parametrize("encoding", ["big5", "cp1252"])
def test_other_encodings_are_never_read_as_chinese(encoding: str) -> None:
    names = {"big5": "陳大文 臺北市信義區忠孝東路五段", "cp1252": "M\xfcller \xe4\xf6\xfc Stra\xdfe \u2013 \xc0\xe9l"}
    row = {"Order no": "1", "Type": "repair", "Customer name": "A", "Phone": "13800000000", "Address": names[encoding]}
    assert refusal(as_csv([row], encoding=encoding)) == "order-file-encoding"


def test_accented_letters_in_utf8_are_not_taken_for_chinese() -> None:
    row = {"Order no": "1", "Type": "repair", "Customer name": "José", "Phone": "13800000000", "Address": "1 Road"}
    assert "José".encode().decode("gb18030") == "Jos茅"
    assert read(as_csv([row])).rows[0].customer_name == "José"


def test_bytes_that_fit_both_encodings_are_refused() -> None:
    row = {"Order no": "1", "Type": "repair", "Customer name": "系 统", "Phone": "13800000000", "Address": "1"}
    data = as_csv([row], encoding="gb18030").replace("系 统".encode("gb18030"), "系".encode("gb18030"))
    assert data.decode("utf-8")
    assert refusal(data) == "order-file-encoding"


def test_nul_in_one_cell_refuses_that_row_only() -> None:
    orders = read(as_csv([an_order(n) for n in range(30)]).replace("张伟".encode(), b"\xe5\xbc\xa0\x00", 1))
    assert (len(orders.rows), len(orders.refused)) == (29, 1)

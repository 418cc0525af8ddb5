"""An .xlsx is a zip of XML. Before a library opens it: is it one, is it small enough, is its XML harmless?"""

import io
import re
import zipfile
import zlib

from checklists.words import Words
from dispatch.errors import Invalid
from dispatch.visits.order_files.limits import (
    MOST_CELLS,
    MOST_PARTS,
    MOST_SHEETS,
    MOST_SIDE_PART,
    MOST_UNPACKED,
    damaged,
    unpacks_too_large,
)

_CHUNK = 1024 * 1024
_OVERLAP = 64
_DECLARED = re.compile(rb"""^(?:\xef\xbb\xbf)?\s*<\?xml[^>]*?encoding\s*=\s*["']([^"']+)["']""")
_CELL = re.compile(rb"<(?:[\w.-]{1,30}:)?(?:c|si|row)[\s/>]")
_SHEET = re.compile(rb"<(?:[\w.-]{1,30}:)?sheet[\s/>]")


def refuse_unsafe_xlsx(data: bytes) -> None:
    """Refuses with `Invalid` a zip that is no workbook, is locked, unpacks to too much, or whose XML is not plain.

    Every part is unpacked once in pieces, so the sizes are real and not only what the zip claims.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            _refuse_other_zips({part.filename for part in parts})
            if any(part.flag_bits & 1 for part in parts):
                raise locked()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise unpacks_too_large()
            for part in parts:
                if part.filename.casefold().endswith((".xml", ".rels", ".vml")):
                    _refuse_unsafe_part(archive, part)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as wrong:
        raise damaged() from wrong


def locked() -> Invalid:
    """A workbook that asks for a password, or one in the old binary format: the two begin alike."""
    return Invalid(
        Words(
            "这是加密的工作簿或旧版 .xls，请去掉密码并另存为 .xlsx 后重试。",
            "This is a workbook with a password, or an old .xls. Remove the password, save it as .xlsx and try again.",
        ),
        name="order-file-locked",
    )


def _refuse_other_zips(names: set[str]) -> None:
    if "[Content_Types].xml" in names and "xl/workbook.xml" in names:
        return
    raise Invalid(
        Words(
            "这个压缩文件不是 .xlsx 工作簿。请在表格软件中另存为 .xlsx 或 CSV。",
            "This zip is no .xlsx workbook. Save it as .xlsx or CSV in a spreadsheet.",
        ),
        name="order-file-kind",
    )


def _refuse_unsafe_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    large = part.filename.startswith("xl/worksheets/") or part.filename.endswith("sharedStrings.xml")
    if part.file_size > MOST_SIDE_PART and not large and not part.filename.endswith(".vml"):
        raise unpacks_too_large()
    cells = sheets = 0
    tail = b""
    with archive.open(part) as source:
        while piece := source.read(_CHUNK):
            if not tail:
                _refuse_unusual_start(piece)
            window = tail + piece
            # Neither Excel nor WPS writes a DOCTYPE; entities are how small XML becomes large or reads files.
            if b"<!DOCTYPE" in window or b"<!ENTITY" in window:
                raise damaged()
            cells += len(_CELL.findall(window))
            sheets += len(_SHEET.findall(window))
            if cells > MOST_CELLS or (sheets > MOST_SHEETS and "workbook" in part.filename):
                raise unpacks_too_large()
            tail = window[-_OVERLAP:]


def _refuse_unusual_start(piece: bytes) -> None:
    """Only UTF-8: in other encodings the look for `<!DOCTYPE` would see nothing."""
    declared = _DECLARED.match(piece[:400])
    if declared and declared[1].lower() not in (b"utf-8", b"utf8", b"us-ascii", b"ascii"):
        raise damaged()
    if b"\0" in piece[:400] or piece.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise damaged()
    if not piece.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
        raise damaged()

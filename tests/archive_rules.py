"""Rules of PDF/A-3a (ISO 19005-3) and PDF/UA-1 (ISO 14289-1) that a program can check, each by its clause.

Not a certified validator: it checks what our documents could break, and was seen to find each of it broken.
"""

import io
import re
from collections.abc import Callable, Iterator
from typing import Any

from fontTools.ttLib import TTFont
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader

STANDARD = {
    "Document", "Part", "Sect", "Div", "Caption", "P", "H1", "H2", "H3", "L", "LI", "Lbl", "LBody", "Table", "TR",
    "TH", "TD", "THead", "TBody", "Span", "Figure", "Form", "Link", "Note", "Reference",
}  # fmt: skip
PAINTS = {"Tj", "TJ", "'", '"', "S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "Do", "sh", "EI"}
TOKEN = re.compile(rb"\((?:\\.|[^\\()])*\)|<<|>>|<[0-9A-Fa-f\s]*>|\[|\]|/[^\s/<>\[\]()]*|[^\s/<>\[\]()]+", re.DOTALL)
PRINT, UNSEEN_FLAGS = 4, 1 | 2 | 32 | 256

Rule = Callable[[PdfFileReader, bytes], Iterator[str]]
RULES: dict[str, Rule] = {}


def rule(clause: str) -> Callable[[Rule], Rule]:
    def keep(check: Rule) -> Rule:
        RULES[clause] = check
        return check

    return keep


def broken_rules(data: bytes) -> list[str]:
    """Every rule that the file breaks, with its clause; none if it keeps them all."""
    reader = PdfFileReader(io.BytesIO(data), strict=True)
    return [f"{clause}: {what}" for clause, check in RULES.items() for what in check(reader, data)]


def of(mapping: Any, key: str, default: Any = None) -> Any:
    """What stands under `key`, itself and not a reference to it."""
    return mapping[key] if key in mapping else default  # noqa: SIM401 - get() hands out references


def objects(reader: PdfFileReader) -> Iterator[Any]:
    """Every object that is reached from the trailer, once."""
    seen: set[tuple[int, int]] = set()
    waiting: list[Any] = [reader.trailer.raw_get("/Root"), reader.trailer.raw_get("/Info")]
    while waiting:
        one = waiting.pop()
        if isinstance(one, generic.IndirectObject):
            if (one.idnum, one.generation) in seen:
                continue
            seen.add((one.idnum, one.generation))
            one = one.get_object()
        yield one
        if isinstance(one, dict):
            waiting += [one.raw_get(key) for key in one]
        elif isinstance(one, list):
            waiting += [one.raw_get(place) for place in range(len(one))]


def each(array: Any) -> list[Any]:
    """The items of an array, themselves."""
    return [array[place] for place in range(len(array))]


def each_of(mapping: Any) -> list[tuple[str, Any]]:
    return [(key, mapping[key]) for key in mapping]


def pages(reader: PdfFileReader) -> list[Any]:
    count = int(reader.root["/Pages"]["/Count"])
    return [reader.find_page_for_modification(number)[0].get_object() for number in range(count)]


def operators(content: bytes) -> Iterator[tuple[list[bytes], str]]:
    """Operands and operator, one after the other."""
    waiting: list[bytes] = []
    for found in TOKEN.finditer(content):
        token = found.group()
        if re.fullmatch(rb"[A-Za-z'\"*]+[01*]?", token) and token not in (b"true", b"false", b"null"):
            yield waiting, token.decode()
            waiting = []
        else:
            waiting.append(token)


@rule("A-3 6.1.2-3 file header and trailer")
def header(reader: PdfFileReader, data: bytes) -> Iterator[str]:
    first, second = data.split(b"\n", 2)[:2]
    if not re.fullmatch(rb"%PDF-1\.[0-7]\r?", first):
        yield "header"
    if not (second.startswith(b"%") and sum(byte > 127 for byte in second[1:5]) == 4):
        yield "no binary comment"
    if "/ID" not in reader.trailer or "/Encrypt" in reader.trailer:
        yield "identifier or encryption"
    if not re.search(rb"%%EOF(\r\n|\n|\r)?$", data):
        yield "data after the end"


@rule("A-3 6.1.7 streams")
def streams(reader: PdfFileReader, data: bytes) -> Iterator[str]:
    if re.search(rb"[^\r\n]endstream", data):
        yield "no end of line before endstream"
    for one in objects(reader):
        if isinstance(one, generic.StreamObject):
            if {"/F", "/FFilter", "/FDecodeParms"} & set(one):
                yield "external stream"
            filters = of(one, "/Filter", [])
            if "/LZWDecode" in (filters if isinstance(filters, list) else [filters]):
                yield "LZW"


@rule("A-3 6.2.3-4 colours")
def colours(reader: PdfFileReader, data: bytes) -> Iterator[str]:
    intents = of(reader.root, "/OutputIntents", [])
    if [str(i["/S"]) for i in each(intents)] != ["/GTS_PDFA1"] or int(intents[0]["/DestOutputProfile"]["/N"]) != 3:
        yield "no RGB output intent"
    elif intents[0]["/DestOutputProfile"].data[36:40] != b"acsp":
        yield "the profile is none"
    for content in contents(reader):
        if any(operator in ("k", "K") for _, operator in operators(content)):
            yield "CMYK without a CMYK intent"


def contents(reader: PdfFileReader) -> list[bytes]:
    found = [page["/Contents"].data for page in pages(reader)]
    return found + [
        one.data for one in objects(reader) if isinstance(one, generic.StreamObject) and of(one, "/Subtype") == "/Form"
    ]


@rule("A-3 6.2.8-10 images and transparency")
def images(reader: PdfFileReader, data: bytes) -> Iterator[str]:
    for one in objects(reader):
        if not isinstance(one, dict):
            continue
        if of(one, "/Subtype") == "/Image":
            if {"/Alternates", "/OPI", "/SMask"} & set(one) or of(one, "/Interpolate"):
                yield "alternates, OPI, soft mask or interpolation"
            if str(of(one, "/ColorSpace")) not in ("/DeviceRGB", "/DeviceGray"):
                yield f"image in {one.get('/ColorSpace')}"
        if of(one, "/Type") == "/ExtGState" and (of(one, "/TR") or of(one, "/BM", "/Normal") != "/Normal"):
            yield "transfer function or blend mode"


@rule("A-3 6.2.11 fonts")
def fonts(reader: PdfFileReader, data: bytes) -> Iterator[str]:
    for one in objects(reader):
        if not (isinstance(one, dict) and of(one, "/Type") == "/Font"):
            continue
        described = of(one, "/FontDescriptor")
        if of(one, "/Subtype") != "/TrueType" or described is None or "/FontFile2" not in described:
            yield f"{one.get('/BaseFont')} is not embedded"
            continue
        if not re.fullmatch(r"/[A-Z]{6}\+.+", str(one["/BaseFont"])):
            yield f"{one['/BaseFont']} is a subset without a tag"
        symbolic = bool(int(described["/Flags"]) & 4)
        if symbolic == ("/Encoding" in one):
            yield "a symbolic font with an encoding, or another without"
        font = TTFont(io.BytesIO(described["/FontFile2"].data))
        yield from _widths(one, font)
        yield from _meanings(one)


def _widths(one: Any, font: TTFont) -> Iterator[str]:
    tables = font["cmap"].tables
    code_of = next((t.cmap for t in tables if (t.platformID, t.platEncID) in ((1, 0), (3, 0))), {})
    unit = font["head"].unitsPerEm
    first = int(one["/FirstChar"])
    for place, width in enumerate(each(one["/Widths"])):
        code = first + place
        name = code_of.get(code) or code_of.get(0xF000 + code)
        if name is None or not int(width):
            continue
        if abs(font["hmtx"][name][0] * 1000 / unit - float(width)) > 1:
            yield f"width of code {code}"


def _meanings(one: Any) -> Iterator[str]:
    if "/ToUnicode" not in one:
        yield "no ToUnicode"
        return
    mapped = re.findall(rb"<([0-9A-F]{2})> <([0-9A-F]{4,})>", one["/ToUnicode"].data)
    for _, meaning in mapped:
        text = bytes.fromhex(meaning.decode()).decode("utf-16-be", "replace")
        if not text or text[0] in "\x00\ufeff\ufffe\ufffd":
            yield f"code without meaning: {meaning.decode()}"


@rule("A-3 6.2.11.4 all shown codes are there")
def shown_codes(reader: PdfFileReader, data: bytes) -> Iterator[str]:
    known: dict[str, set[int]] = {}
    for one in objects(reader):
        if isinstance(one, dict) and of(one, "/Type") == "/Font" and "/ToUnicode" in one:
            codes = re.findall(rb"<([0-9A-F]{2})> <[0-9A-F]{4,}>", one["/ToUnicode"].data)
            known[str(one["/BaseFont"])] = {int(code, 16) for code in codes}
    for page in pages(reader):
        names = {name: str(font["/BaseFont"]) for name, font in each_of(of(page["/Resources"], "/Font", {}))}
        font = ""
        for operands, operator in operators(page["/Contents"].data):
            if operator == "Tf":
                font = names.get(operands[-2].decode(), "")
            elif operator == "Tj" and font:
                codes = set(_literal(operands[-1]))
                if codes - known.get(font, set()):
                    yield f"codes {sorted(codes - known.get(font, set()))[:3]} of {font} mean nothing"


def _literal(token: bytes) -> bytes:
    if token.startswith(b"<"):
        return bytes.fromhex(token[1:-1].decode())
    simple = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}

    def plain(found: re.Match[bytes]) -> bytes:
        what = found.group(1)
        return bytes([int(what, 8) & 255]) if what[:1].isdigit() else simple.get(what, what)

    return re.sub(rb"\\([0-7]{1,3}|.)", plain, token[1:-1], flags=re.DOTALL)


@rule("A-3 6.3 annotations, 6.4 forms, 6.5 actions")
def annotations(reader: PdfFileReader, data: bytes) -> Iterator[str]:
    form = of(reader.root, "/AcroForm", {})
    if of(form, "/NeedAppearances") or "/XFA" in form:
        yield "appearances that are not there"
    if {"/AA", "/OpenAction"} & set(reader.root) or any("/AA" in page for page in pages(reader)):
        yield "actions"
    for one in objects(reader):
        if not isinstance(one, dict):
            continue
        if of(one, "/S") in ("/JavaScript", "/Launch", "/ImportData", "/URI", "/SubmitForm", "/GoToR"):
            yield f"an action {one['/S']}"
        if of(one, "/Subtype") != "/Widget":
            continue
        flags = int(of(one, "/F", 0))
        if not flags & PRINT or flags & UNSEEN_FLAGS:
            yield f"flags {flags} of an annotation"
        left, bottom, right, top = (float(number) for number in each(one["/Rect"]))
        empty = left == right and bottom == top
        if not empty and set(of(one, "/AP", {})) != {"/N"}:
            yield "an annotation without an appearance"
        if {"/A", "/AA"} & set(one):
            yield "an annotation with an action"


@rule("A-3 6.6 metadata")
def metadata(reader: PdfFileReader, data: bytes) -> Iterator[str]:
    stream = of(reader.root, "/Metadata")
    if stream is None or of(stream, "/Filter", []):
        yield "no plain metadata"
        return
    packet = stream.data.decode("utf-8")
    for wanted in ("<pdfaid:part>3<", "<pdfaid:conformance>A<", "<pdfuaid:part>1<", "pdfaSchema:namespaceURI"):
        if wanted not in packet:
            yield f"{wanted} is not said"
    info = reader.trailer["/Info"]
    plain = packet.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")
    for key in ("/Title", "/Author", "/Subject", "/Producer"):
        if str(info.get(key, "")) not in plain:
            yield f"{key} is not said twice"


@rule("A-3 6.7, UA 7.1-2 structure")
def structure(reader: PdfFileReader, data: bytes) -> Iterator[str]:
    root = reader.root
    if not of(of(root, "/MarkInfo", {}), "/Marked") or of(of(root, "/MarkInfo", {}), "/Suspects"):
        yield "not marked"
    if "/StructTreeRoot" not in root or not re.fullmatch(r"[a-z]{2}(-[A-Z]{2})?", str(of(root, "/Lang", ""))):
        yield "no structure or no language"
    if not of(of(root, "/ViewerPreferences", {}), "/DisplayDocTitle"):
        yield "the title is not shown"


@rule("A-3 6.8 embedded files")
def embedded(reader: PdfFileReader, data: bytes) -> Iterator[str]:
    named = of(of(of(reader.root, "/Names", {}), "/EmbeddedFiles", {}), "/Names", [])
    associated = each(of(reader.root, "/AF", []))
    for place in range(1, len(named), 2):
        specification = named[place]
        if not {"/F", "/UF", "/AFRelationship", "/EF", "/Desc"} <= set(specification):
            yield "a file without its facts"
        elif not str(of(specification["/EF"]["/F"], "/Subtype", "")).startswith("/application"):
            yield "a file without its type"
        if specification not in associated:
            yield "a file that belongs to nothing"
    if not named:
        yield "no file"


def elements(node: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, tuple[Any, ...]]]:
    children = of(node, "/K", [])
    for child in children if isinstance(children, list) else [children]:
        one = child.get_object() if isinstance(child, generic.IndirectObject) else child
        if isinstance(one, dict) and "/S" in one:
            yield one, (*above, one)
            yield from elements(one, (*above, one))


@rule("UA 7.1 content is marked once")
def marked(reader: PdfFileReader, data: bytes) -> Iterator[str]:
    for number, page in enumerate(pages(reader), 1):
        open_marks = 0
        for operands, operator in operators(page["/Contents"].data):
            if operator in ("BDC", "BMC"):
                open_marks += 1
                if open_marks > 1 and b"/Artifact" in operands:
                    yield f"an artifact inside content, page {number}"
            elif operator == "EMC":
                open_marks -= 1
            elif operator in PAINTS and open_marks < 1:
                yield f"{operator} outside of any mark, page {number}"
        if open_marks:
            yield f"marks do not close, page {number}"


@rule("UA 7.1 parent tree")
def parents(reader: PdfFileReader, data: bytes) -> Iterator[str]:
    tree = reader.root["/StructTreeRoot"]
    numbers = tree["/ParentTree"]["/Nums"]
    known = {int(numbers[place]): numbers[place + 1] for place in range(0, len(numbers), 2)}
    for number, page in enumerate(pages(reader), 1):
        marks = [int(mark) for mark in re.findall(rb"/MCID (\d+)", page["/Contents"].data)]
        owners = known.get(int(of(page, "/StructParents", -1)), [])
        if sorted(marks) != list(range(len(owners))):
            yield f"marks without owner, page {number}"
    if any(str(one["/S"]).removeprefix("/") not in STANDARD for one, _ in elements(tree)):
        yield "a structure type that is not standard"


@rule("UA 7.3-4 figures and headings")
def figures(reader: PdfFileReader, data: bytes) -> Iterator[str]:
    last = 0
    for one, _ in elements(reader.root["/StructTreeRoot"]):
        kind = str(one["/S"])
        if kind in ("/Figure", "/Form") and not str(of(one, "/Alt", "")).strip():
            yield f"{kind} without words"
        if kind == "/Figure" and "/BBox" not in of(one, "/A", {}):
            yield "a figure without its box"
        if re.fullmatch(r"/H[1-6]", kind):
            level = int(kind[2])
            if level > last + 1:
                yield f"heading {level} after {last}"
            last = level
    if not last:
        yield "no headings"


@rule("UA 7.5 tables")
def tables(reader: PdfFileReader, data: bytes) -> Iterator[str]:
    for one, above in elements(reader.root["/StructTreeRoot"]):
        kind = str(one["/S"])
        parent = str(above[-2]["/S"]) if len(above) > 1 else ""
        if kind == "/TR" and parent != "/Table":
            yield "a row outside of a table"
        if kind in ("/TH", "/TD") and parent != "/TR":
            yield "a cell outside of a row"
        if kind == "/TH" and of(of(one, "/A", {}), "/Scope") not in ("/Column", "/Row"):
            yield "a heading cell that heads nothing"
        if kind == "/Table":
            wide = {
                sum(int(of(of(cell, "/A", {}), "/ColSpan", 1)) for cell, path in elements(row) if len(path) == 1)
                for row, path in elements(one)
                if str(row["/S"]) == "/TR" and len(path) == 1
            }
            if len(wide) > 1:
                yield f"rows of {sorted(wide)} columns in one table"


@rule("UA 7.18 annotations")
def tagged_annotations(reader: PdfFileReader, data: bytes) -> Iterator[str]:
    for number, page in enumerate(pages(reader), 1):
        if of(page, "/Annots") and of(page, "/Tabs") != "/S":
            yield f"tab order of page {number}"
        for annotation in each(of(page, "/Annots", [])):
            _, _, right, top = (float(edge) for edge in each(annotation["/Rect"]))
            if right < 0 and top < 0:
                continue  # outside of the page: exempt (7.18.1)
            if "/StructParent" not in annotation or not str(of(annotation, "/TU", "")).strip():
                yield f"an annotation without its place or words, page {number}"

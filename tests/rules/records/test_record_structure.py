"""The drawn record for machines: well-formed, archivable, and readable by those who can't see it."""

import io
import re
import subprocess
from pathlib import Path
from typing import Any

from pyhanko.pdf_utils.reader import PdfFileReader

from dispatch.records.canonical import canonical_json
from tests.rules.records.conftest import drawn
from tests.rules.records.made_records import (
    ADDRESS_TO_VERIFY,
    Photos,
    completed_record,
    missed_record,
    refused_record,
)


def test_qpdf_finds_nothing_wrong(file: Path) -> None:
    photos = Photos(3)
    for record in (completed_record("zh", photos), completed_record("en", photos), missed_record(), refused_record()):
        file.write_bytes(drawn(record, photos).pdf)
        run = subprocess.run(["qpdf", "--check", str(file)], capture_output=True, text=True)
        assert run.returncode == 0, run.stdout + run.stderr
        assert "No syntax or stream encoding errors" in run.stdout


def test_the_record_travels_inside_as_canonical_json() -> None:
    record = completed_record()
    root = PdfFileReader(io.BytesIO(drawn(record).pdf)).root
    name, attached = root["/Names"]["/EmbeddedFiles"]["/Names"]
    assert name == "record.json"
    assert attached.get_object()["/EF"]["/F"].data == canonical_json(record)
    assert attached.get_object()["/AFRelationship"] == "/Data"
    assert root["/AF"][0] == attached.get_object()


def test_the_document_says_what_it_is_and_in_which_language() -> None:
    for language, tag in (("zh", "zh-CN"), ("en", "en")):
        root = PdfFileReader(io.BytesIO(drawn(completed_record(language)).pdf)).root
        packet = root["/Metadata"].data.decode()
        assert str(root["/Lang"]) == tag
        assert root["/MarkInfo"]["/Marked"]
        assert "<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>" in packet
        assert "<pdfuaid:part>1</pdfuaid:part>" in packet
        assert root["/OutputIntents"][0]["/S"] == "/GTS_PDFA1"
        assert root["/ViewerPreferences"]["/DisplayDocTitle"]


def elements(node: Any) -> list[Any]:
    """All structure elements below `node`, in reading order."""
    children = node.get("/K", [])
    found = []
    for child in children if isinstance(children, list) else [children]:
        element = child.get_object() if hasattr(child, "get_object") else child
        if isinstance(element, dict) and element.get("/Type") == "/StructElem":
            found += [element, *elements(element)]
    return found


def test_every_mark_on_every_page_belongs_to_one_element() -> None:
    photos = Photos(12)
    reader = PdfFileReader(io.BytesIO(drawn(completed_record("zh", photos), photos).pdf))
    tree = reader.root["/StructTreeRoot"]
    numbers = tree["/ParentTree"]["/Nums"]
    parents = {int(numbers[i]): numbers[i + 1] for i in range(0, len(numbers), 2)}
    count = int(reader.root["/Pages"]["/Count"])
    assert count > 1
    for page in (reader.find_page_for_modification(n)[0].get_object() for n in range(count)):
        marks = [int(number) for number in re.findall(rb"/MCID (\d+)", page["/Contents"].data)]
        owners = parents[int(page["/StructParents"])]
        assert marks == list(range(len(owners)))
        opened = page["/Contents"].data.count(b" BDC")
        assert opened == page["/Contents"].data.count(b"EMC")
        assert page["/Tabs"] == "/S"


def test_the_structure_has_headings_heads_and_words_for_pictures() -> None:
    photos = Photos(3)
    reader = PdfFileReader(io.BytesIO(drawn(completed_record("zh", photos), photos).pdf))
    all_elements = elements(reader.root["/StructTreeRoot"])
    kinds = [str(element["/S"]) for element in all_elements]
    assert kinds.count("/H1") == 1
    assert kinds.index("/H1") < kinds.index("/H2") < kinds.index("/H3")
    assert kinds.count("/H3") == 8
    assert kinds.count("/Form") == 3
    for element in all_elements:
        if element["/S"] in ("/Figure", "/Form"):
            assert str(element["/Alt"])
        if element["/S"] == "/TH":
            assert element["/A"]["/Scope"] in ("/Column", "/Row")
    figures = [str(e["/Alt"]) for e in all_elements if e["/S"] == "/Figure"]
    assert f"QR: {ADDRESS_TO_VERIFY}" in figures
    assert any("与基线的偏差" in words for words in figures)


def test_a_table_over_two_pages_is_one_table_with_one_row_of_heads() -> None:
    short, long = completed_record(), completed_record()
    long["measurements"] = long["measurements"] * 8
    for record in (short, long):
        reader = PdfFileReader(io.BytesIO(drawn(record).pdf))
        tables = [e for e in elements(reader.root["/StructTreeRoot"]) if e["/S"] == "/Table"]
        rows = [
            [str(cell["/S"]) for cell in elements(row) if cell["/S"] in ("/TH", "/TD")]
            for table in tables
            for row in elements(table)
            if row["/S"] == "/TR"
        ]
        measured = [row for row in rows if len(row) == 6]
        assert measured[0] == ["/TH"] * 6
        assert measured[1:] == [["/TD"] * 6] * len(record["measurements"])

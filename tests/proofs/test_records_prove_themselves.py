"""Promise 10: a sealed record never changes unnoticed, and no clean one is accused; judged by other programs too.

Small by default. Full size: DOORSTEP_HEAVY=1 (200 varied records, 1,000 flipped bits).
"""

import io
import random
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigFieldSpec, append_signature_field
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from dispatch.records.canonical import sha256_hex
from dispatch.records.drawing import draw_record
from dispatch.records.fields import CUSTOMER_FIELD, TECHNICIAN_FIELD
from dispatch.records.provenance import remark_on
from dispatch.records.signing.forms import as_asn1
from dispatch.records.signing.keyring import Keyring
from dispatch.records.signing.sign import sign_record
from dispatch.records.signing.verify import verify_file
from tests.archive_rules import broken_rules
from tests.full import FULL
from tests.rules.records.made_records import ADDRESS_TO_VERIFY, NUMBER, Photos, completed_record, pen_strokes
from tests.varied_records import a_varied_record

RECORDS = 200 if FULL else 8
FLIPS = 1_000 if FULL else 60
AT_ONCE = 7
pytestmark = pytest.mark.timeout(3600 if FULL else 240)


@pytest.fixture(scope="module")
def keyring(tmp_path_factory: pytest.TempPathFactory) -> Keyring:
    return Keyring.open(tmp_path_factory.mktemp("keyring") / "keys")


@pytest.fixture(scope="module")
def photos() -> Photos:
    return Photos(30)


def made(record: dict[str, Any], keyring: Keyring, photos: Photos) -> bytes:
    strokes = {"customer": pen_strokes(3), "technician": pen_strokes(11, 3)}
    drawn = draw_record(record, strokes=strokes, photo=photos, verify_url=ADDRESS_TO_VERIFY, remark=remark_on(keyring))
    return sign_record(drawn.pdf, keyring, record=record)


def kept(data: bytes, number: str) -> Callable[[str], str | None]:
    """An archive that keeps this one file."""
    return {number: sha256_hex(data)}.get


def signers(record: dict[str, Any]) -> int:
    return 1 + sum(1 for one in record["signatures"] if not one.get("refused_reason"))


def test_varied_records_are_clean_to_every_program_that_looks(keyring: Keyring, photos: Photos, tmp_path: Path) -> None:
    """pdfsig, qpdf, openssl and pyHanko's own validator; the archive's rules; our verifier with the archive."""
    root = tmp_path / "root.pem"
    root.write_bytes(keyring.trust.roots[0].public_bytes(Encoding.PEM))
    trusting = ValidationContext(trust_roots=[as_asn1(one) for one in keyring.trust.roots], allow_fetching=False)
    looked_at = 0
    for number in range(RECORDS):
        record = a_varied_record(number, photos)
        data = made(record, keyring, photos)
        file = tmp_path / "record.pdf"
        file.write_bytes(data)
        wanted = signers(record)
        said = subprocess.run(["pdfsig", str(file)], capture_output=True, text=True, timeout=60).stdout
        assert said.count("Signature is Valid.") == wanted, (number, said)
        assert said.count("Total document signed") == 1, number
        checked = subprocess.run(["qpdf", "--check", str(file)], capture_output=True, text=True, timeout=60)
        assert checked.returncode == 0, (number, checked.stdout + checked.stderr)
        assert _openssl_agrees(data, tmp_path, root) == wanted, number
        for signature in PdfFileReader(io.BytesIO(data)).embedded_signatures:
            assert validate_pdf_signature(signature, trusting).bottom_line, number
        assert broken_rules(data) == [], number
        verdict = verify_file(data, keyring, lambda _, one=data: sha256_hex(one))  # type: ignore[misc]
        assert verdict.state == "genuine", (number, verdict.reasons)
        assert len(verdict.signatures) == wanted
        looked_at += 1
    assert looked_at == RECORDS


def _openssl_agrees(data: bytes, folder: Path, root: Path) -> int:
    """How many containers `openssl cms` verifies over the bytes that they say they cover."""
    content, der = folder / "content", folder / "container.der"
    count = 0
    for found in re.finditer(rb"/ByteRange ?\[ ?(\d+) (\d+) (\d+) (\d+) *\]", data):
        start, length, again, rest = (int(number) for number in found.groups())
        content.write_bytes(data[start : start + length] + data[again : again + rest])
        container = bytes.fromhex(data[start + length + 1 : again - 1].decode())
        der.write_bytes(container[: int.from_bytes(container[2:4]) + 4])
        command = ["openssl", "cms", "-verify", "-inform", "DER", "-in", str(der), "-content", str(content), "-binary"]
        command += ["-cades", "-purpose", "any", "-CAfile", str(root), "-out", "/dev/null"]
        run = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert run.returncode == 0, run.stderr
        count += 1
    return count


def test_every_flipped_bit_is_found(keyring: Keyring, photos: Photos) -> None:
    """Half of them offline, by the signatures alone; half against the archive, as the server judges."""
    record = a_varied_record(3, photos) | {"photos": []}
    data, chance = made(record, keyring, photos), random.Random(20261122)
    archive = kept(data, record["number"])
    for _ in range(20):
        assert verify_file(data, keyring, archive).state == "genuine"
        assert verify_file(data, keyring.trust).state == "genuine"
    found = 0
    for turn in range(FLIPS):
        changed = bytearray(data)
        changed[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        offline = turn % 2 == 0
        verdict = verify_file(bytes(changed), keyring.trust if offline else keyring, None if offline else archive)
        found += not verdict.genuine
    assert found == FLIPS


def test_appended_and_cut_bytes_are_found(keyring: Keyring, photos: Photos) -> None:
    data, chance = made(completed_record(), keyring, photos), random.Random(5)
    assert verify_file(data, keyring.trust).state == "genuine"
    for number in range(40):
        added = chance.choice([b"\n", b" ", b"\0", b"%%EOF\n", chance.randbytes(chance.randint(1, 5000))])
        assert verify_file(data + added, keyring.trust).state == "altered", number
        assert not verify_file(data[: -chance.randint(1, 2000)], keyring.trust).genuine, number
        assert not verify_file(added + data, keyring.trust).genuine, number


Update = Callable[[IncrementalPdfFileWriter], None]
UPDATES: dict[str, Update] = {}


def update(name: str) -> Callable[[Update], Update]:
    def keep(change: Update) -> Update:
        UPDATES[name] = change
        return change

    return keep


def page_of(writer: IncrementalPdfFileWriter, number: int = 0) -> Any:
    reference = writer.find_page_for_modification(number)[0]
    writer.mark_update(reference)
    return reference.get_object()


@update("nothing but another revision")
def _nothing(writer: IncrementalPdfFileWriter) -> None:
    writer.root["/Marked"] = generic.TextStringObject("later")
    writer.update_root()


@update("text over the first page")
def _text(writer: IncrementalPdfFileWriter) -> None:
    writer.add_stream_to_page(0, writer.add_object(generic.StreamObject(stream_data=b"BT (9999) Tj ET")))


@update("a white box below the text")
def _below(writer: IncrementalPdfFileWriter) -> None:
    stream = generic.StreamObject(stream_data=b"1 1 1 rg 0 0 600 800 re f")
    writer.add_stream_to_page(0, writer.add_object(stream), prepend=True)


@update("another content of the page")
def _content(writer: IncrementalPdfFileWriter) -> None:
    page_of(writer)["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"0 0 m S"))


@update("a page taken away")
def _fewer(writer: IncrementalPdfFileWriter) -> None:
    tree = writer.root["/Pages"]
    writer.update_container(tree)
    tree["/Kids"] = generic.ArrayObject(list(tree["/Kids"])[:-1])
    tree["/Count"] = generic.NumberObject(int(tree["/Count"]) - 1)


@update("a page added")
def _more(writer: IncrementalPdfFileWriter) -> None:
    page = generic.StreamObject(stream_data=b"0 0 m S")
    made_page = generic.DictionaryObject(
        {
            generic.pdf_name("/Type"): generic.pdf_name("/Page"),
            generic.pdf_name("/MediaBox"): generic.ArrayObject([generic.NumberObject(n) for n in (0, 0, 9, 9)]),
            generic.pdf_name("/Contents"): writer.add_object(page),
        }
    )
    writer.insert_page(made_page)


@update("the page is cropped")
def _cropped(writer: IncrementalPdfFileWriter) -> None:
    page_of(writer)["/CropBox"] = generic.ArrayObject([generic.NumberObject(n) for n in (0, 0, 300, 300)])


@update("the page is turned")
def _turned(writer: IncrementalPdfFileWriter) -> None:
    page_of(writer)["/Rotate"] = generic.NumberObject(180)


def annotation(writer: IncrementalPdfFileWriter, **more: Any) -> None:
    page = page_of(writer)
    note = generic.DictionaryObject(
        {
            generic.pdf_name("/Type"): generic.pdf_name("/Annot"),
            generic.pdf_name("/Rect"): generic.ArrayObject([generic.NumberObject(n) for n in (50, 50, 500, 700)]),
            **{generic.pdf_name(f"/{key}"): value for key, value in more.items()},
        }
    )
    held = page["/Annots"] if "/Annots" in page else generic.ArrayObject()
    page["/Annots"] = generic.ArrayObject([*held, writer.add_object(note)])


@update("a sticky note")
def _note(writer: IncrementalPdfFileWriter) -> None:
    annotation(writer, Subtype=generic.pdf_name("/Text"), Contents=generic.TextStringObject("paid"))


@update("free text over everything")
def _free_text(writer: IncrementalPdfFileWriter) -> None:
    annotation(writer, Subtype=generic.pdf_name("/FreeText"), Contents=generic.TextStringObject("paid"))


@update("a link over the code")
def _link(writer: IncrementalPdfFileWriter) -> None:
    action = generic.DictionaryObject(
        {generic.pdf_name("/S"): generic.pdf_name("/URI"), generic.pdf_name("/URI"): generic.TextStringObject("x:y")}
    )
    annotation(writer, Subtype=generic.pdf_name("/Link"), A=action)


@update("a redaction")
def _redaction(writer: IncrementalPdfFileWriter) -> None:
    annotation(writer, Subtype=generic.pdf_name("/Redact"))


@update("a new empty signature field")
def _field(writer: IncrementalPdfFileWriter) -> None:
    append_signature_field(writer, SigFieldSpec("Another", box=(10, 10, 90, 90)))


def widget(writer: IncrementalPdfFileWriter, name: str) -> Any:
    for reference in writer.root["/AcroForm"]["/Fields"]:
        field = reference.get_object()
        if field["/T"] == name:
            writer.update_container(field)
            return field
    raise AssertionError(name)


@update("another picture of the customer's signature")
def _appearance(writer: IncrementalPdfFileWriter) -> None:
    form = generic.StreamObject(stream_data=b"0 0 m 100 100 l S")
    form[generic.pdf_name("/Subtype")] = generic.pdf_name("/Form")
    widget(writer, CUSTOMER_FIELD)["/AP"] = generic.DictionaryObject({generic.pdf_name("/N"): writer.add_object(form)})


@update("the signature moved")
def _moved(writer: IncrementalPdfFileWriter) -> None:
    box = generic.ArrayObject([generic.NumberObject(n) for n in (0, 0, 10, 10)])
    widget(writer, CUSTOMER_FIELD)["/Rect"] = box


@update("a signature taken out of its field")
def _emptied(writer: IncrementalPdfFileWriter) -> None:
    del widget(writer, TECHNICIAN_FIELD)["/V"]


@update("two signatures exchanged")
def _exchanged(writer: IncrementalPdfFileWriter) -> None:
    first, second = widget(writer, CUSTOMER_FIELD), widget(writer, TECHNICIAN_FIELD)
    first["/V"], second["/V"] = second.raw_get("/V"), first.raw_get("/V")


@update("another record.json")
def _data(writer: IncrementalPdfFileWriter) -> None:
    attached = writer.root["/Names"]["/EmbeddedFiles"]["/Names"][1]
    writer.update_container(attached)
    stream = generic.StreamObject(stream_data=b'{"number":"SR-20261121-000001"}')
    held = generic.DictionaryObject({generic.pdf_name("/F"): writer.add_object(stream)})
    attached[generic.pdf_name("/EF")] = held


@update("a second attachment")
def _attachment(writer: IncrementalPdfFileWriter) -> None:
    names = writer.root["/Names"]["/EmbeddedFiles"]
    writer.update_container(names)
    stream = writer.add_object(generic.StreamObject(stream_data=b"MZ"))
    held = generic.DictionaryObject({generic.pdf_name("/F"): stream})
    other = generic.DictionaryObject({generic.pdf_name("/EF"): held, generic.pdf_name("/F"): generic.pdf_string("a")})
    names["/Names"] = generic.ArrayObject([*names["/Names"], generic.pdf_string("a"), writer.add_object(other)])


@update("a script when it opens")
def _script(writer: IncrementalPdfFileWriter) -> None:
    writer.root["/OpenAction"] = generic.DictionaryObject(
        {
            generic.pdf_name("/S"): generic.pdf_name("/JavaScript"),
            generic.pdf_name("/JS"): generic.TextStringObject("app.alert(1)"),
        }
    )
    writer.update_root()


@update("another structure for screen readers")
def _structure(writer: IncrementalPdfFileWriter) -> None:
    del writer.root["/StructTreeRoot"]
    writer.update_root()


@update("other metadata")
def _metadata(writer: IncrementalPdfFileWriter) -> None:
    writer.root["/Metadata"] = writer.add_object(generic.StreamObject(stream_data=b"<x/>"))
    writer.update_root()


@update("a layer that hides")
def _layer(writer: IncrementalPdfFileWriter) -> None:
    layer = generic.DictionaryObject({generic.pdf_name("/Type"): generic.pdf_name("/OCG")})
    layers = generic.ArrayObject([writer.add_object(layer)])
    writer.root["/OCProperties"] = generic.DictionaryObject({generic.pdf_name("/OCGs"): layers})
    writer.update_root()


@pytest.fixture(scope="module")
def record_file(keyring: Keyring, photos: Photos) -> bytes:
    return made(completed_record(), keyring, photos)


@pytest.mark.parametrize("name", UPDATES)
def test_incremental_updates_are_found(record_file: bytes, keyring: Keyring, name: str) -> None:
    """What was signed is all still there, byte for byte; what is shown is another thing."""
    assert len(UPDATES) >= 20
    writer = IncrementalPdfFileWriter(io.BytesIO(record_file))
    UPDATES[name](writer)
    out = io.BytesIO()
    writer.write(out)
    changed = out.getvalue()
    assert changed.startswith(record_file)
    assert len(changed) > len(record_file)
    for judge, archive in ((keyring.trust, None), (keyring, kept(record_file, NUMBER))):
        verdict = verify_file(changed, judge, archive)
        assert verdict.state == "altered", (name, verdict)
        assert verdict.reasons
    assert verify_file(record_file, keyring.trust).state == "genuine"


def test_a_shadow_prepared_before_signing_cannot_be_switched_on(keyring: Keyring, photos: Photos) -> None:
    """The known attack: content that waits in the file, hidden, until an update turns the page to it."""
    record = completed_record()
    strokes = {"customer": pen_strokes(3), "technician": pen_strokes(11, 3)}
    drawn = draw_record(record, strokes=strokes, photo=photos, verify_url=ADDRESS_TO_VERIFY).pdf
    writer = IncrementalPdfFileWriter(io.BytesIO(drawn))
    shadow = writer.add_object(generic.StreamObject(stream_data=b"BT (9999) Tj ET"))
    writer.root["/Shadow"] = shadow
    writer.update_root()
    prepared = io.BytesIO()
    writer.write(prepared)
    signed = sign_record(prepared.getvalue(), keyring, record=record)
    switching = IncrementalPdfFileWriter(io.BytesIO(signed))
    page_of(switching)["/Contents"] = switching.root.raw_get("/Shadow")
    out = io.BytesIO()
    switching.write(out)
    assert verify_file(out.getvalue(), keyring.trust).state == "altered"
    # And what was prepared is no document that we drew: the archive does not know it.
    honest = sign_record(drawn, keyring, record=record)
    assert verify_file(signed, keyring, kept(honest, NUMBER)).state == "altered"


def test_one_records_seal_is_no_other_records_seal(keyring: Keyring, photos: Photos) -> None:
    """Signatures of one record grafted onto the bytes of another."""
    files = [made(a_varied_record(number, photos) | {"photos": []}, keyring, photos) for number in (0, 10)]
    first, second = (file.rindex(b"/Contents <") for file in files)
    taken = files[0][first : first + 8000]
    grafted = files[1][:second] + taken + files[1][second + len(taken) :]
    assert not verify_file(grafted, keyring.trust).genuine
    for file in files:
        assert verify_file(file, keyring.trust).state == "genuine"

"""The verifier: every change is found, nothing clean is accused, and no file makes it stumble."""

import io
import random
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from dispatch.records.canonical import sha256_hex
from dispatch.records.signing.keyring import Keyring
from dispatch.records.signing.sign import sign_record
from dispatch.records.signing.trust import Trust
from dispatch.records.signing.verify import LARGEST, verify_file
from tests.rules.records.conftest import drawn
from tests.rules.records.made_records import NUMBER, completed_record, missed_record

FLIPS_AGAINST_THE_KEPT_HASH = 200
FLIPS_OFFLINE = 60


def kept(data: bytes) -> Callable[[str], str | None]:
    """An archive that keeps this one file under our number."""
    return lambda number: sha256_hex(data) if number == NUMBER else None


def flipped(data: bytes, place: int, bit: int) -> bytes:
    changed = bytearray(data)
    changed[place] ^= 1 << bit
    return bytes(changed)


def updated(data: bytes) -> bytes:
    """The file with an incremental update that changes nothing visible: pdfsig still calls it valid."""
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    writer.root["/Marked"] = generic.TextStringObject("later")
    writer.update_root()
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_clean_record_is_genuine_with_the_server_and_without(keyring: Keyring, signed: bytes) -> None:
    verdict = verify_file(signed, keyring, kept(signed))
    assert (verdict.state, verdict.number, verdict.compared) == ("genuine", NUMBER, True)
    assert [s.field for s in verdict.signatures] == ["CustomerSignature", "TechnicianSignature", "CompanySeal"]
    assert all(signature.sound for signature in verdict.signatures)
    root = (keyring.folder / "authority" / "root.pem").read_bytes()
    alone = verify_file(signed, Trust.from_pem(root))
    assert (alone.state, alone.compared) == ("genuine", False)
    assert any("未与存档比对" in reason.zh for reason in alone.reasons)


def test_each_of_200_flipped_bits_is_found_and_the_clean_file_stays_genuine(
    keyring: Keyring, signed_missed_visit: bytes
) -> None:
    data, chance = signed_missed_visit, random.Random(20261121)
    archive = kept(data)
    accused = [verify_file(data, keyring, archive).state for _ in range(5)]
    assert accused == ["genuine"] * 5
    places = chance.sample(range(len(data)), FLIPS_AGAINST_THE_KEPT_HASH)
    states = [verify_file(flipped(data, place, chance.randrange(8)), keyring, archive).state for place in places]
    assert len(states) == FLIPS_AGAINST_THE_KEPT_HASH
    assert "genuine" not in states


def test_flips_are_found_offline_too_even_where_no_signature_covers_the_bytes(
    keyring: Keyring, signed_missed_visit: bytes
) -> None:
    data, chance = signed_missed_visit, random.Random(7)
    assert verify_file(data, keyring.trust).state == "genuine"
    start = data.rindex(b"/Contents <") + len(b"/Contents <")
    end = data.index(b">", start)
    places = [end - 1, end - 500, start - 1, end]
    places += [chance.randrange(start, end) for _ in range(FLIPS_OFFLINE // 2)]
    places += [chance.randrange(len(data)) for _ in range(FLIPS_OFFLINE // 2)]
    for place in places:
        for bit in (0, 5):
            assert not verify_file(flipped(data, place, bit), keyring.trust).genuine, (place - start, bit)


def test_parts_of_the_container_that_nobody_signs_cannot_be_changed(keyring: Keyring, signed: bytes) -> None:
    start = signed.rindex(b"/Contents <") + len(b"/Contents <")
    end = signed.index(b">", start)
    container = signed[start:end]
    length = int(container[4:8], 16)
    # The signer is named twice at the end: where nobody signs it, then among what is signed.
    name = b"Doorstep demo authority".hex().upper().encode()
    first, second, third = container.rsplit(name, 2)
    renamed = b"doorstep demo authority".hex().upper().encode()
    changes = {
        "swallows padding": container.replace(b"3082%04X" % length, b"3082%04X" % (length + 256), 1),
        "other version": container.replace(b"020101", b"020103", 1),
        "signer named otherwise": first + renamed + second + name + third,
        "small letters": container.lower(),
    }
    assert verify_file(signed, keyring.trust).state == "genuine"
    for what, changed in changes.items():
        assert changed != container, what
        assert len(changed) == len(container), what
        assert not verify_file(signed[:start] + changed + signed[end:], keyring.trust).genuine, what


@pytest.mark.parametrize("added", [b"\n", b" ", b"%", b"%%EOF\n", b"x" * 5000])
def test_appended_bytes_are_found(keyring: Keyring, signed: bytes, added: bytes) -> None:
    assert verify_file(signed, keyring).state == "genuine"
    assert verify_file(signed + added, keyring).state == "altered"
    assert verify_file(signed + added, keyring, kept(signed)).state == "altered"


def test_an_update_that_pdfsig_accepts_is_refused(file: Path, keyring: Keyring, signed: bytes) -> None:
    changed = updated(signed)
    file.write_bytes(changed)
    run = subprocess.run(["pdfsig", str(file)], capture_output=True, text=True)
    assert run.stdout.count("Signature is Valid.") == 3
    assert verify_file(signed, keyring).state == "genuine"
    verdict = verify_file(changed, keyring)
    assert verdict.state == "altered"
    assert any("封存之后" in reason.zh for reason in verdict.reasons)


def test_a_genuine_file_that_is_not_the_kept_one_is_altered(keyring: Keyring, signed: bytes) -> None:
    record = completed_record()
    signed_twice = sign_record(drawn(record).pdf, keyring, record=record)
    assert signed_twice != signed
    assert verify_file(signed_twice, keyring).state == "genuine"
    verdict = verify_file(signed_twice, keyring, kept(signed))
    assert (verdict.state, verdict.compared) == ("altered", True)
    assert any("与存档文件不一致" in reason.zh for reason in verdict.reasons)


def test_a_number_that_is_not_kept_is_not_ours(keyring: Keyring, signed: bytes) -> None:
    verdict = verify_file(signed, keyring, lambda number: None)
    assert verdict.state == "not_ours"
    assert NUMBER in verdict.reasons[0].zh


def test_a_corrected_record_says_which_one_holds(keyring: Keyring, signed: bytes) -> None:
    verdict = verify_file(signed, keyring, kept(signed), lambda number: "SR-20261122-000009")
    assert (verdict.state, verdict.genuine, verdict.replaced_by) == ("superseded", True, "SR-20261122-000009")
    assert any("SR-20261122-000009" in reason.zh for reason in verdict.reasons)
    assert verify_file(signed, keyring, kept(signed), lambda number: None).state == "genuine"


def test_another_authority_with_the_same_names_is_not_ours(tmp_path: Path, keyring: Keyring, signed: bytes) -> None:
    stranger = Keyring.open(tmp_path / "strange")
    assert verify_file(signed, stranger).state == "not_ours"
    record = missed_record()
    forged = sign_record(drawn(record).pdf, stranger, record=record)
    assert verify_file(forged, stranger).state == "genuine"
    assert verify_file(forged, keyring).state == "not_ours"


def test_nobody_signs_in_anothers_place(keyring: Keyring) -> None:
    record = completed_record()
    honest = sign_record(drawn(record).pdf, keyring, record=record)
    assert verify_file(honest, keyring).state == "genuine"
    other_record = completed_record(number="SR-20261121-000002")
    for_another = sign_record(drawn(record).pdf, keyring, record=other_record)
    assert verify_file(for_another, keyring).state == "altered"
    other_technician = completed_record(technician={"name": "别人", "code": "T-99999"})
    by_another = sign_record(drawn(record).pdf, keyring, record=other_technician)
    assert verify_file(by_another, keyring).state == "altered"
    technician = keyring.technician("T-30417")
    sealed_by_technician = Keyring(keyring.folder, keyring._authority, technician, is_demo=True)
    no_seal = sign_record(drawn(record).pdf, sealed_by_technician, record=record)
    assert verify_file(no_seal, keyring).state == "altered"


def test_a_record_without_its_seal_is_refused(keyring: Keyring, signed: bytes) -> None:
    ends = [place for place in range(len(signed)) if signed.startswith(b"%%EOF", place)]
    assert len(ends) == 4
    for end in ends[:-1]:
        assert verify_file(signed[: end + 6], keyring).state == "altered"
    assert verify_file(signed[: ends[-1] + 6], keyring).state == "genuine"


def test_truncated_files_are_refused(keyring: Keyring, signed_missed_visit: bytes) -> None:
    data = signed_missed_visit
    assert verify_file(data, keyring).state == "genuine"
    for share in range(1, 20):
        assert not verify_file(data[: len(data) * share // 20], keyring).genuine


@pytest.mark.parametrize(
    "garbage",
    [b"", b"\x00", b"%PDF-", b"%PDF-1.7\n%%EOF", b"PK\x03\x04", b"%PDF-1.7\n" + b"[" * 100_000, b"<html>" * 1000],
)
def test_garbage_is_not_ours_and_raises_nothing(keyring: Keyring, garbage: bytes) -> None:
    verdict = verify_file(garbage, keyring, lambda number: None)
    assert verdict.state == "not_ours"
    assert verdict.reasons


def test_a_huge_file_is_refused_without_reading_it(keyring: Keyring) -> None:
    verdict = verify_file(b"%PDF-1.7" + bytes(LARGEST), keyring)
    assert verdict.state == "not_ours"
    assert "40 MB" in verdict.reasons[0].zh


@settings(max_examples=200, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(data=st.binary(max_size=400), as_pdf=st.booleans())
def test_no_bytes_make_it_raise(keyring: Keyring, data: bytes, as_pdf: bool) -> None:
    verdict = verify_file((b"%PDF-1.7\n" if as_pdf else b"") + data, keyring)
    assert verdict.state == "not_ours"

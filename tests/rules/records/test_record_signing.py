"""Signatures as another program sees them: poppler's pdfsig, with the trust root given."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from dispatch.records.signing.keyring import Keyring
from dispatch.records.signing.sign import sign_record
from tests.rules.records.conftest import drawn
from tests.rules.records.made_records import completed_record, missed_record, refused_record

ALL_FIELDS = ["CustomerSignature", "TechnicianSignature", "CompanySeal"]


def pdfsig(file: Path, *options: str) -> list[dict[str, str]]:
    """What pdfsig says about each signature."""
    run = subprocess.run(["pdfsig", *options, str(file)], capture_output=True, text=True, timeout=60)
    parts = re.split(r"Signature #\d+:", run.stdout)[1:]
    return [dict(re.findall(r"- ([^:\n]+): (.*)", part)) | {"text": part} for part in parts]


def test_pdfsig_finds_three_valid_signatures_and_the_last_covers_all(file: Path, signed: bytes) -> None:
    file.write_bytes(signed)
    found = pdfsig(file)
    assert [signature["Signature Field Name"] for signature in found] == ALL_FIELDS
    for signature in found:
        assert signature["Signature Validation"] == "Signature is Valid."
        assert signature["Signature Type"] == "ETSI.CAdES.detached"
        assert signature["Signing Hash Algorithm"] == "SHA-256"
    totals = ["Total document signed" in signature["text"] for signature in found]
    assert totals == [False, False, True]


@pytest.mark.skipif(not shutil.which("certutil"), reason="needs certutil (Debian: libnss3-tools)")
def test_pdfsig_trusts_the_certificates_with_the_root_and_not_without(
    file: Path, signed: bytes, keyring: Keyring, tmp_path: Path
) -> None:
    file.write_bytes(signed)
    database = tmp_path / "nss"
    database.mkdir()
    certutil = ["certutil", "-d", f"sql:{database}"]
    subprocess.run([*certutil, "-N", "--empty-password"], check=True, capture_output=True)
    options = ["-nssdir", f"sql:{database}"]
    assert all("Trusted" not in s["Certificate Validation"] for s in pdfsig(file, *options))
    root = keyring.folder / "authority" / "root.pem"
    trusting = [*certutil, "-A", "-n", "root", "-t", "CT,C,C", "-i", str(root)]
    subprocess.run(trusting, check=True, capture_output=True)
    found = pdfsig(file, *options)
    assert len(found) == 3
    for signature in found:
        assert signature["Certificate Validation"] == "Certificate is Trusted."


def test_a_refusal_leaves_technician_and_seal(file: Path, keyring: Keyring) -> None:
    for record in (refused_record(), missed_record()):
        file.write_bytes(sign_record(drawn(record).pdf, keyring, record=record))
        assert [s["Signature Field Name"] for s in pdfsig(file)] == ALL_FIELDS[1:]
        assert all(s["Signature Validation"] == "Signature is Valid." for s in pdfsig(file))


def test_names_in_certificates_are_codes_and_numbers(file: Path, signed: bytes) -> None:
    file.write_bytes(signed)
    names = [signature["Signer Certificate Common Name"] for signature in pdfsig(file)]
    assert names == ["Customer of SR-20261121-000001", "Technician T-30417", "Company seal for service records"]


def test_qpdf_finds_nothing_wrong_in_a_signed_record(file: Path, signed: bytes) -> None:
    file.write_bytes(signed)
    run = subprocess.run(["qpdf", "--check", str(file)], capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr


def test_signing_changes_nothing_that_was_drawn(signed: bytes) -> None:
    unsigned = drawn(completed_record()).pdf
    assert signed.startswith(unsigned)
    assert len(signed) > len(unsigned)

"""Records with time-stamps, from a real HTTP service on loopback that misbehaves as real ones do."""

import random
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from dispatch.records.signing.keyring import Keyring
from dispatch.records.signing.sign import Signed, sign_and_stamp, sign_record
from dispatch.records.signing.stamping import StampService, StampTrouble
from dispatch.records.signing.trust import Trust
from dispatch.records.signing.verify import verify_file
from tests.rules.records.conftest import drawn
from tests.rules.records.made_records import completed_record, missed_record
from tests.stamping import TimeStampServer, time_stamp_server

FLIPS = 60


@pytest.fixture(scope="module")
def tsa() -> Iterator[TimeStampServer]:
    with time_stamp_server() as server:
        yield server


@pytest.fixture
def service(tsa: TimeStampServer) -> Iterator[StampService]:
    tsa.behaviour, tsa.gives_lists = "well", True
    yield StampService(tsa.url, [tsa.root[0]], timeout=2)
    tsa.behaviour, tsa.gives_lists = "well", True


@pytest.fixture(scope="module")
def stamped(tsa: TimeStampServer, keyring: Keyring) -> Signed:
    record = completed_record()
    return sign_and_stamp(drawn(record).pdf, keyring, StampService(tsa.url, [tsa.root[0]]), record=record)


def test_with_a_service_every_signature_is_stamped_and_the_file_lasts(stamped: Signed, keyring: Keyring) -> None:
    verdict = verify_file(stamped.pdf, keyring)
    assert verdict.state == "genuine", verdict.reasons
    assert stamped.level == "B-LTA"
    fields = ["CustomerSignature", "TechnicianSignature", "CompanySeal", "ArchiveTimeStamp"]
    assert [one.field for one in verdict.signatures] == fields
    assert all(one.stamped and one.sound for one in verdict.signatures)


def test_without_a_service_nothing_is_stamped(signed: bytes, keyring: Keyring) -> None:
    verdict = verify_file(signed, keyring)
    assert verdict.state == "genuine"
    assert not any(one.stamped for one in verdict.signatures)


def test_an_authority_that_does_not_say_what_it_revoked_leaves_level_t(
    tsa: TimeStampServer, service: StampService, keyring: Keyring
) -> None:
    tsa.gives_lists = False
    record = missed_record()
    made = sign_and_stamp(drawn(record).pdf, keyring, service, record=record)
    assert made.level == "B-T"
    assert verify_file(made.pdf, keyring).state == "genuine"


def signed_parts(data: bytes) -> list[tuple[bytes, bytes]]:
    """Of each signature in file order: the bytes that it covers, and its container without the padding."""
    parts = []
    for found in re.finditer(rb"/ByteRange ?\[ ?(\d+) (\d+) (\d+) (\d+) *\]", data):
        start, length, again, rest = (int(number) for number in found.groups())
        container = bytes.fromhex(data[start + length + 1 : again - 1].decode())
        length_of_der = int.from_bytes(container[2:4]) + 4
        assert container[:2] == b"\x30\x82"
        parts.append((data[start : start + length] + data[again : again + rest], container[:length_of_der]))
    return parts


def test_other_programs_agree(stamped: Signed, file: Path, tsa: TimeStampServer, keyring: Keyring) -> None:
    file.write_bytes(stamped.pdf)
    said = subprocess.run(["pdfsig", str(file)], capture_output=True, text=True, timeout=60).stdout
    assert said.count("Signature is Valid.") == 3  # poppler knows no document time-stamps: openssl looks at that one
    assert said.count("Total document signed") == 1
    checked = subprocess.run(["qpdf", "--check", str(file)], capture_output=True, text=True, timeout=60)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    parts = signed_parts(stamped.pdf)
    assert len(parts) == 4
    content, der, root = (file.with_suffix(end) for end in (".content", ".der", ".pem"))
    for number, (covered, container) in enumerate(parts):
        content.write_bytes(covered)
        der.write_bytes(container)
        is_stamp = number == 3
        top = [tsa.root[0]] if is_stamp else keyring.trust.roots
        root.write_bytes(b"".join(one.public_bytes(Encoding.PEM) for one in top))
        if is_stamp:
            command = ["openssl", "ts", "-verify", "-token_in", "-in", str(der), "-data", str(content)]
        else:
            command = ["openssl", "cms", "-verify", "-inform", "DER", "-in", str(der), "-content", str(content)]
            command += ["-binary", "-purpose", "any", "-cades", "-out", "/dev/null"]
        run = subprocess.run([*command, "-CAfile", str(root)], capture_output=True, text=True, timeout=60)
        assert run.returncode == 0, (number, run.stderr)


TROUBLES = {
    "hangs": "no answer",
    "busy": "no answer",
    "web page": "no answer",
    "cut": "no answer",
    "garbage": "cannot be read|no time-stamp response",
    "rejected": "no quota left",
    "wrong nonce": "another question",
    "no nonce": "another question",
    "other content": "another content",
    "expired": "not trusted, or is out of date",
    "may not stamp": "not trusted, or is out of date",
    "not trusted": "not trusted, or is out of date",
    "clock wrong": "clock",
    "forged": "signature does not hold",
}


@pytest.mark.parametrize("behaviour", TROUBLES)
def test_no_stamp_that_cannot_be_believed_is_taken(
    tsa: TimeStampServer, service: StampService, keyring: Keyring, behaviour: str
) -> None:
    record = missed_record()
    pdf = drawn(record).pdf
    tsa.behaviour = behaviour
    with pytest.raises(StampTrouble, match=TROUBLES[behaviour]):
        sign_and_stamp(pdf, keyring, service, record=record)
    tsa.behaviour = "well"
    assert sign_and_stamp(pdf, keyring, service, record=record).level == "B-LTA"


def test_an_address_where_nobody_listens_is_trouble_too(tsa: TimeStampServer, keyring: Keyring) -> None:
    record = missed_record()
    nobody = StampService("http://127.0.0.1:9/", [tsa.root[0]], timeout=2)
    with pytest.raises(StampTrouble, match="no answer"):
        sign_and_stamp(drawn(record).pdf, keyring, nobody, record=record)


def test_a_verifier_that_does_not_know_the_service_does_not_believe_its_stamps(
    stamped: Signed, keyring: Keyring
) -> None:
    trust = keyring.trust
    assert verify_file(stamped.pdf, Trust.from_pem(trust.to_pem())).state == "genuine"
    blind = Trust(trust.roots, trust.authorities, trust.seals, trust.issuers)
    verdict = verify_file(stamped.pdf, blind)
    assert verdict.state == "altered"
    assert any("时间戳不可信" in reason.zh for reason in verdict.reasons)


def test_flips_and_cuts_are_found_offline(stamped: Signed, keyring: Keyring) -> None:
    data, chance = stamped.pdf, random.Random(20261122)
    assert verify_file(data, keyring.trust).state == "genuine"
    start = data.rindex(b"/Contents <") + len(b"/Contents <")
    end = data.index(b">", start)
    places = [end - 1, start - 1, end] + [chance.randrange(start, end) for _ in range(FLIPS // 2)]
    places += [chance.randrange(len(data)) for _ in range(FLIPS // 2)]
    for place in places:
        changed = bytearray(data)
        changed[place] ^= 1 << chance.choice((0, 5))
        assert not verify_file(bytes(changed), keyring.trust).genuine, place - start
    ends = [place for place in range(len(data)) if data.startswith(b"%%EOF", place)]
    states = [verify_file(data[: place + 6], keyring.trust).state for place in ends]
    assert states == ["altered"] * (len(ends) - 2) + ["genuine", "genuine"] or states[-1] == "genuine"
    assert verify_file(data + b"\n", keyring.trust).state == "altered"


def test_a_record_without_stamps_made_before_stays_genuine(service: StampService, keyring: Keyring) -> None:
    record = missed_record()
    before = sign_record(drawn(record).pdf, keyring, record=record)
    sign_and_stamp(drawn(record).pdf, keyring, service, record=record)
    assert verify_file(before, keyring).state == "genuine"

"""Keys that the company brings: an issuing authority in PKCS#12, and a seal in a hardware module (SoftHSM here)."""

import os
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)

from dispatch.records.signing.certificates import UnusableSeal, organisation_of
from dispatch.records.signing.hsm import Hsm
from dispatch.records.signing.keyring import Keyring
from dispatch.records.signing.sign import sign_record
from dispatch.records.signing.trust import Trust
from dispatch.records.signing.verify import verify_file
from tests.rules.records.conftest import drawn
from tests.rules.records.made_records import completed_record, missed_record
from tests.stamping import a_certificate

PASSWORD = "a password of the test"
PIN, TOKEN, LABEL = "4711", "seals", "company-seal"
LIBRARY = Path("/usr/lib/softhsm/libsofthsm2.so")


def in_a_file(folder: Path, own: tuple[x509.Certificate, object], above: list[x509.Certificate]) -> Path:
    file = folder / "own.p12"
    secret = BestAvailableEncryption(PASSWORD.encode())
    file.write_bytes(pkcs12.serialize_key_and_certificates(b"own", own[1], own[0], above, secret))  # type: ignore[arg-type]
    return file


def test_an_own_authority_issues_the_certificates_of_people(tmp_path: Path) -> None:
    root = a_certificate("Company root", authority=True)
    issuer = a_certificate("Company people", root, authority=True)
    file = in_a_file(tmp_path, issuer, [root[0]])
    keyring = Keyring.open(tmp_path / "keys", issuer_pkcs12=file, issuer_password=PASSWORD)
    assert not keyring.people_are_demo
    record = completed_record()
    signed = sign_record(drawn(record).pdf, keyring, record=record)
    verdict = verify_file(signed, Trust.from_pem(keyring.trust.to_pem()))
    assert verdict.state == "genuine", verdict.reasons
    assert organisation_of(keyring.technician("T-1").certificate) == "Service records"
    # What it issued stays genuine after it was changed; a technician known before gets a certificate of the new one.
    back = Keyring.open(tmp_path / "keys")
    assert verify_file(signed, back).state == "genuine"
    assert back.technician("T-1").certificate.issuer != keyring.technician("T-1").certificate.issuer


def test_strangers_below_the_root_of_our_seal_sign_for_nobody(tmp_path: Path) -> None:
    """A public authority issues seals to many companies, and whatever names they ask for."""
    public = a_certificate("Public root", authority=True)
    seal = a_certificate("Our seal", public)
    keyring = Keyring.open(
        tmp_path / "keys", seal_pkcs12=in_a_file(tmp_path, seal, [public[0]]), seal_password=PASSWORD
    )
    record = completed_record()
    honest = sign_record(drawn(record).pdf, keyring, record=record)
    assert verify_file(honest, keyring.trust).state == "genuine"
    from dispatch.records.signing.certificates import CUSTOMER, SEAL, Identity, issue

    authority = Identity(public[0], public[1])
    for role, name in ((CUSTOMER, f"Customer of {record['number']}"), (SEAL, "Company seal for service records")):
        strangers = issue(name, role, datetime.now(UTC), timedelta(days=2), authority)
        forger = Keyring(
            keyring.folder, keyring._authority, strangers if role == SEAL else seal_of(seal), is_demo=False
        )
        if role == CUSTOMER:
            forger.customer_of = lambda number, made=strangers: made  # type: ignore[method-assign,misc]
        forged = sign_record(drawn(record).pdf, forger, record=record)
        assert verify_file(forged, keyring.trust).state == "altered", role


def seal_of(own: tuple[x509.Certificate, object]) -> "object":
    from dispatch.records.signing.certificates import Identity

    return Identity(own[0], own[1])  # type: ignore[arg-type]


def test_a_seal_is_no_authority_and_an_authority_no_seal(tmp_path: Path) -> None:
    root = a_certificate("Company root", authority=True)
    seal = a_certificate("Company seal", root)
    with pytest.raises(UnusableSeal, match="may not issue"):
        Keyring.open(tmp_path / "a", issuer_pkcs12=in_a_file(tmp_path, seal, [root[0]]), issuer_password=PASSWORD)
    with pytest.raises(UnusableSeal, match="authority's certificate"):
        Keyring.open(tmp_path / "b", seal_pkcs12=in_a_file(tmp_path, root, []), seal_password=PASSWORD)


@pytest.fixture(scope="module")
def token(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[x509.Certificate, x509.Certificate]]:
    """A token with a key that was made outside for this test, and its certificate."""
    if not LIBRARY.exists():
        pytest.skip("needs softhsm2 (`make system`)")
    folder = tmp_path_factory.mktemp("hsm")
    (folder / "tokens").mkdir()
    settings = folder / "softhsm2.conf"
    settings.write_text(f"directories.tokendir = {folder}/tokens\nobjectstore.backend = file\nlog.level = ERROR\n")
    os.environ["SOFTHSM2_CONF"] = str(settings)
    made = ["softhsm2-util", "--init-token", "--free", "--label", TOKEN, "--pin", PIN, "--so-pin", "4712"]
    subprocess.run(made, check=True, capture_output=True)
    root = a_certificate("HSM root", authority=True)
    own = a_certificate("Seal in a module", root, key=rsa.generate_private_key(65537, 2048))
    key = folder / "key.pem"
    key.write_bytes(own[1].private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    taken = ["softhsm2-util", "--import", str(key), "--token", TOKEN, "--label", LABEL, "--id", "01", "--pin", PIN]
    subprocess.run(taken, check=True, capture_output=True)
    import pkcs11
    from pkcs11.util.x509 import decode_x509_certificate

    with pkcs11.lib(str(LIBRARY)).get_token(token_label=TOKEN).open(rw=True, user_pin=PIN) as session:
        for label, certificate in ((LABEL, own[0]), ("root", root[0])):
            described = decode_x509_certificate(certificate.public_bytes(Encoding.DER))
            described |= {pkcs11.Attribute.LABEL: label, pkcs11.Attribute.TOKEN: True}
            session.create_object(described)
    yield own[0], root[0]
    os.environ.pop("SOFTHSM2_CONF")


def test_a_seal_in_a_module_seals_and_its_key_is_nowhere_else(
    tmp_path: Path, token: tuple[x509.Certificate, x509.Certificate]
) -> None:
    keyring = Keyring.open(tmp_path / "keys", hsm=Hsm(LIBRARY, TOKEN, PIN, LABEL))
    assert not keyring.is_demo
    assert keyring.seal.certificate == token[0]
    assert keyring.seal.chain == (token[1],)
    record = missed_record()
    for _ in range(2):  # a session each: the second one works too
        signed = sign_record(drawn(record).pdf, keyring, record=record)
        assert verify_file(signed, Trust.from_pem(keyring.trust.to_pem())).state == "genuine"
    for file in (tmp_path / "keys" / "seals").iterdir():
        assert b"PRIVATE" not in file.read_bytes()


@pytest.mark.parametrize(
    ("hsm", "said"),
    [
        (Hsm(LIBRARY, "another", PIN, LABEL), "another"),
        (Hsm(LIBRARY, TOKEN, "0000", LABEL), "cannot be opened"),
        (Hsm(Path("/nowhere/lib.so"), TOKEN, PIN, LABEL), "cannot be opened"),
        (Hsm(LIBRARY, TOKEN, PIN, "no such label"), "exactly one"),
    ],
)
def test_a_module_that_cannot_be_used_is_told_with_what_to_check(
    tmp_path: Path, token: tuple[x509.Certificate, x509.Certificate], hsm: Hsm, said: str
) -> None:
    del token
    with pytest.raises(UnusableSeal, match=said) as refusal:
        Keyring.open(tmp_path / "keys", hsm=hsm)
    assert hsm.pin not in refusal.value.words.en

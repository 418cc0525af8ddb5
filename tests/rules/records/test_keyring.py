"""Keys: made once, readable by their owner only, and honest about being a demo."""

import datetime
import multiprocessing
import stat
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID

from dispatch.records.signing.certificates import AUTHORITY, Identity, UnusableSeal, common_name_of, issue
from dispatch.records.signing.keyring import Keyring
from dispatch.records.signing.sign import sign_record
from dispatch.records.signing.trust import Trust
from dispatch.records.signing.verify import verify_file
from tests.rules.records.conftest import drawn
from tests.rules.records.made_records import missed_record

PASSWORD = "a password of the test"


def serial_of_new_keyring(folder: str, together: object, answers: object) -> None:
    together.wait()  # type: ignore[attr-defined]
    keyring = Keyring.open(Path(folder))
    answers.put((keyring.seal.certificate.serial_number, keyring.trust.roots[0].serial_number))  # type: ignore[attr-defined]


def test_processes_that_start_at_once_end_with_one_authority(tmp_path: Path) -> None:
    fork = multiprocessing.get_context("fork")
    for round_number in range(5):
        folder, together, answers = tmp_path / str(round_number), fork.Barrier(4), fork.Queue()
        starters = [fork.Process(target=serial_of_new_keyring, args=(str(folder), together, answers)) for _ in range(4)]
        for starter in starters:
            starter.start()
        seen = [answers.get(timeout=60) for _ in starters]
        for starter in starters:
            starter.join()
        assert len(set(seen)) == 1
        assert [file.name for file in folder.iterdir()] == ["authority"]


def test_key_files_are_for_their_owner_only(tmp_path: Path) -> None:
    keyring = Keyring.open(tmp_path / "keys")
    keyring.technician("T-1")
    files = [file for file in (tmp_path / "keys").rglob("*") if file.is_file()]
    assert len(files) == 5
    for file in files:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    for folder in [tmp_path / "keys", *(f for f in (tmp_path / "keys").rglob("*") if f.is_dir())]:
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_the_root_key_is_written_nowhere(tmp_path: Path) -> None:
    Keyring.open(tmp_path / "keys")
    assert b"PRIVATE" not in (tmp_path / "keys" / "authority" / "root.pem").read_bytes()


def test_a_keyring_opened_again_has_the_same_keys(tmp_path: Path) -> None:
    first, second = Keyring.open(tmp_path / "keys"), Keyring.open(tmp_path / "keys")
    assert first.seal.certificate == second.seal.certificate
    assert first.technician("T-1").certificate == second.technician("T-1").certificate
    assert first.technician("T-1").certificate != first.technician("T-2").certificate


def test_a_technician_certificate_is_renewed_before_it_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keyring = Keyring.open(tmp_path / "keys")
    first = keyring.technician("T-1").certificate
    end = first.not_valid_after_utc
    for days, renewed in ((31, False), (29, True)):
        moment = end - datetime.timedelta(days=days)
        monkeypatch.setattr("dispatch.records.signing.keyring.utc_now", lambda moment=moment: moment)
        assert (keyring.technician("T-1").certificate != first) is renewed


def test_a_customer_gets_a_new_key_for_each_signature_and_it_is_not_kept(tmp_path: Path) -> None:
    keyring = Keyring.open(tmp_path / "keys")
    before = sorted((tmp_path / "keys").rglob("*"))
    first, second = keyring.customer_of("SR-1"), keyring.customer_of("SR-1")
    assert first.certificate.public_key() != second.certificate.public_key()
    assert common_name_of(first.certificate) == "Customer of SR-1"
    assert sorted((tmp_path / "keys").rglob("*")) == before


@pytest.mark.parametrize("code", ["工号𬭎", "../../etc/passwd", "x" * 500, "", "a\nb", "\ud800"])
def test_any_technician_code_makes_a_safe_file_and_a_plain_name(tmp_path: Path, code: str) -> None:
    keyring = Keyring.open(tmp_path / "keys")
    name = common_name_of(keyring.technician(code).certificate)
    assert name.isascii()
    assert name.isprintable()
    assert len(list((tmp_path / "keys" / "technicians").iterdir())) == 1
    assert {file.name for file in tmp_path.iterdir()} == {"keys"}


def own_seal(folder: Path) -> tuple[Path, Identity]:
    """A company's own seal, with a Chinese name and an RSA key, below an authority of its own, as PKCS#12."""
    now = datetime.datetime.now(datetime.UTC)
    lasts = datetime.timedelta(days=900)
    root = issue("Another root", AUTHORITY, now, lasts)
    key = rsa.generate_private_key(65537, 2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "某某电信服务记录专用章")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(root.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + lasts)
        .add_extension(x509.KeyUsage(True, True, False, False, False, False, False, False, False), critical=True)
        .sign(root.key, hashes.SHA256())
    )
    encryption = BestAvailableEncryption(PASSWORD.encode())
    file = folder / "seal.p12"
    file.write_bytes(pkcs12.serialize_key_and_certificates(b"seal", key, certificate, [root.certificate], encryption))
    return file, root


def test_a_company_seal_of_its_own_seals_and_verifies(tmp_path: Path) -> None:
    file, root = own_seal(tmp_path)
    keyring = Keyring.open(tmp_path / "keys", seal_pkcs12=file, seal_password=PASSWORD)
    assert not keyring.is_demo
    assert Keyring.open(tmp_path / "keys").is_demo
    record = missed_record()
    signed = sign_record(drawn(record).pdf, keyring, record=record)
    assert verify_file(signed, keyring).state == "genuine"
    assert verify_file(signed, Trust.from_pem(keyring.trust.to_pem())).state == "genuine"
    # Another certificate of the same outside authority is no seal of ours.
    other, _ = issue("Somebody", "Anyone", datetime.datetime.now(datetime.UTC), datetime.timedelta(days=9), root), None
    forger = Keyring(keyring.folder, keyring._authority, other, is_demo=False)
    forged = sign_record(drawn(record).pdf, forger, record=record)
    assert verify_file(forged, keyring).state == "altered"


def test_a_record_sealed_with_an_earlier_seal_stays_genuine(tmp_path: Path) -> None:
    file, _ = own_seal(tmp_path)
    record = missed_record()
    early = Keyring.open(tmp_path / "keys", seal_pkcs12=file, seal_password=PASSWORD)
    signed = sign_record(drawn(record).pdf, early, record=record)
    assert verify_file(signed, Keyring.open(tmp_path / "keys")).state == "genuine"


@pytest.mark.parametrize("damage", ["password", "content", "missing"])
def test_an_unreadable_seal_is_refused_with_what_to_do(tmp_path: Path, damage: str) -> None:
    file, _ = own_seal(tmp_path)
    if damage == "content":
        file.write_bytes(b"no seal")
    if damage == "missing":
        file = tmp_path / "elsewhere.p12"
    password = "wrong" if damage == "password" else PASSWORD
    with pytest.raises(UnusableSeal) as refusal:
        Keyring.open(tmp_path / "keys", seal_pkcs12=file, seal_password=password)
    assert "密码" in refusal.value.words.zh
    assert PASSWORD not in refusal.value.words.en

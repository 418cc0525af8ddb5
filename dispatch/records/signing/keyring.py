"""The keys that sign records: a demo authority made at first start, or the company's own seal from a PKCS#12 file.

Of the demo authority, the root signs the intermediate once and its key is forgotten; each technician has a
certificate; a customer gets one for one record, whose key is never written anywhere.
"""

import os
import shutil
import uuid
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12

from checklists.words import Words
from dispatch.clock import utc_now
from dispatch.errors import Invalid
from dispatch.records.canonical import sha256_hex
from dispatch.records.signing.certificates import (
    AUTHORITY,
    CUSTOMER,
    SEAL,
    TECHNICIAN,
    YEARS_OF_AUTHORITY,
    Identity,
    ascii_name,
    issue,
)
from dispatch.records.signing.trust import Trust

TECHNICIAN_LASTS = timedelta(days=1095)
RENEWED_BEFORE_END = timedelta(days=30)
EVENT_LASTS = timedelta(days=2)


class UnusableSeal(Invalid):
    """The PKCS#12 file cannot be used to seal records."""

    name = "unusable-seal"
    title = Words("企业印章无法使用", "Unusable company seal")


class Keyring:
    """Keys and certificates in one folder. Open it with `Keyring.open`."""

    def __init__(self, folder: Path, authority: Identity, seal: Identity, *, is_demo: bool) -> None:
        self.folder = folder
        self.seal = seal
        self.is_demo = is_demo
        """Is the seal from the demo authority, which proves nothing to a stranger?"""
        self._authority = authority

    @classmethod
    def open(cls, folder: Path, *, seal_pkcs12: Path | None = None, seal_password: str = "") -> "Keyring":
        """The keyring in `folder`, made if there is none yet; two processes that start at once end with one.

        With `seal_pkcs12` the company seal comes from that file. Raises UnusableSeal when it cannot be read.
        """
        place = folder / "authority"
        if not place.exists():
            _make_authority(place, utc_now())
        authority = Identity.from_pem((place / "intermediate.pem").read_bytes())
        if seal_pkcs12 is None:
            return cls(folder, authority, Identity.from_pem((place / "seal.pem").read_bytes()), is_demo=True)
        seal = _read_pkcs12(seal_pkcs12, seal_password)
        keyring = cls(folder, authority, seal, is_demo=False)
        keyring._remember_seal(seal)
        return keyring

    @property
    def trust(self) -> Trust:
        """What a verifier needs: the demo root and intermediate, and every own seal that was ever used here."""
        intermediate, (root,) = self._authority.certificate, self._authority.chain
        roots, authorities, seals = [root], [intermediate], []
        for file in sorted((self.folder / "seals").glob("*.pem")):
            first, *above = x509.load_pem_x509_certificates(file.read_bytes())
            seals.append(first)
            *between, top = [first, *above]
            roots.append(top)
            authorities += [certificate for certificate in between if certificate != first]
        return Trust(tuple(roots), tuple(authorities), tuple(seals))

    def technician(self, code: str) -> Identity:
        """The technician's identity, made at first use and renewed in time."""
        now = utc_now()
        place = self.folder / "technicians" / f"{sha256_hex(code.encode('utf-8', 'backslashreplace'))[:32]}.pem"
        if place.exists():
            known = Identity.from_pem(place.read_bytes())
            if known.certificate.not_valid_after_utc - now > RENEWED_BEFORE_END:
                return known
        name = f"Technician {ascii_name(code)}"
        made = issue(name, TECHNICIAN, now, TECHNICIAN_LASTS, self._authority)
        _write_whole(place, made.to_pem())
        return made

    def customer_of(self, number: str) -> Identity:
        """A new identity for the customer of record `number`, for this one signature; it is written nowhere."""
        name = customer_name(number)
        return issue(name, CUSTOMER, utc_now(), EVENT_LASTS, self._authority)

    def _remember_seal(self, seal: Identity) -> None:
        certificates = b"".join(c.public_bytes(Encoding.PEM) for c in (seal.certificate, *seal.chain))
        _write_whole(self.folder / "seals" / f"{sha256_hex(certificates)[:32]}.pem", certificates)


def customer_name(number: str) -> str:
    """What the customer of a record is called in their certificate."""
    return f"Customer of {ascii_name(number)}"


def _make_authority(place: Path, now: datetime) -> None:
    """Make all of the authority in a folder beside, then move it into place at once: the first one wins."""
    lasts = timedelta(days=365 * YEARS_OF_AUTHORITY)
    root = issue("Doorstep demo root", AUTHORITY, now, lasts, path_length=1)
    intermediate = issue("Doorstep demo records", AUTHORITY, now, lasts, root, path_length=0)
    seal = issue("Company seal for service records", SEAL, now, lasts, intermediate)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = place.parent / f".making-{uuid.uuid4().hex}"
    beside.mkdir(mode=0o700)
    try:
        _write_whole(beside / "root.pem", root.certificate.public_bytes(Encoding.PEM))
        _write_whole(beside / "intermediate.pem", intermediate.to_pem())
        _write_whole(beside / "seal.pem", seal.to_pem())
        beside.rename(place)
        _settle(place.parent)
    except OSError:
        if not (place / "seal.pem").exists():
            raise
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _write_whole(place: Path, content: bytes) -> None:
    """Write a file that only its owner may read, so that it is there whole or not at all."""
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = place.with_name(f".{uuid.uuid4().hex}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(place)
    _settle(place.parent)


def _settle(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _read_pkcs12(file: Path, password: str) -> Identity:
    try:
        key, certificate, above = pkcs12.load_key_and_certificates(file.read_bytes(), password.encode() or None)
    except (OSError, ValueError) as problem:
        raise UnusableSeal(
            Words(
                f"无法读取企业印章文件 {file.name}。请检查路径和密码设置。",
                f"The company seal {file.name} cannot be read. Check the settings for its path and password.",
            )
        ) from problem
    if certificate is None or not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise UnusableSeal(
            Words(
                f"企业印章文件 {file.name} 须含证书及 RSA 或椭圆曲线私钥。请换用完整的文件。",
                f"The company seal {file.name} must hold a certificate and an RSA or EC key. Use a complete file.",
            )
        )
    return Identity(certificate, key, _in_order(certificate, above))


def _in_order(certificate: x509.Certificate, above: list[x509.Certificate]) -> tuple[x509.Certificate, ...]:
    """The certificates above `certificate`, nearest first, whatever the order in the file."""
    chain: list[x509.Certificate] = []
    below = certificate
    while below.issuer != below.subject:
        issuer = next((c for c in above if c.subject == below.issuer and c not in chain), None)
        if issuer is None:
            break
        chain.append(issuer)
        below = issuer
    return tuple(chain)

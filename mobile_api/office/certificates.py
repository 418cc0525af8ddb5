"""A certificate authority of this installation alone, and a certificate for this machine's office addresses.

The authority is bound by name constraints to private networks and to `localhost`: should its key ever be taken, it can
speak for nothing on the internet. Keys are written 0600 before anything else can be read in them.
"""

import ipaddress
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from mobile_api.office.addresses import PRIVATE

AUTHORITY_LASTS = timedelta(days=3650)
SERVER_LASTS = timedelta(days=397)  # Apple's and Chrome's limit for servers
RENEWED_BEFORE = timedelta(days=30)
CLOCKS_MAY_DIFFER = timedelta(days=1)
ALWAYS = ("127.0.0.1",)


@dataclass(frozen=True)
class OfficeCertificate:
    """Where the files lie: the server's chain and key for TLS, and the authority's certificate for phones."""

    chain: Path
    key: Path
    authority: Path
    fingerprint: str


def office_certificate(folder: Path, addresses: Sequence[str], now: datetime) -> OfficeCertificate:
    """The certificate for these addresses, made or renewed where needed. The authority stays the same."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    authority_key, authority = _authority(folder, now)
    chain, key = folder / "server.crt", folder / "server.key"
    if not _still_good(chain, key, authority, addresses, now):
        _make_server(chain, key, authority_key, authority, addresses, now)
    digest = authority.fingerprint(hashes.SHA256()).hex().upper()
    return OfficeCertificate(
        chain, key, folder / "authority.crt", ":".join(digest[at : at + 2] for at in range(0, len(digest), 2))
    )


def _authority(folder: Path, now: datetime) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key_file, file = folder / "authority.key", folder / "authority.crt"
    if key_file.exists() and file.exists():
        key = load_pem_private_key(key_file.read_bytes(), password=None)
        certificate = x509.load_pem_x509_certificate(file.read_bytes())
        if isinstance(key, ec.EllipticCurvePrivateKey) and now < certificate.not_valid_after_utc - SERVER_LASTS:
            return key, certificate
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name(f"Doorstep office network {os.urandom(3).hex()}")
    permitted: list[x509.GeneralName] = [x509.IPAddress(block) for block in PRIVATE]
    permitted += [x509.IPAddress(ipaddress.ip_network("127.0.0.0/8")), x509.DNSName("localhost")]
    certificate = (
        _builder(name, name, key, now, AUTHORITY_LASTS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.NameConstraints(permitted, None), critical=True)
        .sign(key, hashes.SHA256())
    )
    _write(key_file, _pem(key), 0o600)
    _write(file, certificate.public_bytes(Encoding.PEM), 0o644)
    return key, certificate


def _make_server(
    chain: Path,
    key_file: Path,
    authority_key: ec.EllipticCurvePrivateKey,
    authority: x509.Certificate,
    addresses: Sequence[str],
    now: datetime,
) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    names: list[x509.GeneralName] = [x509.IPAddress(ipaddress.ip_address(one)) for one in (*addresses, *ALWAYS)]
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key())
    certificate = (
        _builder(_name("Doorstep on the office network"), authority.subject, key, now, SERVER_LASTS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName([*names, x509.DNSName("localhost")]), critical=False)
        .add_extension(identifier, critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    _write(key_file, _pem(key), 0o600)
    _write(chain, certificate.public_bytes(Encoding.PEM) + authority.public_bytes(Encoding.PEM), 0o644)


def _still_good(
    chain: Path, key_file: Path, authority: x509.Certificate, addresses: Sequence[str], now: datetime
) -> bool:
    if not chain.exists() or not key_file.exists():
        return False
    certificate = x509.load_pem_x509_certificates(chain.read_bytes())[0]
    key = load_pem_private_key(key_file.read_bytes(), password=None)
    named = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    held = {str(address) for address in named.get_values_for_type(x509.IPAddress)}
    return (
        certificate.issuer == authority.subject
        and certificate.public_key() == key.public_key()
        and held == {*addresses, *ALWAYS}
        and now < certificate.not_valid_after_utc - RENEWED_BEFORE
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, now: datetime, lasts: timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - CLOCKS_MAY_DIFFER)
        .not_valid_after(now - CLOCKS_MAY_DIFFER + lasts)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates, key_cert_sign=signs_certificates, crl_sign=signs_certificates,
        content_commitment=False, key_encipherment=False, data_encipherment=False, key_agreement=False,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _write(path: Path, content: bytes, mode: int) -> None:
    """Whole or not at all, and never readable by others on the way."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)

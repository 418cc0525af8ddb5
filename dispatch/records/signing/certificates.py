"""Certificates of the demo authority: what each says, for how long, and how it is written to a file.

Names in certificates are plain ASCII (codes and numbers, never a person's characters): the library that reads
them refuses rarer Chinese characters, and a code says more to a verifier than a name.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from checklists.words import Words
from dispatch.errors import Invalid

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
ORGANISATION = "Doorstep demo authority"
AUTHORITY, CUSTOMER, TECHNICIAN, SEAL = "Authority", "Customer event", "Technician", "Company seal"
YEARS_OF_AUTHORITY = 20
CLOCKS_MAY_DIFFER = timedelta(hours=1)
LIST_LASTS = timedelta(days=7)


class UnusableSeal(Invalid):
    """The keys that the settings name cannot be used to sign records."""

    name = "unusable-seal"
    title = Words("企业印章无法使用", "Unusable company seal")


@dataclass(frozen=True)
class Identity:
    """Who signs: a certificate, its key, and the certificates above it, nearest first."""

    certificate: x509.Certificate
    key: PrivateKey
    chain: tuple[x509.Certificate, ...] = ()

    def to_pem(self) -> bytes:
        """Key, certificate and chain as one PEM text."""
        key = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return key + b"".join(c.public_bytes(Encoding.PEM) for c in (self.certificate, *self.chain))

    @classmethod
    def from_pem(cls, text: bytes) -> "Identity":
        """Read what `to_pem` wrote; raises ValueError for anything else."""
        key = load_pem_private_key(text, password=None)
        if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
            raise ValueError("only elliptic-curve and RSA keys can sign records")
        first, *above = x509.load_pem_x509_certificates(text)
        return cls(first, key, tuple(above))


def ascii_name(name: str) -> str:
    """`name` if it is plain ASCII of at most 48 characters, or a fingerprint of it."""
    if name.isascii() and name.isprintable() and 0 < len(name) <= 48:
        return name
    return hashlib.sha256(name.encode("utf-8", "backslashreplace")).hexdigest()[:16]


def issue(
    common_name: str,
    role: str,
    now: datetime,
    lasts: timedelta,
    issuer: Identity | None = None,
    path_length: int | None = None,
) -> Identity:
    """A new key and its certificate, signed by `issuer` or by itself; an authority where `role` says so."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = _name(common_name, role, _organisation(issuer))
    parent = issuer.key if issuer else key
    authority = role == AUTHORITY
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - CLOCKS_MAY_DIFFER)
        .not_valid_after(now + lasts)
        .add_extension(x509.BasicConstraints(authority, path_length if authority else None), critical=True)
        .add_extension(_usage(authority), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(parent.public_key()), critical=False)
        .sign(parent, hashes.SHA256())
    )
    return Identity(certificate, key, (issuer.certificate, *issuer.chain) if issuer else ())


def revocation_list(issuer: Identity, now: datetime, lasts: timedelta = LIST_LASTS) -> bytes:
    """The (empty) list of what `issuer` has revoked, PEM: what it issues lives for days, or is renewed."""
    made = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(now - CLOCKS_MAY_DIFFER)
        .next_update(now + lasts)
        .add_extension(x509.CRLNumber(int(now.timestamp())), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()), critical=False)
        .sign(issuer.key, hashes.SHA256())
    )
    return made.public_bytes(Encoding.PEM)


def in_order(certificate: x509.Certificate, above: list[x509.Certificate]) -> tuple[x509.Certificate, ...]:
    """The certificates above `certificate`, nearest first, whatever the order in which they were found."""
    chain: list[x509.Certificate] = []
    below = certificate
    while below.issuer != below.subject:
        issuer = next((c for c in above if c.subject == below.issuer and c not in chain), None)
        if issuer is None:
            break
        chain.append(issuer)
        below = issuer
    return tuple(chain)


def role_of(certificate: x509.Certificate) -> str:
    """The role that the demo authority wrote into a certificate; empty for others'."""
    return _attribute(certificate, NameOID.ORGANIZATIONAL_UNIT_NAME)


def common_name_of(certificate: x509.Certificate) -> str:
    """The certificate's common name; empty where it has none."""
    return _attribute(certificate, NameOID.COMMON_NAME)


def organisation_of(certificate: x509.Certificate) -> str:
    """The organisation in a certificate; empty where it has none."""
    return _attribute(certificate, NameOID.ORGANIZATION_NAME)


def _attribute(certificate: x509.Certificate, oid: x509.ObjectIdentifier) -> str:
    found = certificate.subject.get_attributes_for_oid(oid)
    return str(found[0].value) if found else ""


def _organisation(issuer: Identity | None) -> str:
    """The organisation of whoever issues, as far as it is plain ASCII."""
    if issuer is None:
        return ORGANISATION
    own = _attribute(issuer.certificate, NameOID.ORGANIZATION_NAME)
    return own if own.isascii() and own.isprintable() and 0 < len(own) <= 64 else "Service records"


def _name(common_name: str, role: str, organisation: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, role),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _usage(authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=not authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )

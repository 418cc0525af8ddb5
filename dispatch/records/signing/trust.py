"""Whom a verifier believes: the roots, the authorities below them, and the seals of companies that brought their own.

It is all public, so it can be handed to anyone who wants to check records away from the server.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import Encoding

from dispatch.records.signing.certificates import SEAL, role_of


@dataclass(frozen=True)
class Trust:
    """Roots, authorities below them, and seals that are known by name (from PKCS#12 files)."""

    roots: tuple[x509.Certificate, ...]
    authorities: tuple[x509.Certificate, ...] = ()
    seals: tuple[x509.Certificate, ...] = ()

    def to_pem(self) -> bytes:
        """All certificates as one PEM text, for `from_pem`."""
        known = (*self.roots, *self.authorities, *self.seals)
        return b"".join(certificate.public_bytes(Encoding.PEM) for certificate in known)

    @classmethod
    def from_pem(cls, text: bytes) -> "Trust":
        """Sort certificates into roots, authorities and seals. A single root is enough to verify demo records.

        Raises ValueError where no root is among them.
        """
        certificates = x509.load_pem_x509_certificates(text)
        roots = tuple(c for c in certificates if _is_authority(c) and c.subject == c.issuer)
        if not roots:
            raise ValueError("the file holds no root certificate")
        authorities = tuple(c for c in certificates if _is_authority(c) and c.subject != c.issuer)
        return cls(roots, authorities, tuple(c for c in certificates if not _is_authority(c)))

    def issued(self, certificate: x509.Certificate, others: Iterable[x509.Certificate]) -> bool:
        """Was `certificate` issued below one of the roots (whatever the dates say)? `others` may lie between."""
        between = [c for c in others if any(_issued_by(c, root) for root in self.roots)]
        above = (*self.roots, *self.authorities, *between)
        return certificate in self.roots or any(_issued_by(certificate, authority) for authority in above)

    def is_seal(self, certificate: x509.Certificate) -> bool:
        """May this certificate seal records for the company?"""
        by_name = any(certificate.subject == seal.subject for seal in self.seals)
        return by_name or role_of(certificate) == SEAL


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        constraints = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value
    except x509.ExtensionNotFound:
        return False
    return constraints.ca


def _issued_by(certificate: x509.Certificate, authority: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(authority)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True

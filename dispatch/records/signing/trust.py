"""Whom a verifier believes: roots, the authorities below them, who issues people's certificates, whose time-stamps.

It is all public, so it can be handed to anyone who wants to check records away from the server.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import Encoding

from dispatch.records.signing.certificates import SEAL, role_of

SECTIONS = ("roots", "authorities", "seals", "issuers", "stampers")


@dataclass(frozen=True)
class Trust:
    """Roots, authorities below them, seals known by name, who issues people's certificates, roots of time-stamps."""

    roots: tuple[x509.Certificate, ...]
    authorities: tuple[x509.Certificate, ...] = ()
    seals: tuple[x509.Certificate, ...] = ()
    issuers: tuple[x509.Certificate, ...] = ()
    stampers: tuple[x509.Certificate, ...] = ()

    def to_pem(self) -> bytes:
        """All certificates as one PEM text with a line of its own before each kind, for `from_pem`."""
        parts = []
        for section in SECTIONS:
            parts.append(f"# {section}\n".encode())
            parts += [certificate.public_bytes(Encoding.PEM) for certificate in getattr(self, section)]
        return b"".join(parts)

    @classmethod
    def from_pem(cls, text: bytes) -> "Trust":
        """Read what `to_pem` wrote; a bare list is sorted, and a single root is enough to verify demo records.

        Raises ValueError where no root is among them.
        """
        if b"# roots\n" in text:
            found: dict[str, tuple[x509.Certificate, ...]] = {}
            for part in text.split(b"# ")[1:]:
                name, _, listed = part.partition(b"\n")
                if name.decode("ascii", "replace") in SECTIONS and listed.strip():
                    found[name.decode()] = tuple(x509.load_pem_x509_certificates(listed))
            if not found.get("roots"):
                raise ValueError("the file holds no root certificate")
            return cls(**found)
        certificates = x509.load_pem_x509_certificates(text)
        roots = tuple(c for c in certificates if _is_authority(c) and c.subject == c.issuer)
        if not roots:
            raise ValueError("the file holds no root certificate")
        authorities = tuple(c for c in certificates if _is_authority(c) and c.subject != c.issuer)
        return cls(roots, authorities, tuple(c for c in certificates if not _is_authority(c)))

    def issued(self, certificate: x509.Certificate, others: Iterable[x509.Certificate]) -> bool:
        """Was `certificate` issued below one of the roots (whatever the dates say)? `others` may lie between."""
        between = [c for c in others if any(issued_by(c, root) for root in self.roots)]
        above = (*self.roots, *self.authorities, *between)
        return certificate in self.roots or any(issued_by(certificate, authority) for authority in above)

    def is_persons(self, certificate: x509.Certificate) -> bool:
        """Was it issued by whoever issues certificates here? A root that also issues to strangers does not count."""
        if self.issuers:
            return any(issued_by(certificate, issuer) for issuer in self.issuers)
        return not self.seals

    def is_seal(self, certificate: x509.Certificate) -> bool:
        """May this certificate seal records for the company? By its name, below the one who issued that seal."""
        if any(certificate.subject == seal.subject and certificate.issuer == seal.issuer for seal in self.seals):
            return True
        return role_of(certificate) == SEAL and self.is_persons(certificate)


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        constraints = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value
    except x509.ExtensionNotFound:
        return False
    return constraints.ca


def issued_by(certificate: x509.Certificate, authority: x509.Certificate) -> bool:
    """Does the signature on `certificate` come from `authority`?"""
    try:
        certificate.verify_directly_issued_by(authority)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True

"""One certificate in two forms: what our own checks read, and what pyHanko reads."""

from typing import Any

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding


def as_asn1(certificate: x509.Certificate) -> Any:
    """The same certificate in the form that pyHanko reads."""
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))


def as_cryptography(certificate: Any) -> x509.Certificate:
    """The same certificate in the form that our own checks read."""
    return x509.load_der_x509_certificate(certificate.dump())

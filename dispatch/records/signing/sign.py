"""Three signatures on one record: the customer's, the technician's, then the company's seal over everything.

PAdES (ETSI EN 319 142-1): B-B without a time-stamp service. With one, each signature gets a time-stamp, and the whole
file a last one over what is needed to check it decades later (`lasting`). All visible fields are in the drawn PDF
already, with what they show, so that no signature changes anything but its own field and none breaks an earlier one.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

from asn1crypto import keys as asn1_keys
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.stamp.noop import NoOpStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from dispatch.records.fields import COMPANY_FIELD, CUSTOMER_FIELD, TECHNICIAN_FIELD
from dispatch.records.signing.certificates import Identity
from dispatch.records.signing.forms import as_asn1
from dispatch.records.signing.hsm import HsmIdentity, session_with
from dispatch.records.signing.keyring import Keyring
from dispatch.records.signing.lasting import make_lasting
from dispatch.records.signing.stamping import StampService
from dispatch.records.signing.writer import RecordWriter

Level = Literal["B-B", "B-T", "B-LTA"]


@dataclass(frozen=True)
class Signed:
    """The signed PDF and how long its signatures can be proven: ETSI's baseline level that all of them reach."""

    pdf: bytes
    level: Level


@dataclass(frozen=True)
class Signing:
    """One signature that is to be made."""

    field: str
    identity: Identity | HsmIdentity
    name: str
    reason: str


def sign_record(pdf: bytes, keyring: Keyring, *, record: dict[str, Any]) -> bytes:
    """Sign without time-stamps (B-B); as `sign_and_stamp` otherwise. Takes about 50 ms a signature."""
    return sign_and_stamp(pdf, keyring, None, record=record).pdf


def sign_and_stamp(pdf: bytes, keyring: Keyring, service: StampService | None, *, record: dict[str, Any]) -> Signed:
    """Sign the drawn `pdf` of `record` for everyone who signed it, the company last.

    A customer who refused, or was not met, has no field and no signature. With a time-stamp `service` the level is
    B-LTA, or B-T where an authority does not say what it has revoked. Raises StampTrouble when the service gives no
    time-stamp, and pyHanko's SigningError where the PDF lacks a field that the record calls for.
    """
    for signing in who_signs(keyring, record):
        pdf = _sign(pdf, signing, service)
    if service is None:
        return Signed(pdf, "B-B")
    pdf, is_lasting = make_lasting(pdf, keyring, service)
    keyring.remember_stampers(service.stamper.used_roots)
    return Signed(pdf, "B-LTA" if is_lasting else "B-T")


def who_signs(keyring: Keyring, record: dict[str, Any]) -> list[Signing]:
    """The signatures that the record calls for, in their order."""
    number = str(record["number"])
    signed = {s.get("who"): s for s in record.get("signatures") or [] if not s.get("refused_reason")}
    signings = []
    if "customer" in signed:
        name = str(signed["customer"].get("name") or "")
        identity = keyring.customer_of(number)
        signings.append(Signing(CUSTOMER_FIELD, identity, name, f"客户确认 Confirmed by the customer: {number}"))
    if "technician" in signed:
        technician = record.get("technician") or {}
        name = str(signed["technician"].get("name") or technician.get("name") or "")
        identity = keyring.technician(str(technician.get("code") or ""))
        signings.append(Signing(TECHNICIAN_FIELD, identity, name, f"装维人员确认 Done by the technician: {number}"))
    company = record.get("company") or {}
    name = str(company.get("zh") or company.get("en") or "")
    signings.append(Signing(COMPANY_FIELD, keyring.seal, name, f"封存 Sealed by the company: {number}"))
    return signings


def _sign(pdf: bytes, signing: Signing, service: StampService | None) -> bytes:
    metadata = signers.PdfSignatureMetadata(
        field_name=signing.field,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        name=signing.name or None,
        reason=signing.reason,
    )
    writer = RecordWriter(io.BytesIO(pdf))
    stamper = service.stamper if service else None
    with _signer(signing.identity) as who:
        signer = signers.PdfSigner(metadata, who, timestamper=stamper, stamp_style=NoOpStampStyle())
        signed: io.BytesIO = signer.sign_pdf(writer, existing_fields_only=True)
    return signed.getvalue()


@contextmanager
def _signer(identity: Identity | HsmIdentity) -> Iterator[signers.Signer]:
    above = [as_asn1(certificate) for certificate in identity.chain]
    if isinstance(identity, HsmIdentity):
        from pyhanko.sign.pkcs11 import PKCS11Signer

        with session_with(identity.hsm) as session:
            yield PKCS11Signer(
                session,
                signing_cert=as_asn1(identity.certificate),
                key_label=identity.hsm.label,
                ca_chain=above,
                embed_roots=False,
            )
        return
    chain = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    chain.register_multiple(above)
    key = identity.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    yield signers.SimpleSigner(
        signing_cert=as_asn1(identity.certificate),
        signing_key=asn1_keys.PrivateKeyInfo.load(key),
        cert_registry=chain,
        embed_roots=False,
    )

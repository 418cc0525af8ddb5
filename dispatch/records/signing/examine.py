"""What the signatures of a PDF prove, looked at strictly: every byte must be what was signed, and by whom.

`pdfsig` and most viewers call a file valid to which something was added after signing; here nothing may be.
"""

import io
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from asn1crypto import cms
from cryptography import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from checklists.words import Words
from dispatch.records.canonical import canonical_json
from dispatch.records.fields import COMPANY_FIELD, CUSTOMER_FIELD, FIELDS_IN_ORDER, TECHNICIAN_FIELD
from dispatch.records.signing import verdict as say
from dispatch.records.signing.certificates import CUSTOMER, TECHNICIAN, ascii_name, common_name_of, role_of
from dispatch.records.signing.keyring import customer_name
from dispatch.records.signing.sign import as_asn1
from dispatch.records.signing.trust import Trust

MAY_SIGN = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False)


@dataclass
class Findings:
    """What was found in a file; `problems` is empty when everything is as it was sealed."""

    problems: list[Words] = field(default_factory=list)
    signatures: list[say.SignatureFound] = field(default_factory=list)
    record: dict[str, Any] | None = None
    ours: bool = False
    """Does at least one certificate inside come from our authority?"""
    unsigned: bool = False
    """Was no signature found (or could none be read)?"""


def examine(data: bytes, trust: Trust) -> Findings:
    """Look at all signatures and the record inside. Raises whatever pyHanko raises on what it cannot read.

    The seal comes first, because it covers every byte: when it does not hold, nothing else is worth the time.
    """
    reader = PdfFileReader(io.BytesIO(data), strict=True)
    found = Findings()
    embedded = list(reader.embedded_signatures)
    if not embedded:
        found.problems.append(say.NO_SIGNATURES)
        found.unsigned = True
        return found
    names = tuple(signature.field_name for signature in embedded)
    fields = {name for name, _, _ in enumerate_sig_fields(reader)}
    expected = tuple(name for name in FIELDS_IN_ORDER if name in names)
    *earlier, seal = embedded
    found.ours = any(_is_ours(signature, trust) for signature in embedded)
    if not found.ours:
        found.problems.append(say.STRANGE_SIGNERS)
    if names != expected or fields != set(names) or names[-1] != COMPANY_FIELD:
        found.problems.append(say.WRONG_FIELDS)
    if found.problems:
        return found
    _look_at(seal, data, trust, found, last=True)
    found.record = record_inside(reader)
    if found.record is None:
        found.problems.append(say.NO_DATA)
    if not found.problems:
        for signature in earlier:
            _look_at(signature, data, trust, found, last=False)
        found.signatures.append(found.signatures.pop(0))
    return found


def _is_ours(signature: EmbeddedPdfSignature, trust: Trust) -> bool:
    others = [as_cryptography(certificate) for certificate in signature.other_embedded_certs]
    return trust.issued(as_cryptography(signature.signer_cert), others)


def record_inside(reader: PdfFileReader) -> dict[str, Any] | None:
    """The attached record.json, if it is there and written as we write it."""
    try:
        name, attached = reader.root["/Names"]["/EmbeddedFiles"]["/Names"]
        content = attached.get_object()["/EF"]["/F"].data
        record = json.loads(content)
        if str(name) != "record.json" or canonical_json(record) != content:
            return None
    except (KeyError, ValueError, TypeError, AttributeError, RecursionError):
        return None
    return record if isinstance(record, dict) else None


def _look_at(signature: EmbeddedPdfSignature, data: bytes, trust: Trust, found: Findings, *, last: bool) -> None:
    signer = as_cryptography(signature.signer_cert)
    problems = [
        problem.with_facts(field=signature.field_name)
        for problem in _problems(signature, data, trust, found.record, last=last)
    ]
    found.problems += problems
    found.signatures.append(
        say.SignatureFound(
            signature.field_name, common_name_of(signer), signature.self_reported_timestamp, not problems
        )
    )


def _problems(
    signature: EmbeddedPdfSignature, data: bytes, trust: Trust, record: dict[str, Any] | None, *, last: bool
) -> list[Words]:
    signer = as_cryptography(signature.signer_cert)
    problems = []
    if not plainly_written(signature, data, trust):
        problems.append(say.SIGNATURE_BROKEN)
    if not fits(signature.field_name, signer, trust, record):
        problems.append(say.WRONG_SIGNER)
    status = validate_pdf_signature(
        signature,
        signer_validation_context=_context(trust, signature.self_reported_timestamp),
        key_usage_settings=MAY_SIGN,
    )
    if not status.intact:
        problems.append(say.CONTENT_CHANGED)
    if not status.valid:
        problems.append(say.SIGNATURE_BROKEN)
    if not status.trusted:
        problems.append(say.NOT_TRUSTED)
    if last:
        whole = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
        if not whole or status.modification_level != ModificationLevel.NONE:
            problems.append(say.ADDED_AFTER_SEAL)
    else:
        whole = status.coverage == SignatureCoverageLevel.ENTIRE_REVISION
        level = status.modification_level
        if not whole or level is None or level > ModificationLevel.FORM_FILLING or not status.docmdp_ok:
            problems.append(say.CONTENT_CHANGED)
    return list(dict.fromkeys(problems))


def _context(trust: Trust, moment: datetime | None) -> ValidationContext:
    """Certificates are judged at the time of signing: a customer's lasts two days, a record for decades."""
    return ValidationContext(
        trust_roots=[as_asn1(root) for root in trust.roots],
        other_certs=[as_asn1(authority) for authority in trust.authorities],
        moment=moment,
        allow_fetching=False,
        revocation_mode="soft-fail",
    )


def fits(field_name: str, signer: x509.Certificate, trust: Trust, record: dict[str, Any] | None) -> bool:
    """Does this certificate belong into this field of this record?"""
    if field_name == COMPANY_FIELD:
        return trust.is_seal(signer)
    about = record or {}
    if field_name == CUSTOMER_FIELD:
        own = customer_name(str(about.get("number")))
        return role_of(signer) == CUSTOMER and common_name_of(signer) == own
    if field_name == TECHNICIAN_FIELD:
        code = str((about.get("technician") or {}).get("code") or "")
        return role_of(signer) == TECHNICIAN and common_name_of(signer) == f"Technician {ascii_name(code)}"
    return False


def plainly_written(signature: EmbeddedPdfSignature, data: bytes, trust: Trust) -> bool:
    """Is the signature container written in the one way in which we write it?

    Its bytes lie outside of what it signs, so nothing else would notice changes in its padding, in the case of its
    hexadecimal digits, or in parts of the container that are not signed.
    """
    _, before, after, _ = (int(number) for number in signature.byte_range)
    written = data[before:after]
    container = signature.pkcs7_content
    if written != b"<" + container.hex().upper().encode() + b">":
        return False
    content = cms.ContentInfo.load(container, strict=False)
    # Wrapped anew, the content must be as long as the container says: a longer one would swallow the padding.
    der = cms.ContentInfo({"content_type": "signed_data", "content": content["content"]}).dump()
    if container[: len(der)] != der or any(container[len(der) :]):
        return False
    signed = content["content"]
    signers, inner = signed["signer_infos"], signed["encap_content_info"]
    if len(signers) != 1 or signers[0]["unsigned_attrs"].native or signed["crls"].native:
        return False
    if signed["version"].native != "v1" or signers[0]["version"].native != "v1":
        return False
    named, certificate = signers[0]["sid"].chosen, signature.signer_cert
    if (
        named["issuer"].dump() != certificate.issuer.dump()
        or named["serial_number"].native != certificate.serial_number
    ):
        return False
    algorithms = [algorithm.dump() for algorithm in signed["digest_algorithms"]]
    if algorithms != [signers[0]["digest_algorithm"].dump()] or inner["content"].native is not None:
        return False
    known = {as_asn1(c).dump() for c in (*trust.roots, *trust.authorities)} | {signature.signer_cert.dump()}
    return not trust.authorities or all(c.chosen.dump() in known for c in signed["certificates"])


def as_cryptography(certificate: Any) -> x509.Certificate:
    """The same certificate in the form that our own checks read."""
    return x509.load_der_x509_certificate(certificate.dump())

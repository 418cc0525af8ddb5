"""What the signatures of a PDF prove, looked at strictly: every byte must be what was signed, and by whom.

`pdfsig` and most viewers call a file valid to which something was added after signing; here nothing may be.
"""

import io
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cryptography import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from checklists.words import Words
from dispatch.records.canonical import canonical_json
from dispatch.records.fields import ARCHIVE_FIELD, COMPANY_FIELD, CUSTOMER_FIELD, FIELDS_IN_ORDER, TECHNICIAN_FIELD
from dispatch.records.signing import verdict as say
from dispatch.records.signing.certificates import (
    CUSTOMER,
    ORGANISATION,
    TECHNICIAN,
    ascii_name,
    common_name_of,
    organisation_of,
    role_of,
)
from dispatch.records.signing.forms import as_asn1, as_cryptography
from dispatch.records.signing.keyring import customer_name
from dispatch.records.signing.plainly import plainly_written, stamp_of
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
    is_demo: bool = False
    """Is the seal from the demo authority?"""
    stored: tuple[tuple[Any, ...], tuple[Any, ...], tuple[Any, ...]] = ((), (), ())
    """Certificates, revocation lists and answers that the file brings along."""


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
    expected = tuple(name for name in (*FIELDS_IN_ORDER, ARCHIVE_FIELD) if name in names)
    found.ours = any(_is_ours(signature, trust) for signature in embedded)
    if not found.ours:
        found.problems.append(say.STRANGE_SIGNERS)
    if names != expected or fields != set(names) or COMPANY_FIELD not in names:
        found.problems.append(say.WRONG_FIELDS)
    if found.problems:
        return found
    found.stored = _stored(reader)
    *earlier, last = embedded
    _look_at(last, data, trust, found, last=True)
    found.record = record_inside(reader)
    if found.record is None:
        found.problems.append(say.NO_DATA)
    if not found.problems:
        for signature in earlier:
            _look_at(signature, data, trust, found, last=False)
        found.signatures.append(found.signatures.pop(0))
    seal = as_cryptography(embedded[names.index(COMPANY_FIELD)].signer_cert)
    found.is_demo = organisation_of(seal) == ORGANISATION
    return found


def _stored(reader: PdfFileReader) -> tuple[tuple[Any, ...], tuple[Any, ...], tuple[Any, ...]]:
    """What the file brings along for checking it much later; nothing where it has no such store."""
    try:
        store = DocumentSecurityStore.read_dss(reader)
    except NoDSSFoundError:
        return (), (), ()
    kept = store.as_validation_context({"trust_roots": [], "allow_fetching": False})
    return tuple(store.load_certs()), tuple(kept.crls), tuple(kept.ocsps)


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
    stamped_at = _stamped_at(signature)
    is_stamp = str(signature.sig_object_type) == "/DocTimeStamp"
    if not plainly_written(signature, data, trust):
        problems = [say.SIGNATURE_BROKEN]
    elif is_stamp != (signature.field_name == ARCHIVE_FIELD):
        problems = [say.WRONG_FIELDS]
    elif is_stamp:
        problems = _problems_of_stamp(signature, trust, found, stamped_at)
    else:
        problems = _problems(signature, trust, found, stamped_at, last=last)
    problems = [problem.with_facts(field=signature.field_name) for problem in dict.fromkeys(problems)]
    found.problems += problems
    found.signatures.append(
        say.SignatureFound(
            signature.field_name,
            common_name_of(as_cryptography(signature.signer_cert)),
            stamped_at or signature.self_reported_timestamp,
            not problems,
            stamped_at is not None,
        )
    )


def _stamped_at(signature: EmbeddedPdfSignature) -> datetime | None:
    """The time that a time-stamp service told: on the signature, or of the last time-stamp itself."""
    is_stamp = str(signature.sig_object_type) == "/DocTimeStamp"
    token = signature.signed_data if is_stamp else stamp_of(signature.signed_data)
    if token is None:
        return None
    told: datetime | None = token["encap_content_info"]["content"].parsed["gen_time"].native
    return told


def _problems(
    signature: EmbeddedPdfSignature, trust: Trust, found: Findings, stamped_at: datetime | None, *, last: bool
) -> list[Words]:
    signer = as_cryptography(signature.signer_cert)
    problems = []
    if not fits(signature.field_name, signer, trust, found.record):
        problems.append(say.WRONG_SIGNER)
    status = validate_pdf_signature(
        signature,
        signer_validation_context=_context(trust.roots, trust, found, stamped_at or signature.self_reported_timestamp),
        ts_validation_context=_context(trust.stampers, trust, found, stamped_at),
        key_usage_settings=MAY_SIGN,
    )
    if not status.intact:
        problems.append(say.CONTENT_CHANGED)
    if not status.valid:
        problems.append(say.SIGNATURE_BROKEN)
    if not status.trusted:
        problems.append(say.NOT_TRUSTED)
    stamp = status.timestamp_validity
    if stamped_at is not None and not (stamp and stamp.intact and stamp.valid and stamp.trusted):
        problems.append(say.STAMP_NOT_TRUSTED)
    if last:
        if status.coverage != SignatureCoverageLevel.ENTIRE_FILE or status.modification_level != ModificationLevel.NONE:
            problems.append(say.ADDED_AFTER_SEAL)
        return problems
    most = ModificationLevel.LTA_UPDATES if signature.field_name == COMPANY_FIELD else ModificationLevel.FORM_FILLING
    level = status.modification_level
    if (
        status.coverage != SignatureCoverageLevel.ENTIRE_REVISION
        or level is None
        or level > most
        or not status.docmdp_ok
    ):
        problems.append(say.CONTENT_CHANGED)
    return problems


def _problems_of_stamp(
    signature: EmbeddedPdfSignature, trust: Trust, found: Findings, stamped_at: datetime | None
) -> list[Words]:
    """The last time-stamp must cover every byte: where it does not hold, nothing else is worth the time."""
    status = validate_pdf_timestamp(signature, _context(trust.stampers, trust, found, stamped_at))
    if not status.intact or not status.valid:
        return [say.CONTENT_CHANGED]
    if not status.trusted:
        return [say.STAMP_NOT_TRUSTED]
    if status.coverage != SignatureCoverageLevel.ENTIRE_FILE or status.modification_level != ModificationLevel.NONE:
        return [say.ADDED_AFTER_SEAL]
    return []


def _context(
    roots: tuple[x509.Certificate, ...], trust: Trust, found: Findings, moment: datetime | None
) -> ValidationContext:
    """Certificates are judged at the time of signing: a customer's lasts two days, a record for decades."""
    certificates, lists, answers = found.stored
    return ValidationContext(
        trust_roots=[as_asn1(root) for root in roots],
        other_certs=[*(as_asn1(one) for one in (*trust.authorities, *trust.issuers)), *certificates],
        crls=lists,
        ocsps=answers,
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
        return trust.is_persons(signer) and role_of(signer) == CUSTOMER and common_name_of(signer) == own
    if field_name == TECHNICIAN_FIELD:
        code = str((about.get("technician") or {}).get("code") or "")
        named = common_name_of(signer) == f"Technician {ascii_name(code)}"
        return trust.is_persons(signer) and role_of(signer) == TECHNICIAN and named
    return False

"""What keeps signatures provable for decades: everything needed to check them goes into the file, then a time-stamp.

ETSI EN 319 142-1, B-LT and B-LTA: certificates and what their authorities have revoked (DSS), and a document
time-stamp over all of it. Certificates may end and authorities close; what was true then stays provable.
"""

import asyncio
import io
from typing import Any

from asn1crypto import crl, ocsp, pem
from pyhanko.sign.fields import InvisSigSettings
from pyhanko.sign.signers import PdfTimeStamper
from pyhanko.sign.validation.dss import DocumentSecurityStore, collect_validation_info
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError

from dispatch.clock import utc_now
from dispatch.records.fields import ARCHIVE_FIELD
from dispatch.records.signing.forms import as_asn1
from dispatch.records.signing.keyring import Keyring
from dispatch.records.signing.stamping import DIGEST, StampService
from dispatch.records.signing.writer import RecordWriter

# Printed by nobody and outside of the page: PDF/A wants the print flag, PDF/UA a box that is not on the page.
UNSEEN = InvisSigSettings(set_print_flag=True, set_hidden_flag=False, box_out_of_bounds=True)


def make_lasting(pdf: bytes, keyring: Keyring, service: StampService) -> tuple[bytes, bool]:
    """Add what checking will need and the last time-stamp. Returns the file, and whether nothing was missing.

    What the authorities of other people's certificates have revoked is asked at the addresses inside them. Raises
    StampTrouble when the service gives no time-stamp.
    """
    return asyncio.run(_made_lasting(pdf, keyring, service))


async def _made_lasting(pdf: bytes, keyring: Keyring, service: StampService) -> tuple[bytes, bool]:
    writer = RecordWriter(io.BytesIO(pdf))
    signatures = list(writer.prev.embedded_signatures)
    trust = keyring.trust
    known: dict[str, Any] = {
        "trust_roots": [as_asn1(root) for root in (*trust.roots, *service.roots)],
        "other_certs": [as_asn1(authority) for authority in (*trust.authorities, *trust.issuers)],
        "crls": [crl.CertificateList.load(pem.unarmor(listed)[2]) for listed in keyring.revocation_lists()],
    }
    asking = ValidationContext(**known, moment=utc_now(), allow_fetching=True, revocation_mode="soft-fail")
    try:
        paths = [path for one in signatures for path in await collect_validation_info(one, asking)]
        lists = [*asking.crls]
        answers = [*asking.ocsps]
    finally:
        await asking.aclose()  # type: ignore[no-untyped-call]
    DocumentSecurityStore.supply_dss_in_writer(
        writer, None, certs=_certificates(paths), crls=lists, ocsps=answers, embed_roots=True
    )
    stamper = PdfTimeStamper(service.stamper, field_name=ARCHIVE_FIELD, invis_settings=UNSEEN)
    stamped: io.BytesIO = await stamper.async_timestamp_pdf(writer, DIGEST)
    return stamped.getvalue(), await _nothing_is_missing(signatures, known, lists, answers)


def _certificates(paths: list[Any]) -> list[Any]:
    found = {certificate.dump(): certificate for path in paths for certificate in path}
    return [found[der] for der in sorted(found)]


async def _nothing_is_missing(
    signatures: list[Any],
    known: dict[str, Any],
    lists: list[crl.CertificateList],
    answers: list[ocsp.OCSPResponse],
) -> bool:
    """Can every certificate be checked from what is in the file alone?"""
    strict = ValidationContext(
        **(known | {"crls": lists, "ocsps": answers}),
        moment=utc_now(),
        allow_fetching=False,
        revocation_mode="require",
    )
    try:
        for one in signatures:
            await collect_validation_info(one, strict)
    except (PathError, ValidationError, ValueError):
        return False
    return True

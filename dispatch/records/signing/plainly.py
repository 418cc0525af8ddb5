"""Is a signature's container written in the one way in which we write it, with nothing beside what it needs?

Its bytes lie outside of what it signs, so nothing else would notice changes in its padding, in the case of its
hexadecimal digits, or in parts of the container that are not signed.
"""

from typing import Any

from asn1crypto import cms
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from dispatch.records.signing.forms import as_asn1, as_cryptography
from dispatch.records.signing.trust import Trust, issued_by

STAMP = "signature_time_stamp_token"


def plainly_written(signature: EmbeddedPdfSignature, data: bytes, trust: Trust) -> bool:
    """The same for a person's signature, the seal, or (of the last time-stamp) a token."""
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
    if str(signature.sig_object_type) == "/DocTimeStamp":
        return _plain_token(signed, trust)
    stamped = stamp_of(signed)
    if stamped is not None and not _plain_token(stamped, trust):
        return False
    if signed["version"].native != "v1" or signed["encap_content_info"]["content"].native is not None:
        return False
    known = {as_asn1(c).dump() for c in (*trust.roots, *trust.authorities, *trust.issuers)}
    known.add(signature.signer_cert.dump())
    among = all(c.chosen.dump() in known for c in signed["certificates"])
    return _plain_signer(signed, may_be_stamped=True) and (among or not trust.authorities)


def stamp_of(signed: cms.SignedData) -> cms.SignedData | None:
    """The time-stamp on a signature; None where there is none, or more than one, or anything else beside."""
    unsigned = signed["signer_infos"][0]["unsigned_attrs"]
    if unsigned.native is None or len(unsigned) != 1 or unsigned[0]["type"].native != STAMP:
        return None
    values = unsigned[0]["values"]
    return values[0]["content"] if len(values) == 1 else None


def _plain_signer(signed: cms.SignedData, *, may_be_stamped: bool) -> bool:
    """One signer, named by the certificate that is there, with one digest, and nothing unsigned but a time-stamp."""
    signers = signed["signer_infos"]
    if len(signers) != 1 or signed["crls"].native or signers[0]["version"].native != "v1":
        return False
    if signers[0]["unsigned_attrs"].native and not (may_be_stamped and stamp_of(signed) is not None):
        return False
    if [a.dump() for a in signed["digest_algorithms"]] != [signers[0]["digest_algorithm"].dump()]:
        return False
    named = signers[0]["sid"].chosen
    if not isinstance(named, cms.IssuerAndSerialNumber):
        return False
    return any(
        named["issuer"].dump() == one.chosen.issuer.dump() and named["serial_number"].native == one.chosen.serial_number
        for one in signed["certificates"]
    )


def _plain_token(signed: Any, trust: Trust) -> bool:
    """A service's own container: it may bring certificates of its own, but each must be whole."""
    if signed["version"].native != "v3" or not _plain_signer(signed, may_be_stamped=False):
        return False
    brought = [as_cryptography(one.chosen) for one in signed["certificates"]]
    above = [*brought, *trust.stampers]
    return all(any(issued_by(one, other) for other in above) for one in brought)

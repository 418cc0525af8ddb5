"""Is this file the record that was sealed? Strict, and it never raises, whatever the file."""

import logging
import re
from collections.abc import Callable

from checklists.words import Words
from dispatch.records.canonical import sha256_hex
from dispatch.records.fields import COMPANY_FIELD
from dispatch.records.signing import verdict as say
from dispatch.records.signing.examine import Findings, examine
from dispatch.records.signing.keyring import Keyring
from dispatch.records.signing.trust import Trust
from dispatch.records.signing.verdict import SignatureFound, State, Verdict

__all__ = ["LARGEST", "SignatureFound", "Verdict", "verify_file"]

# Hostile files make these libraries log at length; the verdict says all that a person needs.
for library in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(library).setLevel(logging.CRITICAL)

# A record with 30 photos is below 10 MB.
LARGEST = 40_000_000
RECORD_NUMBER = re.compile(r"[A-Za-z0-9-]{1,64}")


def verify_file(
    data: bytes,
    keyring: Keyring | Trust,
    known_sha256: Callable[[str], str | None] | None = None,
    superseded_by: Callable[[str], str | None] | None = None,
) -> Verdict:
    """Judge a file that claims to be a service record.

    Genuine is only a file of which every signature is intact, valid, trusted and made by whom it must be, to which
    nothing was added, and whose SHA-256 is the one that `known_sha256` gives for its number. Without `known_sha256`
    (away from the server) the verdict says that this was not compared. `superseded_by` gives the number of the
    record that corrects one. Never raises for any `data`.
    """
    trust = keyring.trust if isinstance(keyring, Keyring) else keyring
    digest = sha256_hex(data)
    if refusal := _plainly_not_ours(data):
        return Verdict("not_ours", (refusal,), digest)
    found = _examined(data, trust)
    number = _number(found)
    if found.problems:
        ours = found.ours or (found.unsigned and _reads_like_ours(data))
        state: State = "altered" if ours else "not_ours"
        return Verdict(state, tuple(dict.fromkeys(found.problems)), digest, number, tuple(found.signatures))
    assert number is not None
    reasons = [say.ALL_SOUND]
    if known_sha256 is None:
        reasons.append(say.NOT_COMPARED)
    else:
        kept = known_sha256(number)
        if kept is None:
            missing = say.NOT_KEPT.with_facts(number=number)
            return Verdict("not_ours", (missing,), digest, number, tuple(found.signatures))
        if kept != digest:
            return Verdict("altered", (say.DIFFERS_FROM_KEPT,), digest, number, tuple(found.signatures), True)
        reasons.append(say.SAME_AS_KEPT)
    if found.is_demo:
        reasons.append(say.DEMO_ONLY)
    newer = superseded_by(number) if superseded_by else None
    if newer:
        reasons.append(say.CORRECTED_BY.with_facts(number=newer))
    return Verdict(
        "superseded" if newer else "genuine",
        tuple(reasons),
        digest,
        number,
        tuple(found.signatures),
        known_sha256 is not None,
        newer,
    )


def _plainly_not_ours(data: bytes) -> Words | None:
    if not data:
        return say.EMPTY
    if len(data) > LARGEST:
        return say.TOO_LARGE.with_facts(megabytes=LARGEST // 1_000_000)
    return None if data.startswith(b"%PDF-") else say.NOT_A_PDF


def _examined(data: bytes, trust: Trust) -> Findings:
    try:
        found = examine(data, trust)
        if _number(found) is None and not found.problems:
            found.problems.append(say.NO_DATA)
        return found
    except Exception:
        # Hostile files fail in endless ways inside the readers; all of them mean the same to the person who asks.
        return Findings(problems=[say.UNREADABLE], unsigned=True)


def _number(found: Findings) -> str | None:
    number = (found.record or {}).get("number")
    return number if isinstance(number, str) and RECORD_NUMBER.fullmatch(number) else None


def _reads_like_ours(data: bytes) -> bool:
    """A file too broken to read that still names our seal was a record once: altered, rather than another's."""
    return f"({COMPANY_FIELD})".encode() in data

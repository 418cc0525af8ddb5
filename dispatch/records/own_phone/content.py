"""What is signed on the customer's own phone: the hash of the answers, the code that is scanned, the code that is told.

Pure, and the reference for the technician's phone, which does the same without a network: docs/signing-on-own-phone.md.
"""

import base64
import hashlib
import hmac
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from checklists.answers import taken_back
from checklists.definition import Checklist
from checklists.progress import Folded
from dispatch.records.canonical import canonical_json, sha256_hex

FORMAT = "doorstep-signing/1"
LAST_STEP = "leave"
PLAIN, DEFLATED = "0", "1"
MOST_BYTES = 20_000  # of a fragment's content, unpacked
CODE_DIGITS = 6

Said = list[list[Any]]
"""[[step, key, value], …]"""

SUMMARISED = (
    ("work", "alteration_what"), ("work", "rx_before"), ("work", "device"), ("proof", "login"),
    ("proof", "symptoms_watched"), ("proof", "outcome"), ("proof", "outcome_reason"), ("file", "fault_type"),
    ("file", "fault_cause"), ("file", "actions"), ("proof", "rx_power"), ("file", "rx_power"),
    ("proof", "download"), ("file", "download"), ("proof", "upload"), ("file", "upload"), ("work", "open_questions"),
)  # fmt: skip
"""What the summary shows, in this order, as far as it was answered."""


def signed_content(visit_id: UUID, checklist: Checklist, folded: Folded, steps: Sequence[str]) -> dict[str, Any]:
    """What the hash stands for: every answer of `steps` that counts, sorted. Steps that are filed later are left out.

    The last step is never part of it: there the customer signs, and the technician goes on.
    """
    covered = [step.key for step in checklist.steps if step.key in steps and step.key != LAST_STEP]
    said = [
        [step, key, entry.value]
        for (step, key), entry in sorted(folded.items())
        if step in covered and checklist.has(step, key) and not taken_back(entry.value)
    ]
    return {"format": FORMAT, "visit": str(visit_id), "checklist": checklist.key, "steps": covered, "said": said}


def content_hash(content: dict[str, Any]) -> str:
    """SHA-256 of the canonical JSON, hexadecimal."""
    return sha256_hex(canonical_json(content))


def summary_of(content: dict[str, Any]) -> Said:
    """The answers that the customer is shown."""
    said = {(step, key): value for step, key, value in content["said"]}
    return [[step, key, said[step, key]] for step, key in SUMMARISED if (step, key) in said]


@dataclass(frozen=True)
class Scanned:
    """What the scanned code says."""

    visit_id: UUID
    key: str
    content_sha256: str
    checklist: str
    steps: tuple[str, ...]
    technician: str
    summary: Said


def write_fragment(scanned: Scanned) -> str:
    """The part of the address after `#`, which browsers never send to a server."""
    told = {
        "v": 1,
        "i": scanned.visit_id.hex,
        "k": scanned.key,
        "h": scanned.content_sha256,
        "c": scanned.checklist,
        "s": list(scanned.steps),
        "t": scanned.technician,
        "y": scanned.summary,
    }
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()) + packer.flush()
    return DEFLATED + base64.urlsafe_b64encode(packed).decode().rstrip("=")


def read_fragment(fragment: str) -> Scanned:
    """What a fragment says. ValueError for what is none."""
    raw = base64.urlsafe_b64decode(fragment[1:] + "=" * (-len(fragment[1:]) % 4))
    try:
        if fragment[:1] == DEFLATED:
            raw = zlib.decompressobj(-15).decompress(raw, MOST_BYTES)
        told = json.loads(raw)
        if fragment[:1] not in (PLAIN, DEFLATED) or told["v"] != 1:
            raise ValueError("not a fragment of this kind")
        return Scanned(
            UUID(hex=told["i"]), str(told["k"]), str(told["h"]), str(told["c"]), tuple(map(str, told["s"])),
            str(told["t"]), [[str(step), str(key), value] for step, key, value in told["y"]],
        )  # fmt: skip
    except (zlib.error, KeyError, TypeError) as problem:
        raise ValueError("not a fragment") from problem


def confirmation_code(key: str, content_sha256: str, decision: str) -> str:
    """Six digits that the customer's phone shows once we have the signature; the technician's phone knows them too.

    So it can see without a network that this content was signed (or refused), because it holds the same `key`.
    """
    digest = hmac.new(key.encode(), f"{decision}\n{content_sha256}".encode(), hashlib.sha256).digest()
    return f"{int.from_bytes(digest[:4]) % 10**CODE_DIGITS:0{CODE_DIGITS}d}"

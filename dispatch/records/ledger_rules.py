"""The ledger over all seals: every row holds the hash of the one before, so none can be changed or taken away
without all later ones. Pure.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from checklists.words import Words
from dispatch.records.canonical import canonical_json, sha256_hex

START = "0" * 64


@dataclass(frozen=True)
class Seal:
    """One row: the `seq`-th seal, of a record's account or of its signed document, by the SHA-256 of its bytes."""

    seq: int
    at: datetime
    kind: str
    number: str
    revision: int
    sha256: str
    previous: str
    hash: str


@dataclass(frozen=True)
class Head:
    """What was published on a day: so many seals there were, and the last one had this hash."""

    day: str
    seq: int
    hash: str


def hash_of(seq: int, at: datetime, kind: str, number: str, revision: int, sha256: str, previous: str) -> str:
    """SHA-256 of the row's canonical JSON; `at` in whole seconds of UTC."""
    return sha256_hex(
        canonical_json(
            {
                "seq": seq,
                "at": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
                "kind": kind,
                "number": number,
                "revision": revision,
                "sha256": sha256,
                "previous": previous,
            }
        )
    )


def following(last: Seal | None, at: datetime, kind: str, number: str, revision: int, sha256: str) -> Seal:
    """The row that comes after `last`."""
    seq, previous = (last.seq + 1, last.hash) if last else (1, START)
    at = at.astimezone(UTC).replace(microsecond=0)
    return Seal(
        seq, at, kind, number, revision, sha256, previous, hash_of(seq, at, kind, number, revision, sha256, previous)
    )


def broken_links(seals: Iterable[Seal], heads: Iterable[Head] = ()) -> list[Words]:
    """Everything that is wrong with the chain itself, or with it against heads that were published; none if sound."""
    problems: list[Words] = []
    by_seq: dict[int, Seal] = {}
    last: Seal | None = None
    for seal in seals:
        expected = last.seq + 1 if last else 1
        if seal.seq != expected:
            problems.append(
                Words(
                    f"第 {expected} 行缺失或次序有误（遇到第 {seal.seq} 行）。",
                    f"Row {expected} is missing or out of order (row {seal.seq} is there).",
                )
            )
        if seal.previous != (last.hash if last else START):
            problems.append(
                Words(
                    f"第 {seal.seq} 行与前一行不相接。",
                    f"Row {seal.seq} does not follow the row before.",
                )
            )
        if seal.hash != hash_of(seal.seq, seal.at, seal.kind, seal.number, seal.revision, seal.sha256, seal.previous):
            problems.append(
                Words(f"第 {seal.seq} 行（{seal.number}）被改动。", f"Row {seal.seq} ({seal.number}) was changed.")
            )
        by_seq[seal.seq] = last = seal
    for head in heads:
        kept = by_seq.get(head.seq)
        if head.seq and (kept is None or kept.hash != head.hash):
            problems.append(
                Words(
                    f"{head.day} 公布的第 {head.seq} 行与现有账本不符：账本曾被重写或截短。",
                    f"Row {head.seq}, published on {head.day}, is not what the ledger holds: it was rewritten or cut.",
                )
            )
    return problems

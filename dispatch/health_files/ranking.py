"""Which cause fits how a fault looks: counted evidence of all repairs, weighed with what happened next door. Pure.

Each sign speaks for or against a cause by how much more often it was seen with that cause than with others (naive
Bayes with damped weights, because signs are not independent). Then the line's own past and its neighbours' speak: a
splitter that failed three lines this week outweighs what the city saw last year. Every step leaves a reason.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Scope = Literal["line", "splitter", "building"]
Counts = Mapping[str, Mapping[str, int]]
"""By sign, then by cause: in how many repairs."""

ALL = "*"
UNKNOWN = "unknown"

WEIGHTS = {"s": 0.9, "d": 1.0, "m": 0.6, "u": 0.6, "a": 0.3, "v": 0.9, "w": 0.35}
"""How much a kind of sign counts. Verdict and drift of one measurement say much the same, and so do words in a row."""
MOST_TELLING_WORDS = 8
SMOOTHING = 5.0  # repairs' worth of doubt about a sign
SIGN_AT_MOST = 3.0  # one sign alone may not decide (natural logarithm)

DAYS = {"line": 365.0, "splitter": 10.0, "building": 120.0}
"""After so many days a neighbour's repair counts a third: splitters fail at once, houses age, a line remembers."""
DOUBT = {"line": 1.5, "splitter": 1.5, "building": 4.0}
"""So many repairs' worth of the city's usual causes are mixed in before a neighbourhood speaks."""
NEIGHBOUR_AT_MOST = 3.5
LIKENESS_FLOOR = 0.25  # what a neighbour's repair counts that looked quite different
TOLD_FROM = 0.15  # evidence below is not worth a line on the screen


@dataclass(frozen=True)
class Neighbour:
    """A repair of this line or near it: how long ago, what it was, and how it looked."""

    scope: Scope
    days_ago: float
    cause: str
    signs: frozenset[str]


@dataclass(frozen=True)
class Reason:
    """Why a cause stands where it stands: `weight` in natural logarithm.

    A sign: `seen` repairs showed it, `fitting` of them had this cause. A scope: the same among the neighbours.
    """

    kind: Literal["sign", "neighbours"]
    what: str
    seen: int
    fitting: int
    weight: float


@dataclass(frozen=True)
class Ranked:
    """A cause with its score (log of odds against the others, only good for ordering) and the best reasons first."""

    cause: str
    score: float
    reasons: tuple[Reason, ...] = field(default=())


def rank(signs: Sequence[str], counts: Counts, neighbours: Sequence[Neighbour] = (), most: int = 5) -> list[Ranked]:
    """The causes that fit best, best first. `counts` holds the signs asked for and ALL; empty without any repair."""
    totals = {cause: n for cause, n in counts.get(ALL, {}).items() if n > 0 and cause != UNKNOWN}
    everything = sum(totals.values())
    if not everything:
        return []
    telling = _telling(signs, counts, totals, everything)
    weighed = _weighed(signs, neighbours)
    ranked = []
    for cause, total in totals.items():
        usual = total / everything
        reasons = [_of_sign(sign, cause, counts[sign], totals, everything) for sign in telling]
        reasons += _of_neighbours(cause, usual, weighed)
        score = math.log(usual) + sum(reason.weight for reason in reasons)
        told = sorted((r for r in reasons if r.weight >= TOLD_FROM), key=lambda r: -r.weight)
        ranked.append(Ranked(cause, score, tuple(told)))
    return sorted(ranked, key=lambda one: (-one.score, one.cause))[:most]


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """How much two faults look alike, 0 to 1: shared signs among all, without devices, access and single words."""
    looks = {sign for sign in one if sign[0] in "sdmu"}
    others = {sign for sign in other if sign[0] in "sdmu"}
    if not looks or not others:
        return 0.5  # nothing known is neither like nor unlike
    return len(looks & others) / len(looks | others)


def _telling(signs: Sequence[str], counts: Counts, totals: Mapping[str, int], everything: int) -> list[str]:
    """The signs that were ever seen; of words only those that tell causes apart best."""
    seen = [sign for sign in dict.fromkeys(signs) if sum(counts.get(sign, {}).get(c, 0) for c in totals) > 0]
    words = [sign for sign in seen if sign.startswith("w:")]

    def spread(sign: str) -> float:
        return max(_evidence(counts[sign].get(c, 0), counts[sign], c, totals, everything) for c in totals)

    best = set(sorted(words, key=lambda sign: (-spread(sign), sign))[:MOST_TELLING_WORDS])
    return [sign for sign in seen if not sign.startswith("w:") or sign in best]


def _evidence(
    fitting: int, seen_with: Mapping[str, int], cause: str, totals: Mapping[str, int], everything: int
) -> float:
    """Logarithm of how much likelier the sign is with this cause than at large; 0 says nothing."""
    share = sum(seen_with.get(c, 0) for c in totals) / everything
    with_cause = (fitting + SMOOTHING * share) / (totals[cause] + SMOOTHING)
    return math.log(max(with_cause, 1e-9) / share)


def _of_sign(sign: str, cause: str, seen_with: Mapping[str, int], totals: Mapping[str, int], everything: int) -> Reason:
    fitting = seen_with.get(cause, 0)
    evidence = _evidence(fitting, seen_with, cause, totals, everything)
    weight = WEIGHTS.get(sign.partition(":")[0], 0.5) * max(-SIGN_AT_MOST, min(SIGN_AT_MOST, evidence))
    return Reason("sign", sign, sum(seen_with.get(c, 0) for c in totals), fitting, weight)


def _weighed(signs: Sequence[str], neighbours: Sequence[Neighbour]) -> dict[Scope, list[tuple[str, float]]]:
    """By scope: each neighbour's cause and what it counts, by how recent it is and how alike it looked."""
    looks = frozenset(signs)
    weighed: dict[Scope, list[tuple[str, float]]] = {}
    for one in neighbours:
        if one.cause != UNKNOWN:
            weighed.setdefault(one.scope, []).append((one.cause, _counts(one, looks)))
    return weighed


def _of_neighbours(cause: str, usual: float, weighed: Mapping[Scope, list[tuple[str, float]]]) -> list[Reason]:
    reasons = []
    for scope, near in weighed.items():
        fitting = sum(weight for other, weight in near if other == cause)
        share = (fitting + DOUBT[scope] * usual) / (sum(weight for _, weight in near) + DOUBT[scope])
        weight = max(-NEIGHBOUR_AT_MOST, min(NEIGHBOUR_AT_MOST, math.log(share / usual)))
        reasons.append(Reason("neighbours", scope, len(near), sum(other == cause for other, _ in near), weight))
    return reasons


def _counts(one: Neighbour, looks: frozenset[str]) -> float:
    recent = math.exp(-max(0.0, one.days_ago) / DAYS[one.scope])
    return recent * (LIKENESS_FLOOR + (1 - LIKENESS_FLOOR) * likeness(looks, one.signs))

"""How sure a figure is: intervals of 95 %, and whether two figures differ by more than chance. Pure.

Shares: Wilson's score interval (Wilson 1927). Points: the mean as a share of its scale, with Wilson's interval for
that share; a value between 0 and 1 varies at most as much as a yes or no with the same mean, so this errs on the wide
side. Times: the median, with the interval between two of the values by the binomial distribution, whatever the shape.
Differences of shares and points: Newcombe's hybrid score interval (Newcombe 1998, method 10).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Z = 1.959963984540054  # 95 %, both sides
SMALL = 30
"""Fewer cases than this are a small sample and marked as such, whatever the interval says (our proposal)."""
SHORTEST_FOR_MEDIAN = 6
"""With five values or fewer no two of them enclose the median with 95 %."""

Difference = Literal["up", "down", "chance", "unknown"]


@dataclass(frozen=True)
class Interval:
    """From `low` to `high`, in the unit of the figure."""

    low: float
    high: float

    def overlaps(self, other: "Interval") -> bool:
        """Whether the two share a value."""
        return self.low <= other.high and other.low <= self.high


def wilson(hits: float, of: float) -> Interval | None:
    """The interval of the share `hits / of`; None for nothing."""
    if of <= 0:
        return None
    share, z2 = hits / of, Z * Z
    middle = share + z2 / (2 * of)
    reach = Z * math.sqrt(share * (1 - share) / of + z2 / (4 * of * of))
    low, high = (middle - reach) / (1 + z2 / of), (middle + reach) / (1 + z2 / of)
    return Interval(0.0 if hits <= 0 else max(low, 0.0), 1.0 if hits >= of else min(high, 1.0))


def of_points(total: float, count: int, lowest: float, highest: float) -> Interval | None:
    """The interval of a mean of `count` points between `lowest` and `highest` that add up to `total`."""
    room = highest - lowest
    found = wilson((total - lowest * count) / room, count) if count > 0 else None
    return Interval(lowest + room * found.low, lowest + room * found.high) if found else None


def median(histogram: Sequence[tuple[int, int]]) -> float | None:
    """The median of values given as (value, how often), in rising order; the middle of two for an even count."""
    count = sum(often for _, often in histogram)
    if count == 0:
        return None
    low, high = _nth(histogram, (count + 1) // 2), _nth(histogram, count // 2 + 1)
    return (low + high) / 2


def of_median(histogram: Sequence[tuple[int, int]]) -> Interval | None:
    """The interval of the median: between the r-th value from below and the r-th from above."""
    count = sum(often for _, often in histogram)
    if count < SHORTEST_FOR_MEDIAN:
        return None
    rank = _rank(count)
    return Interval(_nth(histogram, rank), _nth(histogram, count + 1 - rank))


def _rank(count: int) -> int:
    """The largest r for which r - 1 or fewer of `count` coins fall on one side with at most 2.5 %."""
    if count > 1000:
        return max(1, math.floor((count - Z * math.sqrt(count)) / 2))
    limit, rank, below, term = 0.025 * 2**count, 0, 0, 1  # whole numbers: 2 ** -1000 is no float to add up
    while below + term <= limit:
        below += term
        rank += 1
        term = term * (count - rank + 1) // rank
    return rank


def _nth(histogram: Sequence[tuple[int, int]], rank: int) -> float:
    passed = 0
    for value, often in histogram:
        passed += often
        if passed >= rank:
            return float(value)
    raise ValueError("there are not that many values")


def shares_differ(hits: float, of: float, hits_before: float, of_before: float) -> Difference:
    """Whether a share is above or below another one, or within chance of it. Newcombe's interval of the difference."""
    now, before = wilson(hits, of), wilson(hits_before, of_before)
    if now is None or before is None:
        return "unknown"
    p, q = hits / of, hits_before / of_before
    gap = p - q
    low = gap - math.sqrt((p - now.low) ** 2 + (before.high - q) ** 2)
    high = gap + math.sqrt((now.high - p) ** 2 + (q - before.low) ** 2)
    return "up" if low > 0 else "down" if high < 0 else "chance"


def medians_differ(now: Interval | None, before: Interval | None) -> Difference:
    """The same for medians: their intervals must not even touch."""
    if now is None or before is None:
        return "unknown"
    if now.overlaps(before):
        return "chance"
    return "up" if now.low > before.high else "down"

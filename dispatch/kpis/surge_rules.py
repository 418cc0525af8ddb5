"""Is something happening in an area, and who has too much to do? Pure, counts and minutes in, a verdict out."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

FEWEST = 5
RARE = 0.001
"""So seldom would chance alone bring so many faults; and below five nobody is called (our proposals)."""
BUSY, FULL = 0.9, 1.0

Load = Literal["full", "busy", "fine", "off_shift"]


def chance_of_so_many(count: int, usual: float) -> float:
    """How likely `count` faults or more are where `usual` come on average (Poisson)."""
    if count <= 0:
        return 1.0
    if usual <= 0:
        return 0.0
    term = total = math.exp(-usual)
    for number in range(1, count):
        term *= usual / number
        total += term
    return max(0.0, 1.0 - total)


def is_surge(count: int, usual: float) -> bool:
    """Whether so many faults at once are more than chance."""
    return count >= FEWEST and chance_of_so_many(count, usual) < RARE


@dataclass(frozen=True)
class Day:
    """A technician's day: minutes of the shift without its break (0: none), minutes planned, and how many visits."""

    shift: float
    planned: float
    visits: int

    @property
    def share(self) -> float | None:
        """How much of the shift is planned; None without a shift."""
        return self.planned / self.shift if self.shift > 0 else None

    @property
    def load(self) -> Load:
        """Full from all of the shift on, busy from nine tenths. The way between homes is not in it."""
        if self.share is None:
            return "off_shift" if self.visits else "fine"
        return "full" if self.share >= FULL else "busy" if self.share >= BUSY else "fine"


def usual_in(before: list[datetime], now: datetime, length: timedelta, days: int) -> float:
    """How many come on average in the same `length` of the day as that which ends `now`, by the `days` before."""
    found = 0
    for at in before:
        back = now - at
        since = back % timedelta(days=1)
        found += timedelta(days=1) <= back < timedelta(days=days + 1) and since <= length
    return found / days

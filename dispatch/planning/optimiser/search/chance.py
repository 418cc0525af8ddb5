"""Chance that is the same on every machine: whole numbers only, kept in an array of one, changed in place."""

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from dispatch.planning.optimiser.search.compiled import compiled

Array = npt.NDArray[Any]
_13, _7, _17, _33 = np.uint64(13), np.uint64(7), np.uint64(17), np.uint64(33)

DRAWS = 4_096
SCALE = 1 << 16
# -ln(u) for evenly spaced u, times SCALE, rounded: how much worse a step may be, in units of the temperature
PATIENCE = np.array([round(-math.log((draw + 0.5) / DRAWS) * SCALE) for draw in range(DRAWS)], np.int64)


def chance(seed: int) -> Array:
    """A source of chance from a seed (splitmix64 spreads near seeds far apart)."""
    mask = (1 << 64) - 1
    mixed = (seed * 0x9E3779B97F4A7C15 + 0x9E3779B97F4A7C15) & mask
    mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & mask
    mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & mask
    return np.array([(mixed ^ (mixed >> 31)) or 1], np.uint64)


@compiled
def draw(source: Array, sides: int) -> int:
    """A whole number from 0 to `sides` - 1 (xorshift64)."""
    x = source[0]
    x ^= x << _13
    x ^= x >> _7
    x ^= x << _17
    source[0] = x
    return int(np.int64(x >> _33) % sides)

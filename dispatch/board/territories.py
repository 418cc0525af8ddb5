"""Which part of the map is nearest to which area's centre: the ground of the board's map. Pure.

A home without an area of its own belongs to the area whose centre is nearest (`technicians.queries.nearest_area`), so
these cells are what the product itself goes by, and no official border.
"""

import math
from collections.abc import Sequence

Place = tuple[float, float]
"""Latitude and longitude in degrees, WGS-84."""

MARGIN = 0.04  # degrees around the outermost centres, some four kilometres


def territories(centres: Sequence[Place]) -> list[list[Place]]:
    """For each centre the corners of its cell, clipped to a frame around all of them; two at one place share a cell."""
    if not centres:
        return []
    south, north = min(c[0] for c in centres) - MARGIN, max(c[0] for c in centres) + MARGIN
    shrink = math.cos(math.radians((south + north) / 2))
    west = min(c[1] for c in centres) - MARGIN / shrink
    east = max(c[1] for c in centres) + MARGIN / shrink
    frame = [(south, west * shrink), (south, east * shrink), (north, east * shrink), (north, west * shrink)]
    flat = [(latitude, longitude * shrink) for latitude, longitude in centres]
    cells = []
    for mine in flat:
        cell = frame
        for other in flat:
            if other != mine:
                cell = _nearer(cell, mine, other)
        cells.append([(latitude, across / shrink) for latitude, across in cell])
    return cells


def _nearer(cell: list[Place], mine: Place, other: Place) -> list[Place]:
    """The part of a convex polygon that lies nearer to `mine` than to `other`."""

    def beyond(point: Place) -> float:
        return math.dist(point, mine) ** 2 - math.dist(point, other) ** 2

    kept: list[Place] = []
    for here, there in zip(cell, [*cell[1:], *cell[:1]], strict=True):
        at, then = beyond(here), beyond(there)
        if at <= 0:
            kept.append(here)
        if (at < 0 < then) or (then < 0 < at):
            part = at / (at - then)
            kept.append((here[0] + part * (there[0] - here[0]), here[1] + part * (there[1] - here[1])))
    return kept

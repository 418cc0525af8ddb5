"""The map's areas are those by which the product itself tells whose a home is."""

import math
import random

from dispatch.board.territories import Place, territories


def holds(cell: list[Place], point: Place) -> bool:
    """Whether a convex polygon, corner after corner in one direction, holds the point."""
    sides = [
        (there[1] - here[1]) * (point[0] - here[0]) - (there[0] - here[0]) * (point[1] - here[1])
        for here, there in zip(cell, [*cell[1:], *cell[:1]], strict=True)
    ]
    return all(side >= -1e-12 for side in sides) or all(side <= 1e-12 for side in sides)


def nearest(centres: list[Place], point: Place, shrink: float) -> int:
    away = [math.hypot(c[0] - point[0], (c[1] - point[1]) * shrink) for c in centres]
    return away.index(min(away))


def test_every_place_lies_in_the_cell_of_the_nearest_centre_and_in_no_other() -> None:
    chance = random.Random(7)
    centres = [(31.1 + chance.random() / 4, 121.4 + chance.random() / 4) for _ in range(12)]
    cells = territories(centres)
    south, north = min(c[0] for c in centres), max(c[0] for c in centres)
    shrink = math.cos(math.radians((south + north) / 2))
    for _ in range(2_000):
        point = (south + chance.random() * (north - south), 121.4 + chance.random() / 4)
        mine = nearest(centres, point, shrink)
        assert holds(cells[mine], point)
        assert sum(holds(cell, point) for cell in cells) == 1


def test_one_area_has_the_whole_frame_and_none_has_nothing() -> None:
    (only,) = territories([(31.2, 121.5)])
    assert len(only) == 4
    assert holds(only, (31.23, 121.53))
    assert not holds(only, (31.3, 121.5))
    assert territories([]) == []


def test_two_areas_at_one_place_share_their_cell() -> None:
    first, second, _ = territories([(31.2, 121.5), (31.2, 121.5), (31.3, 121.5)])
    assert first == second
    assert len(first) >= 4

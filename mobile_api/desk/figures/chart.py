"""The course of a figure as places in a small drawing: pure. All of them stand in the table below it, too."""

from collections.abc import Sequence
from dataclasses import dataclass

from dispatch.kpis.queries import Measured

WIDTH, HEIGHT, EDGE = 640, 160, 14


@dataclass(frozen=True)
class Spot:
    """One value: where it is, where its interval ends, and whether it rests on few cases."""

    x: float
    y: float
    top: float
    bottom: float
    is_small: bool


@dataclass(frozen=True)
class Drawn:
    """The spots from left to right, the line through them, and what lowest and highest stand for."""

    spots: tuple[Spot, ...]
    line: str
    lowest: float
    highest: float
    width: int = WIDTH
    height: int = HEIGHT


def drawn(course: Sequence[Measured]) -> Drawn | None:
    """Places for these values, in order; None for fewer than two."""
    known = [(number, one) for number, one in enumerate(course) if one.value is not None]
    if len(known) < 2:
        return None
    ends = [(one.interval.low, one.interval.high) if one.interval else (one.value, one.value) for _, one in known]
    lowest = min(low for low, _ in ends if low is not None)
    highest = max(high for _, high in ends if high is not None)
    room = highest - lowest or 1.0

    def y(value: float) -> float:
        return round(EDGE + (HEIGHT - 2 * EDGE) * (highest - value) / room, 1)

    def x(number: int) -> float:
        return round(EDGE + (WIDTH - 2 * EDGE) * number / max(len(course) - 1, 1), 1)

    spots = tuple(
        Spot(x(number), y(one.value or 0.0), y(high or 0.0), y(low or 0.0), one.is_small)
        for (number, one), (low, high) in zip(known, ends, strict=True)
    )
    return Drawn(spots, " ".join(f"{spot.x},{spot.y}" for spot in spots), lowest, highest)

"""A signature as it was written: strokes of a pen, drawn as filled outlines that stay sharp at any size."""

import math
from itertools import pairwise
from typing import NotRequired, TypedDict


class StrokePoint(TypedDict):
    """Where the pen was: pixels of the pad, milliseconds, pressure 0…1 where the screen tells it."""

    x: float
    y: float
    t: float
    p: NotRequired[float]


class StrokesValue(TypedDict):
    """What a signature pad of `width` x `height` pixels recorded."""

    width: int
    height: int
    strokes: list[list[StrokePoint]]


Box = tuple[float, float, float, float]
Point = tuple[float, float]
WIDEST = 1.9
THINNEST = 0.5


def stroke_operators(value: StrokesValue, box: Box) -> str:
    """PDF operators that draw the strokes inside `box` (x, y, width, height in points), largest without distortion.

    A quick line is thin and a slow one thick, as with a pen. Empty strokes draw nothing.
    """
    strokes = [stroke for stroke in value["strokes"] if stroke]
    if not strokes:
        return ""
    fitted = _fitted(strokes, box)
    return "\n".join(_dot(points[0]) if len(points) == 1 else _outline(points) for points in fitted)


def _fitted(strokes: list[list[StrokePoint]], box: Box) -> list[list[tuple[float, float, float]]]:
    xs = [point["x"] for stroke in strokes for point in stroke]
    ys = [point["y"] for stroke in strokes for point in stroke]
    left, bottom, width, height = box
    scale = min(width / max(1.0, max(xs) - min(xs)), height / max(1.0, max(ys) - min(ys)), 1.0)
    x0 = left + (width - scale * (max(xs) - min(xs))) / 2
    y0 = bottom + (height - scale * (max(ys) - min(ys))) / 2
    return [
        [(x0 + (p["x"] - min(xs)) * scale, y0 + (max(ys) - p["y"]) * scale, float(p["t"])) for p in stroke]
        for stroke in strokes
    ]


def _dot(point: tuple[float, float, float]) -> str:
    return f"{point[0] - 0.6:.2f} {point[1] - 0.6:.2f} 1.2 1.2 re f"


def _outline(points: list[tuple[float, float, float]]) -> str:
    """Both banks of the stroke, joined into one ring and smoothed through the middles of its edges."""
    left: list[Point] = []
    right: list[Point] = []
    width = WIDEST * 0.6
    last = len(points) - 1
    for index, (x, y, _) in enumerate(points):
        before, after = points[max(0, index - 1)], points[min(last, index + 1)]
        dx, dy = after[0] - before[0], after[1] - before[1]
        length = math.hypot(dx, dy) or 1e-6
        speed = length / max(1.0, after[2] - before[2]) * 12
        width = 0.7 * width + 0.3 * max(THINNEST, WIDEST / (1 + speed))
        half = width / 2 * (0.5 if index in (0, last) else 1)
        left.append((x - dy / length * half, y + dx / length * half))
        right.append((x + dy / length * half, y - dx / length * half))
    ring = left + right[::-1]
    middles = [((a[0] + b[0]) / 2, (a[1] + b[1]) / 2) for a, b in pairwise([*ring, ring[0]])]
    here = middles[-1]
    drawn = [f"{here[0]:.2f} {here[1]:.2f} m"]
    for corner, there in zip(ring, middles, strict=True):
        first = (here[0] + 2 / 3 * (corner[0] - here[0]), here[1] + 2 / 3 * (corner[1] - here[1]))
        second = (there[0] + 2 / 3 * (corner[0] - there[0]), there[1] + 2 / 3 * (corner[1] - there[1]))
        drawn.append(" ".join(f"{number:.2f}" for number in (*first, *second, *there)) + " c")
        here = there
    return "\n".join([*drawn, "h f"])

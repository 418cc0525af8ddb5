"""Where things stand in a small chart of one measurement over time, and the same in words. Pure.

Pages draw it as SVG, the document with the drawing code of records: both from these places. The range holds every
value, the healthy one, and the nearest limit, so that "how far from not good" is what the eye sees.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from checklists.words import Words

WIDTH, HEIGHT = 320.0, 96.0
LEFT, RIGHT, TOP, BOTTOM = 8.0, 8.0, 8.0, 16.0
MARGIN = 0.12  # of the range, above and below
MOST_POINTS = 60

VERDICTS = {
    "pass": Words("合格", "good"), "warn": Words("偏离", "outside the good range"),
    "fail": Words("不合格", "not good"), "plain": Words("已记录", "kept"),
}  # fmt: skip


@dataclass(frozen=True)
class Mark:
    """One measurement as a mark: place, verdict (which gives shape and colour), and if it was taken before work."""

    x: float
    y: float
    verdict: str
    before_work: bool
    text: Words


@dataclass(frozen=True)
class Chart:
    """A chart of `width` x `height`, y downwards. Bands are (top, height); None where there is nothing to draw."""

    key: str
    label: Words
    unit: str
    marks: tuple[Mark, ...]
    path: str
    baseline_y: float | None
    good: tuple[float, float] | None
    usable: tuple[float, float] | None
    first: str
    last: str
    alt: Words
    width: float = WIDTH
    height: float = HEIGHT


def charts_of(file: dict[str, Any], day: Callable[[datetime], str], most: int = 6) -> list[Chart]:
    """Charts of a health file: what moved most first, then what has a limit; what never changed is no course.

    `day` says an instant as a short date.
    """
    order = {one["key"]: place for place, one in enumerate(file["comparison"])}
    drawn = [series for series in file["series"] if len({one["value"] for one in _numbers(series)}) > 1]
    drawn.sort(key=lambda series: (order.get(series["key"], len(order)), series["good_from"] is None, series["key"]))
    return [chart_of(series, day) for series in drawn[:most]]


def _numbers(series: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for one in series["points"] if isinstance(one["value"], int | float)][-MOST_POINTS:]


def chart_of(series: dict[str, Any], day: Callable[[datetime], str]) -> Chart:
    """The chart of one series of the health file."""
    points = _numbers(series)
    low, high = _range(series, [float(one["value"]) for one in points])
    moments = [datetime.fromisoformat(one["at"]) for one in points]
    begin, length = moments[0], (moments[-1] - moments[0]).total_seconds() or 1.0

    def y(value: float) -> float:
        inside = min(max((value - low) / (high - low), 0.0), 1.0)
        return round(TOP + (1 - inside) * (HEIGHT - TOP - BOTTOM), 1)

    marks = [
        Mark(
            round(LEFT + (at - begin).total_seconds() / length * (WIDTH - LEFT - RIGHT), 1),
            y(float(one["value"])),
            one["verdict"],
            one["before_work"],
            _said(one, series["unit"], day(at)),
        )
        for one, at in zip(points, moments, strict=True)
    ]
    label = Words(series["label"]["zh"], series["label"]["en"])
    healthy = series["baseline"] if isinstance(series["baseline"], int | float) else None
    return Chart(
        series["key"],
        label,
        series["unit"],
        tuple(marks),
        " ".join(f"{'L' if place else 'M'}{mark.x:g} {mark.y:g}" for place, mark in enumerate(marks)),
        y(float(healthy)) if healthy is not None else None,
        _band(series["good_from"], series["good_to"], low, high, y),
        _band(series["usable_from"], series["usable_to"], low, high, y),
        day(moments[0]),
        day(moments[-1]),
        _alt(series, label, marks, healthy),
    )


def _range(series: dict[str, Any], values: list[float]) -> tuple[float, float]:
    healthy = series["baseline"]
    shown = [*values, *([float(healthy)] if isinstance(healthy, int | float) else [])]
    low, high = min(shown), max(shown)
    spread = max(high - low, abs(high) * 0.02, 0.5)
    for bound in (series["good_from"], series["usable_from"]):  # a limit far away would flatten everything
        if bound is not None and low - bound <= 2 * spread:
            low = min(low, bound)
    if series["good_to"] is not None and series["good_to"] - high <= 2 * spread:
        high = max(high, series["good_to"])
    air = max((high - low) * MARGIN, spread * MARGIN)
    return low - air, high + air


def _band(
    bottom: float | None, top: float | None, low: float, high: float, y: Callable[[float], float]
) -> tuple[float, float] | None:
    if bottom is None and top is None:
        return None
    upper = y(high if top is None else min(top, high))
    lower = y(low if bottom is None else max(bottom, low))
    return (upper, round(lower - upper, 1)) if lower > upper else None


def _said(one: dict[str, Any], unit: str, day: str) -> Words:
    verdict = VERDICTS.get(one["verdict"], VERDICTS["plain"])
    before = Words("，处理前", ", before work") if one["before_work"] else Words("", "")
    value = f"{one['value']:g} {unit}".strip()
    return Words(f"{day} {value}（{verdict.zh}{before.zh}）", f"{day}: {value} ({verdict.en}{before.en})")


def _alt(series: dict[str, Any], label: Words, marks: list[Mark], healthy: float | None) -> Words:
    told = marks if len(marks) <= 8 else [*marks[:2], *marks[-5:]]
    left_out = len(marks) - len(told)
    base = (
        Words(f"健康时 {healthy:g} {series['unit']}；", f"healthy {healthy:g} {series['unit']}; ")
        if (healthy is not None)
        else Words("", "")
    )
    more = Words(f"（另有 {left_out} 次）", f" ({left_out} more)") if left_out else Words("", "")
    return Words(
        f"{label.zh}：{base.zh}" + "，".join(mark.text.zh for mark in told) + more.zh + "。",
        f"{label.en}: {base.en}" + "; ".join(mark.text.en for mark in told) + more.en + ".",
    )

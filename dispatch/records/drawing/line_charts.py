"""Small charts of what was measured over time, on paper: the same places as on the pages."""

from collections.abc import Sequence
from typing import Protocol

from reportlab.platypus import CondPageBreak, Flowable

from checklists.words import Words
from dispatch.records.drawing import look
from dispatch.records.drawing.pen import SIGNS, Pen
from dispatch.records.drawing.structure import TaggedCanvas
from dispatch.records.drawing.tagged import Figure
from dispatch.records.drawing.typefaces import width_of, write

VERDICT_SIGNS = {"pass": "good", "warn": "care", "fail": "bad"}


class DrawnMark(Protocol):
    """One measurement in a chart."""

    @property
    def x(self) -> float: ...
    @property
    def y(self) -> float: ...
    @property
    def verdict(self) -> str: ...
    @property
    def before_work(self) -> bool: ...


class DrawnChart(Protocol):
    """Where things stand in a chart of `width` x `height`, y downwards; bands are (top, height)."""

    @property
    def label(self) -> Words: ...
    @property
    def unit(self) -> str: ...
    @property
    def marks(self) -> Sequence[DrawnMark]: ...
    @property
    def baseline_y(self) -> float | None: ...
    @property
    def good(self) -> tuple[float, float] | None: ...
    @property
    def usable(self) -> tuple[float, float] | None: ...
    @property
    def first(self) -> str: ...
    @property
    def last(self) -> str: ...
    @property
    def alt(self) -> Words: ...
    @property
    def width(self) -> float: ...
    @property
    def height(self) -> float: ...


def charts_over_time(pen: Pen, charts: Sequence[DrawnChart]) -> list[Flowable]:
    """Every chart across the page, the first with the heading; nothing for none."""
    story: list[Flowable] = []
    for number, chart in enumerate(charts):
        height = chart.height + 14

        def draw(canvas: TaggedCanvas, _w: float, height: float, chart: DrawnChart = chart) -> None:
            _draw(canvas, pen, chart, height)

        figure = Figure(look.WIDTH, height, draw, pen.plain_words(chart.alt))
        if number == 0:
            story += pen.heading(Words("历次测量", "Over time"), height + 40)
        story += [CondPageBreak(height + 6), figure, pen.gap(4)]
    return story


def _draw(canvas: TaggedCanvas, pen: Pen, chart: DrawnChart, height: float) -> None:
    """The chart stretched to the page's width; its label above."""
    scale, top = look.WIDTH / chart.width, height - 12

    def band(place: tuple[float, float] | None, colour: str) -> None:
        if place:
            canvas.setFillColor(colour)
            canvas.rect(0, top - place[0] - place[1], look.WIDTH, place[1], stroke=0, fill=1)

    canvas.setFillColor(look.INK)
    label = (
        f"{pen.plain_words(chart.label)}（{chart.unit}）"
        if pen.language != "en"
        else (f"{pen.plain_words(chart.label)} ({chart.unit})")
    )
    write(canvas, (0, height - 9), label if chart.unit else pen.plain_words(chart.label), 8, pen.missing)
    band(chart.usable, "#fbf1dc")
    band(chart.good, "#e6f3e8")
    if chart.baseline_y is not None:
        canvas.setStrokeColor(look.ACCENT)
        canvas.setLineWidth(0.8)
        canvas.setDash(4, 3)
        canvas.line(0, top - chart.baseline_y, look.WIDTH, top - chart.baseline_y)
        canvas.setDash()
    canvas.setStrokeColor(look.MUTED)
    canvas.setLineWidth(0.8)
    path = canvas.beginPath()
    for place, mark in enumerate(chart.marks):
        (path.lineTo if place else path.moveTo)(mark.x * scale, top - mark.y)
    canvas.drawPath(path, stroke=1, fill=0)
    for mark in chart.marks:
        _draw_mark(canvas, mark, mark.x * scale, top - mark.y)
    canvas.setFillColor(look.MUTED)
    write(canvas, (0, top - chart.height + 3), chart.first, 6.8, pen.missing)
    write(canvas, (look.WIDTH - width_of(chart.last, 6.8), top - chart.height + 3), chart.last, 6.8, pen.missing)


def _draw_mark(canvas: TaggedCanvas, mark: DrawnMark, x: float, y: float) -> None:
    """A dot for good, a triangle for care, a square for bad; hollow when taken before work."""
    kind = VERDICT_SIGNS.get(mark.verdict, "plain")
    canvas.setFillColor("#ffffff" if mark.before_work else SIGNS[kind][1])
    canvas.setStrokeColor(SIGNS[kind][1])
    canvas.setLineWidth(1.1)
    path = canvas.beginPath()
    if kind == "care":
        path.moveTo(x - 4, y - 3)
        path.lineTo(x + 4, y - 3)
        path.lineTo(x, y + 4)
        path.close()
    elif kind == "bad":
        path.rect(x - 3, y - 3, 6, 6)
    else:
        path.circle(x, y, 3)
    canvas.drawPath(path, stroke=1, fill=1)

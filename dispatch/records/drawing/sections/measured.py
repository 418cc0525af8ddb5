"""What was measured, against its limit and against the line when it was healthy."""

import math
from typing import Any

from reportlab.platypus import CondPageBreak, Flowable

from checklists.words import Words
from dispatch.records.drawing import look
from dispatch.records.drawing.pen import LONGEST_IN_A_NARROW_CELL, NOTHING, SIGNS, Pen
from dispatch.records.drawing.structure import TaggedCanvas
from dispatch.records.drawing.tagged import Figure
from dispatch.records.drawing.typefaces import fitting, width_of, write

VERDICTS = {
    "pass": ("good", Words("合格", "Pass")),
    "warn": ("care", Words("留意", "Watch")),
    "fail": ("bad", Words("不合格", "Fail")),
    "implausible": ("care", Words("存疑", "Implausible")),
    "plain": ("plain", Words("仅记录", "Noted")),
}
# Full deflection of the chart: levels in decibels by difference, everything else by percentage.
FULL_DECIBELS = 6.0
FULL_PERCENT = 50.0
ROW = 15.0
ROWS_IN_A_CHART = 30

METHODS = {
    "instrument": Words("仪表", "Instrument"),
    "page": Words("网页测速", "Test page"),
    "read_off": Words("读取", "Read off"),
}


def measurements(pen: Pen, record: dict[str, Any]) -> list[Flowable]:
    """The table of measurements, then the chart of those that have a baseline."""
    listed = record.get("measurements") or []
    if not listed:
        return []
    heads = [
        Words("测量项目", "Measured"),
        Words("实测", "Value"),
        Words("基线", "Baseline"),
        Words("门限", "Limit"),
        Words("判定", "Verdict"),
        Words("方式", "How"),
    ]
    styles = [look.LABEL, look.FIGURE_LABEL, look.FIGURE_LABEL, look.LABEL, look.LABEL, look.LABEL]
    rows = [
        [pen.cell(pen.both(words, 6.2), style) for words, style in zip(heads, styles, strict=True)],
        *[measurement(pen, item) for item in listed],
    ]
    story = [*pen.heading(Words("测量与基线", "Measurements and baseline"), 140)]
    story.append(pen.table(rows, [0.25, 0.14, 0.12, 0.145, 0.115, 0.23]))
    return story + chart(pen, listed)


def measurement(pen: Pen, item: dict[str, Any]) -> list[Any]:
    """One row of the table."""
    kind, words = VERDICTS.get(str(item.get("verdict")), VERDICTS["plain"])
    unit = item.get("unit")
    value = f'<font name="SCB">{_number(pen, item.get("value"))}</font>'
    if unit and isinstance(item.get("value"), int | float):
        value += f" {look.BESIDE.format(size=7.2, text=pen.brief(unit))}"
    method = item.get("method")
    how = [pen.words(METHODS[method]) if method in METHODS else pen.brief(method)] if method else []
    how += [pen.brief(item["instrument"])] if item.get("instrument") else []
    if item.get("at"):
        how.append(pen.at(item["at"], "%H:%M"))
    return [
        pen.cell(pen.both(item.get("label") or item.get("name"), 6.8)),
        pen.cell(value, look.FIGURE),
        pen.cell(_number(pen, item.get("baseline")), look.FIGURE),
        pen.cell(pen.words(item.get("limit"), LONGEST_IN_A_NARROW_CELL), look.SMALL),
        pen.cell(pen.sign(kind, pen.words(words))),
        pen.cell(" ".join(how) or NOTHING, look.NOTE),
    ]


def _number(pen: Pen, value: object) -> str:
    if isinstance(value, float) and math.isfinite(value):
        return pen.text(f"{value:.10g}".replace("-", "−"))
    return pen.brief(str(value).replace("-", "−") if isinstance(value, int) else value)


def chart(pen: Pen, listed: list[dict[str, Any]]) -> list[Flowable]:
    """How far each measurement is from the healthy line; nothing when no measurement has a numeric baseline."""
    comparable = [item for item in listed if _deviation(item) is not None]
    story: list[Flowable] = []
    for start in range(0, len(comparable), ROWS_IN_A_CHART):
        story += _one_chart(pen, comparable[start : start + ROWS_IN_A_CHART])
    return story


def _one_chart(pen: Pen, comparable: list[dict[str, Any]]) -> list[Flowable]:
    height = ROW * len(comparable) + 22
    alt = pen.say_plain("与基线的偏差：", "Distance from the baseline: ") + "; ".join(
        f"{pen.plain_words(item.get('label'))} {_deviation_text(item)}" for item in comparable
    )

    def draw(canvas: TaggedCanvas, width: float, height: float) -> None:
        left, right = 150.0, width - 78
        for row, item in enumerate(comparable):
            _draw_row(canvas, pen, item, (left, right, height - 6 - ROW * (row + 0.5)))
        _draw_axis(canvas, pen, left, right, height)

    return [CondPageBreak(height + 8), pen.gap(7), Figure(look.WIDTH, height, draw, alt)]


def _deviation(item: dict[str, Any], of: str = "value") -> tuple[float, bool] | None:
    """(how far a value, or a limit, is from the baseline, is it in decibels); None with nothing to compare."""
    value, baseline = item.get(of), item.get("baseline")
    if not all(isinstance(n, int | float) and not isinstance(n, bool) for n in (value, baseline)):
        return None
    assert isinstance(value, int | float)
    assert isinstance(baseline, int | float)
    if str(item.get("unit", "")).lower().startswith("db"):
        return value - baseline, True
    if baseline == 0:
        return (0.0, False) if value == 0 else None
    return (value - baseline) / abs(baseline) * 100, False


def _deviation_text(item: dict[str, Any]) -> str:
    deviation = _deviation(item)
    assert deviation is not None
    amount, decibels = deviation
    number = f"{amount:+.1f} dB" if decibels else f"{amount:+.0f} %"
    return "0" if number in ("+0.0 dB", "-0.0 dB", "+0 %", "-0 %") else number.replace("-", "−")


def _draw_row(canvas: TaggedCanvas, pen: Pen, item: dict[str, Any], place: tuple[float, float, float]) -> None:
    left, right, y = place
    deviation = _deviation(item)
    assert deviation is not None
    share = deviation[0] / (FULL_DECIBELS if deviation[1] else FULL_PERCENT)
    middle = (left + right) / 2
    x = middle + max(-1.0, min(1.0, share)) * (right - left) / 2
    canvas.setFillColor(look.INK)
    write(canvas, (0, y - 2.8), fitting(pen.plain_words(item.get("label")), 8, left - 12), 8, pen.missing)
    canvas.setStrokeColor(look.HAIRLINE)
    canvas.setLineWidth(0.5)
    canvas.line(left, y, right, y)
    for bound, outwards in (("limit_low", left), ("limit_high", right)):
        _draw_limit(canvas, item, bound, (left, outwards, right, y))
    kind = VERDICTS.get(str(item.get("verdict")), VERDICTS["plain"])[0]
    colour = SIGNS[kind][1]
    canvas.setStrokeColor(colour)
    canvas.setFillColor(colour)
    canvas.setLineWidth(2.2)
    canvas.line(middle, y, x, y)
    _draw_mark(canvas, kind, x, y)
    text = _deviation_text(item)
    if abs(share) > 1:
        text += " »" if share > 0 else " «"
    canvas.setFillColor(look.INK)
    write(canvas, (look.WIDTH - width_of(text, 8), y - 2.8), text, 8, pen.missing)


def _draw_limit(
    canvas: TaggedCanvas, item: dict[str, Any], bound: str, place: tuple[float, float, float, float]
) -> None:
    """A tick where the limit lies and a tint beyond it; nothing where it lies outside of the chart."""
    left, outwards, right, y = place
    deviation = _deviation(item, bound)
    if deviation is None:
        return
    share = deviation[0] / (FULL_DECIBELS if deviation[1] else FULL_PERCENT)
    if not -1 <= share <= 1:
        return
    x = (left + right) / 2 + share * (right - left) / 2
    canvas.setFillColor(look.BEYOND)
    canvas.rect(min(x, outwards), y - 4.5, abs(outwards - x), 9, stroke=0, fill=1)
    canvas.setStrokeColor(look.BAD)
    canvas.setLineWidth(1)
    canvas.line(x, y - 4.5, x, y + 4.5)


def _draw_mark(canvas: TaggedCanvas, kind: str, x: float, y: float) -> None:
    """A dot for good, a triangle for care, a square for bad: the shape tells what the colour tells."""
    path = canvas.beginPath()
    if kind == "care":
        path.moveTo(x - 4, y - 3)
        path.lineTo(x + 4, y - 3)
        path.lineTo(x, y + 4)
        path.close()
    elif kind == "bad":
        path.rect(x - 3.2, y - 3.2, 6.4, 6.4)
    else:
        path.circle(x, y, 3.2)
    canvas.drawPath(path, stroke=0, fill=1)


def _draw_axis(canvas: TaggedCanvas, pen: Pen, left: float, right: float, height: float) -> None:
    middle = (left + right) / 2
    canvas.setStrokeColor(look.ACCENT)
    canvas.setLineWidth(0.8)
    canvas.line(middle, 15, middle, height - 4)
    canvas.setFillColor(look.MUTED)
    for x, text in (
        (left, "−50 % / −6 dB"),
        (middle, pen.say_plain("基线（线路健康时）", "baseline (healthy line)")),
        (right, "+50 % / +6 dB"),
    ):
        write(canvas, (x - width_of(text, 6.8) / 2, 5), text, 6.8, pen.missing)
    canvas.setFillColor(look.BEYOND)
    canvas.rect(0, 3, 12, 8, stroke=0, fill=1)
    canvas.setStrokeColor(look.BAD)
    canvas.line(12, 3, 12, 11)
    canvas.setFillColor(look.MUTED)
    write(canvas, (17, 5), pen.say_plain("门限以外", "beyond the limit"), 6.8, pen.missing)

"""A line's health file as a PDF: how it stands, its course in small charts, repairs, devices, dates, every record.

Drawn from the file's value alone; charts come as places (see `DrawnChart`), so that pages and paper show the same.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from reportlab.platypus import CondPageBreak, Flowable, KeepTogether

from checklists.words import Words
from dispatch.records.canonical import canonical_json
from dispatch.records.drawing import look
from dispatch.records.drawing.archive import About
from dispatch.records.drawing.document import ONE_AT_A_TIME, render
from dispatch.records.drawing.pen import NOTHING, SIGNS, Pen
from dispatch.records.drawing.sections.opening import KINDS
from dispatch.records.drawing.sections.visit import facts_table
from dispatch.records.drawing.structure import TaggedCanvas
from dispatch.records.drawing.tagged import Figure
from dispatch.records.drawing.typefaces import load_typefaces, width_of, write

TITLE = Words("线路健康档案", "The line's health file")
LEVELS = {"fail": "bad", "warn": "care", "moved": "care", "steady": "good", "better": "good", "plain": "plain"}
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


def draw_line_file(
    file: dict[str, Any], charts: Sequence[DrawnChart], headline: Words, about: dict[str, Any], at: datetime
) -> bytes:
    """The document. `about`: language, time_zone and company, as in a record; `at` stands on it as its date (UTC).

    The same file at the same time gives the same bytes; the file itself is attached as JSON.
    """
    number = f"{file['line']['id'][:8]} · {at:%Y-%m-%d}"
    head = about | {"number": number}
    with ONE_AT_A_TIME:
        load_typefaces()
        pen = Pen.for_record(head)
        story = [*_opening(pen, file, headline, at), *_compared(pen, file), *_charts(pen, charts)]
        story += [*_repairs(pen, file), *_devices_and_dates(pen, file), *_questions(pen, file), *_records(pen, file)]
        told = About(
            title=f"{TITLE.to(pen.language)} {file['line']['site']}",
            author=pen.plain_words(about.get("company")),
            subject=pen.say_plain("宽带线路的基准、历次测量与维修", "Baseline, measurements and repairs of a line"),
            language="en" if pen.language == "en" else "zh-CN",
            record_json=canonical_json(file),
            sealed_at=at,
            attached_as="health-file.json",
            attached="机器可读的健康档案 The health file as data",
        )
        return render(story, pen, head, told)


def _opening(pen: Pen, file: dict[str, Any], headline: Words, at: datetime) -> list[Flowable]:
    line = file["line"]
    first, second = (TITLE.en, TITLE.zh) if pen.language == "en" else (TITLE.zh, TITLE.en)
    level = LEVELS.get(file["state"]["level"], "plain")
    down, up = (line.get(f"subscribed_{way}_mbps") for way in ("down", "up"))
    rates = f"{down:g} / {up:g} Mbit/s" if down and up else f"{down:g} Mbit/s" if down else NOTHING
    pairs = [
        (Words("接入", "Access"), pen.brief(line["access"])),
        (Words("业务", "Product"), pen.brief(line["product"])),
        (Words("签约速率", "Subscribed"), pen.text(rates)),
        (Words("分光器", "Splitter"), pen.brief(line.get("splitter"))),
        (Words("基准", "Baseline"), pen.at((file["baseline"] or {}).get("at"), "%Y-%m-%d")),
        (Words("截至", "As of"), pen.at(at.isoformat())),
    ]
    panel = pen.table([[pen.cell(pen.sign(level, pen.words(headline)))]], [1], heads="none", style=look.PANELLED)
    panel.setStyle([("TOPPADDING", (0, 0), (-1, -1), 7), ("BOTTOMPADDING", (0, 0), (-1, -1), 9)])
    return [
        pen.paragraph(pen.text(first), look.TITLE, "H1"),
        pen.paragraph(pen.text(second), look.SUBTITLE),
        pen.paragraph(f'<font name="SCB">{pen.short(line["site"])}</font>'),
        pen.gap(7),
        panel,
        pen.gap(5),
        facts_table(pen, pairs),
    ]


def _heads(pen: Pen, heads: Sequence[Words]) -> list[Any]:
    return [pen.cell(pen.both(words, 6.4), look.LABEL) for words in heads]


def _value(pen: Pen, value: object, unit: str = "") -> str:
    if value is None:
        return NOTHING
    said = f"{value:g}".replace("-", "−") if isinstance(value, float | int) else str(value)
    return pen.brief(f"{said} {unit}".strip())


def _compared(pen: Pen, file: dict[str, Any]) -> list[Flowable]:
    rows = []
    for one in file["comparison"]:
        level = one["drift"]
        told = pen.sign(LEVELS[level], pen.words(one["drift_words"])) if level else NOTHING
        if one["room_used"] is not None and level in ("moved", "warn", "fail"):
            share = f"{one['room_used']:.0%}"
            told += look.APART + look.BESIDE.format(
                size=7.2, text=pen.say(f"余量已用 {share}", f"{share} of the room used")
            )
        rows.append(
            [
                pen.cell(pen.both(one["label"], 6.8)),
                pen.cell(_value(pen, one["baseline"], one["unit"])),
                pen.cell(_value(pen, one["latest"], one["unit"])),
                pen.cell(pen.words(one.get("limit"))),
                pen.cell(told),
                pen.cell(pen.at(one["latest_at"], "%Y-%m-%d"), look.NOTE),
            ]
        )
    if not rows:
        return []
    heads = [
        Words("项目", "Measured"), Words("健康时", "Healthy"), Words("最近", "Latest"), Words("合格", "Good"),
        Words("变化", "What became of it"), Words("测于", "On"),
    ]  # fmt: skip
    return [
        *pen.heading(Words("与健康时对照", "Beside the healthy line"), 140),
        pen.table([_heads(pen, heads), *rows], [0.25, 0.14, 0.14, 0.14, 0.2, 0.13]),
    ]


def _charts(pen: Pen, charts: Sequence[DrawnChart]) -> list[Flowable]:
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


def _repairs(pen: Pen, file: dict[str, Any]) -> list[Flowable]:
    rows = []
    for visit in reversed(file["visits"]):
        repair = visit["repair"] or {}
        if visit["kind"] != "repair" or visit["outcome"] != "completed":
            continue
        looked = pen.listed([pen.brief(told) for told in [*visit["symptoms"], *map(str, visit["dial_codes"])]])
        rows.append(
            [
                pen.cell(pen.at(visit["sealed_at"], "%Y-%m-%d")),
                pen.cell(looked),
                pen.cell(pen.words(repair.get("fault_type_text"))),
                pen.cell(pen.words(repair.get("fault_cause_text"))),
                pen.cell(pen.words(repair.get("actions_text"))),
                pen.cell(pen.brief(visit["record"]), look.NOTE),
            ]
        )
    if not rows:
        return []
    heads = [
        Words("日期", "Date"), Words("现象", "Symptoms"), Words("故障", "Fault"), Words("原因", "Cause"),
        Words("处理", "Remedy"), Words("记录", "Record"),
    ]  # fmt: skip
    table = pen.table([_heads(pen, heads), *rows], [0.12, 0.2, 0.14, 0.17, 0.19, 0.18])
    return [*pen.heading(Words("历次修障", "Repairs"), 100), table]


def _devices_and_dates(pen: Pen, file: dict[str, Any]) -> list[Flowable]:
    pairs = [
        (
            Words("设备", "Device"),
            pen.brief(" ".join(str(one[part]) for part in ("manufacturer", "model", "serial") if one.get(part)))
            + f" {look.BESIDE.format(size=7.2, text=pen.at(one['since'], '%Y-%m-%d'))}",
        )
        for one in reversed(file["devices"])
    ]
    changes = [pen.at(one["at"], "%Y-%m-%d") for one in reversed(file["password_changes"])]
    pairs.append((Words("密码修改日期", "Password changed"), pen.listed(changes)))
    heading = pen.heading(Words("设备与日期", "Devices and dates"), 60)
    return [KeepTogether([*heading[1:], facts_table(pen, [], pairs)])]


def _questions(pen: Pen, file: dict[str, Any]) -> list[Flowable]:
    if not file["open_questions"]:
        return []
    rows = [
        [pen.cell(pen.short(one["text"])), pen.cell(pen.at(one["asked_at"], "%Y-%m-%d")), pen.cell(pen.brief(
            one.get("answer_by") or ""))]
        for one in file["open_questions"]
    ]  # fmt: skip
    heads = [Words("问题", "Question"), Words("提出", "Asked"), Words("答复期限", "Answer by")]
    table = pen.table([_heads(pen, heads), *rows], [0.64, 0.18, 0.18])
    return [*pen.heading(Words("待答复的问题", "Open questions"), 70), table]


def _records(pen: Pen, file: dict[str, Any]) -> list[Flowable]:
    if not file["records"]:
        return [pen.paragraph(pen.say("还没有服务记录。", "There are no records yet."), look.NOTE)]
    rows = []
    for one in reversed(file["records"]):
        note = f"{pen.say('更正', 'corrects')} {pen.brief(one['corrects'])}" if one["corrects"] else ""
        note = pen.say("已被更正", "corrected since") if one["corrected"] else note
        kind = KINDS.get(one["kind"], Words("上门", "Visit"))
        rows.append([pen.cell(pen.brief(one["number"])), pen.cell(pen.at(one["sealed_at"])), pen.cell(pen.words(kind)),
                     pen.cell(note or NOTHING)])  # fmt: skip
    heads = [Words("记录编号", "Record"), Words("封存", "Sealed"), Words("服务", "Service"), Words("备注", "Note")]
    table = pen.table([_heads(pen, heads), *rows], [0.3, 0.24, 0.16, 0.3])
    return [*pen.heading(Words("全部记录", "Every record"), 80), table]

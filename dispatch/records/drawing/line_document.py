"""A line's health file as a PDF: how it stands, its course in small charts, repairs, devices, dates, every record.

Drawn from the file's value alone; charts come as places (see `DrawnChart`), so that pages and paper show the same.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from reportlab.platypus import Flowable, KeepTogether

from checklists.words import Words
from dispatch.records.canonical import canonical_json
from dispatch.records.drawing import look
from dispatch.records.drawing.archive import About
from dispatch.records.drawing.document import ONE_AT_A_TIME, render
from dispatch.records.drawing.line_charts import DrawnChart, charts_over_time
from dispatch.records.drawing.pen import NOTHING, Pen
from dispatch.records.drawing.sections.opening import KINDS
from dispatch.records.drawing.sections.visit import facts_table
from dispatch.records.drawing.typefaces import load_typefaces

TITLE = Words("线路健康档案", "The line's health file")
LEVELS = {"fail": "bad", "warn": "care", "moved": "care", "steady": "good", "better": "good", "plain": "plain"}


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
        story = [*_opening(pen, file, headline, at), *_compared(pen, file), *charts_over_time(pen, charts)]
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


def _repairs(pen: Pen, file: dict[str, Any]) -> list[Flowable]:
    rows = []
    for visit in reversed(file["visits"]):
        repair = visit["repair"] or {}
        if visit["kind"] != "repair" or visit["outcome"] != "completed":
            continue
        looked = pen.listed([pen.words(told) for told in [*visit["symptom_words"], *map(str, visit["dial_codes"])]])
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

"""The monthly report of figures as a PDF: drawn from one value alone, in words that are chosen elsewhere.

The value: `period`, `scope` and `company` (Words or {zh, en}), `sections` and `areas` with rows, `star`, `definitions`.
The same value at the same time gives the same bytes; it is attached as JSON.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from reportlab.platypus import Flowable

from checklists.words import Words
from dispatch.records.canonical import canonical_json
from dispatch.records.drawing import look
from dispatch.records.drawing.archive import About
from dispatch.records.drawing.document import ONE_AT_A_TIME, render
from dispatch.records.drawing.pen import NOTHING, Pen
from dispatch.records.drawing.sections.visit import facts_table
from dispatch.records.drawing.typefaces import load_typefaces

TITLE = Words("月度指标报告", "Monthly report of figures")
VERDICTS = {"better": "good", "worse": "bad", "chance": "plain", "unknown": "plain"}
HEADS = (
    Words("指标", "Figure"), Words("数值", "Value"), Words("95% 区间", "95 % interval"), Words("例数", "Cases"),
    Words("上期", "Before"), Words("与上期相比", "Against before"),
)  # fmt: skip
SHARES = (0.25, 0.13, 0.22, 0.14, 0.11, 0.15)
AREA_SHARES = (0.34, 0.16, 0.28, 0.22)


def draw_figures(value: dict[str, Any], about: dict[str, Any], at: datetime) -> bytes:
    """The report. `about`: language, time_zone and company, as in a record; `at` stands on it as its date."""
    head = about | {"number": f"{value['number']} · {at:%Y-%m-%d}"}
    with ONE_AT_A_TIME:
        load_typefaces()
        pen = Pen.for_record(head)
        story = _opening(pen, value, at)
        for section in value["sections"]:
            story += [*pen.heading(section["title"], 120), _figures(pen, section["rows"])]
        for area in value["areas"]:
            story += [*pen.heading(area["title"], 100), _by_area(pen, area["rows"])]
        story += _definitions(pen, value["definitions"])
        told = About(
            title=f"{TITLE.to(pen.language)} {pen.plain_words(value['period'])}",
            author=pen.plain_words(about.get("company")),
            subject=pen.say_plain("装维上门服务的月度指标", "Monthly figures of home visits"),
            language="en" if pen.language == "en" else "zh-CN",
            record_json=canonical_json(value),
            sealed_at=at,
            attached_as="figures.json",
            attached="机器可读的月度指标 The figures as data",
        )
        return render(story, pen, head, told)


def _opening(pen: Pen, value: dict[str, Any], at: datetime) -> list[Flowable]:
    first, second = (TITLE.en, TITLE.zh) if pen.language == "en" else (TITLE.zh, TITLE.en)
    pairs = [
        (Words("期间", "Period"), pen.words(value["period"])),
        (Words("范围", "Scope"), pen.words(value["scope"])),
        (Words("服务明星", "Star of the month"), pen.words(value["star"])),
        (Words("截至", "As of"), pen.at(at.isoformat())),
    ]
    return [
        pen.paragraph(pen.text(first), look.TITLE, "H1"),
        pen.paragraph(pen.text(second), look.SUBTITLE),
        pen.gap(5),
        facts_table(pen, pairs),
        pen.gap(4),
        pen.paragraph(
            pen.say(
                "例数少于 30 的标为“样本少”，只作参考；“更好”“更差”只在差异超出偶然范围时写出。各项定义见文末。",
                "Fewer than 30 cases are marked: a hint at most. “Better” and “worse” are said only beyond chance. "
                "Definitions stand at the end.",
            ),
            look.NOTE,
        ),
    ]


def _heads(pen: Pen, heads: Sequence[Words]) -> list[Any]:
    return [pen.cell(pen.both(words, 6.4), look.LABEL) for words in heads]


def _value(pen: Pen, row: dict[str, Any]) -> str:
    small = pen.sign("care", pen.say("样本少", "few cases")) if row["small"] else ""
    return f'<font name="SCB">{pen.words(row["value"])}</font>' + (f"{look.APART}{small}" if small else "")


def _figures(pen: Pen, rows: Sequence[dict[str, Any]]) -> Flowable:
    told = [
        [
            pen.cell(pen.both(row["name"], 6.8)),
            pen.cell(_value(pen, row)),
            pen.cell(pen.words(row["interval"])),
            pen.cell(pen.words(row["cases"])),
            pen.cell(pen.words(row["before"])),
            pen.cell(
                pen.sign(VERDICTS[row["verdict"]], pen.words(row["verdict_words"])) if row["verdict"] else NOTHING
            ),
        ]
        for row in rows
    ]
    return pen.table([_heads(pen, HEADS), *told], SHARES)


def _by_area(pen: Pen, rows: Sequence[dict[str, Any]]) -> Flowable:
    heads = (Words("片区", "Area"), HEADS[1], HEADS[2], HEADS[3])
    told = [
        [
            pen.cell(pen.words(row["name"])),
            pen.cell(_value(pen, row)),
            pen.cell(pen.words(row["interval"])),
            pen.cell(pen.words(row["cases"])),
        ]
        for row in rows
    ]
    return pen.table([_heads(pen, heads), *told], AREA_SHARES)


def _definitions(pen: Pen, definitions: Sequence[dict[str, Any]]) -> list[Flowable]:
    rows = [
        [
            pen.cell(pen.both(one["name"], 6.8)),
            pen.cell(pen.words(one["definition"]), look.SMALL),
            pen.cell(pen.words(one["source"]), look.NOTE),
        ]
        for one in definitions
    ]
    heads = (Words("指标", "Figure"), Words("定义", "Definition"), Words("依据", "Source"))
    return [*pen.heading(Words("定义", "Definitions"), 120), pen.table([_heads(pen, heads), *rows], (0.24, 0.6, 0.16))]

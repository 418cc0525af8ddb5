"""A technician's day on paper: where, when, for whom and what, to be carried along or pinned up at the station."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from reportlab.platypus import Flowable, PageBreak

from checklists.words import Words
from dispatch.records.canonical import canonical_json
from dispatch.records.drawing import look
from dispatch.records.drawing.archive import About
from dispatch.records.drawing.document import ONE_AT_A_TIME, render
from dispatch.records.drawing.pen import Pen
from dispatch.records.drawing.sections.visit import facts_table
from dispatch.records.drawing.typefaces import load_typefaces

TITLE = Words("日程单", "Day sheet")


@dataclass(frozen=True)
class SheetVisit:
    """One visit on the sheet. `phone` is whole or masked, as the asker may see it; `told` the promised window."""

    planned: str
    told: str
    customer: str
    phone: str
    address: str
    work: Words
    order: str
    minutes: int
    symptoms: Words
    note: str


@dataclass(frozen=True)
class Sheet:
    """One technician's day. `shift` is 08:30–17:30 or empty; `kit` says what the van needs."""

    technician: str
    code: str
    area: Words
    day: date
    shift: str
    lunch: str
    kit: Words
    visits: tuple[SheetVisit, ...]


def draw_day_sheets(
    sheets: Sequence[Sheet], *, language: str, zone: ZoneInfo, company: Words, at: datetime
) -> tuple[bytes, frozenset[str]]:
    """The sheets one after another, each on a page of its own, and the characters that could not be drawn.

    The same sheets at the same instant give the same bytes. `at` (aware, UTC) stands at the head as “printed at”.
    """
    about = {
        "language": language,
        "time_zone": str(zone),
        "company": {"zh": company.zh, "en": company.en},
        "number": f"{TITLE.to(language)} · {sheets[0].day.isoformat() if sheets else ''}",
    }
    with ONE_AT_A_TIME:
        load_typefaces()
        pen = Pen.for_record(about)
        story: list[Flowable] = []
        for number, sheet in enumerate(sheets):
            story += [PageBreak()] if number else []
            story += _sheet(pen, sheet, at)
        told = About(
            title=f"{TITLE.to(language)} {about['number']}",
            author=pen.plain_words(about["company"]),
            subject=pen.say_plain("装维人员当天的上门安排", "A technician's visits of one day"),
            language="en" if language == "en" else "zh-CN",
            record_json=canonical_json({"day": sheets[0].day.isoformat() if sheets else "", "sheets": len(sheets)}),
            sealed_at=at,
            attached_as="day-sheet.json",
            attached="日程单说明 About this sheet",
        )
        return render(story, pen, about, told), frozenset(pen.missing)


def _sheet(pen: Pen, sheet: Sheet, at: datetime) -> list[Flowable]:
    first, second = (TITLE.en, TITLE.zh) if pen.language == "en" else (TITLE.zh, TITLE.en)
    pairs = [
        (
            Words("装维人员", "Technician"),
            f'<font name="SCB">{pen.brief(sheet.technician)}</font> {pen.brief(sheet.code)}',
        ),
        (Words("日期", "Day"), pen.text(sheet.day.isoformat())),
        (Words("片区", "Area"), pen.words(sheet.area)),
        (Words("班次", "Shift"), pen.text(" · ".join(part for part in (sheet.shift, sheet.lunch) if part))),
        (Words("上门", "Visits"), pen.text(str(len(sheet.visits)))),
        (Words("打印于", "Printed"), pen.at(at.isoformat())),
    ]
    story: list[Flowable] = [
        pen.paragraph(pen.text(first), look.TITLE, "H1"),
        pen.paragraph(pen.text(second), look.SUBTITLE),
        pen.gap(5),
        facts_table(pen, pairs, [(Words("随车物品", "Kit"), pen.words(sheet.kit))]),
    ]
    if not sheet.visits:
        return [*story, pen.gap(8), pen.paragraph(pen.say("当天没有上门。", "No visits on this day."), look.NOTE)]
    heads = [
        Words("时间", "Time"),
        Words("客户与地址", "Customer and address"),
        Words("工作", "Work"),
        Words("记录", "Notes"),
    ]
    rows: list[list[Any]] = [[pen.cell(pen.both(words, 6.4), look.LABEL) for words in heads]]
    rows += [_row(pen, one) for one in sheet.visits]
    return [
        *story,
        *pen.heading(Words("当天的上门", "The visits"), 100),
        pen.table(rows, [0.17, 0.37, 0.28, 0.18]),
        pen.gap(6),
        pen.paragraph(
            pen.say(
                "用后请交回站点销毁；单上有客户个人信息。",
                "Hand it back at the station to be destroyed: it shows customers' data.",
            ),
            look.NOTE,
        ),
    ]


def _row(pen: Pen, one: SheetVisit) -> list[Any]:
    when = f'<font name="SCB" size="11">{pen.text(one.planned)}</font><br/>'
    when += look.BESIDE.format(size=7.2, text=pen.say(f"约定 {one.told}", f"told {one.told}"))
    who = f'<font name="SCB">{pen.brief(one.customer)}</font> {pen.brief(one.phone)}<br/>{pen.brief(one.address)}'
    takes = look.BESIDE.format(size=7.2, text=pen.say(f"{one.minutes} 分钟", f"{one.minutes} min"))
    work = f"{pen.words(one.work)} {takes}"
    for more in (pen.brief(one.order) if one.order else "", pen.words(one.symptoms) if one.symptoms.zh else ""):
        work += f"<br/>{more}" if more else ""
    if one.note:
        work += f"<br/>{look.BESIDE.format(size=7.2, text=pen.brief(one.note))}"
    return [pen.cell(when), pen.cell(who), pen.cell(work), pen.cell("")]

"""What was done: the eight steps with their entries, and the kit that was carried and used."""

from typing import Any

from reportlab.platypus import CondPageBreak, Flowable

from checklists.words import Words
from dispatch.records.drawing import look
from dispatch.records.drawing.pen import LONGEST_IN_A_NARROW_CELL, NOTHING, Pen

NUMBERS = "①②③④⑤⑥⑦⑧⑨⑩"
# Half a line holds about 20 Chinese characters beside its label.
HALF_A_LINE = 34
# Told in sections of their own; here only what is odd about them.
TOLD_ELSEWHERE = frozenset({"signature", "rating", "kit"})


def steps(pen: Pen, record: dict[str, Any]) -> list[Flowable]:
    """Each step with its time and its entries."""
    listed = record.get("steps") or []
    if not listed:
        return []
    story = pen.heading(Words("八步服务", "The eight steps"))
    for step in listed:
        story += step_with_entries(pen, step)
    return story


def step_with_entries(pen: Pen, step: dict[str, Any]) -> list[Flowable]:
    """A step's heading, then its entries, two short ones in a row."""
    number = step.get("number")
    marker = NUMBERS[number - 1] if isinstance(number, int) and 1 <= number <= len(NUMBERS) else pen.text(number)
    done = (
        f'<font name="SC">{pen.sign("good", pen.at(step["done_at"], "%H:%M"))}</font>'
        if step.get("done_at")
        else pen.sign("care", pen.say("未完成", "Not finished"))
    )
    title = f'<font color="#0f5c6b">{marker}</font> {pen.both(step.get("title"), 7.4)}'
    title += f'{look.APART}<font size="7.6">{done}</font>'
    story: list[Flowable] = [CondPageBreak(64), pen.paragraph(title, look.STEP, "H3")]
    entries = [one for one in step.get("entries") or [] if one.get("type") not in TOLD_ELSEWHERE or one.get("flags")]
    if entries:
        story.append(entries_table(pen, entries))
    return story


def entries_table(pen: Pen, entries: list[dict[str, Any]]) -> Flowable:
    """Label and value; long values take the whole line."""
    rows: list[list[Any]] = []
    whole: list[int] = []
    waiting: list[Any] | None = None
    for entry in entries:
        label = pen.cell(pen.words(entry.get("label"), LONGEST_IN_A_NARROW_CELL), look.LABEL)
        pair = [label, pen.cell(entry_value(pen, entry))]
        if _long(pen, entry):
            if waiting:
                rows.append([*waiting, pen.cell(""), pen.cell("")])
                waiting = None
            whole.append(len(rows))
            rows.append([*pair, "", ""])
        elif waiting:
            rows.append([*waiting, *pair])
            waiting = None
        else:
            waiting = pair
    if waiting:
        rows.append([*waiting, pen.cell(""), pen.cell("")])
    spans = [("SPAN", (1, row), (3, row)) for row in whole]
    tight = [("TOPPADDING", (0, 0), (-1, -1), 1.6), ("BOTTOMPADDING", (0, 0), (-1, -1), 2.4)]
    style = [*look.RULED, *tight, ("LEFTPADDING", (0, 0), (0, -1), 14), *spans]
    return pen.table(rows, [0.2, 0.32, 0.17, 0.31], heads="row", style=style)


def entry_value(pen: Pen, entry: dict[str, Any]) -> str:
    """What was entered, when, and what is to be noted about it."""
    markup = pen.words(entry.get("text"))
    if entry.get("at"):
        markup += f" {look.BESIDE.format(size=7, text=pen.at(entry['at'], '%H:%M'))}"
    if entry.get("late"):
        markup += f" {pen.sign('care', pen.say('补录', 'entered late'))}"
    for flag in entry.get("flags") or []:
        markup += f" {pen.sign('care', pen.words(flag))}"
    return markup


def _long(pen: Pen, entry: dict[str, Any]) -> bool:
    text = pen.plain_words(entry.get("text"))
    width = sum(2 if ord(character) >= 0x2E80 else 1 for character in text)
    return width > HALF_A_LINE or bool(entry.get("flags"))


def kit(pen: Pen, record: dict[str, Any]) -> list[Flowable]:
    """The 5+3 kit: what was carried, what was used, and why something was missing."""
    items = record.get("kit") or []
    if not items:
        return []
    heads = [
        Words("五个一、三贴心", "5 + 3 kit"),
        Words("随身携带", "Carried"),
        Words("使用", "Used"),
        Words("状况与说明", "Condition, reason"),
    ]
    rows = [[pen.cell(pen.both(words, 6.6), look.LABEL) for words in heads]]
    for item in items:
        carried = (
            pen.sign("good", pen.say("已带", "Yes")) if item.get("carried") else pen.sign("bad", pen.say("未带", "No"))
        )
        notes = [pen.brief(item[key]) for key in ("condition", "reason") if item.get(key)]
        rows.append(
            [
                pen.cell(pen.both(item.get("name"))),
                pen.cell(carried),
                pen.cell(pen.brief(item.get("used"))),
                pen.cell("；".join(notes) or NOTHING),
            ]
        )
    return [
        *pen.heading(Words("随身物品", "The kit"), 150),
        pen.table(rows, [0.36, 0.16, 0.12, 0.36]),
    ]

"""How the record opens: whose it is, its number and code, and what came of the visit at a glance."""

from typing import Any

import segno
from reportlab.platypus import Flowable

from checklists.words import Words
from dispatch.records.drawing import look
from dispatch.records.drawing.pen import NOTHING, Pen
from dispatch.records.drawing.structure import TaggedCanvas
from dispatch.records.drawing.tagged import TaggedParagraph, figure_element

TITLE = Words("宽带上门服务记录", "Home broadband service record")
MISSED_TITLE = Words("上门未遇告知单", "Missed-visit note")
KINDS = {"install": Words("安装", "Installation"), "repair": Words("修障", "Repair")}
OUTCOMES = {"completed": Words("已完成", "Completed"), "no_access": Words("未能入户", "No access")}
PUNCTUALITY = {
    "early": ("good", Words("提前到达", "Arrived early")),
    "on_time": ("good", Words("准时到达", "Arrived on time")),
    "late": ("bad", Words("晚到", "Arrived late")),
    "unknown": ("plain", Words("到达时间未记录", "Arrival not recorded")),
}
CODE_SIZE = 68.0


def title_of(record: dict[str, Any]) -> Words:
    """What the document calls itself."""
    return MISSED_TITLE if record.get("outcome") == "no_access" else TITLE


class Masthead(Flowable):
    """Title and number on the left, the code to scan on the right."""

    canv: Any  # a TaggedCanvas

    def __init__(self, texts: list[TaggedParagraph], address: str, caption: TaggedParagraph) -> None:
        super().__init__()
        self.texts, self.address, self.caption = texts, address, caption

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """As high as the taller side."""
        self.width = width
        text_width = width - CODE_SIZE - 40
        self.heights = [text.wrap(text_width, height)[1] for text in self.texts]
        self.caption_height = self.caption.wrap(CODE_SIZE + 24, height)[1]
        self.height = max(sum(self.heights) + 8, CODE_SIZE + self.caption_height + 2)
        return self.width, self.height

    def draw(self) -> None:
        """Left side from the top, then the code."""
        canvas: TaggedCanvas = self.canv
        with canvas.decoration():
            canvas.setFillColor(look.ACCENT)
            canvas.rect(0, self.height - 2.5, 30, 2.5, stroke=0, fill=1)
        below = self.height - 9
        for text, height in zip(self.texts, self.heights, strict=True):
            below -= height
            text.drawOn(canvas, 0, below)
        left, bottom = self.width - CODE_SIZE, self.height - CODE_SIZE
        element = figure_element(canvas, (left, bottom, CODE_SIZE, CODE_SIZE), f"QR: {self.address}")
        with canvas.element(element):
            draw_code(canvas, self.address, left, bottom, CODE_SIZE)
        self.caption.drawOn(canvas, left - 24, bottom - self.caption_height - 1)


def draw_code(canvas: TaggedCanvas, address: str, left: float, bottom: float, size: float) -> None:
    """The QR code of `address` as one vector path."""
    matrix = list(segno.make(address, error="m", micro=False).matrix)
    module = size / len(matrix)
    path = canvas.beginPath()
    for row, cells in enumerate(matrix):
        for column, dark in enumerate(cells):
            if dark:
                path.rect(left + column * module, bottom + (len(matrix) - 1 - row) * module, module, module)
    canvas.setFillColor(look.INK)
    canvas.drawPath(path, stroke=0, fill=1)


def opening(pen: Pen, record: dict[str, Any], address: str) -> list[Flowable]:
    """Masthead, what this record corrects, and the visit at a glance."""
    title = title_of(record)
    first, second = (title.en, title.zh) if pen.language == "en" else (title.zh, title.en)
    company = pen.both(record.get("company") or Words("", ""))
    number = f'<font name="SCB">{pen.brief(record.get("number"))}</font>'
    if isinstance(revision := record.get("revision"), int) and revision > 1:
        number += f"{look.APART}{pen.say(f'第 {revision} 版', f'revision {revision}')}"
    sealed = f"{pen.say('封存于', 'Sealed')} {pen.at(record.get('sealed_at'))}"
    texts = [
        pen.paragraph(company, look.SUBTITLE),
        pen.paragraph(pen.text(first), look.TITLE, "H1"),
        pen.paragraph(pen.text(second), look.SUBTITLE),
        pen.paragraph(f"{number}{look.APART}{look.BESIDE.format(size=8.5, text=sealed)}", look.BODY),
    ]
    caption = pen.paragraph(pen.both(Words("扫码核验", "Scan to verify"), 6.4), look.CAPTION)
    story: list[Flowable] = [Masthead(texts, address, caption), pen.gap(9)]
    if record.get("corrects"):
        story += [correction(pen, record), *(what_was_corrected(pen, record) or [pen.gap(7)])]
    story.append(at_a_glance(pen, record))
    return story


def correction(pen: Pen, record: dict[str, Any]) -> Flowable:
    """Names the record that this one corrects."""
    corrected = pen.brief(record["corrects"])
    sentence = (
        f"This record corrects {corrected}, which stays kept unchanged. Where they differ, this one holds."
        if pen.language == "en"
        else f"本记录更正 {corrected}。原记录保留不变；两者不一致之处，以本记录为准。"
    )
    markup = f"{pen.sign('care', pen.say('更正记录', 'Correction'))}{look.APART}{sentence}"
    table = pen.table([[pen.cell(markup)]], [1], heads="none", style=look.PANELLED)
    table.setStyle([("BACKGROUND", (0, 0), (-1, -1), "#fdf6e7"), ("TOPPADDING", (0, 0), (-1, -1), 5)])
    table.setStyle([("BOTTOMPADDING", (0, 0), (-1, -1), 7)])
    return table


def what_was_corrected(pen: Pen, record: dict[str, Any]) -> list[Flowable]:
    """Why, by whom, and each field before and after; nothing for a record that corrects none."""
    told = record.get("correction") or {}
    if not told:
        return []
    heads = [Words("更正项目", "Corrected"), Words("原记录", "It said"), Words("更正为", "It should say")]
    rows = [[pen.cell(pen.both(words, 6.4), look.LABEL) for words in heads]]
    rows += [
        [
            pen.cell(pen.words(change.get("label"))),
            pen.cell(pen.words(change["before"]) if change.get("before") else NOTHING),
            pen.cell(f'<font name="SCB">{pen.words(change.get("after"))}</font>'),
        ]
        for change in told.get("changes") or []
    ]
    who = f"{pen.brief(told.get('by'))}{look.APART}{pen.at(told.get('at'))}"
    why = f"{pen.say('原因', 'Reason')}{look.APART}{pen.short(told.get('reason'))}{look.APART}"
    return [
        pen.gap(5),
        pen.paragraph(why + look.BESIDE.format(size=7.6, text=who), look.PANEL_TEXT),
        pen.gap(3),
        pen.table(rows, [0.3, 0.35, 0.35]),
        pen.gap(9),
    ]


def at_a_glance(pen: Pen, record: dict[str, Any]) -> Flowable:
    """Four facts that a reader looks for first."""
    order = record.get("work_order") or {}
    outcome = record.get("outcome")
    outcome_words = pen.words(OUTCOMES.get(str(outcome), Words(str(outcome or "")[:20], str(outcome or "")[:20])))
    kind, arrival = PUNCTUALITY.get(str(record.get("punctuality")), PUNCTUALITY["unknown"])
    facts = [
        (Words("服务", "Service"), pen.words(KINDS.get(str(order.get("kind")), Words("上门", "Visit")))),
        (Words("结果", "Outcome"), pen.sign("care" if outcome == "no_access" else "good", outcome_words)),
        (Words("到达", "Arrival"), pen.sign(kind, pen.words(arrival))),
    ]
    if record.get("measurements"):
        facts.append((Words("测量", "Measurements"), measured(pen, record["measurements"])))
    elif (record.get("missed_visit") or {}).get("arrived_at"):
        came = pen.at(record["missed_visit"]["arrived_at"], "%m-%d %H:%M")
        facts.append((Words("我们来过", "We came at"), came))
    shares = [1 / len(facts)] * len(facts)
    heads = [pen.cell(pen.both(words, 6.6), look.LABEL) for words, _ in facts]
    values = [pen.cell(markup, look.FACT) for _, markup in facts]
    table = pen.table([heads, values], shares, style=look.PANELLED)
    table.setStyle([("TOPPADDING", (0, 0), (-1, 0), 7), ("BOTTOMPADDING", (0, 1), (-1, 1), 9)])
    return table


def measured(pen: Pen, measurements: list[dict[str, Any]]) -> str:
    """How the measurements came out, worst first; what is merely noted does not count."""
    judged = [m.get("verdict") for m in measurements if m.get("verdict") not in (None, "plain")]
    bad = sum(verdict == "fail" for verdict in judged)
    care = sum(verdict in ("warn", "implausible") for verdict in judged)
    if bad:
        return pen.sign("bad", pen.say(f"{bad} 项不合格", f"{bad} failed"))
    if care:
        return pen.sign("care", pen.say(f"{care} 项需留意", f"{care} to watch"))
    if not judged:
        return pen.say(f"{len(measurements)} 项", f"{len(measurements)} noted")
    return pen.sign("good", pen.say(f"{len(judged)} 项合格", f"{len(judged)} passed"))

"""The short form for a visit where nobody was met: the note that was left, and what happens next."""

from typing import Any

from reportlab.platypus import Flowable

from checklists.words import Words
from dispatch.records.drawing import look
from dispatch.records.drawing.pen import Pen
from dispatch.records.drawing.sections.visit import facts_table


def missed_visit(pen: Pen, record: dict[str, Any]) -> list[Flowable]:
    """Salutation, when the technician came and went, and whom to call for a new appointment."""
    missed = record.get("missed_visit")
    if not missed:
        return []
    name = pen.short((record.get("customer") or {}).get("name"))
    address = pen.short((record.get("site") or {}).get("address"))
    if pen.language == "en":
        sentence = (
            f"Dear {name}, we came to {address} as agreed but met nobody and could not reach you by phone. "
            "We are sorry to have missed you. Please call us for a new appointment."
        )
    else:
        sentence = (
            f"尊敬的{name}：您好！我们已按约定前往{address}，未能与您见面，电话也未能接通，十分遗憾。"
            "请与我们联系，另约方便的时间。"
        )
    pairs = [
        (Words("到达时间", "We came"), pen.at(missed.get("arrived_at"))),
        (Words("离开时间", "We left"), pen.at(missed.get("left_at"))),
        (Words("联系人", "Contact"), pen.brief(missed.get("contact"))),
        (Words("联系电话", "Phone"), f'<font name="SCB">{pen.brief(missed.get("phone"))}</font>'),
        (Words("留条时间", "Note left"), pen.at(missed.get("note_left_at"))),
    ]
    return [
        *pen.heading(Words("未能与您见面", "We missed you")),
        pen.paragraph(sentence, look.PANEL_TEXT),
        pen.gap(5),
        facts_table(pen, pairs),
    ]

"""What was left open, what was agreed about the home, and what the customer thought of the visit."""

from typing import Any

from reportlab.platypus import Flowable

from checklists.words import Words
from dispatch.records.drawing import look
from dispatch.records.drawing.pen import Pen

STARS = 5
SUPERVISOR = ("班长/主管", "Supervisor")
"""Who answers what was not promised on the spot, where the record names nobody."""


def open_questions(pen: Pen, record: dict[str, Any]) -> list[Flowable]:
    """Questions that were not promised on the spot: who answers them, and by when."""
    listed = record.get("open_questions") or []
    if not listed:
        return []
    heads = [
        Words("待答复事项", "Open question"),
        Words("答复人", "Answered by"),
        Words("最迟答复时间", "By when"),
    ]
    rows = [[pen.cell(pen.both(words, 6.4), look.LABEL) for words in heads]]
    for item in listed:
        rows.append(
            [
                pen.cell(pen.short(item.get("text"))),
                pen.cell(pen.brief(item["answered_by"]) if item.get("answered_by") else pen.say(*SUPERVISOR)),
                pen.cell(pen.at(item.get("answer_by"))),
            ]
        )
    return [*pen.heading(Words("待答复", "Open questions")), pen.table(rows, [0.56, 0.22, 0.22])]


def alteration(pen: Pen, record: dict[str, Any]) -> list[Flowable]:
    """What the customer agreed to have changed in the home."""
    agreed = record.get("alteration")
    if not agreed:
        return []
    signed = (
        pen.sign("good", pen.say("客户已签字同意", "Agreed and signed by the customer"))
        if agreed.get("signed")
        else pen.sign("care", pen.say("客户口头同意，未签字", "Agreed by word only, not signed"))
    )
    markup = f"{pen.short(agreed.get('what'))}<br/>{signed}{look.APART}{pen.at(agreed.get('agreed_at'))}"
    return [
        *pen.heading(Words("房屋改动确认", "Agreed alteration to the home")),
        pen.paragraph(markup, look.BODY),
    ]


def ratings(pen: Pen, record: dict[str, Any]) -> list[Flowable]:
    """The customer's marks and words."""
    rating = record.get("rating") or {}
    if not any(rating.get(key) not in (None, "") for key in ("conduct", "overall", "recommend", "comment")):
        return []
    heads = [
        Words("文明施工", "Conduct"),
        Words("总体评价", "Overall"),
        Words("推荐意愿", "Would recommend"),
    ]
    values = [stars(pen, rating.get("conduct")), stars(pen, rating.get("overall"))]
    recommend = rating.get("recommend")
    values.append(pen.brief(None if recommend is None else f"{recommend} / 10"))
    story = [
        *pen.heading(Words("客户评价", "The customer's rating"), 80),
        pen.table(
            [
                [pen.cell(pen.both(words, 6.4), look.LABEL) for words in heads],
                [pen.cell(markup, look.FACT) for markup in values],
            ],
            [1 / 3] * 3,
            style=look.CELL,
        ),
    ]
    if rating.get("comment"):
        opening, closing = ("“", "”") if pen.language == "en" else ("「", "」")
        story.append(pen.paragraph(f"{opening}{pen.short(rating['comment'])}{closing}", look.PANEL_TEXT))
    return story


def stars(pen: Pen, mark: object) -> str:
    """Stars, and the number for those who do not count them."""
    if not isinstance(mark, int) or not 0 <= mark <= STARS:
        return pen.brief(mark)
    drawn = f'<font color="#0f5c6b">{"★" * mark}{"☆" * (STARS - mark)}</font>'
    return f"{drawn} {look.BESIDE.format(size=8, text=f'{mark} / {STARS}')}"

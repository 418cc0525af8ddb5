"""How the record ends: how to check it, and the texts that were too long for their place."""

from reportlab.platypus import Flowable

from checklists.words import Words
from dispatch.records.canonical import sha256_hex
from dispatch.records.drawing import look
from dispatch.records.drawing.pen import Pen

LINES_TOGETHER = 20
CHARACTERS_TOGETHER = 800


def how_to_check(pen: Pen, record_json: bytes, address: str) -> list[Flowable]:
    """What the signatures protect, and where to ask."""
    sentence = pen.say(
        "本记录签署并封存后不再修改；如需更正，另出更正记录。任何改动都会使电子签名失效。扫描首页二维码，或访问下列地址核验。",
        "This record is not changed after signing and sealing; a correction is a new record. "
        "Any change breaks the electronic signatures. To verify, scan the code on page 1 or visit the address below.",
    )
    digest = f"record.json SHA-256 {sha256_hex(record_json)}"
    return [
        pen.gap(9),
        pen.paragraph(f"{sentence}<br/>{pen.text(address)}<br/>{pen.text(digest)}", look.NOTE),
    ]


def appendix(pen: Pen) -> list[Flowable]:
    """Texts that were cut above, whole."""
    if not pen.too_long:
        return []
    story = pen.heading(Words("附注：长文全文", "Appendix: long texts in full"))
    for number, text in enumerate(list(pen.too_long), 1):
        for start, part in enumerate(_paragraphs(text)):
            marker = f'<font name="SCB">{number}</font>{look.APART}' if start == 0 else ""
            story.append(pen.paragraph(marker + pen.text(part), look.BODY))
    return story


def _paragraphs(text: str) -> list[str]:
    """The text in pieces of a few lines: ReportLab breaks all of a paragraph anew on each page that it reaches."""
    lines = text.splitlines() or [text]
    groups = ["\n".join(lines[start : start + LINES_TOGETHER]) for start in range(0, len(lines), LINES_TOGETHER)]
    return [
        group[start : start + CHARACTERS_TOGETHER]
        for group in groups
        for start in range(0, len(group), CHARACTERS_TOGETHER)
    ]


def missing_characters(pen: Pen) -> list[Flowable]:
    """Says that codes stand for characters, where any do. Comes last, when all has been written."""
    if not pen.missing:
        return []
    codes = " ".join(f"U+{ord(character):04X}" for character in sorted(pen.missing))
    sentence = pen.say(
        f"所用字体缺少以下字符，文中以编码标示：{codes}。原文见所附 record.json。",
        f"The typefaces lack these characters, shown by their codes: {codes}. record.json holds them as entered.",
    )
    return [pen.paragraph(sentence, look.NOTE)]

"""How the record looks: sizes, colours, and the styles of its text. Calm: ink, one accent, hairlines, white space."""

from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle

from dispatch.records.drawing.typefaces import BOLD, REGULAR

PAGE_WIDTH, PAGE_HEIGHT = A4
MARGIN = 46.0
TOP, BOTTOM = 42.0, 52.0
WIDTH = PAGE_WIDTH - 2 * MARGIN

INK = HexColor("#1c262e")
MUTED = HexColor("#5a6872")
ACCENT = HexColor("#0f5c6b")
HAIRLINE = HexColor("#d6dee2")
PANEL = HexColor("#f3f7f8")
GOOD = HexColor("#1c6b3a")
CARE = HexColor("#8a5200")
BAD = HexColor("#a3261f")
BEYOND = HexColor("#fbeeec")
SEAL_RED = HexColor("#b3261e")

# The other language beside the first is smaller and muted.
BESIDE = '<font name="SC" size="{size}" color="#5a6872">{text}</font>'
# White space inside a line that is wider than a space and is not swallowed.
APART = "\u00a0\u00a0 "


def _style(name: str, parent: ParagraphStyle | None = None, **changes: Any) -> ParagraphStyle:
    return ParagraphStyle(name, parent=parent, **changes)


BODY = _style("body", fontName=REGULAR, fontSize=9, leading=13.2, textColor=INK, wordWrap="CJK")
SMALL = _style("small", BODY, fontSize=7.6, leading=10.8)
NOTE = _style("note", SMALL, textColor=MUTED)
LABEL = _style("label", BODY, fontSize=7.6, leading=11, textColor=MUTED)
STRONG = _style("strong", BODY, fontName=BOLD)
FACT = _style("fact", BODY, fontName=BOLD, fontSize=11, leading=15)
FIGURE = _style("figure", BODY, alignment=2)
FIGURE_LABEL = _style("figure label", LABEL, alignment=2)
TITLE = _style("title", BODY, fontName=BOLD, fontSize=21, leading=28)
CAPTION = _style("caption", NOTE, fontSize=7, alignment=2)
SUBTITLE = _style("subtitle", BODY, fontSize=10, leading=15, textColor=MUTED)
HEADING = _style(
    "heading", BODY, fontName=BOLD, fontSize=12.5, leading=17, textColor=ACCENT, spaceBefore=15, spaceAfter=5
)
STEP = _style("step", BODY, fontName=BOLD, fontSize=9.6, leading=14, spaceBefore=7, spaceAfter=1.5)
PANEL_TEXT = _style("panel", BODY, leading=14, spaceBefore=2)

CELL: list[tuple[Any, ...]] = [
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 8),
    ("TOPPADDING", (0, 0), (-1, -1), 1.7),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 2.7),
]
RULED: list[tuple[Any, ...]] = [*CELL, ("LINEBELOW", (0, 0), (-1, -1), 0.4, HAIRLINE)]
HEADED: list[tuple[Any, ...]] = [*RULED, ("LINEBELOW", (0, 0), (-1, 0), 0.8, ACCENT)]
PANELLED: list[tuple[Any, ...]] = [
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("BACKGROUND", (0, 0), (-1, -1), PANEL),
    ("ROUNDEDCORNERS", [4, 4, 4, 4]),
    ("LEFTPADDING", (0, 0), (-1, -1), 11),
    ("RIGHTPADDING", (0, 0), (-1, -1), 8),
    ("TOPPADDING", (0, 0), (-1, -1), 1),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
]

"""The typefaces of the record, and the one door through which text enters it.

Noto Sans SC draws every character of the national standard list; three small fonts draw rarer ones of names and
places (see tools/cut_rare_han.py). What none can draw is shown as its code 〔U+XXXXX〕: a box would hide it.
"""

import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.pdfbase import pdfmetrics, ttfonts

from dispatch.records.drawing.reportlab_repairs import repair_reportlab

FONTS = Path(__file__).resolve().parent.parent / "fonts"
REGULAR = "SC"
BOLD = "SCB"
RARE = {"RareA": "RareHanA.ttf", "RareB": "RareHanB.ttf", "RareC": "RareHanC.ttf"}
# Controls, formatting (also the ones that reverse text), surrogates, private use, line separators. Not "unassigned":
# our fonts know newer Han characters than Python's tables do.
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


@lru_cache(maxsize=1)
def load_typefaces() -> None:
    """Register the fonts with ReportLab (about 0.1 s, once for each process)."""
    repair_reportlab()
    files = {REGULAR: "NotoSansSC-Regular.ttf", BOLD: "NotoSansSC-Bold.ttf", **RARE}
    for name, file in files.items():
        pdfmetrics.registerFont(ttfonts.TTFont(name, str(FONTS / file)))
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD)


def draws(font: str, character: str) -> bool:
    """Has `font` a glyph for `character`?"""
    typeface: Any = pdfmetrics.getFont(font)
    return ord(character) in typeface.face.charToGlyph


def plain(text: str, missing: set[str]) -> list[tuple[str | None, str]]:
    """`text` cut into runs of (font or None for the paragraph's own, characters); adds to `missing`.

    Every character is shown: by the first font that has it, as a space if it is one, or as its code.
    """
    runs: list[tuple[str | None, str]] = []
    for character in text.replace("\r\n", "\n").replace("\r", "\n"):
        font, shape = _shape_of(character, missing)
        if runs and runs[-1][0] == font:
            runs[-1] = (font, runs[-1][1] + shape)
        else:
            runs.append((font, shape))
    return runs


def shown(text: object, missing: set[str]) -> str:
    """Any text of a record as ReportLab paragraph markup that can only be text.

    No mark-up of the text's own survives: `<b>` or `<img src="file://...">` are drawn letter by letter.
    """
    pieces = []
    for font, characters in plain(str(text), missing):
        safe = escape(characters, {'"': "&quot;", "'": "&#39;"}).replace("\n", "<br/>")
        pieces.append(safe if font is None else f'<font name="{font}">{safe}</font>')
    return "".join(pieces)


def _shape_of(character: str, missing: set[str]) -> tuple[str | None, str]:
    if character == "\n":
        return None, character
    category = unicodedata.category(character)
    if category == "Zs" or character == "\t":
        return None, character if character == "\u3000" else " "
    if category not in UNSEEN:
        if draws(REGULAR, character):
            return None, character
        for font in RARE:
            if draws(font, character):
                return font, character
    missing.add(character)
    return None, f"〔U+{ord(character):04X}〕"


def width_of(text: str, size: float, font: str = REGULAR) -> float:
    """How wide `text` is in points, each character in the typeface that draws it."""
    runs = plain(text, set())
    return sum(float(pdfmetrics.stringWidth(part, own or font, size)) for own, part in runs)


def write(canvas: Any, place: tuple[float, float], text: str, size: float, missing: set[str]) -> None:
    """Draw one line of text at `place` in the regular typeface, rare characters in theirs."""
    x, y = place
    for own, part in plain(" ".join(text.split()), missing):
        canvas.setFont(own or REGULAR, size)
        canvas.drawString(x, y, part)
        x += pdfmetrics.stringWidth(part, own or REGULAR, size)


def fitting(text: str, size: float, width: float) -> str:
    """`text`, or its beginning with an ellipsis, not wider than `width` points."""
    left = width - width_of("…", size)
    for end, character in enumerate(text):
        left -= width_of(character, size)
        if left < 0 and width_of(text[: end + 2], size) > width:
            return text[:end] + "…"
    return text

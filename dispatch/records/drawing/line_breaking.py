"""Where lines of mixed Chinese and English may end.

ReportLab's own rule for Chinese cuts English words in two and leaves an opening bracket at the end of a line.
"""

from functools import lru_cache
from itertools import groupby
from typing import Any
from unicodedata import category

from reportlab.pdfbase import pdfmetrics
from reportlab.platypus import paragraph

MUST_NOT_START = frozenset("!%),.:;?]}¢°’”‰′″℃、。々〉》」』】〕〗〞︰︱︳﹐﹒﹔﹕﹖﹗！％），．：；？｜｝～·…—")
MUST_NOT_END = frozenset("([{£¥‘“〈《「『【〔〖〝﹙﹛（．［｛￡￥")
FIRST_EAST_ASIAN = 0x2E80
SLACK = 1e-4
# Parts of ReportLab that its type stubs leave out.
stock: Any = paragraph


def may_end_between(before: str, after: str) -> bool:
    """May a line end after `before` when the next line would start with `after`?"""
    if before in MUST_NOT_END or after in MUST_NOT_START:
        return False
    if category(before) == "Zs":
        return True
    return ord(before) >= FIRST_EAST_ASIAN or ord(after) >= FIRST_EAST_ASIAN


def break_lines(fragments: list[Any], widths: list[float]) -> Any:
    """Fill lines of `widths` (points; the last one repeats) with the characters of ReportLab `fragments`.

    A word that is longer than a line is cut, because it must be seen. Returns ReportLab's ParaLines.
    """
    units = _units(fragments)
    lines: list[Any] = []
    start = position = 0
    used = 0.0
    while position < len(units):
        unit = units[position]
        width = widths[min(len(lines), len(widths) - 1)]
        if hasattr(unit.frag, "lineBreak"):
            lines.append(_line(units[start : position + 1], width, ended=True))
            start = position = position + 1
            used = 0.0
            continue
        if used + unit.width > width + SLACK and position > start and not _is_space(unit):
            end = _last_good_end(units, start, position)
            lines.append(_line(units[start:end], width, ended=False))
            start = position = end
            used = 0.0
            continue
        used += unit.width
        position += 1
    if start < len(units):
        lines.append(_line(units[start:], widths[min(len(lines), len(widths) - 1)], ended=False))
    return stock.ParaLines(kind=1, lines=lines)


class _Unit(str):
    """One character with its fragment and width; ReportLab's own kind measures each one anew."""

    frag: Any
    width: float


@lru_cache(maxsize=100_000)
def _width(character: str, font: str, size: float) -> float:
    return float(pdfmetrics.stringWidth(character, font, size))


@lru_cache(maxsize=200)
def _height(font: str, size: float) -> tuple[float, float]:
    ascent, descent = pdfmetrics.getAscentDescent(font, size)
    return float(ascent), float(descent)


def _units(fragments: list[Any]) -> list[_Unit]:
    units = []
    for fragment in fragments:
        text = fragment.text.decode("utf-8") if isinstance(fragment.text, bytes) else fragment.text
        font, size = fragment.fontName, fragment.fontSize
        for character in text or [""]:
            unit = _Unit(character)
            unit.frag, unit.width = fragment, _width(character, font, size)
            units.append(unit)
    return units


def _is_space(unit: Any) -> bool:
    return bool(str(unit)) and category(str(unit)[0]) == "Zs"


def _last_good_end(units: list[Any], start: int, position: int) -> int:
    end = position
    while end > start and not may_end_between(str(units[end - 1]) or " ", str(units[end]) or " "):
        end -= 1
    return end if end > start else position


def _line(units: list[_Unit], width: float, *, ended: bool) -> Any:
    used = sum(unit.width for unit in units)
    words, ascent, descent, largest = [], 0.0, 0.0, 0.0
    for _, together in groupby(units, key=lambda unit: id(unit.frag)):
        run = list(together)
        word = run[0].frag.clone()
        word.text = "".join(run)
        words.append(word)
        above, below = _height(word.fontName, word.fontSize)
        ascent, descent, largest = max(ascent, above), min(descent, below), max(largest, word.fontSize)
    return stock.FragLine(
        kind=1,
        extraSpace=width - used,
        wordCount=1,
        words=words,
        fontSize=largest,
        ascent=ascent,
        descent=descent,
        maxWidth=width,
        currentWidth=used,
        lineBreak=ended,
    )

"""The pen that writes one record: it knows the reader's language and zone, and what it could not draw."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from reportlab.platypus import CondPageBreak, Flowable, Spacer

from checklists.words import Words
from dispatch.records.drawing import look
from dispatch.records.drawing.tagged import Heads, TaggedParagraph, TaggedTable
from dispatch.records.drawing.typefaces import REGULAR, shown

NOTHING = "—"
# So many characters still leave a table's row lower than a page, in a wide place and in a narrow one.
LONGEST_IN_A_CELL = 600
LONGEST_IN_A_NARROW_CELL = 100
DEFAULT_ZONE = "Asia/Shanghai"
SIGNS = {"good": ("✓", "#1c6b3a"), "care": ("▲", "#8a5200"), "bad": ("×", "#a3261f"), "plain": ("·", "#5a6872")}


@dataclass
class Pen:
    """Writes texts of one record as markup and flowables. `missing` collects what no typeface can draw."""

    language: str
    zone: ZoneInfo
    missing: set[str] = field(default_factory=set)
    too_long: list[str] = field(default_factory=list)

    @classmethod
    def for_record(cls, record: dict[str, Any]) -> "Pen":
        """A pen for the record's language and time zone; Chinese and Shanghai where it does not say."""
        try:
            zone = ZoneInfo(record.get("time_zone") or DEFAULT_ZONE)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            zone = ZoneInfo(DEFAULT_ZONE)
        return cls("en" if record.get("language") == "en" else "zh", zone)

    def text(self, value: object) -> str:
        """Any text as markup that can only be text; a dash for nothing."""
        return shown(value, self.missing) if value not in (None, "") else NOTHING

    def brief(self, value: object) -> str:
        """Text for a narrow cell, as `short`."""
        return self.short(value, LONGEST_IN_A_NARROW_CELL)

    def short(self, value: object, longest: int = LONGEST_IN_A_CELL) -> str:
        """Text for a cell. What would not fit on a page is cut here and given whole at the record's end."""
        plain = "" if value is None else str(value)
        if len(plain) <= longest and plain.count("\n") <= longest // 40:
            return self.text(plain)
        self.too_long.append(plain)
        number = len(self.too_long)
        start = " ".join(plain[: longest // 3].split("\n"))
        return self.text(start) + "… " + self.say(f"（全文见附注 {number}）", f" (in full: appendix {number})")

    def words(self, value: Any, longest: int = LONGEST_IN_A_CELL) -> str:
        """A text in two languages (`Words` or `{"zh", "en"}`), as markup in the reader's one, as `short`."""
        return self.short(self._pair(value).to(self.language), longest)

    def both(self, value: Any, size: float = 7.6) -> str:
        """A text in the reader's language with the other one small beside it."""
        pair = self._pair(value)
        first, second = (pair.en, pair.zh) if self.language == "en" else (pair.zh, pair.en)
        if not second or second == first:
            return self.brief(first)
        return f"{self.brief(first)} {look.BESIDE.format(size=size, text=self.brief(second))}"

    def say(self, zh: str, en: str) -> str:
        """Our own words in the reader's language, as markup."""
        return self.text(en if self.language == "en" else zh)

    def say_plain(self, zh: str, en: str) -> str:
        """Our own words in the reader's language, as plain text for drawing or for alternative text."""
        return en if self.language == "en" else zh

    def plain_words(self, value: Any) -> str:
        """A text in two languages in the reader's one, as plain text."""
        return self._pair(value).to(self.language)

    @staticmethod
    def _pair(value: Any) -> Words:
        if isinstance(value, dict):
            zh, en = str(value.get("zh") or ""), str(value.get("en") or "")
            return Words(zh or en, en or zh)
        return value if isinstance(value, Words) else Words(str(value or ""), str(value or ""))

    def listed(self, parts: Sequence[str]) -> str:
        """Markups one after another with commas; a dash for none."""
        return (", " if self.language == "en" else "，").join(parts) or NOTHING

    def sign(self, kind: str, words: str) -> str:
        """A verdict: sign, then word, in its colour; never the colour alone."""
        sign, colour = SIGNS[kind]
        return f'<font name="SCB" color="{colour}">{sign} {words}</font>'

    def moment(self, value: str | None) -> datetime | None:
        """An ISO instant of the record in the record's zone; None for nothing or for what is no instant."""
        if not value:
            return None
        try:
            instant = datetime.fromisoformat(value)
            return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).astimezone(self.zone)
        except (ValueError, TypeError, OverflowError):
            return None

    def at(self, value: str | None, form: str = "%Y-%m-%d %H:%M") -> str:
        """An instant as people there read it; what is no instant is shown as it stands."""
        moment = self.moment(value)
        return moment.strftime(form) if moment else self.brief(value)

    def paragraph(self, markup: str, style: Any = look.BODY, kind: str = "P") -> TaggedParagraph:
        """A paragraph of markup made by this pen."""
        return TaggedParagraph(markup, style, kind)

    def heading(self, words: Words, room: float = 90) -> list[Flowable]:
        """A section's heading; on the next page if less than `room` points are left here."""
        return [CondPageBreak(room), self.paragraph(self.both(words, 9), look.HEADING, "H2")]

    def cell(self, markup: str, style: Any = look.BODY) -> TaggedParagraph:
        """The content of a table's cell."""
        return TaggedParagraph(markup, style)

    def table(
        self,
        rows: Sequence[Sequence[Any]],
        shares: Sequence[float],
        *,
        heads: Heads = "column",
        style: Sequence[tuple[Any, ...]] = look.HEADED,
    ) -> TaggedTable:
        """A table as wide as the page's text; `shares` of the width add up to 1."""
        widths = [share * look.WIDTH for share in shares]
        repeat = 1 if heads == "column" else 0
        # An empty cell is text too: without a face of ours it would name Helvetica, which is not embedded.
        faced = [("FONTNAME", (0, 0), (-1, -1), REGULAR), *style]
        return TaggedTable([list(row) for row in rows], heads=heads, colWidths=widths, style=faced, repeatRows=repeat)

    def gap(self, height: float) -> Spacer:
        """White space of `height` points."""
        return Spacer(1, height)

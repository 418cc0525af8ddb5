"""A published file line by line: numbers with bounds, and refusals that name the line."""

import math
from collections.abc import Iterator

from checklists.words import Words
from dispatch.planning.optimiser.reading import BadProblem, check_size
from dispatch.planning.optimiser.values import both

LARGEST = 10_000_000.0  # no published number is near this: a slip, or not this format
LONGEST_SHOWN = 40  # signs of a word that a refusal repeats


class BadLine(BadProblem):
    """One line of a published file is wrong; the words name it, 1 being the first."""

    name = "bad-published-problem"

    def __init__(self, number: int, zh: str, en: str, **facts: object) -> None:
        words = both("第 {line} 行：" + zh, "Line {line}: " + en, line=number, **facts)
        super().__init__(words, facts={"line": number})


class Lines:
    """The lines of a file that are not blank, each with its number; read one after the other."""

    def __init__(self, text: str) -> None:
        self._rows = [
            (number, line.strip()) for number, line in enumerate(text.splitlines(), start=1) if line.strip(" \t\x00")
        ]
        self._at = 0
        self._last = max(1, len(text.splitlines()))

    def left(self) -> bool:
        """Whether there is another line."""
        return self._at < len(self._rows)

    def peek(self) -> str:
        """The next line, without going on; empty at the end."""
        return self._rows[self._at][1] if self.left() else ""

    def take(self, what: Words) -> tuple[int, str]:
        """The next line and its number. Raises `BadLine` at the end of the file, saying what is missing."""
        if not self.left():
            raise BadLine(self._last, "文件到此结束，缺少{what}。", "the file ends here; {what} is missing.", what=what)
        self._at += 1
        return self._rows[self._at - 1]

    def skip_to(self, heading: str, what: Words) -> int:
        """Go on behind the line that begins with this heading; its number. Raises `BadLine` if there is none."""
        while True:
            number, line = self.take(what)
            if line.upper().startswith(heading):
                return number

    def rest(self) -> Iterator[tuple[int, str]]:
        """All lines that are left."""
        while self.left():
            self._at += 1
            yield self._rows[self._at - 1]


def text_of(raw: str | bytes) -> str:
    """The text of a file, in any of the encodings that such files have. Raises `BadProblem` when it is too big."""
    check_size(len(raw))
    if isinstance(raw, str):
        return raw
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def number(line: int, word: str, what: Words, least: float = 0.0, most: float = LARGEST) -> float:
    """A number from a word. Raises `BadLine` unless it is one, from `least` to `most`; NaN and infinity are none."""
    try:
        value = float(word)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or "_" in word:
        raise BadLine(
            line, "{what}应为数字，却是“{word}”。", "{what} must be a number, not “{word}”.", what=what, word=_cut(word)
        )
    if not least <= value <= most:
        raise BadLine(
            line,
            "{what}应在 {least:g} 到 {most:g} 之间，却是 {word}。",
            "{what} must be from {least:g} to {most:g}, not {word}.",
            what=what,
            word=_cut(word),
            least=least,
            most=most,
        )
    return value


def whole(line: int, word: str, what: Words, least: int = 0, most: int = int(LARGEST)) -> int:
    """A whole number from a word (`10` or `10.0`). Raises `BadLine`."""
    value = number(line, word, what, least, most)
    if value != int(value):
        raise BadLine(
            line,
            "{what}应为整数，却是 {word}。",
            "{what} must be a whole number, not {word}.",
            what=what,
            word=_cut(word),
        )
    return int(value)


def _cut(word: str) -> str:
    return word if len(word) <= LONGEST_SHOWN else word[:LONGEST_SHOWN] + "…"

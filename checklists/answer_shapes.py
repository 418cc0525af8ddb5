"""What every check of an answer shares: the flaw, the context, and the plain shapes (text, number, list, moment).

A check takes any JSON value whatever and returns flaws. It never raises, never repeats what was sent, and never
descends deeper than the shape that it knows, so depth and size of hostile values do not matter.
"""

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeGuard

from checklists.measurement_limits import MeasuringContext
from checklists.plain_text import unsafe
from checklists.words import Words

LONGEST_TEXT = 1000  # characters, where a field names no other length
LARGEST_NUMBER = 10**12  # far above anything that is measured or counted at a home

SPOKEN: dict[str, Words] = {
    "not_yes_no": Words("请选择“是”或“否”。", "Choose yes or no."),
    "not_an_option": Words("没有这个选项，请重新选择。", "There is no such option. Choose again."),
    "twice": Words("同一项出现了两次，请保留一个。", "The same item is there twice. Keep one."),
    "not_a_text": Words("这里应填写文字。", "This should be a text."),
    "blank": Words("不能只填空格。", "This cannot be only spaces."),
    "not_a_number": Words("这里应填写数字。", "This should be a number."),
    "out_of_range": Words("数值超出允许范围。", "The number is out of range."),
    "not_a_list": Words("内容格式有误，请重新填写。", "This should be a list. Fill it in again."),
    "not_a_form": Words("内容格式有误，请重新填写。", "This has the wrong shape. Fill it in again."),
    "unknown_part": Words(
        "含有无法识别的内容，请更新手机端后重试。", "It has a part that is not known. Update the phone and retry."
    ),
    "part_missing": Words("有必填内容未填写。", "A part of it is missing."),
    "not_a_moment": Words("时间格式有误，应包含时区。", "This should be a time with its offset."),
    "moment_absurd": Words("时间明显不对，请检查手机时钟。", "That time cannot be. Check the phone's clock."),
}


@dataclass(frozen=True, slots=True)
class Flaw:
    """Why a value is not well-formed: a stable `code` for programs, words for people, and where in the value."""

    code: str
    words: Words
    part: str | None = None


@dataclass(frozen=True, slots=True)
class AnswerContext:
    """What a check may know of the visit: the line, and the symptoms that the work order names."""

    measuring: MeasuringContext = field(default_factory=MeasuringContext)
    reported_symptoms: tuple[str, ...] = ()


Check = Callable[[object, str], list[Flaw]]


def flaw(code: str, part: str | None = None, words: Words | None = None) -> list[Flaw]:
    """One flaw, as a list."""
    return [Flaw(code, words or SPOKEN[code], part or None)]


def is_number(value: object) -> TypeGuard[int | float]:
    """A finite JSON number of a size that occurs (a boolean is none)."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return (isinstance(value, int) or math.isfinite(value)) and abs(value) <= LARGEST_NUMBER


def text_flaws(value: object, part: str = "", *, longest: int = LONGEST_TEXT, lines: bool = False) -> list[Flaw]:
    """A text that is not blank, at most `longest` characters, and safe to keep."""
    if not isinstance(value, str):
        return flaw("not_a_text", part)
    if len(value) > longest:
        return flaw("too_long", part, Words(f"最多 {longest} 个字。", f"At most {longest} characters."))
    if not value.strip():
        return flaw("blank", part)
    reason = unsafe(value, lines=lines)
    return flaw("unsafe_text", part, reason) if reason else []


def one_line(longest: int) -> Check:
    """A check for one line of at most `longest` characters."""
    return lambda value, part: text_flaws(value, part, longest=longest)


def several_lines(longest: int) -> Check:
    """A check for a text of several lines, at most `longest` characters."""
    return lambda value, part: text_flaws(value, part, longest=longest, lines=True)


def one_of(allowed: Collection[str]) -> Check:
    """A check for one of some names."""
    return lambda value, part: [] if isinstance(value, str) and value in allowed else flaw("not_an_option", part)


def yes_no(value: object, part: str = "") -> list[Flaw]:
    """True or false, nothing that only looks like it."""
    return [] if isinstance(value, bool) else flaw("not_yes_no", part)


def whole(low: int, high: int) -> Check:
    """A check for a whole number between `low` and `high`, both included."""

    def check(value: object, part: str) -> list[Flaw]:
        if isinstance(value, bool) or not isinstance(value, int):
            return flaw("not_a_number", part)
        return [] if low <= value <= high else flaw("out_of_range", part)

    return check


def list_flaws(
    value: object, check: Check, part: str = "", *, fewest: int = 0, most: int = 50, distinct: bool = False
) -> list[Flaw]:
    """A list of `fewest` to `most` items, each sound; `distinct`: texts that may not come twice."""
    if not isinstance(value, list):
        return flaw("not_a_list", part)
    if len(value) > most:
        return flaw("too_many", part, Words(f"最多 {most} 项。", f"At most {most}."))
    if len(value) < fewest:
        return flaw("too_few", part, Words(f"至少 {fewest} 项。", f"At least {fewest}."))
    prefix = f"{part}." if part else ""
    found = [problem for n, item in enumerate(value) for problem in check(item, f"{prefix}{n}")]
    if not found and distinct and len(set(value)) < len(value):
        return flaw("twice", part)
    return found


def form_flaws(
    value: object, required: Mapping[str, Check], optional: Mapping[str, Check] | None = None, part: str = ""
) -> list[Flaw]:
    """An object with the required parts, perhaps the optional ones, and no others."""
    if not isinstance(value, dict):
        return flaw("not_a_form", part)
    known = {**required, **(optional or {})}
    if len(value) > len(known) or any(not isinstance(key, str) or key not in known for key in value):
        return flaw("unknown_part", part)
    prefix = f"{part}." if part else ""
    found: list[Flaw] = []
    for key, check in known.items():
        if key in value:
            found += check(value[key], f"{prefix}{key}")
        elif key in required:
            found += flaw("part_missing", f"{prefix}{key}")
    return found


def read_moment(value: object) -> datetime | None:
    """The instant that an ISO 8601 text with an offset names, or None when it names none."""
    if not isinstance(value, str) or not 16 <= len(value) <= 40:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.utcoffset() is not None else None


def moment_flaws(value: object, part: str = "") -> list[Flaw]:
    """An instant with its offset from UTC, in this century."""
    moment = read_moment(value)
    if moment is None:
        return flaw("not_a_moment", part)
    return [] if 2000 < moment.year < 2100 else flaw("moment_absurd", part)


def day_or_moment(value: object, part: str = "") -> list[Flaw]:
    """A calendar day (`2026-11-23`), or an instant with its offset."""
    if isinstance(value, str) and len(value) == 10:
        try:
            return [] if 2000 < date.fromisoformat(value).year < 2100 else flaw("moment_absurd", part)
        except ValueError:
            return flaw("not_a_moment", part)
    return moment_flaws(value, part)

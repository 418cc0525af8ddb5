"""What may stand in a text, and how each place is filled from a notice's facts. Pure.

Values come from outside (names, reasons), so each is made safe here: one line, nothing that reorders what is read, no
second 【signature】. For an SMS they are also cut to a length, so that no fact can make it longer than gateways take.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from checklists.words import Words

WEEKDAYS = Words("一二三四五六日", "Mon Tue Wed Thu Fri Sat Sun")
EXACT = timedelta(minutes=30)  # an exact appointment is kept as a window of this length, and said as one time
ROUNDED_TO = 5  # minutes; a predicted arrival to the minute would promise more than anybody knows

MOST_UNITS = {"customer": 30, "work": 30, "technician": 24, "code": 12, "reason": 60, "area": 50, "number": 24}
MOST_UNITS |= {"handler": 12, "said": 90, "options": 120, "regulator": 40}
"""How many UTF-16 code units of a fact an SMS takes (P: our proposal)."""
MOST_OF_COMPANY = 30

_UNSEEN = re.compile(  # controls, surrogates, what reorders, joins or hides; the variation selectors of Han stay
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff\ud800-\udfff]"
)
_SECOND_SIGNATURE = str.maketrans("【】", "〔〕")
_ENDING = " 。．.，,；;、！!：:"
_BECAUSE = re.compile(r"^(因为|由于|because of |because |due to )", re.IGNORECASE)


class CannotSay(ValueError):
    """A text cannot be filled: it has a place that nobody knows, or the notice lacks a fact."""


class UnknownVariable(CannotSay):
    """The text has a place that this notice does not know."""


class MissingFact(CannotSay):
    """The notice lacks what the text is to say, or has it in an impossible shape."""


@dataclass(frozen=True)
class Voice:
    """Whose name messages are sent in. `signature` is the one of an SMS, without its brackets."""

    company: Words
    company_phone: str
    zone: ZoneInfo
    signature: str = "装维上门"


@dataclass(frozen=True)
class Telling:
    """All that a place can be filled from. `short`: cut what comes from outside, for an SMS."""

    facts: Mapping[str, Any]
    language: str
    voice: Voice
    link: str
    short: bool = False

    def shortened(self) -> "Telling":
        """The same, for an SMS."""
        return replace(self, short=True)

    def words(self, zh: str, en: str) -> str:
        """The one in the reader's language."""
        return Words(zh, en).to(self.language)

    def fact(self, name: str) -> str:
        """A fact that is text, or text in both languages, made safe. Raises MissingFact."""
        value = self.facts.get(name)
        if isinstance(value, dict):
            value = value.get("en" if self.language == "en" else "zh")
        if not isinstance(value, str) or not (safe := one_line(value)):
            raise MissingFact(name)
        return self.cut(safe, MOST_UNITS.get(name, 60))

    def cut(self, text: str, most: int) -> str:
        """`text` at most `most` UTF-16 code units long where it has to be short."""
        return shortened(text, most) if self.short else text

    def instant(self, name: str) -> datetime:
        """A fact that is an instant. Raises MissingFact."""
        return _instant(self.facts.get(name), name)

    def window(self, name: str) -> tuple[datetime, datetime]:
        """A fact that is a window. Raises MissingFact."""
        value = self.facts.get(name)
        if not isinstance(value, dict):
            raise MissingFact(name)
        start, end = _instant(value.get("start"), name), _instant(value.get("end"), name)
        if end <= start:
            raise MissingFact(name)
        return start, end


def _instant(value: object, name: str) -> datetime:
    try:
        instant = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise MissingFact(name)
    return instant


def one_line(text: str) -> str:
    """`text` as one line that reads as it is written, and that holds no signature of its own."""
    return " ".join(_UNSEEN.sub(" ", text).split()).translate(_SECOND_SIGNATURE)


def units(text: str) -> int:
    """Length in UTF-16 code units, as gateways count: a Han character beyond the BMP is two."""
    return sum(2 if ord(character) > 0xFFFF else 1 for character in text)


def shortened(text: str, most: int) -> str:
    """`text`, or its beginning and `…`, at most `most` UTF-16 code units long."""
    if units(text) <= most:
        return text
    left, kept = most - 1, ""
    for character in text:
        left -= units(character)
        if left < 0:
            break
        kept += character
    return f"{kept.rstrip()}…"


def _spoken_day(local: datetime, language: str) -> str:
    if language == "en":
        return f"{WEEKDAYS.en.split()[local.weekday()]} {local.day} {local:%b}"
    return f"{local.month}月{local.day}日（周{WEEKDAYS.zh[local.weekday()]}）"


def spoken_window(start: datetime, end: datetime, zone: ZoneInfo, language: str) -> str:
    """A window as said to a customer: 11月22日（周日）09:00–10:00 / Sun 22 Nov, 09:00–10:00; another last day too."""
    first, last = start.astimezone(zone), end.astimezone(zone)
    comma = ", " if language == "en" else ""
    until = "" if first.date() == last.date() else _spoken_day(last, language) + comma
    return f"{_spoken_day(first, language)}{comma}{first:%H:%M}–{until}{last:%H:%M}"


def spoken_appointment(start: datetime, end: datetime, zone: ZoneInfo, language: str) -> str:
    """A promised window as said to a customer; an exact appointment as its one time."""
    if end - start > EXACT:
        return spoken_window(start, end, zone, language)
    return spoken_moment(start, zone, language)


def spoken_moment(instant: datetime, zone: ZoneInfo, language: str) -> str:
    """An instant as said to a customer: 11月24日（周二）18:00 / Tue 24 Nov, 18:00."""
    local = instant.astimezone(zone)
    return f"{_spoken_day(local, language)}{', ' if language == 'en' else ''}{local:%H:%M}"


def _appointment(name: str) -> Callable[[Telling], str]:
    return lambda told: spoken_appointment(*told.window(name), told.voice.zone, told.language)


def _stretch(name: str) -> Callable[[Telling], str]:
    return lambda told: spoken_window(*told.window(name), told.voice.zone, told.language)


def _fact(name: str) -> Callable[[Telling], str]:
    return lambda told: told.fact(name)


def _who(told: Telling) -> str:
    if told.facts.get("technician") is None:
        return told.words("装维师傅（稍后告知）", "our technician (name to follow)")
    name = told.fact("technician")
    if not told.facts.get("technician_code"):
        return told.words(f"{name}师傅", f"our technician {name}")
    code = told.cut(one_line(str(told.facts["technician_code"])), MOST_UNITS["code"])
    return told.words(f"{name}师傅（{code}）", f"our technician {name} ({code})")


def _reason(told: Telling) -> str:
    """Reasons are typed by people, as a sentence or not: the text around says 因 and ends the sentence itself.

    Nobody types one when the product itself sees on the way that a technician will be late.
    """
    if told.facts.get("predicted") is not None and told.facts.get("reason") in (None, ""):
        return told.words("行程延误", "a delay on the way")
    reason = _BECAUSE.sub("", told.fact("reason")).strip().rstrip(_ENDING)
    if not reason:
        raise MissingFact("reason")
    return reason


def _arrival(told: Telling) -> str:
    """When the technician will be there, to five minutes; its day only where it is another than the appointed one."""
    start, end = told.window("window")
    if told.facts.get("predicted") is None:
        if end - start <= EXACT:
            return told.words("按约定时间", "at the appointed time")
        return told.words("在约定时段内", "within the appointed window")
    exact = told.instant("predicted")
    away = (exact.minute % ROUNDED_TO) * 60 + exact.second
    nearest = exact - timedelta(seconds=away, microseconds=exact.microsecond)
    if away * 2 >= ROUNDED_TO * 60:
        nearest += timedelta(minutes=ROUNDED_TO)
    local = nearest.astimezone(told.voice.zone)
    day = "" if local.date() == start.astimezone(told.voice.zone).date() else _spoken_day(local, told.language)
    return told.words(f"{day}{local:%H:%M}左右", f"at about {local:%H:%M}{' on ' if day else ''}{day}")


def _company(told: Telling) -> str:
    return told.cut(one_line(told.voice.company.to(told.language)), MOST_OF_COMPANY)


VARIABLES: dict[str, Callable[[Telling], str]] = {
    "customer": _fact("customer"),
    "company": _company,
    "company_phone": lambda told: told.cut(one_line(told.voice.company_phone), MOST_OF_COMPANY),
    "link": lambda told: told.link,
    "work": _fact("work"),
    "who": _who,
    "when": _appointment("window"),
    "old_when": _appointment("old_window"),
    "reason": _reason,
    "arrival": _arrival,
    "number": _fact("number"),
    "call_when": _stretch("call_window"),
    "area": _fact("area"),
    "outage_when": _stretch("outage"),
    "back_when": lambda told: spoken_moment(told.window("outage")[1], told.voice.zone, told.language),
    "handler": _fact("handler"),
    "by_when": lambda told: spoken_moment(told.instant("by_when"), told.voice.zone, told.language),
    "said": _fact("said"),
    "options": _fact("options"),
    "regulator": _fact("regulator"),
}
"""Every place that a text may have."""

_ALWAYS = {"customer", "company", "company_phone", "link"}
_OF_A_COMPLAINT = _ALWAYS | {"number"}
_OF_A_VISIT = _ALWAYS | {"work", "who", "when"}
VARIABLES_OF: dict[str, frozenset[str]] = {
    "booked": frozenset(_OF_A_VISIT),
    "moved": frozenset(_OF_A_VISIT | {"old_when", "reason"}),
    "moved_asked": frozenset(_OF_A_VISIT | {"old_when"}),
    "cancelled": frozenset(_OF_A_VISIT | {"reason"}),
    "cancelled_asked": frozenset(_OF_A_VISIT),
    "technician_changed": frozenset(_OF_A_VISIT),
    "reminder": frozenset(_OF_A_VISIT),
    "on_the_way": frozenset(_OF_A_VISIT | {"arrival"}),
    "running_late": frozenset(_OF_A_VISIT | {"arrival", "reason"}),
    "no_access": frozenset(_OF_A_VISIT),
    "record_ready": frozenset(_OF_A_VISIT | {"number"}),
    "satisfaction": frozenset(_OF_A_VISIT | {"number"}),
    "return_call": frozenset(_OF_A_VISIT | {"number", "call_when"}),
    "outage": frozenset(_ALWAYS | {"area", "outage_when", "reason"}),
    "outage_fault": frozenset(_ALWAYS | {"area", "back_when", "reason"}),
    "complaint_received": frozenset(_OF_A_COMPLAINT | {"handler", "by_when"}),
    "complaint_answered": frozenset(_OF_A_COMPLAINT | {"said", "by_when"}),
    "complaint_found": frozenset(_OF_A_COMPLAINT | {"said", "by_when"}),
    "complaint_offered": frozenset(_OF_A_COMPLAINT | {"options"}),
    "complaint_settled": frozenset(_OF_A_COMPLAINT | {"said"}),
    "complaint_result": frozenset(_OF_A_COMPLAINT | {"said"}),
    "complaint_appealed": frozenset(_OF_A_COMPLAINT | {"handler", "by_when"}),
    "complaint_regulator": frozenset(_OF_A_COMPLAINT | {"regulator"}),
    "complaint_closed": frozenset(_OF_A_COMPLAINT),
}
"""Which places the texts of each name may have: those that its notices have facts for."""

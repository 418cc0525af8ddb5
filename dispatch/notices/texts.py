"""The texts of notices: one file a text and language in templates/messages/, four sections each, flat placeholders.

A text knows no conditions: `{{ when }}` is a place, and nothing else is. So the words of an SMS map one to one onto the
template that a gateway has approved, and an operator can write their own without learning a language.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from checklists.words import Language

MESSAGES = Path(__file__).resolve().parent.parent.parent / "templates" / "messages"
NAMES = (
    "booked",
    "moved",
    "moved_asked",
    "cancelled",
    "cancelled_asked",
    "technician_changed",
    "reminder",
    "on_the_way",
    "running_late",
    "no_access",
    "record_ready",
    "satisfaction",
    "return_call",
    "outage",
    "outage_fault",
    "complaint_received",
    "complaint_answered",
    "complaint_found",
    "complaint_offered",
    "complaint_settled",
    "complaint_result",
    "complaint_appealed",
    "complaint_regulator",
    "complaint_closed",
)
SECTIONS = ("sms", "subject", "mail", "call")
ASKED = frozenset({"moved", "cancelled"})  # said in other words when the customer asked for it

_HEADING = re.compile(r"^\[(\w+)\]\s*$", re.MULTILINE)


@dataclass(frozen=True)
class Texts:
    """The words of one notice in one language, with their places unfilled.

    `mail` is paragraphs with an empty line between; all others are one line. `call` is what a person says on the phone.
    """

    sms: str
    subject: str
    mail: str
    call: str


def name_of(kind: str, facts: Mapping[str, Any]) -> str:
    """The name of the text for a notice: its kind, but a change that the customer asked for, and an outage that is
    the fault of an area and not planned, are said in other words."""
    if kind == "outage" and facts.get("outage_kind") == "fault":
        return "outage_fault"
    return f"{kind}_asked" if kind in ASKED and facts.get("asked_by") == "customer" else kind


def kind_of(name: str) -> str:
    """The kind of the notices that are said by the text of that name."""
    return name.removesuffix("_asked").removesuffix("_fault")


def spoken_language(language: str) -> Language:
    """The language that we speak to a reader of `language`."""
    return "en" if language == "en" else "zh"


def tidied(texts: Texts, language: str) -> Texts:
    """The same words with line breaks only between the paragraphs of the mail. Chinese lines join without a space."""
    between = " " if spoken_language(language) == "en" else ""

    def one_line(text: str) -> str:
        return between.join(line.strip() for line in text.splitlines() if line.strip())

    paragraphs = re.split(r"\n\s*\n", texts.mail.replace("\r\n", "\n").replace("\r", "\n"))
    mail = "\n\n".join(line for line in map(one_line, paragraphs) if line)
    return Texts(one_line(texts.sms), one_line(texts.subject), mail, one_line(texts.call))


def read_texts(content: str, language: str) -> Texts:
    """The four sections of a file. Raises ValueError when one is missing, doubled or unknown."""
    pieces = _HEADING.split(content)
    names = pieces[1::2]
    if pieces[0].strip() or sorted(names) != sorted(SECTIONS):
        raise ValueError(f"a text has the sections {', '.join(SECTIONS)}, each once; found {', '.join(names)}")
    return tidied(Texts(**dict(zip(names, pieces[2::2], strict=True))), language)


@lru_cache(maxsize=64)
def _in_house(name: str, language: Language) -> Texts:
    return read_texts((MESSAGES / f"{name}.{language}.txt").read_text(encoding="utf-8"), language)


def texts_in_house(name: str, language: str) -> Texts:
    """Our own words for `name` (one of NAMES) in `language` (Chinese for any that we do not speak)."""
    if name not in NAMES:
        raise ValueError(f"there is no text named {name}")
    return _in_house(name, spoken_language(language))

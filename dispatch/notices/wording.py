"""Facts in, what a customer reads or hears out. Pure: the words come from `texts`, what fills them from `variables`."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from checklists.words import Words
from dispatch.notices.particulars import BUTTONS, particulars
from dispatch.notices.texts import Texts, name_of
from dispatch.notices.variables import (
    VARIABLES,
    VARIABLES_OF,
    CannotSay,
    Telling,
    UnknownVariable,
    Voice,
    spoken_window,
    units,
)

__all__ = ["HIDDEN_LINK", "CannotSay", "Voice", "Worded", "sms_parts", "spoken_window", "worded", "worded_as"]

HIDDEN_LINK = "…"
ONE_PART = 70
A_PART_OF_MANY = 67  # reference/telecom.md §4
REPLY_HINT = Words("回复1确认，回复2请我们致电改期。", " Reply 1: yes, 2: call me.")
ANSWERED_BY_SMS = frozenset({"booked", "moved", "reminder", "technician_changed"})

PLACE = re.compile(r"\{\{ ?([a-z_]+) ?\}\}")


@dataclass(frozen=True)
class Worded:
    """One notice in words. `variables` fill the SMS, in the order in which they first stand in its text.

    `sms` begins with its 【signature】. `mail` is paragraphs with an empty line between. `rows` are the mail's facts
    as (label, value), and `button` what its link is called.
    """

    name: str
    language: str
    variables: Mapping[str, str]
    sms: str
    subject: str
    mail: str
    call: str
    rows: tuple[tuple[str, str], ...]
    button: str


def places_in(text: str) -> list[str]:
    """The names of the places in `text`, in order, each once."""
    return list(dict.fromkeys(PLACE.findall(text)))


def filled(text: str, value_of: Callable[[str], str]) -> str:
    """`text` with every place filled. Raises UnknownVariable for braces that are no place."""
    if re.search(r"[{}]", PLACE.sub("", text)):
        raise UnknownVariable("a brace that belongs to no place")
    return PLACE.sub(lambda place: value_of(place.group(1)), text)


def worded(
    texts: Texts,
    kind: str,
    language: str,
    facts: Mapping[str, Any],
    voice: Voice,
    link: str,
    reply_hint: bool = False,
) -> Worded:
    """A notice of `kind` in the words of `texts`. Raises CannotSay for a place or a fact that is not there.

    Instants in `facts` are ISO strings, windows `{start, end}` of them. `reply_hint`: say how to answer by SMS, where
    the kind asks something.
    """
    return worded_as(name_of(kind, facts), texts, language, facts, voice, link, reply_hint)


def worded_as(
    name: str,
    texts: Texts,
    language: str,
    facts: Mapping[str, Any],
    voice: Voice,
    link: str,
    reply_hint: bool = False,
) -> Worded:
    """The same for the text of that name."""
    known, whole = VARIABLES_OF[name], Telling(facts, language, voice, link)

    def fill(text: str, told: Telling) -> str:
        def value_of(variable: str) -> str:
            if variable not in known:
                raise UnknownVariable(variable)
            return VARIABLES[variable](told)

        return filled(text, value_of)

    short = whole.shortened()
    hint = REPLY_HINT.to(language) if reply_hint and name in ANSWERED_BY_SMS else ""
    return Worded(
        name=name,
        language="en" if language == "en" else "zh",
        variables={variable: fill(f"{{{{{variable}}}}}", short) for variable in places_in(texts.sms)},
        sms=f"【{voice.signature}】{fill(texts.sms, short)}{hint}",
        subject=fill(texts.subject, whole),
        mail=fill(texts.mail, whole),
        call=fill(texts.call, whole),
        rows=particulars(name, whole),
        button=BUTTONS[name].to(language),
    )


def sms_parts(text: str) -> int:
    """How many parts an SMS is paid for: up to 70 UTF-16 code units are one, longer ones have 67 a part."""
    length = units(text)
    return 1 if length <= ONE_PART else -(-length // A_PART_OF_MANY)

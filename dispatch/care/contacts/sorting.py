"""What a contact is about, by the words in it: shown with those words, and changeable. Pure.

The strongest kind that has a word in the text wins: a complaint about a fault is a complaint. Without any word it is a
consultation, and the page says that no word was found. The words are data in kinds.json.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FILE = Path(__file__).with_name("kinds.json")
STRONGEST_FIRST = ("complaint", "fault", "request", "consultation")


@dataclass(frozen=True)
class Sorted:
    """The kind, and the words that led to it (none: nothing was found)."""

    kind: str
    words: tuple[str, ...]


@lru_cache(maxsize=1)
def _words() -> dict[str, tuple[str, ...]]:
    content = json.loads(FILE.read_text(encoding="utf-8"))
    return {
        kind: tuple(word for language in ("zh", "en") for word in listed[language]) for kind, listed in content.items()
    }


def sort_contact(matter: str) -> Sorted:
    """Sort what a caller says."""
    text = " ".join(matter.lower().replace("\u2019", "'").split())
    for said in _words()["not"]:
        text = text.replace(said, " ")
    for kind in STRONGEST_FIRST:
        found = tuple(word for word in _words()[kind] if word in text)
        if found:
            return Sorted(kind, found)
    return Sorted("consultation", ())

"""Phrases never to use toward a customer, and words that carriers filter: data in taboo_phrases.json. Pure."""

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

PHRASES = Path(__file__).with_name("taboo_phrases.json")


@dataclass(frozen=True)
class Phrase:
    """One phrase, why it is not said, and what to say instead. `promotional`: carriers filter it as advertising."""

    phrase: str
    why: str
    instead: str
    warn: bool
    promotional: bool


@lru_cache(maxsize=2)
def phrases_of(language: str) -> tuple[Phrase, ...]:
    """All phrases of a language, as the file has them."""
    groups = json.loads(PHRASES.read_text(encoding="utf-8"))[language]
    return tuple(
        Phrase(phrase, group["why"], group["instead"], group.get("warn", False), group.get("promotional", False))
        for group in groups
        for phrase in group["phrases"]
    )


@lru_cache(maxsize=2)
def _pattern(language: str) -> re.Pattern[str]:
    # the longest first, so that the most telling one is found; in English whole words only
    said = sorted((re.escape(one.phrase) for one in phrases_of(language)), key=len, reverse=True)
    edge = r"\b" if language == "en" else ""
    return re.compile(f"{edge}(?:{'|'.join(said)}){edge}", re.IGNORECASE)


def phrases_in(text: str, language: str) -> list[Phrase]:
    """The phrases that `text` uses, each once, in their order. Spaces and curly apostrophes hide none."""
    known = {one.phrase.lower(): one for one in phrases_of(language)}
    plain = " ".join(text.replace("\u2019", "'").split()) if language == "en" else re.sub(r"\s+", "", text)
    found = dict.fromkeys(match.group().lower() for match in _pattern(language).finditer(plain))
    return [known[phrase] for phrase in found]

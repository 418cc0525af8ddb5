"""What to say on the phone: greeting, unclear line, waiting, an angry caller, closing. Data in scripts.json. Pure."""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from checklists.words import Words

FILE = Path(__file__).with_name("scripts.json")


@dataclass(frozen=True)
class Script:
    """One situation, and the sentences for it in both languages."""

    key: str
    title: Words
    lines: tuple[Words, ...]


@lru_cache(maxsize=1)
def scripts() -> tuple[Script, ...]:
    """All of them, in the order of a call."""
    return tuple(
        Script(
            one["key"],
            Words(one["zh"]["title"], one["en"]["title"]),
            tuple(Words(zh, en) for zh, en in zip(one["zh"]["lines"], one["en"]["lines"], strict=True)),
        )
        for one in json.loads(FILE.read_text(encoding="utf-8"))
    )


def spoken(script: Script, language: str, *, company: str, agent: str) -> list[str]:
    """The sentences of a script for a caller who speaks `language`."""
    return [line.to(language).format(company=company, agent=agent) for line in script.lines]

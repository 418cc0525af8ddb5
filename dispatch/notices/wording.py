"""Facts in, the text that a customer reads out. The words are in templates/messages/, one file a kind and language."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from checklists.words import Words

MESSAGES = Path(__file__).resolve().parent.parent.parent / "templates" / "messages"
WEEKDAYS = Words("一二三四五六日", "Mon Tue Wed Thu Fri Sat Sun")
HIDDEN_LINK = "…"


@dataclass(frozen=True)
class Voice:
    """Whose name messages are sent in."""

    company: Words
    company_phone: str
    zone: ZoneInfo


@lru_cache(maxsize=1)
def _environment() -> Environment:
    # plain text for a phone, so nothing is escaped; a page that shows it escapes it again
    return Environment(
        loader=FileSystemLoader(MESSAGES),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - text messages, not pages
        trim_blocks=True,
    )


def spoken_window(start: datetime, end: datetime, zone: ZoneInfo, language: str) -> str:
    """A window as said to a customer: 11月22日（周日）09:00–10:00 / Sun 22 Nov, 09:00–10:00."""
    first, last = start.astimezone(zone), end.astimezone(zone)
    if language == "en":
        return f"{WEEKDAYS.en.split()[first.weekday()]} {first.day} {first:%b}, {first:%H:%M}–{last:%H:%M}"
    return f"{first.month}月{first.day}日（周{WEEKDAYS.zh[first.weekday()]}）{first:%H:%M}–{last:%H:%M}"


def worded(kind: str, language: str, facts: dict[str, Any], voice: Voice, link: str) -> str:
    """The text of one notice. Instants in `facts` are ISO strings, windows `{start, end}` of them."""

    def window(value: dict[str, str]) -> str:
        start, end = datetime.fromisoformat(value["start"]), datetime.fromisoformat(value["end"])
        return spoken_window(start, end, voice.zone, language)

    template = _environment().get_template(f"{kind}.{'en' if language == 'en' else 'zh'}.txt")
    company = voice.company.to(language)
    text = template.render(**facts, say_window=window, link=link, company=company, company_phone=voice.company_phone)
    return " ".join(text.split()) if language == "en" else "".join(line.strip() for line in text.splitlines())

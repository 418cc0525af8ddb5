"""How pages are drawn: one Jinja environment, both languages side by side, times in the business zone."""

import hashlib
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from checklists.words import Language, Words
from dispatch.clock import utc_now
from dispatch.settings import Settings
from dispatch.visits.life import STATUS_WORDS
from mobile_api.live_text import live

HERE = Path(__file__).resolve().parent
STATIC = HERE / "static"
TEMPLATES = HERE.parent / "templates"
LANGUAGE_COOKIE = "doorstep-language"

TimeForm = Literal["time", "day_time", "iso"]


@lru_cache(maxsize=1)
def static_version() -> str:
    """Twelve hex digits over every static file: addresses change exactly when a file does."""
    digest = hashlib.sha256()
    for path in sorted(STATIC.rglob("*")):
        if path.is_file():
            digest.update(str(path.relative_to(STATIC)).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def asset(path: str) -> str:
    """The versioned address of a static file."""
    return f"/static/{static_version()}/{path}"


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Escapes everything; an unknown name in a template is an error, not an empty place."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["asset"] = asset
    made.globals["live"] = live
    made.globals["visit_status_words"] = {status.value: words for status, words in STATUS_WORDS.items()}
    return made


def language_of(request: Request) -> Language:
    """The reader's language: asked for in the address, else remembered, else their own, else the browser's.

    A technician's or dispatcher's own language is that of their account, a customer's that of their order.
    """
    asked = request.query_params.get("lang") or request.cookies.get(LANGUAGE_COOKIE)
    if asked in ("zh", "en"):
        return "en" if asked == "en" else "zh"
    viewer = getattr(request.state, "viewer", None)
    if viewer is not None:
        return "en" if viewer.language == "en" else "zh"
    accepted = request.headers.get("accept-language", "").lower()
    return "en" if accepted.startswith("en") else "zh"


def day_words(day: date) -> Words:
    """11月22日 周日 / Sun 22 Nov."""
    return Words(f"{day.month}月{day.day}日 周{'一二三四五六日'[day.weekday()]}", f"{day:%a} {day.day} {day:%b}")


class Reader:
    """How one reader is spoken to: language and zone, with the functions that templates call."""

    def __init__(self, language: Language, zone: ZoneInfo) -> None:
        self.language = language
        self.zone = zone

    def say(self, zh: str, en: str) -> str:
        """The text in the reader's language."""
        return en if self.language == "en" else zh

    def words(self, words: Words) -> str:
        """The same for a Words value."""
        return words.to(self.language)

    def local_time(self, instant: datetime, form: TimeForm = "time") -> str:
        """An instant in the business zone: 14:05, or with its day."""
        local = instant.astimezone(self.zone)
        if form == "iso":
            return local.isoformat(timespec="minutes")
        if form == "day_time":
            return f"{self.local_day(local)} {local:%H:%M}"
        return f"{local:%H:%M}"

    def local_day(self, moment: datetime | date) -> str:
        """The day that an instant falls on in the business zone, or a day as it is."""
        day = moment.astimezone(self.zone).date() if isinstance(moment, datetime) else moment
        return day_words(day).to(self.language)


def context_of(request: Request, settings: Settings) -> dict[str, Any]:
    """What every template may use."""
    language = language_of(request)
    reader = Reader(language, settings.zone)
    today = utc_now().astimezone(settings.zone).date()
    return {
        "language": language,
        "say": reader.say,
        "words": reader.words,
        "local_time": reader.local_time,
        "local_day": reader.local_day,
        "csp_nonce": request.state.csp_nonce,
        "viewer": getattr(request.state, "viewer", None),
        "desk_calls": getattr(request.state, "desk_calls", None),
        "request_path": request.url.path,
        "request_query": request.url.query,
        "company": settings.company,
        "company_phone": settings.company_phone,
        "today": today,
        "tomorrow": today + timedelta(days=1),
        "now": utc_now(),
    }


def page(request: Request, template: str, status: int = 200, **facts: Any) -> HTMLResponse:
    """A page. A language asked for in the address is remembered for a year."""
    settings: Settings = request.app.state.house.settings
    context = context_of(request, settings) | facts
    answer = HTMLResponse(environment().get_template(template).render(context), status)
    asked = request.query_params.get("lang")
    if asked in ("zh", "en"):
        answer.set_cookie(
            LANGUAGE_COOKIE, asked, max_age=31_536_000, samesite="lax", secure=settings.on_https, httponly=True
        )
    answer.headers["Vary"] = "Accept-Language, Cookie"
    return answer

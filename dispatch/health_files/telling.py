"""The first sentence of a health file, and the file on paper."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from checklists.words import Words
from dispatch.health_files.charts import Chart, charts_of
from dispatch.records.drawing.line_document import draw_line_file
from dispatch.settings import Settings

MOST_TOLD = 3
STATE_WORDS: dict[str, Words] = {
    "no_baseline": Words(
        "还没有健康基准，无法对照。装机验收合格后自动建立。",
        "There is no baseline yet to compare with: an installation that works sets it.",
    ),
    "only_baseline": Words("基准已建立，此后还没有测量。", "The baseline is there; nothing was measured since."),
    "steady": Words("与健康时一致，没有明显变化。", "As it was when healthy: nothing has moved."),
}
WORSE: dict[str, Words] = {
    "moved": Words("仍合格，但已明显偏移：", "Still good, but it has moved: "),
    "warn": Words("已偏离合格范围：", "Outside the good range: "),
    "fail": Words("已不合格：", "Not good any more: "),
}
TONES = {"fail": "bad", "warn": "warn", "moved": "warn", "steady": "good"}


def headline(file: dict[str, Any]) -> Words:
    """How the line stands, in one sentence that is read in seconds: what moved, from where to where."""
    state = file["state"]
    if state["level"] not in WORSE:
        return STATE_WORDS[state["level"]]
    moved = [one for one in file["comparison"] if one["key"] in state["moved"]]
    told = [_moved(one) for one in moved[:MOST_TOLD]]
    more = len(moved) - len(told)
    begin = WORSE[state["level"]]
    return Words(
        begin.zh + "；".join(one.zh for one in told) + (f"；另有 {more} 项" if more else "") + "。",
        begin.en + "; ".join(one.en for one in told) + (f"; and {more} more" if more else "") + ".",
    )


def _moved(one: dict[str, Any]) -> Words:
    way = f"{_number(one['baseline'])} → {_number(one['latest'])} {one['unit']}".strip()
    used = ""
    if one["room_used"] is not None and one["drift"] == "moved":
        used = f"{one['room_used']:.0%}"
    return Words(
        f"{one['label']['zh']} {way}" + (f"（余量已用 {used}）" if used else ""),
        f"{one['label']['en']} {way}" + (f" ({used} of the room used)" if used else ""),
    )


def _number(value: object) -> str:
    return f"{value:g}".replace("-", "−") if isinstance(value, int | float) else str(value)


def short_day(zone: ZoneInfo) -> Any:
    """How a chart says a day: 2026-11-22, in the business zone."""
    return lambda instant: f"{instant.astimezone(zone):%Y-%m-%d}"


def charts_in(file: dict[str, Any], zone: ZoneInfo) -> list[Chart]:
    """The charts of a health file with days of the business zone."""
    return charts_of(file, short_day(zone))


def line_document(file: dict[str, Any], settings: Settings, language: str, at: datetime) -> bytes:
    """The health file as a PDF."""
    about = {
        "language": language,
        "time_zone": settings.time_zone,
        "company": {"zh": settings.company_zh, "en": settings.company_en},
    }
    return draw_line_file(file, charts_in(file, settings.zone), headline(file), about, at)

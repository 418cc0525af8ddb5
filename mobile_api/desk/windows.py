"""Windows as forms say them: a day and two times in the business zone."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from checklists.words import Words
from dispatch.visits.windows import Window

PICKS: tuple[tuple[Words, int, str, str], ...] = (
    (Words("今天下午", "This afternoon"), 0, "13:30", "17:30"),
    (Words("明天上午", "Tomorrow morning"), 1, "08:30", "11:30"),
    (Words("明天下午", "Tomorrow afternoon"), 1, "13:30", "17:30"),
    (Words("后天上午", "Morning after next"), 2, "08:30", "11:30"),
)


def window_said(day: date, begin: time, end: time, zone: ZoneInfo) -> Window:
    """The window; an end of 00:00 is midnight. Refuses with Invalid one that ends before it starts."""
    last = day + timedelta(days=1) if end == time() else day
    return Window(datetime.combine(day, begin, zone), datetime.combine(last, end, zone))


def said(window: Window, zone: ZoneInfo) -> dict[str, str]:
    """A window as the fields `day`, `begin` and `end` hold it."""
    start, end = window.start.astimezone(zone), window.end.astimezone(zone)
    return {"day": start.date().isoformat(), "begin": f"{start:%H:%M}", "end": f"{end:%H:%M}"}


def moment_said(day: date, at: time | None, zone: ZoneInfo) -> datetime | None:
    """An instant of that day; None for none."""
    return datetime.combine(day, at, zone) if at is not None else None


def quick_picks(today: date, now: datetime, wanted: Window | None, zone: ZoneInfo) -> list[dict[str, Any]]:
    """Windows that are often wanted, those still to come, the customer's own wish first."""
    picks = []
    if wanted is not None and wanted.end > now:
        picks.append({"words": Words("客户希望的时段", "As the customer asked"), **said(wanted, zone)})
    for words, days, begin, end in PICKS:
        day = today + timedelta(days=days)
        if datetime.combine(day, time.fromisoformat(end), zone) > now:
            picks.append({"words": words, "day": day.isoformat(), "begin": begin, "end": end})
    return picks

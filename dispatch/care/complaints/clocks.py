"""The clocks of a complaint: which run, which were kept, which are over. Pure.

2 / 5 / 7 working days (the field's standard) and 15 days (telecom service rules) are in reference/telecom.md §3.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from checklists.words import Words
from dispatch.care.working_days import Calendar, Due, days_after, working_days_after

Verdict = Literal["running", "soon", "overdue", "kept", "missed", "dropped"]
SOON = timedelta(hours=8)

CLOCK_WORDS: dict[str, Words] = {
    "answer": Words("首次答复", "First answer"),
    "investigate": Words("查明情况", "Investigation"),
    "solve": Words("提出方案", "Solution offered"),
    "final": Words("最终答复", "Answered at the latest"),
}


@dataclass(frozen=True)
class Days:
    """How long each clock runs: working days, `final` in days of the calendar."""

    answer: int
    investigate: int
    solve: int
    final: int


@dataclass(frozen=True)
class Deadlines:
    """By when each is owed. `provisional`: a year that is not published was counted, so they may move."""

    answer: datetime
    investigate: datetime
    solve: datetime
    final: datetime
    provisional: bool


def deadlines(start: datetime, days: Days, *, calendar: Calendar, zone: ZoneInfo, closes: int) -> Deadlines:
    """All clocks of a complaint, or of its appeal, that begins at `start`."""

    def working(count: int) -> Due:
        return working_days_after(start, count, calendar=calendar, zone=zone, closes=closes)

    answer, investigate, solve = working(days.answer), working(days.investigate), working(days.solve)
    final = days_after(start, days.final, zone=zone, closes=closes)
    provisional = answer.provisional or investigate.provisional or solve.provisional
    return Deadlines(answer.at, investigate.at, solve.at, final.at, provisional)


@dataclass(frozen=True)
class Clock:
    """One deadline and when it was met (None: not yet)."""

    name: str
    due: datetime
    done: datetime | None
    provisional: bool = False

    def verdict(self, now: datetime, ended: datetime | None = None) -> Verdict:
        """How it stands at `now`. `ended`: when the complaint ended without it (withdrawn): then it is dropped."""
        if self.done is not None:
            return "kept" if self.done <= self.due else "missed"
        if ended is not None:
            return "dropped" if ended <= self.due else "missed"
        if now > self.due:
            return "overdue"
        return "soon" if now >= self.due - SOON else "running"


def pressing(clocks: list[Clock], now: datetime) -> Clock | None:
    """The clock that runs out next, of those that are not met yet; None when none runs."""
    running = [clock for clock in clocks if clock.done is None]
    return min(running, key=lambda clock: clock.due, default=None)

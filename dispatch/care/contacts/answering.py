"""How many calls were answered, day by day: of the whole desk, whatever they were about; counts and no callers."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.accounts.viewer import Viewer
from dispatch.care.contacts.queries import IN_TIME_SECONDS
from dispatch.care.contacts.tables import Contact
from dispatch.care.who import CARERS
from dispatch.clock import local_day


@dataclass(frozen=True)
class Answered:
    """The calls of a `day` (2026-11-22): how many, answered, within 20 seconds, and the mean wait of the answered."""

    day: str
    calls: int
    answered: int
    in_time: int
    waited: float | None

    def share(self, part: int) -> str:
        """Of all calls, as a percentage; empty without a call."""
        return f"{part / self.calls:.1%}" if self.calls else ""


def answered_by_day(session: Session, viewer: Viewer, begin: datetime, end: datetime, zone: ZoneInfo) -> list[Answered]:
    """Days with calls in [begin, end), the first first; nothing for who is not at the desk."""
    if viewer.role not in CARERS:
        return []
    query = select(Contact.at, Contact.answered, Contact.waited).where(
        Contact.channel == "phone", Contact.at >= begin, Contact.at < end
    )
    days: dict[str, list[tuple[bool, int | None]]] = defaultdict(list)
    for row in session.execute(query.order_by(Contact.at)):
        days[f"{local_day(row.at, zone)}"].append((row.answered, row.waited))
    found = []
    for day, calls in days.items():
        answered = [waited for was, waited in calls if was]
        known = [waited for waited in answered if waited is not None]
        mean = sum(known) / len(known) if known else None
        found.append(Answered(day, len(calls), len(answered), sum(one <= IN_TIME_SECONDS for one in known), mean))
    return found


def together(days: list[Answered]) -> Answered:
    """All of them as one."""
    answered = sum(one.answered for one in days)
    waited = [(one.waited, one.answered) for one in days if one.waited is not None]
    weight = sum(count for _, count in waited)
    mean = sum(each * count for each, count in waited) / weight if weight else None
    return Answered("", sum(one.calls for one in days), answered, sum(one.in_time for one in days), mean)

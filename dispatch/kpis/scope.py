"""What is looked at: a stretch of days, and whose, where and which work; and who may look at it."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal
from uuid import UUID

from checklists.words import Words
from dispatch.accounts.viewer import DESK, Viewer
from dispatch.care.who import LEADERS
from dispatch.errors import Forbidden, Invalid, NotFound

By = Literal["technician", "area", "kind", "day", "week", "month"]
LONGEST = timedelta(days=800)
FIRST_YEAR = 2000


@dataclass(frozen=True)
class Scope:
    """From `first` to `last` (both included, days of the business zone), all technicians, areas and kinds if None."""

    first: date
    last: date
    technician_id: UUID | None = None
    area_id: UUID | None = None
    kind: str | None = None

    def __post_init__(self) -> None:
        if not timedelta(0) <= self.last - self.first <= LONGEST:
            raise Invalid(
                Words(
                    "请选择不超过两年的时间段，且结束不早于开始。", "Choose two years at most, ending after it begins."
                ),
                name="period",
            )

    @property
    def before(self) -> "Scope":
        """The same for the stretch before: the month before for a whole month, else as many days."""
        if self.first.day == 1 and self.last == last_of_month(self.first):
            end = self.first - timedelta(days=1)
            return replace(self, first=end.replace(day=1), last=end)
        return replace(
            self, first=self.first - (self.last - self.first) - timedelta(days=1), last=self.first - timedelta(days=1)
        )


def last_of_month(day: date) -> date:
    """The last day of its month."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def month_before(month: date) -> date:
    """The first day of the month before."""
    return (month.replace(day=1) - timedelta(days=1)).replace(day=1)


def month_after(month: date) -> date:
    """The first day of the next month."""
    return last_of_month(month) + timedelta(days=1)


def month_from(text: str | None, today: date) -> date:
    """A month from an address (2026-11), this one for what is none, or has not begun."""
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)
    return found if found.year >= FIRST_YEAR and found <= today else today.replace(day=1)


def month_scope(month: date, **more: UUID | str | None) -> Scope:
    """The whole month that `month` lies in."""
    return Scope(month.replace(day=1), last_of_month(month), **more)  # type: ignore[arg-type]


def must_see(viewer: Viewer, scope: Scope, by: By | None = None) -> None:
    """Refuse what is not the viewer's. A technician sees their own; who is measured by name is for supervisors.

    The rest of the desk sees the house, its areas and kinds, and nobody by name.
    """
    if viewer.role in LEADERS or viewer.role == "system":
        return
    if viewer.role == "technician":
        if scope.technician_id is None or scope.technician_id != viewer.technician_id:
            raise NotFound
        if by in ("technician", "area"):
            raise Forbidden
        return
    if viewer.role not in DESK:
        raise NotFound
    if scope.technician_id is not None:
        raise NotFound
    if by == "technician":
        raise Forbidden


def sees_people(viewer: Viewer) -> bool:
    """Whether the viewer may see technicians' figures by name, and complaints behind figures."""
    return viewer.role in LEADERS or viewer.role == "system"

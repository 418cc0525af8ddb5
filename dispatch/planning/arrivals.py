"""Who will be late: predicted arrivals of the rest of the day, from where technicians are and what is left to do.

From the phones' check-ins (on the way, arrived, sealed), the planned order, the ways and lunch. A warning for the desk
before a window opens; whether an arrival is late is the house's own rule (`visits.punctuality`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from dispatch.accounts.turn import Turn
from dispatch.clock import local_day
from dispatch.planning.asked import Asked
from dispatch.planning.day_problem import day_problem
from dispatch.planning.day_rows import day_rows
from dispatch.planning.day_standing import DayProblem
from dispatch.planning.proposal import present_plan
from dispatch.technicians.queries import areas
from dispatch.visits.punctuality import LateNotice, late_notice
from dispatch.visits.windows import Window


@dataclass(frozen=True)
class Arrival:
    """When a technician will be at a visit, as the day stands; `late` is what that owes the customer, if it is late."""

    visit_id: UUID
    technician_id: UUID
    window: Window
    at: datetime
    late: LateNotice | None

    @property
    def opens_later(self) -> bool:
        """Whether the window's end is still what counts: nobody has been kept waiting yet."""
        return self.late is not None and not self.late.breach


def predicted_arrivals(day: DayProblem, *, now: datetime) -> dict[str, Arrival]:
    """Every visit that somebody has and that has not begun, by id, in the planned order. Pure."""
    found: dict[str, Arrival] = {}
    for route in present_plan(day).routes:
        for stop in route.stops:
            known, visit = day.present.get(stop.visit), day.problem.visits_by_id[stop.visit]
            if known is None or (visit.pin is not None and visit.pin.begun == "on_site"):
                continue
            at = day.midnight + timedelta(seconds=stop.start)
            window = Window(*known.window)
            late = late_notice(window, at, now=now)
            found[stop.visit] = Arrival(UUID(stop.visit), UUID(route.technician), window, at, late)
    return found


def arrivals_today(turn: Turn, area_id: UUID | None = None) -> Mapping[str, Arrival]:
    """Predicted arrivals of today, of one area or all; nobody's where nobody works."""
    zone = turn.settings.zone
    today: date = local_day(turn.now, zone)
    found: dict[str, Arrival] = {}
    for area in areas(turn.session):
        if area_id is not None and area.id != area_id:
            continue
        day = day_problem(day_rows(turn.session, area, today, zone), Asked(), now=turn.now)
        if day is not None:
            found |= predicted_arrivals(day, now=turn.now)
    return found


def late_today(turn: Turn, area_id: UUID | None = None) -> list[Arrival]:
    """Those that will be late, the soonest promise first."""
    found = [one for one in arrivals_today(turn, area_id).values() if one.late is not None]
    return sorted(found, key=lambda one: (one.window.start, one.at))

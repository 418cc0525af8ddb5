"""Questions about the vans' kit against the visits to come: which van will run out, and of what."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dispatch.accounts.viewer import Viewer
from dispatch.clock import day_bounds, local_day
from dispatch.technicians.queries import kit_stocks
from dispatch.technicians.rules import KitNeed, will_run_out
from dispatch.technicians.tables import KitDraw
from dispatch.visits.life import OPEN
from dispatch.visits.queries import visits_of
from dispatch.visits.tables import Visit


def visits_left(session: Session, viewer: Viewer, start: datetime, end: datetime) -> dict[UUID, int]:
    """How many visits each technician still has between the two instants whose kit was not taken yet."""
    begins = func.coalesce(Visit.planned_start, Visit.window_start)
    drawn = select(KitDraw.visit_id).where(KitDraw.visit_id == Visit.id).exists()
    rows = session.execute(
        visits_of(viewer)
        .with_only_columns(Visit.technician_id, func.count())
        .where(begins >= start, begins < end, Visit.status.in_(OPEN), Visit.technician_id.is_not(None), ~drawn)
        .group_by(Visit.technician_id)
    )
    return {technician_id: count for technician_id, count in rows if technician_id is not None}


@dataclass(frozen=True)
class ShortVan:
    """A van that will run out during a day: of what, and in how many visits."""

    technician_id: UUID
    needs: tuple[KitNeed, ...]
    visits: int


def short_vans(session: Session, viewer: Viewer, day: date, zone: ZoneInfo, now: datetime) -> list[ShortVan]:
    """The vans that will run out during `day`, when what is left to do until then has taken its part."""
    if not viewer.at_desk and viewer.role != "technician":
        return []
    start, end = day_bounds(day, zone)
    before = visits_left(session, viewer, day_bounds(local_day(now, zone), zone)[0], start) if start > now else {}
    during = visits_left(session, viewer, start, end)
    stocks = kit_stocks(session)
    found = [
        ShortVan(
            technician_id,
            tuple(will_run_out(stocks.get(technician_id, {}), before=before.get(technician_id, 0), during=visits)),
            visits,
        )
        for technician_id, visits in sorted(during.items())
    ]
    return [van for van in found if van.needs]

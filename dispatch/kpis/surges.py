"""Where it burns: faults by area against what is usual there, and since when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import DESK
from dispatch.care.who import LEADERS
from dispatch.customers.tables import Site
from dispatch.kpis.surge_rules import is_surge, usual_in
from dispatch.technicians.tables import Area
from dispatch.visits.tables import WorkOrder

SHORT, LONG, LOOKED_BACK = timedelta(hours=3), timedelta(hours=24), 28


@dataclass(frozen=True)
class Burning:
    """Faults of an area: in the last three hours and the last day, as many as usual, and those that are open."""

    area: Area
    short: int
    short_usual: float
    long: int
    long_usual: float
    open: int
    is_surge: bool


def burning(turn: Turn) -> list[Burning]:
    """Faults by area, surges first, then by how many in the last day."""
    turn.viewer.must_be(LEADERS)
    session, now = turn.session, turn.now
    reported = _reported(session, now - timedelta(days=LOOKED_BACK + 1))
    still = dict(
        session.execute(
            select(Site.area_id, func.count())
            .join(WorkOrder, WorkOrder.site_id == Site.id)
            .where(WorkOrder.kind == "repair", WorkOrder.state == "open")
            .group_by(Site.area_id)
        ).all()
    )
    found = []
    for area in session.scalars(select(Area).order_by(Area.name)):
        last = _stretches(reported.get(area.id, []), now)
        (short, short_usual), (long, long_usual) = ((one.count, one.usual) for one in last)
        surge = any(one.is_surge for one in last)
        found.append(Burning(area, short, short_usual, long, long_usual, still.get(area.id, 0), surge))
    return sorted(found, key=lambda one: (not one.is_surge, -one.long, one.area.name))


def surge_began(turn: Turn, area_id: UUID) -> datetime | None:
    """When the first fault of an area's surge was reported; None where as many come as usual."""
    turn.viewer.must_be(DESK)
    reported = _reported(turn.session, turn.now - timedelta(days=LOOKED_BACK + 1))
    surges = [one for one in _stretches(reported.get(area_id, []), turn.now) if one.is_surge]
    return surges[0].first if surges else None


@dataclass(frozen=True)
class _Stretch:
    """What was reported in the last hours: the first, how many, and how many usually."""

    first: datetime | None
    count: int
    usual: float

    @property
    def is_surge(self) -> bool:
        return is_surge(self.count, self.usual)


def _stretches(reported: Sequence[datetime], now: datetime) -> tuple[_Stretch, _Stretch]:
    """The last three hours, and the last day."""
    moments = [at for at in reported if at <= now]

    def last(length: timedelta) -> _Stretch:
        found = [at for at in moments if at > now - length]
        return _Stretch(min(found, default=None), len(found), usual_in(moments, now, length, LOOKED_BACK))

    return last(SHORT), last(LONG)


def _reported(session: Session, since: datetime) -> dict[UUID, Sequence[datetime]]:
    """When faults were reported, by area; cancelled ones too: at that time somebody was without network."""
    query = (
        select(Site.area_id, WorkOrder.reported_at)
        .join(Site, Site.id == WorkOrder.site_id)
        .where(WorkOrder.kind == "repair", WorkOrder.reported_at >= since)
    )
    found: dict[UUID, list[datetime]] = {}
    for area_id, at in session.execute(query):
        if area_id is not None:
            found.setdefault(area_id, []).append(at)
    return dict(found)

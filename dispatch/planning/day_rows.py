"""The rows that a day's problem is made of: who works, what stands there, what waits to be booked, where people are."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from dispatch.clock import day_bounds
from dispatch.customers.tables import Site
from dispatch.technicians.queries import shifts_on
from dispatch.technicians.tables import Area, Shift, Technician
from dispatch.visits.life import OCCUPYING, OPEN
from dispatch.visits.tables import Visit, WorkOrder

MOST_WAITING = 200


@dataclass(frozen=True)
class DayRows:
    """One area's day. `visits` still occupy their time: booked, begun or sealed; their orders and sites are loaded.

    `midnight` is the first instant of the day; `last_site` where each technician last was that day.
    """

    area: Area
    day: date
    zone: ZoneInfo
    midnight: datetime
    technicians: Sequence[Technician]
    shifts: Mapping[UUID, Shift]
    visits: Sequence[Visit]
    orders: Sequence[WorkOrder] = ()
    last_site: Mapping[UUID, Site] = field(default_factory=dict)

    def without(self, visit_id: UUID) -> "DayRows":
        """The same day as if that visit were not in it."""
        return replace(self, visits=[one for one in self.visits if one.id != visit_id])


def day_rows(
    session: Session,
    area: Area,
    day: date,
    zone: ZoneInfo,
    *,
    orders: Collection[UUID] = (),
    with_waiting: bool = False,
) -> DayRows:
    """What stands in the rows for `area` on `day`; `orders` are work orders to be booked, and `with_waiting` those that
    wait for this very day.

    Visits are those of the area's technicians wherever they are, and the area's own that nobody has.
    """
    start, end = day_bounds(day, zone)
    technicians = list(
        session.scalars(
            select(Technician)
            .where(Technician.active, Technician.area_id == area.id)
            .options(selectinload(Technician.skills))
            .order_by(Technician.code)
        )
    )
    own = [one.id for one in technicians]
    begins = or_(
        (Visit.window_start >= start) & (Visit.window_start < end),
        (Visit.planned_start >= start) & (Visit.planned_start < end),
    )
    order_of = joinedload(Visit.work_order)
    visits = list(
        session.scalars(
            select(Visit)
            .join(WorkOrder, WorkOrder.id == Visit.work_order_id)
            .join(Site, Site.id == WorkOrder.site_id)
            .where(begins, Visit.status.in_(OCCUPYING))
            .where(or_(Visit.technician_id.in_(own), Visit.technician_id.is_(None) & (Site.area_id == area.id)))
            .options(order_of.joinedload(WorkOrder.site), order_of.joinedload(WorkOrder.customer))
            .order_by(Visit.planned_start, Visit.window_start, Visit.id)
        )
    )
    return DayRows(
        area=area,
        day=day,
        zone=zone,
        midnight=start,
        technicians=technicians,
        shifts={who: shift for who, shift in shifts_on(session, day, zone).items() if who in set(own)},
        visits=visits,
        orders=_orders(session, area, end, orders, start, with_waiting),
        last_site=_last_sites(session, own, start, end),
    )


def _orders(
    session: Session, area: Area, end: datetime, named: Collection[UUID], start: datetime, with_waiting: bool
) -> list[WorkOrder]:
    """Open work orders without an open visit: those named, and those of the area that want this day or must have it."""
    belongs: ColumnElement[bool] = WorkOrder.id.in_(list(named))
    if with_waiting:
        wants = (WorkOrder.wanted_start >= start) & (WorkOrder.wanted_start < end)
        must = WorkOrder.wanted_start.is_(None) & (WorkOrder.deadline < end)
        belongs = or_(belongs, (Site.area_id == area.id) & or_(wants, must))
    booked = select(Visit.id).where(Visit.work_order_id == WorkOrder.id, Visit.status.in_(OPEN)).exists()
    query = (
        select(WorkOrder)
        .join(Site, Site.id == WorkOrder.site_id)
        .where(belongs, WorkOrder.state == "open", ~booked)
        .options(joinedload(WorkOrder.site), joinedload(WorkOrder.customer))
        .order_by(WorkOrder.deadline.is_(None), WorkOrder.deadline, WorkOrder.id)
        .limit(MOST_WAITING)
    )
    return list(session.scalars(query)) if named or with_waiting else []


def _last_sites(session: Session, technicians: Sequence[UUID], start: datetime, end: datetime) -> dict[UUID, Site]:
    """Where each of them arrived last that day."""
    rows = session.execute(
        select(Visit.technician_id, Site)
        .join(WorkOrder, WorkOrder.id == Visit.work_order_id)
        .join(Site, Site.id == WorkOrder.site_id)
        .where(Visit.technician_id.in_(list(technicians)), Visit.arrived_at >= start, Visit.arrived_at < end)
        .order_by(Visit.arrived_at)
    )
    return {who: site for who, site in rows if who is not None}

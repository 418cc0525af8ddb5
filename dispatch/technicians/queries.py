"""Questions about technicians, areas and shifts."""

import math
from collections.abc import Sequence
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from dispatch.accounts.viewer import Viewer
from dispatch.clock import day_bounds
from dispatch.technicians.tables import Area, KitDraw, KitStock, KitTopUp, Shift, Technician


def area_for(session: Session, name: str | None, latitude: float | None, longitude: float | None) -> Area | None:
    """The area with this name (Chinese or English), else the one whose centre is nearest; None without either."""
    return nearest_area(areas(session), name, latitude, longitude)


def nearest_area(
    among: Sequence[Area], name: str | None, latitude: float | None, longitude: float | None
) -> Area | None:
    """The same choice among areas that are loaded already."""
    if name:
        named = [area for area in among if name in (area.name, area.name_en)]
        if named:
            return named[0]
    if latitude is None or longitude is None or not among:
        return None
    shrink = math.cos(math.radians(latitude))
    return min(among, key=lambda area: math.hypot(area.latitude - latitude, (area.longitude - longitude) * shrink))


def technicians_seen_by(session: Session, viewer: Viewer) -> list[Technician]:
    """Active technicians in the order of area and code; a technician sees only themselves, a customer nobody."""
    query = (
        select(Technician)
        .where(Technician.active)
        .options(joinedload(Technician.area), selectinload(Technician.skills))
        .order_by(Technician.area_id, Technician.code)
    )
    if viewer.role == "technician":
        query = query.where(Technician.id == viewer.technician_id)
    elif not viewer.at_desk:
        return []
    return list(session.scalars(query))


def shifts_on(session: Session, day: date, zone: ZoneInfo) -> dict[UUID, Shift]:
    """Each technician's shift that begins on `day`."""
    start, end = day_bounds(day, zone)
    query = select(Shift).where(Shift.starts_at >= start, Shift.starts_at < end).order_by(Shift.starts_at)
    return {shift.technician_id: shift for shift in session.scalars(query)}


def kit_stock_of(session: Session, technician_id: UUID) -> dict[str, int]:
    """What the van holds, by kit item."""
    rows = session.execute(select(KitStock.item, KitStock.quantity).where(KitStock.technician_id == technician_id))
    return {row.item: row.quantity for row in rows}


def kit_stocks(session: Session) -> dict[UUID, dict[str, int]]:
    """What every van holds, by technician and kit item."""
    found: dict[UUID, dict[str, int]] = {}
    for row in session.execute(select(KitStock.technician_id, KitStock.item, KitStock.quantity)):
        found.setdefault(row.technician_id, {})[row.item] = row.quantity
    return found


def top_ups_of(session: Session, technician_id: UUID, limit: int = 40) -> list[KitTopUp]:
    """What was put into this van, the latest first."""
    query = select(KitTopUp).where(KitTopUp.technician_id == technician_id)
    return list(session.scalars(query.order_by(KitTopUp.at.desc(), KitTopUp.item).limit(limit)))


def draws_of(session: Session, technician_id: UUID, limit: int = 40) -> list[KitDraw]:
    """What visits took from this van, the latest first."""
    query = select(KitDraw).where(KitDraw.technician_id == technician_id, KitDraw.used > 0)
    return list(session.scalars(query.order_by(KitDraw.at.desc(), KitDraw.visit_id, KitDraw.item).limit(limit)))


def areas(session: Session) -> list[Area]:
    """All areas by name."""
    return list(session.scalars(select(Area).order_by(Area.name)))

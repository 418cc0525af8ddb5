"""Questions about a day at the desk: what stands there, and whether anything has moved since it was looked at."""

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload

from dispatch.accounts.answered_once import fingerprint
from dispatch.accounts.viewer import Viewer
from dispatch.clock import day_bounds
from dispatch.customers.tables import Customer, Site
from dispatch.notices.call_lists import calls_open_about
from dispatch.notices.troubles import visits_in_trouble
from dispatch.technicians.tables import Shift
from dispatch.visits.queries import visits_of
from dispatch.visits.tables import Visit, WorkOrder

STEP = 300  # seconds after which what depends on the time of day is looked at anew


def day_revision(session: Session, viewer: Viewer, day: date, zone: ZoneInfo, now: datetime) -> str:
    """Changes whenever something that the day's page shows may have changed. Cheap: ids and versions only."""
    start, end = day_bounds(day, zone)
    begins = or_(
        (Visit.window_start >= start) & (Visit.window_start < end),
        (Visit.planned_start >= start) & (Visit.planned_start < end),
    )
    visits = session.execute(
        visits_of(viewer).with_only_columns(Visit.id, Visit.version, Visit.status).where(begins).order_by(Visit.id)
    ).all()
    orders = session.execute(
        select(func.count(), func.max(WorkOrder.created_at)).where(WorkOrder.state == "open")
    ).one()
    shifts = session.execute(
        select(Shift.id, Shift.starts_at, Shift.ends_at)
        .where(Shift.starts_at >= start, Shift.starts_at < end)
        .order_by(Shift.id)
    ).all()
    troubles = sorted(map(str, visits_in_trouble(session, {row.id for row in visits}, now)))
    open_calls = calls_open_about(session, {row.id for row in visits})
    calls = sorted((str(visit_id), task.due_at < now) for visit_id, task in open_calls.items())
    moment = int(now.timestamp()) // STEP
    parts = [list(row) for row in visits], list(orders), [list(row) for row in shifts], troubles, calls, moment
    return fingerprint(*parts)[:20]


def orders_found(session: Session, viewer: Viewer, text: str, limit: int = 50) -> list[WorkOrder]:
    """Work orders whose number, customer's name or phone, or address holds `text`, newest first."""
    text = text.strip()
    if not viewer.at_desk or not text:
        return []
    holds = [column.icontains(text, autoescape=True) for column in (WorkOrder.external_id, Customer.name, Site.address)]
    digits = "".join(character for character in text if character.isdigit())
    if len(digits) >= 3 and not any(character.isalpha() for character in text):
        holds.append(Customer.phone.contains(digits, autoescape=True))
    return list(
        session.scalars(
            select(WorkOrder)
            .join(Customer, Customer.id == WorkOrder.customer_id)
            .join(Site, Site.id == WorkOrder.site_id)
            .where(or_(*holds))
            .options(joinedload(WorkOrder.customer), joinedload(WorkOrder.site), joinedload(WorkOrder.line))
            .order_by(WorkOrder.created_at.desc(), WorkOrder.id)
            .limit(limit)
        )
    )


def visits_of_orders(session: Session, orders: list[UUID]) -> dict[UUID, Visit]:
    """The latest visit of each of these orders."""
    rows = session.scalars(
        select(Visit)
        .where(Visit.work_order_id.in_(orders))
        .options(joinedload(Visit.technician))
        .order_by(Visit.created_at)
    )
    return {visit.work_order_id: visit for visit in rows}


def wishes(session: Session, viewer: Viewer, limit: int = 50) -> list[Visit]:
    """Visits whose customers ask for another time, whatever their day, the soonest first."""
    if not viewer.at_desk:
        return []
    query = (
        visits_of(viewer)
        .where(Visit.wish.is_not(None), Visit.status.in_(("booked", "en_route")))
        .options(
            joinedload(Visit.work_order).joinedload(WorkOrder.customer),
            joinedload(Visit.work_order).joinedload(WorkOrder.site),
            joinedload(Visit.technician),
        )
        .order_by(Visit.window_start)
        .limit(limit)
    )
    return [visit for visit in session.scalars(query) if visit.wish]

"""Questions about visits and work orders, each with the viewer in it: nobody is answered about what is not theirs."""

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, false, or_, select
from sqlalchemy.orm import Session, joinedload

from dispatch.accounts.viewer import Viewer
from dispatch.clock import day_bounds
from dispatch.errors import NotFound
from dispatch.technicians.tables import Technician
from dispatch.visits.life import OCCUPYING, OPEN, UNDER_WAY
from dispatch.visits.tables import Visit, VisitChange, WorkOrder
from dispatch.visits.windows import Window


def visits_of(viewer: Viewer) -> Select[Visit]:
    """The visits that this viewer may know of: the one query that all others begin with."""
    everything = select(Visit)
    if viewer.at_desk:
        return everything
    if viewer.role == "technician" and viewer.technician_id is not None:
        return everything.where(Visit.technician_id == viewer.technician_id)
    if viewer.role == "customer" and viewer.visit_id is not None:
        return everything.where(Visit.id == viewer.visit_id)
    return everything.where(false())


def with_story(query: Select[Visit]) -> Select[Visit]:
    """The same, with what a page tells about a visit loaded along."""
    order = joinedload(Visit.work_order)
    return query.options(
        order.joinedload(WorkOrder.customer),
        order.joinedload(WorkOrder.site),
        order.joinedload(WorkOrder.line),
        joinedload(Visit.technician).joinedload(Technician.area),
        joinedload(Visit.technician).selectinload(Technician.skills),
    )


def visit_seen_by(session: Session, viewer: Viewer, visit_id: UUID, *, to_change: bool = False) -> Visit:
    """One visit with its story; `to_change` locks the row. NotFound for what is not the viewer's."""
    if to_change:
        locked = session.scalar(
            visits_of(viewer).where(Visit.id == visit_id).with_for_update().execution_options(populate_existing=True)
        )
        if locked is None:
            raise NotFound()
    visit = session.scalar(with_story(visits_of(viewer)).where(Visit.id == visit_id))
    if visit is None:
        raise NotFound()
    return visit


def new_visit(session: Session, visit_id: UUID) -> Visit:
    """A visit with its story, for the verb that has just made it."""
    return session.scalars(with_story(select(Visit).where(Visit.id == visit_id))).unique().one()


def visits_on(
    session: Session,
    viewer: Viewer,
    *,
    zone: ZoneInfo,
    day: date | None = None,
    technician_id: UUID | None = None,
    status: str | None = None,
    limit: int = 1000,
) -> list[Visit]:
    """Visits whose promised window or planned time begins on `day`, in the order of the day."""
    query = with_story(visits_of(viewer))
    if day is not None:
        start, end = day_bounds(day, zone)
        query = query.where(
            or_(
                (Visit.window_start >= start) & (Visit.window_start < end),
                (Visit.planned_start >= start) & (Visit.planned_start < end),
            )
        )
    if technician_id is not None:
        query = query.where(Visit.technician_id == technician_id)
    if status is not None:
        query = query.where(Visit.status == status)
    query = query.order_by(Visit.window_start, Visit.planned_start, Visit.id).limit(limit)
    return list(session.scalars(query).unique())


def under_way_since(session: Session, viewer: Viewer, before: datetime) -> list[Visit]:
    """Visits promised for before `before` that somebody is still on the way to, or at."""
    query = with_story(visits_of(viewer)).where(Visit.status.in_(UNDER_WAY), Visit.window_start < before)
    return list(session.scalars(query.order_by(Visit.window_start, Visit.id)).unique())


def taken_time(session: Session, technician_id: UUID, between: Window, *, but: UUID | None = None) -> list[Window]:
    """The technician's planned times that share an instant with `between`, without the visit `but`."""
    query = select(Visit.planned_start, Visit.planned_end).where(
        Visit.technician_id == technician_id,
        Visit.status.in_(OCCUPYING),
        Visit.planned_start < between.end,
        Visit.planned_end > between.start,
    )
    if but is not None:
        query = query.where(Visit.id != but)
    return [Window(start, end) for start, end in session.execute(query) if start is not None and end is not None]


def open_visits_of_order(session: Session, order_id: UUID) -> list[Visit]:
    """The visits of a work order that are still to happen or happening."""
    return list(session.scalars(select(Visit).where(Visit.work_order_id == order_id, Visit.status.in_(OPEN))))


def orders_waiting(session: Session, viewer: Viewer, limit: int = 200) -> list[WorkOrder]:
    """Open work orders without an open visit, the most urgent first: what the desk still has to book."""
    if not viewer.at_desk:
        return []
    booked = select(Visit.id).where(Visit.work_order_id == WorkOrder.id, Visit.status.in_(OPEN)).exists()
    query = (
        select(WorkOrder)
        .where(WorkOrder.state == "open", ~booked)
        .options(joinedload(WorkOrder.customer), joinedload(WorkOrder.site), joinedload(WorkOrder.line))
        .order_by(WorkOrder.deadline.is_(None), WorkOrder.deadline, WorkOrder.created_at)
        .limit(limit)
    )
    return list(session.scalars(query))


def orders_seen_by(
    session: Session, viewer: Viewer, *, state: str | None, external_id: str | None, limit: int
) -> list[WorkOrder]:
    """Work orders in the order in which they came, with customer, site and line; nothing for who is not at the desk."""
    if not viewer.at_desk:
        return []
    query = select(WorkOrder).options(
        joinedload(WorkOrder.customer), joinedload(WorkOrder.site), joinedload(WorkOrder.line)
    )
    if state is not None:
        query = query.where(WorkOrder.state == state)
    if external_id is not None:
        query = query.where(WorkOrder.external_id == external_id)
    return list(session.scalars(query.order_by(WorkOrder.created_at, WorkOrder.external_id, WorkOrder.id).limit(limit)))


def order_seen_by(session: Session, viewer: Viewer, order_id: UUID) -> WorkOrder:
    """One work order with its customer, site and line; NotFound for who is not at the desk."""
    query = (
        select(WorkOrder)
        .where(WorkOrder.id == order_id)
        .options(joinedload(WorkOrder.customer), joinedload(WorkOrder.site), joinedload(WorkOrder.line))
    )
    order = session.scalar(query) if viewer.at_desk else None
    if order is None:
        raise NotFound()
    return order


def changes_of(session: Session, visit: Visit) -> list[VisitChange]:
    """The timeline of a visit, first change first."""
    return list(
        session.scalars(select(VisitChange).where(VisitChange.visit_id == visit.id).order_by(VisitChange.version))
    )


def visits_of_order(session: Session, order_id: UUID) -> list[Visit]:
    """Every visit of a work order, first booked first (for its page at the desk)."""
    return list(
        session.scalars(
            select(Visit)
            .where(Visit.work_order_id == order_id)
            .options(joinedload(Visit.technician))
            .order_by(Visit.created_at)
        )
    )

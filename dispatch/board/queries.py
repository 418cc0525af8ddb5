"""What stands on the live board: a whole day, or only what has just changed. Columns instead of rows of objects.

A day of 1,600 visits is read in a few statements, and the blocks are judged by the same rules as the day's page.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, false, or_, select
from sqlalchemy.orm import Session

from dispatch.accounts.viewer import Viewer
from dispatch.board.blocks import Block, Known, Worker, block_of, minute_of, signs_on, stretch
from dispatch.clock import day_bounds
from dispatch.customers.tables import Customer, Site
from dispatch.notices.call_lists import calls_open_about
from dispatch.notices.troubles import visits_in_trouble
from dispatch.phones.queries import last_seen
from dispatch.technicians.queries import areas, shifts_on, technicians_seen_by
from dispatch.technicians.tables import Shift, Technician
from dispatch.visits.attention import call_sign
from dispatch.visits.life import OPEN, Status
from dispatch.visits.queries import visits_of
from dispatch.visits.tables import Visit, WorkOrder
from dispatch.visits.windows import Window

MOST_WAITING = 300
AT_ONCE = 400  # SQLite binds a limited number of values
COLUMNS = (
    Visit.id, Visit.version, Visit.status, Visit.technician_id, Visit.window_start, Visit.window_end,
    Visit.planned_start, Visit.planned_end, Visit.confirmed_at, Visit.wish, Visit.predicted_at, Visit.arrived_at,
    WorkOrder.id.label("order_id"), WorkOrder.external_id, WorkOrder.kind, WorkOrder.skills, WorkOrder.deadline,
    WorkOrder.minutes, Customer.name.label("customer"), Site.address, Site.area_id, Site.latitude, Site.longitude,
)  # fmt: skip


@dataclass(frozen=True)
class Changed:
    """What a change may touch, by the kinds of the feed; empty sets touch nothing."""

    visits: Collection[UUID] = ()
    orders: Collection[UUID] = ()
    technicians: Collection[UUID] = ()
    customers: Collection[UUID] = ()
    sites: Collection[UUID] = ()


@dataclass(frozen=True)
class BoardDay:
    """A day as it is drawn: blocks by id, rows by technician, waiting orders by id, areas."""

    visits: dict[str, Block] = field(default_factory=dict)
    technicians: dict[str, Block] = field(default_factory=dict)
    orders: dict[str, Block] = field(default_factory=dict)
    areas: tuple[Block, ...] = ()


def board_day(session: Session, viewer: Viewer, day: date, zone: ZoneInfo, now: datetime) -> BoardDay:
    """The whole day; nothing for who is not at the desk."""
    if not viewer.at_desk:
        return BoardDay()
    midnight, end = day_bounds(day, zone)
    begins = or_(
        (Visit.window_start >= midnight) & (Visit.window_start < end),
        (Visit.planned_start >= midnight) & (Visit.planned_start < end),
    )
    rows = _rows(session, viewer, begins)
    people = technicians_seen_by(session, viewer)
    shifts = shifts_on(session, day, zone)
    gone = {row.technician_id for row in rows if row.technician_id} - {one.id for one in people}
    seen = last_seen(session, {one.id for one in people} | gone)
    workers = _workers(people, gone, shifts, seen)
    named = areas(session)
    return BoardDay(
        visits=_blocks(session, rows, workers, midnight, now),
        technicians={
            **{str(one.id): _technician(one, shifts.get(one.id), seen.get(one.id), midnight) for one in people},
            **_no_longer_here(session, gone),
        },
        orders=waiting_blocks(session, viewer, midnight),
        areas=tuple({"id": str(one.id), "zh": one.name, "en": one.name_en} for one in named),
    )


def board_changes(
    session: Session, viewer: Viewer, day: date, zone: ZoneInfo, now: datetime, changed: Changed
) -> tuple[dict[str, Block], set[str]]:
    """Blocks of the visits that `changed` touches and that stand on `day`, and ids of those that do not."""
    if not viewer.at_desk:
        return {}, set()
    midnight, end = day_bounds(day, zone)
    rows: dict[UUID, Row[Any]] = {}
    for column, ids in (
        (Visit.id, changed.visits),
        (Visit.work_order_id, changed.orders),
        (WorkOrder.customer_id, changed.customers),
        (WorkOrder.site_id, changed.sites),
    ):
        for some in _some(ids):
            rows |= {row.id: row for row in _rows(session, viewer, column.in_(some))}
    for some in _some(changed.technicians):
        today = Visit.technician_id.in_(some) & (Visit.window_start < end) & (Visit.window_end > midnight)
        rows |= {row.id: row for row in _rows(session, viewer, today)}
    here = [row for row in rows.values() if _stands(row, midnight, end)]
    wanted = {row.technician_id for row in here if row.technician_id}
    people = [one for one in technicians_seen_by(session, viewer) if one.id in wanted] if wanted else []
    shifts = shifts_on(session, day, zone) if wanted else {}
    seen = last_seen(session, wanted)
    workers = _workers(people, wanted - {one.id for one in people}, shifts, seen)
    gone = {str(id) for id in {*rows, *changed.visits} - {row.id for row in here}}
    return _blocks(session, here, workers, midnight, now), gone


def waiting_blocks(
    session: Session, viewer: Viewer, midnight: datetime, only: Collection[UUID] | None = None
) -> dict[str, Block]:
    """Open work orders that nobody is booked for, the most urgent first; or those of `only` that still wait."""
    booked = select(Visit.id).where(Visit.work_order_id == WorkOrder.id, Visit.status.in_(OPEN)).exists()
    query = (
        select(
            WorkOrder.id, WorkOrder.external_id, WorkOrder.kind, WorkOrder.deadline, WorkOrder.minutes,
            WorkOrder.skills, WorkOrder.wanted_start, WorkOrder.wanted_end, Customer.name, Site.address, Site.area_id,
            Site.latitude, Site.longitude,
        )
        .join(Customer, Customer.id == WorkOrder.customer_id)
        .join(Site, Site.id == WorkOrder.site_id)
        .where(WorkOrder.state == "open", ~booked)
        .order_by(WorkOrder.deadline.is_(None), WorkOrder.deadline, WorkOrder.created_at)
    )  # fmt: skip
    if not viewer.at_desk:
        query = query.where(false())
    if only is None:
        rows = list(session.execute(query.limit(MOST_WAITING)))
    else:
        rows = [row for some in _some(only) for row in session.execute(query.where(WorkOrder.id.in_(some)))]
    return {
        str(row.id): {
            "id": str(row.id),
            "k": row.kind,
            "n": row.name,
            "a": row.address,
            "r": str(row.area_id) if row.area_id else None,
            "xy": _place(row.latitude, row.longitude),
            "e": row.external_id or "",
            "m": row.minutes,
            "sk": list(row.skills),
            "d": minute_of(row.deadline, midnight) if row.deadline else None,
            "w": stretch(Window(row.wanted_start, row.wanted_end), midnight)
            if row.wanted_start and row.wanted_end
            else None,
        }
        for row in rows
    }


def orders_of_visits(session: Session, visits: Collection[UUID]) -> set[UUID]:
    """The work orders that these visits are for."""
    return {
        found
        for some in _some(visits)
        for found in session.scalars(select(Visit.work_order_id).where(Visit.id.in_(some)))
    }


def _some(ids: Iterable[UUID]) -> Iterable[list[UUID]]:
    listed = list(ids)
    return (listed[at : at + AT_ONCE] for at in range(0, len(listed), AT_ONCE))


def _rows(session: Session, viewer: Viewer, which: ColumnElement[bool]) -> Sequence[Row[Any]]:
    query = (
        visits_of(viewer)
        .with_only_columns(*COLUMNS)
        .join(WorkOrder, WorkOrder.id == Visit.work_order_id)
        .join(Customer, Customer.id == WorkOrder.customer_id)
        .join(Site, Site.id == WorkOrder.site_id)
        .where(which)
    )
    return session.execute(query).all()


def _stands(row: Row[Any], midnight: datetime, end: datetime) -> bool:
    planned = row.planned_start is not None and midnight <= row.planned_start < end
    return bool(planned or midnight <= row.window_start < end)


def _blocks(
    session: Session, rows: Sequence[Row[Any]], workers: dict[UUID, Worker], midnight: datetime, now: datetime
) -> dict[str, Block]:
    ids = {row.id for row in rows}
    untold, calls = visits_in_trouble(session, ids, now), calls_open_about(session, ids)
    found: dict[str, Block] = {}
    for row in rows:
        known = _known(row)
        call = call_sign(calls[row.id].due_at if row.id in calls else None, now=now)
        worker = workers.get(row.technician_id)
        signs = signs_on(known, worker, untold=row.id in untold, call=call, now=now)
        found[str(row.id)] = block_of(known, signs, midnight)
    return found


def _known(row: Row[Any]) -> Known:
    return Known(
        id=row.id,
        version=row.version,
        status=Status(row.status),
        technician_id=row.technician_id,
        window=Window(row.window_start, row.window_end),
        planned=Window(row.planned_start, row.planned_end) if row.planned_start else None,
        minutes=row.minutes,
        order_id=row.order_id,
        external_id=row.external_id,
        kind=row.kind,
        skills=tuple(row.skills),
        deadline=row.deadline,
        customer=row.customer,
        address=row.address,
        area_id=row.area_id,
        place=(row.latitude, row.longitude) if row.latitude is not None and row.longitude is not None else None,
        confirmed=row.confirmed_at is not None,
        wished=bool(row.wish),
        predicted_at=row.predicted_at,
        arrived_at=row.arrived_at,
    )


def _place(latitude: float | None, longitude: float | None) -> list[float] | None:
    return [latitude, longitude] if latitude is not None and longitude is not None else None


def _workers(
    people: Sequence[Technician],
    gone: Collection[UUID],
    shifts: dict[UUID, Shift],
    seen: dict[UUID, datetime],
) -> dict[UUID, Worker]:
    skills = {one.id: [skill.skill for skill in one.skills] for one in people}
    return {
        id: Worker(
            id,
            Window(shifts[id].starts_at, shifts[id].ends_at) if id in shifts else None,
            skills.get(id, ()),
            seen.get(id),
        )
        for id in {*skills, *gone}
    }


def _technician(one: Technician, shift: Shift | None, seen_at: datetime | None, midnight: datetime) -> Block:
    """id, c(ode), n(ame), r: area, sh(ift), lu(nch: from, until, minutes), sk(ills), xy: where the day begins."""
    return {
        "id": str(one.id),
        "c": one.code,
        "n": one.name,
        "r": str(one.area_id) if one.area_id else None,
        "sh": stretch(Window(shift.starts_at, shift.ends_at), midnight) if shift else None,
        "lu": [minute_of(shift.lunch_from, midnight), minute_of(shift.lunch_until, midnight), shift.lunch_minutes]
        if shift and shift.lunch_from and shift.lunch_until
        else None,
        "sk": {skill.skill: skill.level for skill in one.skills},
        "xy": _place(one.start_latitude, one.start_longitude),
        "se": minute_of(seen_at, midnight) if seen_at else None,
    }


def _no_longer_here(session: Session, gone: Collection[UUID]) -> dict[str, Block]:
    """Rows of people who are not active any more, but on this day's board."""
    found: dict[str, Block] = {}
    for id in gone:
        one = session.get(Technician, id)
        if one is not None:
            plain = {"id": str(id), "c": one.code, "n": one.name, "r": str(one.area_id) if one.area_id else None}
            found[str(id)] = {**plain, "sh": None, "lu": None, "sk": {}, "xy": None, "se": None}
    return found

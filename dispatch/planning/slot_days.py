"""Planned days kept ready for the question which windows are free, as long as nothing in their rows has changed.

Each process keeps its own. What the rows say is asked each time (ids, versions, shifts, times held): cheap beside
making a day ready anew.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from dispatch.accounts.answered_once import fingerprint
from dispatch.accounts.turn import Turn
from dispatch.clock import day_bounds, local_day
from dispatch.planning.asked import Asked
from dispatch.planning.day_problem import day_problem
from dispatch.planning.day_rows import DayRows, day_rows
from dispatch.planning.day_standing import DayProblem
from dispatch.planning.placing import keeping_their_rules
from dispatch.planning.proposal import present_plan
from dispatch.planning.slot_holds import hold_as_visit, holds_of
from dispatch.planning.tables import SlotHold
from dispatch.technicians.tables import Area, Shift, Technician, TechnicianSkill
from dispatch.visits.tables import Visit, WorkOrder

if TYPE_CHECKING:
    from dispatch.planning.optimiser.plan import Plan
    from dispatch.planning.optimiser.slots import SlotFinder

MOST_KEPT = 600  # days; some 0.2 MB each
TODAYS_STEP = 300  # seconds after which today is looked at anew


@dataclass(frozen=True)
class SlotDay:
    """One area's day as it stands, ready for questions. `finder` is None when nobody can be promised of."""

    day: DayProblem
    plan: "Plan"
    finder: "SlotFinder | None"


_kept: OrderedDict[tuple[str, UUID, date], tuple[str, SlotDay | None]] = OrderedDict()
_lock = Lock()


def slot_day(
    turn: Turn, area: Area, day: date, *, said: str = "", but: UUID | None = None, holder: str | None = None
) -> SlotDay | None:
    """That day ready for questions; None when nobody works.

    `said` is its revision (`revisions`), by which it is known again; without one it is made anew. `but` is a visit that
    is to be moved, and so in nobody's way; `holder` whose held time is their own: both are made anew, too.
    """
    if but is not None or holder is not None or not said:
        return _made(_rows(turn, area, day, but), holds_of(turn, area.id, day, but=holder), turn.now)
    key = (str(turn.session.get_bind().engine.url), area.id, day)
    with _lock:
        known = _kept.get(key)
        if known is not None and known[0] == said:
            _kept.move_to_end(key)
            return known[1]
    made = _made(_rows(turn, area, day, None), holds_of(turn, area.id, day), turn.now)
    with _lock:
        _kept[key] = said, made
        _kept.move_to_end(key)
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return made


def _rows(turn: Turn, area: Area, day: date, but: UUID | None) -> DayRows:
    rows = day_rows(turn.session, area, day, turn.settings.zone)
    if but is None:
        return rows
    return rows.without(but)


def _made(rows: DayRows, holds: list[tuple[SlotHold, WorkOrder]], now: datetime) -> SlotDay | None:
    from dispatch.planning.optimiser.slots import SlotFinder  # loads the machine code: only where slots are asked for

    day = day_problem(rows, Asked(), now=now)
    if day is None:
        return None
    day = hold_as_visit(day, holds)
    plan = present_plan(day)
    whole = keeping_their_rules(day, plan)
    return SlotDay(day, plan, SlotFinder({"": whole}) if whole is not None else None)


def revisions(turn: Turn, area: Area, days: Sequence[date]) -> dict[date, str]:
    """For each day something that changes whenever what its free windows hang on has changed. Five questions in all."""
    session, zone = turn.session, turn.settings.zone
    bounds = {day: day_bounds(day, zone) for day in days}
    start, end = min(one[0] for one in bounds.values()), max(one[1] for one in bounds.values())
    crew = session.execute(
        select(Technician.id, Technician.start_latitude, Technician.start_longitude)
        .where(Technician.active, Technician.area_id == area.id)
        .order_by(Technician.id)
    ).all()
    ids = [row.id for row in crew]
    skills = session.execute(
        select(TechnicianSkill.technician_id, TechnicianSkill.skill, TechnicianSkill.level)
        .where(TechnicianSkill.technician_id.in_(ids))
        .order_by(TechnicianSkill.technician_id, TechnicianSkill.skill)
    ).all()
    visits = session.execute(
        select(Visit.planned_start, Visit.planned_end, Visit.id, Visit.version, Visit.status)
        .where(Visit.technician_id.in_(ids), Visit.planned_start < end, Visit.planned_end > start)
        .order_by(Visit.id)
    ).all()
    shifts = session.execute(
        select(Shift.starts_at, Shift.ends_at, Shift.id, Shift.lunch_from, Shift.lunch_until, Shift.lunch_minutes)
        .where(Shift.technician_id.in_(ids), Shift.starts_at < end, Shift.ends_at > start)
        .order_by(Shift.id)
    ).all()
    holds = session.execute(
        select(SlotHold.planned_start, SlotHold.planned_end, SlotHold.holder, SlotHold.held_until > turn.now)
        .where(SlotHold.technician_id.in_(ids), SlotHold.planned_start < end, SlotHold.planned_end > start)
        .order_by(SlotHold.holder)
    ).all()
    moment = int(turn.now.timestamp()) // TODAYS_STEP
    today = local_day(turn.now, zone)

    def on(rows: Sequence[Any], day: date) -> list[list[Any]]:
        begins, ends = bounds[day]
        return [list(row) for row in rows if row[0] < ends and row[1] > begins]

    people = [list(row) for row in (*crew, *skills)]
    return {
        day: fingerprint(people, on(visits, day), on(shifts, day), on(holds, day), moment if day == today else 0)
        for day in days
    }


def somebody_works(session: Session, area_id: UUID, after: datetime, days: int) -> bool:
    """Whether anybody of the area has a shift in the days to come: without shifts nothing can be planned."""
    query = (
        select(Shift.id)
        .join(Technician, Technician.id == Shift.technician_id)
        .where(Technician.active, Technician.area_id == area_id)
        .where(Shift.ends_at > after, Shift.starts_at < after + timedelta(days=days))
    )
    return session.scalar(query.limit(1)) is not None


def order_with_site(session: Session, order_id: UUID) -> WorkOrder | None:
    """A work order with where it is."""
    return session.scalar(select(WorkOrder).where(WorkOrder.id == order_id).options(joinedload(WorkOrder.site)))

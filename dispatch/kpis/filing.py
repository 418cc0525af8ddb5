"""Making the rows of figures: what changed (triggers note it), and what time alone has changed, is counted anew.

A line is counted whole, with all its orders and visits, because a fault speaks of the visits before it.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from dispatch.accounts.turn import Turn
from dispatch.care.compensation.table import money, repair_time
from dispatch.care.complaints.queries import clocks_of, rounds_of
from dispatch.care.complaints.tables import Complaint
from dispatch.clock import local_day
from dispatch.database import one_at_a_time
from dispatch.kpis.case_rules import complaint_in_time, order_in_limit, order_limit
from dispatch.kpis.loading import Around, Loaded, last_said, load_lines
from dispatch.kpis.tables import CASE_COLUMNS, VISIT_COLUMNS, figure_rows, figure_todo
from dispatch.kpis.visit_rules import VisitFacts, visit_values
from dispatch.technicians.tables import Area
from dispatch.visits.life import Status
from dispatch.visits.tables import Visit, WorkOrder
from dispatch.visits.windows import Window

AT_ONCE = 100  # lines a transaction: SQLite's other writers wait so long
EMPTY: dict[str, Any] = dict.fromkeys(("arrival", *VISIT_COLUMNS, *CASE_COLUMNS))


def waiting(session: Session) -> int:
    """How many changes are still to be counted."""
    return session.scalar(select(func.count()).select_from(figure_todo)) or 0


def file_waiting(turn: Turn) -> int:
    """Count what waits, some at a time; returns how much it was. One process at a time: the last word must win."""
    session = turn.session
    one_at_a_time(session, "figures")
    todo = figure_todo.c
    taken = session.execute(select(todo.kind, todo.thing).order_by(todo.id).limit(AT_ONCE)).all()
    if taken:
        # every note about them, however many: what was noted is committed, and is read after this
        session.execute(delete(figure_todo).where(todo.thing.in_({row.thing for row in taken})))
    things = {kind: [row.thing for row in taken if row.kind == kind] for kind in ("line", "complaint")}
    due = session.execute(
        select(figure_rows.c.of, figure_rows.c.id, figure_rows.c.line_id)
        .where(figure_rows.c.look_again < turn.now)
        .order_by(figure_rows.c.look_again)
        .limit(max(AT_ONCE - len(taken), 0))
    ).all()
    lines = list(dict.fromkeys([*things["line"], *(row.line_id for row in due if row.of != "complaint")]))
    complaints = list(dict.fromkeys([*things["complaint"], *(row.id for row in due if row.of == "complaint")]))
    if lines:
        file_lines(turn, lines)
    if complaints:
        file_complaints(turn, complaints)
    return len(taken) + len(due)


def file_lines(turn: Turn, lines: Sequence[UUID]) -> None:
    """Count these lines anew."""
    zone, repaired = turn.settings.zone, repair_time(money())
    areas: dict[UUID | None, str] = dict(turn.session.execute(select(Area.id, Area.name)).all())
    loaded = load_lines(turn.session, lines)
    faults: dict[UUID, list[datetime]] = {}
    for order in loaded.orders:
        if order.kind == "repair" and order.state != "cancelled":
            faults.setdefault(order.line_id, []).append(order.reported_at)
    rows: list[dict[str, Any]] = []
    for order in loaded.orders:
        mine = loaded.visits.get(order.id, [])
        completed = [one for one in mine if one.status == Status.SEALED and one.ended_at is not None]
        for visit in mine:
            facts = _facts(visit, order, completed, faults.get(order.line_id, []), loaded)
            made = _row("visit", visit.id, order, visit.window_start, zone, visit.technician_id)
            rows.append(made | vars(visit_values(facts, turn.now)))
        within = repaired.within(areas.get(order.area_id))
        limit = order_limit(order.kind, order.reported_at, order.deadline, repaired_within=within)
        last = completed[-1] if completed else None
        done = last.ended_at if last is not None and order.state == "done" else None
        case = order_in_limit(limit, done, order.state, turn.now)
        latest = last or max(mine, key=lambda one: (one.window_start, str(one.id)), default=None)
        who = latest.technician_id if latest else None
        made = _row("order", order.id, order, order.reported_at, zone, who)
        rows.append(made | {"in_limit": case.value, "look_again": case.look_again})
    turn.session.execute(
        delete(figure_rows).where(figure_rows.c.line_id.in_(lines), figure_rows.c.of.in_(("visit", "order")))
    )
    if rows:
        turn.session.execute(insert(figure_rows), rows)


def _facts(visit: Any, order: Any, completed: Sequence[Any], faults: Sequence[datetime], loaded: Loaded) -> VisitFacts:
    known = loaded.around.get(visit.id) or Around()
    is_completed = any(one.id == visit.id for one in completed)
    return VisitFacts(
        kind=order.kind,
        status=Status(visit.status),
        window=Window(visit.window_start, visit.window_end),
        planned_start=visit.planned_start,
        arrived=visit.arrived_at,
        ended=visit.ended_at,
        confirmed=visit.confirmed_at is not None,
        reported=order.reported_at,
        closes=is_completed and completed[-1].id == visit.id,
        first=is_completed and completed[0].id == visit.id,
        next_fault=next((at for at in faults if visit.ended_at is not None and at > visit.ended_at), None),
        complained=known.complained,
        notices=tuple(known.notices),
        changes=tuple(known.changes),
        said=last_said(known.said),
        handed=known.handed,
    )


def _row(of: str, id: UUID, order: Any, at: datetime, zone: ZoneInfo, who: UUID | None) -> dict[str, Any]:
    key = {"of": of, "id": id, "line_id": order.line_id, "technician_id": who}
    return EMPTY | key | {"area_id": order.area_id, "kind": order.kind} | calendar_of(local_day(at, zone))


def calendar_of(day: date) -> dict[str, str]:
    """Day, ISO week and month as the rows keep them."""
    year, week, _ = day.isocalendar()
    return {"day": f"{day}", "week": f"{year}-W{week:02d}", "month": f"{day:%Y-%m}"}


def file_complaints(turn: Turn, ids: Sequence[UUID]) -> None:
    """Count these complaints anew."""
    session = turn.session
    rounds = rounds_of(session, ids)
    kinds = (
        select(Complaint, WorkOrder.kind)
        .outerjoin(Visit, Visit.id == Complaint.visit_id)
        .outerjoin(WorkOrder, WorkOrder.id == Visit.work_order_id)
        .where(Complaint.id.in_(ids))
    )
    rows = []
    for one, kind in session.execute(kinds):
        clocks = [clocks_of(one, a_round) for a_round in rounds[one.id]]
        case = complaint_in_time(clocks, one.final_by, one.ended_at, one.state, turn.now)
        rows.append(
            EMPTY
            | {"of": "complaint", "id": one.id, "line_id": None, "technician_id": one.technician_id}
            | {"area_id": one.area_id, "kind": kind, "look_again": case.look_again, "in_time": case.value}
            | {"escalated": int(one.appeals > 0 or one.state == "regulator")}
            | calendar_of(local_day(one.registered_at, turn.settings.zone))
        )
    session.execute(delete(figure_rows).where(figure_rows.c.of == "complaint", figure_rows.c.id.in_(ids)))
    if rows:
        session.execute(insert(figure_rows), rows)

"""The rows behind a figure: which visits, orders or complaints it counts, and how each of them was counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from dispatch.accounts.viewer import Viewer
from dispatch.care.complaints.tables import Complaint
from dispatch.errors import Forbidden
from dispatch.kpis.definitions import Figure
from dispatch.kpis.queries import conditions
from dispatch.kpis.scope import Scope, must_see, sees_people
from dispatch.kpis.tables import figure_rows
from dispatch.technicians.tables import Area, Technician
from dispatch.visits.tables import Visit, WorkOrder

Which = Literal["all", "yes", "no"]
A_PAGE = 100
MOST_EXPORTED = 20_000


@dataclass(frozen=True)
class Behind:
    """One row: `id` of the visit, order or complaint, and the figure's `value` (of `of_value`) in it."""

    id: UUID
    day: str
    kind: str | None
    number: str | None
    at: Any
    technician: str | None
    area: Area | None
    value: int
    of_value: int
    arrival: str | None


def rows_behind(
    session: Session,
    viewer: Viewer,
    figure: Figure,
    scope: Scope,
    *,
    today: date,
    which: Which = "all",
    page: int = 1,
    a_page: int = A_PAGE,
) -> tuple[list[Behind], int]:
    """One page of the rows, the newest first, and how many there are. Complaints are for supervisors only."""
    must_see(viewer, scope)
    if figure.private and not sees_people(viewer):
        raise Forbidden
    rows, wanted = figure_rows.c, _wanted(figure, scope, today, which)
    count = session.scalar(select(func.count()).select_from(figure_rows).where(*wanted)) or 0
    of_value = rows[figure.of_value] if figure.of_value else rows[figure.value]
    query = (
        select(rows.id, rows.day, rows.kind, rows.arrival, rows[figure.value], of_value, Technician.name, Area)
        .outerjoin(Technician, Technician.id == rows.technician_id)
        .outerjoin(Area, Area.id == rows.area_id)
        .where(*wanted)
        .order_by(rows.day.desc(), rows.id)
        .limit(a_page)
        .offset((page - 1) * a_page)
    )
    listed = session.execute(query).all()
    known = _known(session, figure, [row.id for row in listed])
    found = []
    for row in listed:
        number, at = known.get(row.id, (None, None))
        divided = row[5] if figure.of_value else 1
        found.append(
            Behind(row.id, row.day, row.kind, number, at, row[6], row[7], row[4], divided, row.arrival),
        )
    return found, count


def _wanted(figure: Figure, scope: Scope, today: date, which: Which) -> list[ColumnElement[bool]]:
    value = figure_rows.c[figure.value]
    wanted = [*conditions(scope, today), figure_rows.c.of == figure.of]
    if figure.of_value is not None:
        of_value = figure_rows.c[figure.of_value]
        wanted.append(of_value > 0)
        if which != "all":
            wanted.append(value == of_value if which == "yes" else value < of_value)
        return wanted
    wanted.append(value.is_not(None))
    if which != "all" and figure.shape == "share":
        wanted.append(value == int(which == "yes"))
    return wanted


def _known(session: Session, figure: Figure, ids: Sequence[UUID]) -> dict[UUID, tuple[str | None, Any]]:
    """Number and instant by which people know each of them."""
    if figure.of == "complaint":
        found = session.execute(
            select(Complaint.id, Complaint.number, Complaint.registered_at).where(Complaint.id.in_(ids))
        )
        return {row[0]: (row[1], row[2]) for row in found}
    if figure.of == "order":
        orders = session.execute(
            select(WorkOrder.id, WorkOrder.external_id, WorkOrder.reported_at).where(WorkOrder.id.in_(ids))
        )
        return {row[0]: (row[1], row[2]) for row in orders}
    visits = session.execute(
        select(Visit.id, WorkOrder.external_id, Visit.window_start)
        .join(WorkOrder, WorkOrder.id == Visit.work_order_id)
        .where(Visit.id.in_(ids))
    )
    return {row[0]: (row[1], row[2]) for row in visits}

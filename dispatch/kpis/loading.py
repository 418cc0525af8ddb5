"""Reading what the figures need to know of some lines: orders, visits, what was told and said, in a few questions."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.care.complaints.tables import Complaint
from dispatch.care.return_calls.tables import ReturnCall
from dispatch.customers.tables import Site
from dispatch.kpis.record_rules import handed_in, said_on_site
from dispatch.kpis.visit_rules import Change, Handed, Said, Told
from dispatch.notices.tables import Notice
from dispatch.records.tables import RatingRow, Record
from dispatch.visits.tables import Visit, VisitChange, WorkOrder

TOLD_KINDS = ("booked", "moved", "cancelled", "running_late")
WITHDRAWN = "withdrawn"


@dataclass
class Around:
    """What is known about one visit beyond its row."""

    notices: list[Told] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    said: list[tuple[datetime, Said]] = field(default_factory=list)
    handed: Handed | None = None
    complained: bool = False


@dataclass(frozen=True)
class Loaded:
    """Orders and visits of some lines (rows with the columns below), and what is around each visit."""

    orders: Sequence[Any]
    visits: dict[UUID, list[Any]]
    around: dict[UUID, Around]


def load_lines(session: Session, lines: Sequence[UUID]) -> Loaded:
    """Everything about the visits of these lines that a figure asks for."""
    orders = session.execute(
        select(
            WorkOrder.id, WorkOrder.line_id, WorkOrder.kind, WorkOrder.state, WorkOrder.reported_at,
            WorkOrder.deadline, Site.area_id,
        )
        .join(Site, Site.id == WorkOrder.site_id)
        .where(WorkOrder.line_id.in_(lines))
        .order_by(WorkOrder.reported_at, WorkOrder.id)
    ).all()  # fmt: skip
    visits: dict[UUID, list[Any]] = defaultdict(list)
    columns = (
        Visit.id, Visit.work_order_id, Visit.technician_id, Visit.status, Visit.window_start, Visit.window_end,
        Visit.planned_start, Visit.arrived_at, Visit.ended_at, Visit.confirmed_at,
    )  # fmt: skip
    query = _of_lines(select(*columns), lines)
    for row in session.execute(query.order_by(Visit.ended_at, Visit.window_start, Visit.id)):
        visits[row.work_order_id].append(row)
    around: dict[UUID, Around] = defaultdict(Around)
    _told(session, lines, around)
    _said(session, lines, around)
    return Loaded(orders, visits, around)


def _of_lines(query: Any, lines: Iterable[UUID]) -> Any:
    return query.join(WorkOrder, WorkOrder.id == Visit.work_order_id).where(WorkOrder.line_id.in_(lines))


def _told(session: Session, lines: Sequence[UUID], around: dict[UUID, Around]) -> None:
    notices = _of_lines(
        select(
            Notice.visit_id, Notice.kind, Notice.visit_version, Notice.accepted_at, Notice.phoned_at, Notice.state
        ).join(Visit, Visit.id == Notice.visit_id),
        lines,
    ).where(Notice.kind.in_(TOLD_KINDS), Notice.resend_of.is_(None))
    for row in session.execute(notices.order_by(Notice.owed_at, Notice.id)):
        moments = [one for one in (row.accepted_at, row.phoned_at) if one is not None]
        superseded = row.state == "superseded"
        told = Told(row.kind, row.visit_version, min(moments, default=None), superseded)
        around[row.visit_id].notices.append(told)
    changes = _of_lines(
        select(VisitChange.visit_id, VisitChange.version, VisitChange.breach, VisitChange.tell_until).join(
            Visit, Visit.id == VisitChange.visit_id
        ),
        lines,
    ).where(VisitChange.what.in_(("moved", "cancelled")))
    for row in session.execute(changes.order_by(VisitChange.version)):
        if row.breach or row.tell_until is not None:
            around[row.visit_id].changes.append(Change(row.version, row.breach, row.tell_until))


def _said(session: Session, lines: Sequence[UUID], around: dict[UUID, Around]) -> None:
    """What was handed in and said. A correction is no second chance: the first record counts."""
    records = select(Record.visit_id, Record.body, Record.sealed_at)
    for row in session.execute(records.where(Record.line_id.in_(lines), Record.revision == 1)):
        body = json.loads(row.body)
        if body.get("outcome") == "completed":
            around[row.visit_id].handed = handed_in(body)
            around[row.visit_id].said.append((row.sealed_at, said_on_site(body)))
    rated = select(RatingRow.visit_id, RatingRow.overall, RatingRow.conduct, RatingRow.recommend, RatingRow.at)
    for one in session.execute(_of_lines(rated.join(Visit, Visit.id == RatingRow.visit_id), lines)):
        around[one.visit_id].said.append((one.at, Said(one.overall, one.conduct, one.recommend)))
    called = select(
        ReturnCall.visit_id, ReturnCall.overall, ReturnCall.conduct, ReturnCall.recommend, ReturnCall.fixed,
        ReturnCall.done_at,
    ).join(Visit, Visit.id == ReturnCall.visit_id)  # fmt: skip
    for one in session.execute(_of_lines(called, lines).where(ReturnCall.done_at.is_not(None))):
        around[one.visit_id].said.append((one.done_at, Said(one.overall, one.conduct, one.recommend, one.fixed)))
    complained = select(Complaint.visit_id).join(Visit, Visit.id == Complaint.visit_id)
    for (visit_id,) in session.execute(_of_lines(complained, lines).where(Complaint.state != WITHDRAWN)):
        around[visit_id].complained = True


def last_said(said: Sequence[tuple[datetime, Said]]) -> Said:
    """The last word on each question; of two at the same moment the one that comes later here.

    They come as they weigh: said on site, by the link, and to a person who called.
    """
    ordered = [one for _, one in sorted(said, key=lambda pair: pair[0])]

    def last(values: Iterable[int | None]) -> int | None:
        return next((value for value in reversed(list(values)) if value is not None), None)

    return Said(
        overall=last(one.overall for one in ordered),
        conduct=last(one.conduct for one in ordered),
        recommend=last(one.recommend for one in ordered),
        fixed=next((one.fixed for one in reversed(ordered) if one.fixed is not None), None),
    )

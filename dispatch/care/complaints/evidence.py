"""What the house itself knows of a complaint's matter, gathered without anybody typing it.

Visits with their timeline and punctuality, what the customer was told and when, sealed records with measurements,
ratings, calls, and earlier complaints. Kept as it stood, because rows go on changing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from checklists.words import Words
from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import SYSTEM
from dispatch.care.complaints.tables import Complaint, ComplaintEvidence
from dispatch.customers.tables import Line, Site
from dispatch.errors import Invalid
from dispatch.health_files.said_queries import said_on
from dispatch.health_files.sealed_repairs import latest_model
from dispatch.notices.call_lists import calls_listed
from dispatch.notices.queries import notices_of_customer, told_at, verdict
from dispatch.notices.tables import Notice
from dispatch.records.queries import body_of, record_of_visit, records_of_line
from dispatch.records.tables import RatingRow
from dispatch.visits.finding import visits_of_customer
from dispatch.visits.punctuality import punctuality
from dispatch.visits.queries import changes_of
from dispatch.visits.tables import Visit, WorkOrder

LOOKED_BACK = timedelta(days=90)
MOST_VISITS = 10
SHOWN_MEASUREMENTS = ("label", "value", "unit", "baseline", "verdict", "limit")


@dataclass(frozen=True)
class Subject:
    """What a complaint is about, as far as the house can tell."""

    visit_id: UUID | None
    line_id: UUID | None
    technician_id: UUID | None
    area_id: UUID | None
    device_model: str | None


def subject_of(session: Session, customer_id: UUID, visit_id: UUID | None, line_id: UUID | None) -> Subject:
    """The visit's line, technician and area, and the device at that line. Refuses what belongs to another customer."""
    technician_id: UUID | None = None
    if visit_id is not None:
        found = session.execute(
            select(WorkOrder.customer_id, WorkOrder.line_id, Visit.technician_id)
            .join(Visit, Visit.work_order_id == WorkOrder.id)
            .where(Visit.id == visit_id)
        ).one_or_none()
        if found is None or found[0] != customer_id:
            raise _not_theirs()
        line_id, technician_id = line_id or found[1], found[2]
    area_id: UUID | None = None
    if line_id is not None:
        place = session.execute(
            select(Site.customer_id, Site.area_id).join(Line, Line.site_id == Site.id).where(Line.id == line_id)
        ).one_or_none()
        if place is None or place[0] != customer_id:
            raise _not_theirs()
        area_id = place[1]
    else:
        area_id = session.scalar(select(Site.area_id).where(Site.customer_id == customer_id).limit(1))
    return Subject(visit_id, line_id, technician_id, area_id, _device(session, line_id))


def _not_theirs() -> Invalid:
    return Invalid(
        Words("所选的上门或线路不属于该客户，请重选。", "That visit or line is not this customer's. Choose again."),
        name="not-this-customers",
    )


def _device(session: Session, line_id: UUID | None) -> str | None:
    if line_id is None:
        return None
    visits = [record.visit_id for record in records_of_line(session, line_id)]
    return latest_model(said_on(session, visits), visits) if visits else None


def gather(turn: Turn, complaint: Complaint) -> ComplaintEvidence:
    """Gather what is known now and keep it beside the complaint."""
    session, since = turn.session, complaint.registered_at - LOOKED_BACK
    visits = visits_of_customer(session, SYSTEM, complaint.customer_id, MOST_VISITS)
    visits = [one for one in visits if one.created_at <= turn.now]
    wanted = [one for one in visits if one.id == complaint.visit_id or one.window_start >= since]
    notices = [one for one in notices_of_customer(session, complaint.customer_id) if one.owed_at >= since]
    body = {
        "visits": [_visit(session, one) for one in wanted],
        "notices": [_notice(one, turn.now) for one in notices if not one.kind.startswith("complaint_")],
        "records": [found for one in wanted if (found := _record(session, one)) is not None],
        "calls": [
            {
                "id": str(one.id),
                "kind": one.kind,
                "due_at": _iso(one.due_at),
                "outcome": one.outcome,
                "tries": one.tries,
            }
            for one in calls_listed(session, None, customer_id=complaint.customer_id)
        ],
        "earlier_complaints": _earlier(session, complaint),
    }
    row = ComplaintEvidence(complaint_id=complaint.id, gathered_at=turn.now, gathered_by=turn.by, body=body)
    session.add(row)
    session.flush()
    return row


def _visit(session: Session, visit: Visit) -> dict[str, Any]:
    technician = visit.technician
    return {
        "id": str(visit.id),
        "order_kind": visit.work_order.kind,
        "window": {"start": _iso(visit.window_start), "end": _iso(visit.window_end)},
        "status": visit.status,
        "technician": technician.name if technician else None,
        "departed_at": _iso(visit.departed_at),
        "arrived_at": _iso(visit.arrived_at),
        "ended_at": _iso(visit.ended_at),
        "punctuality": punctuality(visit.window, visit.arrived_at),
        "changes": [
            {
                "at": _iso(one.at),
                "what": one.what,
                "by": one.by,
                "asked_by": one.asked_by,
                "reason": one.reason,
                "breach": one.breach,
            }
            for one in changes_of(session, visit)
        ],
    }


def _notice(notice: Notice, now: datetime) -> dict[str, Any]:
    return {
        "id": str(notice.id),
        "kind": notice.kind,
        "owed_at": _iso(notice.owed_at),
        "deadline": _iso(notice.deadline),
        "told_at": _iso(told_at(notice)),
        "verdict": verdict(notice, now),
        "breached_at": _iso(notice.breached_at),
    }


def _record(session: Session, visit: Visit) -> dict[str, Any] | None:
    record = record_of_visit(session, SYSTEM, visit.id)
    if record is None:
        return None
    body, rated = body_of(record), session.get(RatingRow, visit.id)
    return {
        "id": str(record.id),
        "number": record.number,
        "visit_id": str(visit.id),
        "sealed_at": body.get("sealed_at"),
        "outcome": body.get("outcome"),
        "punctuality": body.get("punctuality"),
        "rating": body.get("rating"),
        "rating_by_link": {part: getattr(rated, part) for part in ("conduct", "overall", "recommend", "comment")}
        if rated
        else None,
        "measurements": [{key: one.get(key) for key in SHOWN_MEASUREMENTS} for one in body.get("measurements") or []],
    }


def _earlier(session: Session, complaint: Complaint) -> list[dict[str, Any]]:
    rows = session.scalars(
        select(Complaint)
        .where(Complaint.customer_id == complaint.customer_id, Complaint.id != complaint.id)
        .order_by(Complaint.registered_at.desc())
        .limit(20)
    )
    return [
        {"number": one.number, "subject": one.subject, "state": one.state, "registered_at": _iso(one.registered_at)}
        for one in rows
    ]


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None

"""Questions about records, with the viewer in them."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from dispatch.accounts.viewer import Viewer
from dispatch.errors import NotFound
from dispatch.notices.tables import Notice
from dispatch.records.tables import Document, Record
from dispatch.visits.queries import visits_of
from dispatch.visits.tables import Visit, WorkOrder


def record_seen_by(session: Session, viewer: Viewer, record_id: UUID) -> Record:
    """One record, if its visit may be seen by `viewer`; NotFound otherwise."""
    mine = visits_of(viewer).subquery()
    record = session.scalar(select(Record).join(mine, mine.c.id == Record.visit_id).where(Record.id == record_id))
    if record is None:
        raise NotFound
    return record


def record_of_visit(session: Session, viewer: Viewer, visit_id: UUID) -> Record | None:
    """The latest record of a visit, if there is one and the viewer may see the visit."""
    mine = visits_of(viewer).subquery()
    return session.scalar(
        select(Record)
        .join(mine, mine.c.id == Record.visit_id)
        .where(Record.visit_id == visit_id)
        .order_by(Record.revision.desc())
        .limit(1)
    )


def is_sealed(session: Session, visit_id: UUID) -> bool:
    """Whether a visit has a record."""
    return session.scalar(select(Record.id).where(Record.visit_id == visit_id).limit(1)) is not None


def body_of(record: Record) -> dict[str, Any]:
    """The sealed account as a value."""
    body: dict[str, Any] = json.loads(record.body)
    return body


def records_of_line(session: Session, line_id: UUID) -> list[Record]:
    """The records of a line that hold, oldest first: of a corrected one the newest correction, in its place.

    The caller has checked that the viewer may see the line.
    """
    every = every_record_of_line(session, line_id)
    corrected = {record.corrects for record in every}
    return [record for record in every if record.number not in corrected]


def every_record_of_line(session: Session, line_id: UUID) -> list[Record]:
    """The same with those that were corrected since, each before its correction: nothing sealed is ever left out."""
    first = aliased(Record)
    query = (
        select(Record)
        .join(first, (first.visit_id == Record.visit_id) & (first.revision == 1))
        .where(Record.line_id == line_id)
        .order_by(first.sealed_at, first.id, Record.revision)
    )
    return list(session.scalars(query))


def may_see_line(session: Session, viewer: Viewer, line_id: UUID) -> bool:
    """The desk sees every line, a technician those that they are or were sent to, a customer none."""
    if viewer.at_desk:
        return True
    if viewer.role != "technician":
        return False
    mine = visits_of(viewer).subquery()
    return (
        session.scalar(
            select(WorkOrder.id)
            .join(mine, mine.c.work_order_id == WorkOrder.id)
            .where(WorkOrder.line_id == line_id)
            .limit(1)
        )
        is not None
    )


def first_told_at(session: Session, visit: Visit) -> datetime | None:
    """When a gateway first took a notice with this visit's present window."""
    return session.scalar(
        select(Notice.accepted_at)
        .where(
            Notice.visit_id == visit.id,
            Notice.kind.in_(("booked", "moved")),
            Notice.accepted_at.is_not(None),
            Notice.visit_version <= visit.version,
        )
        .order_by(Notice.visit_version.desc())
        .limit(1)
    )


def corrected_by(session: Session, number: str) -> str | None:
    """The number of the newest record that corrects this one, directly or by way of others; None if it holds."""
    newest: str | None = None
    seen = {number}
    while (
        newer := session.scalar(
            select(Record.number).where(Record.corrects == (newest or number)).order_by(Record.revision.desc()).limit(1)
        )
    ) and newer not in seen:
        newest = newer
        seen.add(newer)
    return newest


def known_document(session: Session, number: str) -> tuple[Record, Document | None] | None:
    """The record with this number and its document, for verification; None for a number that is not ours."""
    row = session.execute(
        select(Record, Document)
        .join(Document, Document.record_id == Record.id, isouter=True)
        .where(Record.number == number)
    ).one_or_none()
    return (row[0], row[1]) if row else None

"""The health file of a line, for who may see it."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from dispatch.accounts.viewer import Viewer
from dispatch.customers.tables import Line
from dispatch.errors import NotFound
from dispatch.health_files.file import health_file
from dispatch.health_files.places import place_of
from dispatch.health_files.said_queries import said_on
from dispatch.health_files.sealed_repairs import measuring_context
from dispatch.records.queries import body_of, every_record_of_line, may_see_line


def health_file_seen_by(session: Session, viewer: Viewer, line_id: UUID) -> dict[str, Any]:
    """The file as a value; NotFound for a line that is not the viewer's."""
    line = session.scalar(select(Line).where(Line.id == line_id).options(joinedload(Line.site)))
    if line is None or not may_see_line(session, viewer, line_id):
        raise NotFound
    place = place_of(session, line_id)
    told = {
        "id": str(line.id),
        "site": line.site.address,
        "product": line.product,
        "access": line.access,
        "subscribed_down_mbps": line.subscribed_down,
        "subscribed_up_mbps": line.subscribed_up,
        "splitter": place.splitter,
        "building": place.building,
    }
    records = every_record_of_line(session, line_id)
    said = said_on(session, [record.visit_id for record in records])
    last = said[records[-1].visit_id] if records else None
    return health_file(told, [body_of(record) for record in records], said, measuring_context(line, last))

"""Asking for what was said on visits."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from checklists.answers import taken_back
from checklists.progress import fold
from dispatch.health_files.said import ASKED, Said
from dispatch.records.entries import counted
from dispatch.records.tables import EntryRow
from dispatch.visits.tables import Visit


def said_on(session: Session, visit_ids: Iterable[UUID]) -> dict[UUID, Said]:
    """What was said on each of these visits; a visit without such answers is there and says nothing."""
    ids = list(dict.fromkeys(visit_ids))
    if not ids:
        return {}
    asked_of = session.execute(select(Visit.id, Visit.technician_id).where(Visit.id.in_(ids)))
    technicians: dict[UUID, UUID | None] = {row.id: row.technician_id for row in asked_of}
    rows: dict[UUID, list[EntryRow]] = {visit_id: [] for visit_id in ids}
    asked = select(EntryRow).where(EntryRow.visit_id.in_(ids), tuple_(EntryRow.step, EntryRow.key).in_(ASKED))
    for row in session.scalars(asked.order_by(EntryRow.received_at, EntryRow.id)):
        rows[row.visit_id].append(row)
    return {
        visit_id: Said(
            {
                key: entry.value
                for key, entry in fold(counted(listed, technicians.get(visit_id))).items()
                if not taken_back(entry.value)
            }
        )
        for visit_id, listed in rows.items()
    }

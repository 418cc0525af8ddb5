"""What technicians left without: items that the check before leaving found missing, with the reason."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from checklists.kit_v1 import KIT_BY_KEY, KitItem
from dispatch.records.tables import EntryRow

KIT_CHECK = ("appointment", "kit_check")


@dataclass(frozen=True)
class LeftWithout:
    """One missing item of one visit."""

    visit_id: UUID
    item: KitItem
    reason: str


def left_without(session: Session, visits: Collection[UUID]) -> list[LeftWithout]:
    """Missing items by visit, as each visit's last check says. The caller has checked that the viewer may see them."""
    step, key = KIT_CHECK
    rows = session.scalars(
        select(EntryRow)
        .where(EntryRow.visit_id.in_(visits), EntryRow.step == step, EntryRow.key == key)
        .order_by(EntryRow.at, EntryRow.id)
    )
    last = {row.visit_id: row.value for row in rows}
    return [
        LeftWithout(visit_id, KIT_BY_KEY[line["item"]], str(line.get("reason") or "")[:200])
        for visit_id, value in last.items()
        if isinstance(value, list)
        for line in value
        if isinstance(line, dict) and line.get("carried") is False and line.get("item") in KIT_BY_KEY
    ]

"""Writing a change down: version up, timeline row, audit row. Every verb of visits ends here."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from checklists.words import Words
from dispatch.accounts.turn import Turn
from dispatch.database import violated
from dispatch.errors import NotAllowed, Stale
from dispatch.visits.tables import Visit, VisitChange

BOOKED_ONCE = "technician_is_booked_once"


class TechnicianBusy(NotAllowed):
    """The technician is planned elsewhere at that time."""

    name = "technician-busy"
    title = Words("装维人员时间冲突", "Technician is busy")

    def __init__(self, technician_id: UUID | None) -> None:
        super().__init__(
            Words(
                "该装维人员在此时间已有安排，请换一个时间、另选人员，或先保存为未派单。",
                "The technician is planned elsewhere at that time. "
                "Choose another time or technician, or leave it unassigned.",
            ),
            facts={"technician_id": str(technician_id)},
        )


def must_be_current(visit: Visit, expected: int | None) -> None:
    """Refuse with Stale when the asker looked at another version."""
    if expected is not None and expected != visit.version:
        raise Stale(visit.version)


def write_change(
    turn: Turn,
    visit: Visit,
    what: str,
    *,
    asked_by: str | None = None,
    reason: str = "",
    breach: bool = False,
    tell_until: datetime | None = None,
    first: bool = False,
    **facts: Any,
) -> VisitChange:
    """Raise the version, let the database judge, and keep what was done. Refuses with TechnicianBusy."""
    if not first:
        visit.version += 1
    technician_id = visit.technician_id  # after a refused flush the row cannot be read any more
    try:
        turn.session.flush()
    except IntegrityError as error:
        if violated(error, BOOKED_ONCE):
            raise TechnicianBusy(technician_id) from error
        raise
    change = VisitChange(
        visit_id=visit.id,
        version=visit.version,
        at=turn.now,
        what=what,
        by=turn.by,
        asked_by=asked_by,
        reason=reason,
        breach=breach,
        tell_until=tell_until,
        facts=facts,
    )
    turn.session.add(change)
    turn.audit(f"visit_{what}", "visit", visit.id, version=visit.version, breach=breach)
    return change

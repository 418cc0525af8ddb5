"""When a technician is to be there: the planned time inside a promised window, judged under a lock."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from checklists.words import Words
from dispatch.accounts.turn import Turn
from dispatch.errors import NotFound
from dispatch.technicians.tables import Technician
from dispatch.visits import rules
from dispatch.visits.changes import TechnicianBusy
from dispatch.visits.queries import taken_time
from dispatch.visits.windows import Window

LONGEST_WORK = rules.TOLD_BEFORE * 6  # longer than any work order's minutes


def plan_inside(
    turn: Turn,
    window: Window,
    minutes: int,
    technician_id: UUID | None,
    planned_start: datetime | None,
    *,
    but: UUID | None = None,
) -> Window | None:
    """Planned time for `technician_id`; None for an unassigned visit without a wish for one.

    Without `planned_start` the earliest free time inside the window. Refuses with TechnicianBusy. `but` is the visit
    that is being moved.
    """
    if technician_id is None:
        return rules.planned_inside(window, planned_start, minutes) if planned_start else None
    technician = turn.session.scalar(select(Technician).where(Technician.id == technician_id).with_for_update())
    if technician is None or not technician.active:
        raise NotFound(Words("没有这位装维人员，请重新选择。", "There is no such technician. Choose another."))
    reach = Window(window.start, window.end + LONGEST_WORK)
    taken = taken_time(turn.session, technician_id, reach, but=but)
    if planned_start is not None:
        planned = rules.planned_inside(window, planned_start, minutes)
        if any(planned.overlaps(other) for other in taken):
            raise TechnicianBusy(technician_id)
        return planned
    free = rules.earliest_free(window, minutes, taken, now=turn.now)
    if free is None:
        raise TechnicianBusy(technician_id)
    return free

"""Is a technician's phone silent beyond its plan? Pure, values and `now` in, decision out.

No signal is ordinary: risers and basements have none. A phone is silent *beyond its plan* when work is due or under
way and nothing was heard of it for longer than that explains. The figures are proposals: no source names them; look
again when a month of real days has been seen.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from dispatch.technicians.tables import Shift
from dispatch.visits.life import Status
from dispatch.visits.tables import Visit
from dispatch.visits.windows import Window

DUE_WITHIN = timedelta(minutes=30)
"""From so long before the planned start a booked visit is due: the technician reads it up and calls the customer."""
UNSEEN_FOR = timedelta(minutes=45)
"""Longest ordinary silence on the way or before a visit: a lift, a car park, a riser."""
WORK_UNPLANNED = timedelta(minutes=90)
"""How long work on site takes where nothing is planned."""


def is_silent(
    status: Status, planned: Window | None, shift: Window | None, seen_at: datetime | None, *, now: datetime
) -> bool:
    """Whether nothing was heard of the phone for too long, as this visit stands.

    Counts from when it was last seen, or from the start of the shift if that is later: nobody is asked for what they
    did before. On site the work itself may take as long as it is planned to. `seen_at` None: never heard of.
    """
    if shift is None or now < shift.start:
        return False
    unseen = now - max(shift.start, seen_at or shift.start)
    if status == Status.BOOKED:
        due = planned is not None and now >= planned.start - DUE_WITHIN
        return due and now < shift.end and unseen >= UNSEEN_FOR
    if status == Status.EN_ROUTE:
        return unseen >= UNSEEN_FOR
    if status == Status.ON_SITE:
        return unseen >= max(UNSEEN_FOR, planned.length if planned else WORK_UNPLANNED)
    return False


def silent_visits(
    visits: Sequence[Visit], shifts: Mapping[UUID, Shift], seen: Mapping[UUID, datetime], *, now: datetime
) -> frozenset[UUID]:
    """Those of `visits` whose technicians' phones are silent beyond their plan; `seen` by technician."""
    found: set[UUID] = set()
    for visit in visits:
        shift = shifts.get(visit.technician_id) if visit.technician_id else None
        if visit.technician_id is None or shift is None:
            continue
        stretch = Window(shift.starts_at, shift.ends_at)
        if is_silent(Status(visit.status), visit.planned, stretch, seen.get(visit.technician_id), now=now):
            found.add(visit.id)
    return frozenset(found)

"""Verbs of the desk: book, reschedule, cancel. Each a short story: load, decide, write."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from checklists.published import current
from checklists.words import Words
from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import PLANNERS, Role
from dispatch.errors import Forbidden, NotAllowed, NotFound
from dispatch.notices.actions import supersede
from dispatch.notices.calls import REACHED
from dispatch.notices.tables import Notice
from dispatch.visits import rules
from dispatch.visits.changes import must_be_current, write_change
from dispatch.visits.life import Status, step_to
from dispatch.visits.overriding import may_override, need_reason, override_facts
from dispatch.visits.planned_time import plan_inside
from dispatch.visits.promised import Believed
from dispatch.visits.queries import new_visit, open_visits_of_order, visit_seen_by
from dispatch.visits.rules import AskedBy, Override
from dispatch.visits.tables import Visit, WorkOrder
from dispatch.visits.telling import believed, spoken, tell, tell_of_another_technician
from dispatch.visits.windows import Window, window_to_promise

WHO_MOVES: frozenset[Role] = PLANNERS | {"customer"}
WHO_BOOKS_OFFERED: frozenset[Role] = WHO_MOVES | {"care_agent"}
"""A free window that the product itself offers may also be taken by whoever has the customer on the phone."""


@dataclass(frozen=True)
class Booked:
    """What came of a verb: the visit, and the notice that is now owed (if the customer is to be told)."""

    visit: Visit
    notice: Notice | None
    breach: bool = False


def book_visit(
    turn: Turn,
    order_id: UUID,
    window: Window,
    *,
    technician_id: UUID | None = None,
    planned_start: datetime | None = None,
    client_key: str | None = None,
    offered: bool = False,
) -> Booked:
    """Promise `window` for a work order and owe its confirmation.

    Without `planned_start` the earliest free time inside the window is taken. Refuses with TechnicianBusy, and with
    NotAllowed when the order is closed or its other visit overlaps.
    """
    turn.viewer.must_be(WHO_BOOKS_OFFERED if offered else WHO_MOVES)
    order = _order_to_book(turn, order_id)
    window = window_to_promise(window.start, window.end, now=turn.now)
    for other in open_visits_of_order(turn.session, order.id):
        if other.window.overlaps(window):
            raise NotAllowed(
                Words(
                    "该工单在此时段已有预约，请改约原预约，或选择不重叠的时段。",
                    "This work order is already booked around that time. Move that visit, or choose another time.",
                ),
                name="order-already-booked",
                facts={"visit_id": str(other.id)},
            )
    planned = plan_inside(turn, window, order.minutes, technician_id, planned_start)
    visit = Visit(
        work_order_id=order.id,
        technician_id=technician_id,
        window_start=window.start,
        window_end=window.end,
        planned_start=planned.start if planned else None,
        planned_end=planned.end if planned else None,
        client_key=client_key,
        checklist=current(order.kind).key,
        status=Status.BOOKED,
        version=1,
        told_version=1,
        created_at=turn.now,
    )
    turn.session.add(visit)
    write_change(turn, visit, "booked", first=True, window=spoken(window), technician_id=_text(technician_id))
    told = new_visit(turn.session, visit.id)
    return Booked(told, tell(turn, told, "booked", useful_until=window.end))


def reschedule_visit(
    turn: Turn,
    visit_id: UUID,
    window: Window,
    *,
    asked_by: AskedBy,
    reason: str,
    technician_id: UUID | None,
    planned_start: datetime | None = None,
    override: Override | None = None,
    expected_version: int | None = None,
) -> Booked:
    """Move a visit: another window, technician or planned time. Inside the told window nothing is owed.

    Refuses with Stale, TooLateToMove, TechnicianBusy, or NotAllowed for a visit that has begun.
    """
    turn.viewer.must_be(WHO_MOVES)
    if turn.viewer.role == "customer" and asked_by != "customer":
        raise Forbidden
    visit = visit_seen_by(turn.session, turn.viewer, visit_id, to_change=True)
    must_be_current(visit, expected_version)
    rules.must_be_movable(Status(visit.status))
    old, old_technician, old_planned = visit.window, visit.technician_id, visit.planned
    known = believed(turn.session, visit, to_change=True)
    if window != old:
        window = window_to_promise(window.start, window.end, now=turn.now)
        need_reason(reason, asked_by)
    override = may_override(turn, override)
    change = rules.change_promise(
        old, window, now=turn.now, asked_by=asked_by, override=override, believed=known.windows
    )
    planned = plan_inside(turn, window, visit.work_order.minutes, technician_id, planned_start, but=visit.id)
    visit.window_start, visit.window_end = window.start, window.end
    visit.technician_id = technician_id
    visit.planned_start = planned.start if planned else None
    visit.planned_end = planned.end if planned else None
    if window != old or technician_id != old_technician:  # whoever is on the way turns round
        visit.status = Status.BOOKED
        visit.departed_at, visit.predicted_at = None, None
    if window != old:
        visit.confirmed_at, visit.wish = None, None
        visit.told_version += 1
    write_change(
        turn,
        visit,
        "moved",
        asked_by=asked_by,
        reason=reason,
        breach=change.breach,
        tell_until=change.tell_until,
        old_window=spoken(old),
        window=spoken(window),
        technician_id=_text(technician_id),
        old_technician_id=_text(old_technician),
        old_planned=spoken(old_planned) if old_planned else None,
        override=override_facts(override) if change.breach else None,
    )
    turn.session.expire(visit, ["technician"])
    moved = visit_seen_by(turn.session, turn.viewer, visit.id)
    if window != old:
        if not change.surprises:
            return Booked(moved, _nothing_new(turn, moved, known))
        return Booked(moved, _tell_of_move(turn, moved, known, change, asked_by, reason, override), change.breach)
    if technician_id is not None and old_technician is not None and technician_id != old_technician:
        return Booked(moved, tell_of_another_technician(turn, moved))
    return Booked(moved, None)


def _tell_of_move(
    turn: Turn,
    visit: Visit,
    known: Believed,
    change: rules.Change,
    asked_by: AskedBy,
    reason: str,
    override: Override | None,
) -> Notice:
    by_phone = change.breach and override is not None and override.call_outcome in REACHED
    return tell(
        turn,
        visit,
        "moved",
        deadline=None if change.breach else change.tell_until,
        about=min(visit.window_start, *(window.start for window in known.windows)),
        useful_until=visit.window_end,
        breach=change.breach,
        asked_by=asked_by,
        reason=reason,
        old_window=spoken(known.instead_of(visit.window)),
        heard=by_phone,
    )


def _nothing_new(turn: Turn, visit: Visit, known: Believed) -> Notice | None:
    """Back where the customer believes it to be: what had not left is closed, and nothing is said.

    If not even its confirmation had left, that is owed again.
    """
    if not known.in_writing:
        return tell(turn, visit, "booked", useful_until=visit.window_end)
    supersede(turn, visit.id)
    return None


def cancel_visit(
    turn: Turn,
    visit_id: UUID,
    *,
    asked_by: AskedBy,
    reason: str,
    override: Override | None = None,
    expected_version: int | None = None,
) -> Booked:
    """Cancel a visit under the same two-hour rule; its work order waits to be booked again."""
    turn.viewer.must_be(PLANNERS)
    visit = visit_seen_by(turn.session, turn.viewer, visit_id, to_change=True)
    must_be_current(visit, expected_version)
    rules.must_be_cancellable(Status(visit.status))
    need_reason(reason, asked_by)
    known = believed(turn.session, visit, to_change=True)
    override = may_override(turn, override)
    change = rules.change_promise(
        visit.window, None, now=turn.now, asked_by=asked_by, override=override, believed=known.windows
    )
    visit.status = step_to(Status(visit.status), Status.CANCELLED)
    visit.told_version += 1
    write_change(
        turn,
        visit,
        "cancelled",
        asked_by=asked_by,
        reason=reason,
        breach=change.breach,
        tell_until=change.tell_until,
        override=override_facts(override) if change.breach else None,
    )
    notice = tell(
        turn,
        visit,
        "cancelled",
        deadline=None if change.breach else change.tell_until,
        about=min(window.start for window in known.windows),
        breach=change.breach,
        window=spoken(known.told),
        asked_by=asked_by,
        reason=reason,
    )
    return Booked(visit, notice, change.breach)


def _order_to_book(turn: Turn, order_id: UUID) -> WorkOrder:
    order = turn.session.scalar(select(WorkOrder).where(WorkOrder.id == order_id).with_for_update())
    if order is None:
        raise NotFound(Words("没有这张工单，请检查编号。", "There is no such work order. Check its id."))
    if order.state != "open":
        raise NotAllowed(
            Words("该工单已完结，不能再预约。", "This work order is closed and cannot be booked."), name="order-closed"
        )
    return order


def _text(value: UUID | None) -> str | None:
    return str(value) if value else None

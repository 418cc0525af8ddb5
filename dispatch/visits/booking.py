"""Verbs of the desk: book, reschedule, cancel. Each a short story: load, decide, write."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from checklists.published import current
from checklists.words import Words
from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import OVERRIDERS, PLANNERS
from dispatch.errors import Forbidden, Invalid, NotAllowed, NotFound
from dispatch.notices.tables import Notice
from dispatch.technicians.tables import Technician
from dispatch.visits import rules
from dispatch.visits.changes import TechnicianBusy, must_be_current, write_change
from dispatch.visits.life import Status, step_to
from dispatch.visits.queries import open_visits_of_order, taken_time, visit_seen_by
from dispatch.visits.rules import AskedBy, Override
from dispatch.visits.tables import Visit, WorkOrder
from dispatch.visits.telling import spoken, tell
from dispatch.visits.windows import Window, window_to_promise


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
) -> Booked:
    """Promise `window` for a work order and owe its confirmation.

    Without `planned_start` the earliest free time inside the window is taken. Refuses with TechnicianBusy, and with
    NotAllowed when the order is closed or its other visit overlaps.
    """
    turn.viewer.must_be(PLANNERS)
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
    planned = _plan(turn, window, order.minutes, technician_id, planned_start)
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
    told = visit_seen_by(turn.session, turn.viewer, visit.id)
    return Booked(told, tell(turn, told, "booked"))


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
    turn.viewer.must_be(PLANNERS)
    visit = visit_seen_by(turn.session, turn.viewer, visit_id, to_change=True)
    must_be_current(visit, expected_version)
    rules.must_be_movable(Status(visit.status))
    old, old_technician = visit.window, visit.technician_id
    if window != old:
        window = window_to_promise(window.start, window.end, now=turn.now)
        _need_reason(reason, asked_by)
    change = rules.change_promise(old, window, now=turn.now, asked_by=asked_by, override=_may_override(turn, override))
    planned = _plan(turn, window, visit.work_order.minutes, technician_id, planned_start, but=visit.id)
    visit.window_start, visit.window_end = window.start, window.end
    visit.technician_id = technician_id
    visit.planned_start = planned.start if planned else None
    visit.planned_end = planned.end if planned else None
    if window != old or technician_id != old_technician:  # whoever is on the way turns round
        visit.status = Status.BOOKED
        visit.departed_at = None
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
        override=_override_facts(override) if change.breach else None,
    )
    turn.session.expire(visit, ["technician"])
    moved = visit_seen_by(turn.session, turn.viewer, visit.id)
    if window != old:
        notice = tell(
            turn,
            moved,
            "moved",
            deadline=None if change.breach else change.tell_until,
            about=min(old.start, window.start),
            urgent=change.breach,
            asked_by=asked_by,
            reason=reason,
            old_window=spoken(old),
        )
        return Booked(moved, notice, change.breach)
    if technician_id is not None and old_technician is not None and technician_id != old_technician:
        return Booked(moved, tell(turn, moved, "technician_changed", replaces=False))
    return Booked(moved, None)


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
    _need_reason(reason, asked_by)
    change = rules.change_promise(
        visit.window, None, now=turn.now, asked_by=asked_by, override=_may_override(turn, override)
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
        override=_override_facts(override) if change.breach else None,
    )
    notice = tell(
        turn,
        visit,
        "cancelled",
        deadline=None if change.breach else change.tell_until,
        urgent=change.breach,
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


def _plan(
    turn: Turn,
    window: Window,
    minutes: int,
    technician_id: UUID | None,
    planned_start: datetime | None,
    *,
    but: UUID | None = None,
) -> Window | None:
    """Planned time for `technician_id`; None for an unassigned visit without a wish for one."""
    if technician_id is None:
        return rules.planned_inside(window, planned_start, minutes) if planned_start else None
    technician = turn.session.scalar(select(Technician).where(Technician.id == technician_id).with_for_update())
    if technician is None or not technician.active:
        raise NotFound(Words("没有这位装维人员，请重新选择。", "There is no such technician. Choose another."))
    reach = Window(window.start, window.end + (rules.TOLD_BEFORE * 6))  # longer than any work order's minutes
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


def _may_override(turn: Turn, override: Override | None) -> Override | None:
    if override is not None and turn.viewer.role not in OVERRIDERS:
        raise Forbidden(Words("只有主管可以放行，请联系主管。", "Only a supervisor may override. Ask one to do it."))
    return override


def _override_facts(override: Override | None) -> dict[str, str] | None:
    if override is None:
        return None
    return {
        "reason": override.reason,
        "call_outcome": override.call_outcome,
        "called_at": override.called_at.isoformat(),
    }


def _need_reason(reason: str, asked_by: AskedBy) -> None:
    if asked_by == "company" and not reason.strip():
        raise Invalid(
            Words("请填写变更原因，客户会看到。", "Give the reason for the change; the customer will read it."),
            name="reason-missing",
        )


def _text(value: UUID | None) -> str | None:
    return str(value) if value else None

"""The free windows that a customer may choose from, and choosing one: the visit moves at once, or is booked anew."""

from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import func, or_, select

from checklists.words import Words
from dispatch.accounts.turn import Turn
from dispatch.clock import day_bounds, local_day
from dispatch.errors import NotAllowed, NotFound
from dispatch.technicians.tables import Shift, Technician, TechnicianSkill
from dispatch.visits.booking import Booked, book_visit, reschedule_visit
from dispatch.visits.changes import TechnicianBusy
from dispatch.visits.free_windows import Lunch, Slot, WorkingDay, free_slots, windows_of_day
from dispatch.visits.life import OCCUPYING, Status
from dispatch.visits.queries import open_visits_of_order, visit_seen_by
from dispatch.visits.tables import Visit, WorkOrder
from dispatch.visits.windows import Window

DAYS = 7
TRIES = 8  # how often others may be quicker in the same window
ENDED_UNDONE = frozenset({Status.NO_ACCESS, Status.CANCELLED})


class SlotGone(NotAllowed):
    """Somebody else was given that time meanwhile."""

    name = "slot-gone"
    title = Words("该时段已被约走", "That time is taken")

    def __init__(self) -> None:
        super().__init__(
            Words(
                "抱歉，这个时段刚刚被约走了，您的预约没有改变。请从下面另选一个时段。",
                "We are sorry: that time has just been taken, and nothing was changed. Please choose another below.",
            )
        )


@dataclass(frozen=True)
class Offered:
    """The windows that a customer may choose from, in order; and whether they lead to a new visit.

    `green`: those for which somebody is near anyway, where that is known.
    """

    windows: tuple[Window, ...]
    is_new_visit: bool
    green: frozenset[Window] = frozenset()


def offered_to(turn: Turn, visit: Visit) -> Offered:
    """What this visit's customer may choose from now. Nothing once somebody is on the way or the work has begun."""
    is_new = Status(visit.status) in ENDED_UNDONE
    if not may_choose(turn, visit):
        return Offered((), is_new)
    slots = _free(turn, visit)
    return Offered(tuple(dict.fromkeys(slot.window for slot in slots)), is_new)


def may_choose(turn: Turn, visit: Visit) -> bool:
    """Whether another time can be chosen: while booked, or after a visit that came to nothing if no other is booked."""
    if visit.status == Status.BOOKED:
        return True
    if Status(visit.status) not in ENDED_UNDONE or visit.work_order.state != "open":
        return False
    return not open_visits_of_order(turn.session, visit.work_order_id)


def cannot_choose(visit: Visit) -> NotAllowed:
    """The refusal of a choice for a visit that can no longer be moved by its customer."""
    return NotAllowed(
        Words(
            "现在不能自行改时间。请让我们给您打电话，或直接致电客服。",
            "The time cannot be chosen here any more. Let us call you, or call us.",
        ),
        name="visit-state",
        facts={"status": visit.status},
    )


def chosen_already(turn: Turn, visit: Visit, window: Window, *, key: str) -> Booked | None:
    """What there is instead of a new choice: the visit stands there, or the form was pressed twice. None: choose.

    Refuses when nothing can be chosen any more.
    """
    if visit.status == Status.BOOKED and visit.window == window:
        return Booked(visit, None)
    booked = turn.session.scalar(
        select(Visit).where(Visit.work_order_id == visit.work_order_id, Visit.client_key == key)
    )
    if booked is not None:
        return Booked(booked, None)
    if not may_choose(turn, visit):
        raise cannot_choose(visit)
    return None


def choose_slot(turn: Turn, visit_id: UUID, window: Window, *, key: str) -> Booked:
    """The customer takes a free window. A booked visit moves there at once; one that came to nothing gets a successor.

    `key` names this choice: the second press of the same form gets the first one's visit. Refuses with SlotGone when
    the window is not free any more, and with NotAllowed when the visit cannot be moved.
    """
    visit = visit_seen_by(turn.session, turn.viewer, visit_id, to_change=True)
    there = chosen_already(turn, visit, window, key=key)
    if there is not None:
        return there
    for _ in range(TRIES):
        free = _free(turn, visit, only=window)
        if not free:
            break
        savepoint = turn.session.begin_nested()
        try:
            done = _take(turn, visit, free[0], key)
        except (TechnicianBusy, NotFound):  # somebody was quicker: look again at what is left
            savepoint.rollback()
            continue
        savepoint.commit()
        done.visit.confirmed_at = turn.now  # whoever chose it themselves need not be asked whether it suits
        return done
    raise SlotGone


def offered_for(turn: Turn, order: WorkOrder) -> tuple[Window, ...]:
    """The free windows for a work order that has no open visit (its story loaded): what may be offered on the phone."""
    return offered_to(turn, _visit_to_be(order)).windows


def book_offered(turn: Turn, order: WorkOrder, window: Window, *, key: str) -> Booked:
    """Book a window of `offered_for` with whoever is free then. Refuses with SlotGone when nobody is any more."""
    booked = turn.session.scalar(select(Visit).where(Visit.work_order_id == order.id, Visit.client_key == key))
    if booked is not None:
        return Booked(booked, None)
    for _ in range(TRIES):
        free = _free(turn, _visit_to_be(order), only=window)
        if not free or open_visits_of_order(turn.session, order.id):
            break
        slot, savepoint = free[0], turn.session.begin_nested()
        try:
            done = book_visit(
                turn,
                order.id,
                slot.window,
                technician_id=slot.technician_id,
                planned_start=slot.planned.start,
                client_key=key,
                offered=True,
            )
        except (TechnicianBusy, NotFound):
            savepoint.rollback()
            continue
        savepoint.commit()
        return done
    raise SlotGone


def _visit_to_be(order: WorkOrder) -> Visit:
    """Stands for the visit that is looked for; never stored."""
    return Visit(id=uuid4(), work_order_id=order.id, work_order=order, technician=None, status=Status.CANCELLED)


def _take(turn: Turn, visit: Visit, slot: Slot, key: str) -> Booked:
    if visit.status == Status.BOOKED:
        return reschedule_visit(
            turn,
            visit.id,
            slot.window,
            asked_by="customer",
            reason="",
            technician_id=slot.technician_id,
            planned_start=slot.planned.start,
        )
    return book_visit(
        turn,
        visit.work_order_id,
        slot.window,
        technician_id=slot.technician_id,
        planned_start=slot.planned.start,
        client_key=key,
    )


def _free(turn: Turn, visit: Visit, only: Window | None = None) -> list[Slot]:
    """The free slots of the days to come, the visit's own technician first in each window; or of one window."""
    zone = turn.settings.zone
    first_day = local_day(turn.now, zone)
    days = [first_day + timedelta(days=number) for number in range(DAYS + 1)]
    if only is not None:
        days = [day for day in days if day == local_day(only.start, zone)]
    crew = _crew(turn, visit)
    closed = [other.window for other in open_visits_of_order(turn.session, visit.work_order_id) if other.id != visit.id]
    if visit.status == Status.BOOKED:
        closed.append(visit.window)
    found: list[Slot] = []
    for day in days:
        start, end = day_bounds(day, zone)
        working = _working_days(turn, crew, Window(start, end), but=visit.id)
        windows = [window for window in windows_of_day(day, zone) if only is None or window == only]
        found += free_slots(windows, visit.work_order.minutes, working, now=turn.now, closed=closed)
    return found


def _crew(turn: Turn, visit: Visit) -> list[UUID]:
    """Who may come: the visit's technician first, then those of the site's area who have the skills."""
    area = visit.work_order.site.area_id or (visit.technician.area_id if visit.technician else None)
    wanted = set(visit.work_order.skills)
    able = (
        select(func.count())
        .select_from(TechnicianSkill)
        .where(TechnicianSkill.technician_id == Technician.id, TechnicianSkill.skill.in_(wanted))
        .scalar_subquery()
    )
    theirs = [Technician.id == visit.technician_id] if visit.technician_id else []
    others = [(Technician.area_id == area) & (able == len(wanted))] if area is not None else []
    if not theirs and not others:
        return []
    found = turn.session.scalars(
        select(Technician.id).where(Technician.active, or_(*theirs, *others)).order_by(Technician.code)
    )
    return sorted(found, key=lambda technician_id: technician_id != visit.technician_id)


def _working_days(turn: Turn, crew: list[UUID], day: Window, *, but: UUID) -> list[WorkingDay]:
    """The crew's shifts that begin on `day`, in the crew's order, with what is planned in them."""
    shifts = turn.session.scalars(
        select(Shift).where(Shift.technician_id.in_(crew), Shift.starts_at >= day.start, Shift.starts_at < day.end)
    ).all()
    if not shifts:
        return []
    last = max(shift.ends_at for shift in shifts)
    rows = turn.session.execute(
        select(Visit.technician_id, Visit.planned_start, Visit.planned_end).where(
            Visit.technician_id.in_(crew),
            Visit.status.in_(OCCUPYING),
            Visit.planned_start < last,
            Visit.planned_end > day.start,
            Visit.id != but,
        )
    ).all()
    made = [
        WorkingDay(
            shift.technician_id,
            Window(shift.starts_at, shift.ends_at),
            tuple(Window(start, end) for who, start, end in rows if who == shift.technician_id and start and end),
            _lunch(shift),
        )
        for shift in shifts
    ]
    return sorted(made, key=lambda one: (crew.index(one.technician_id), one.shift.start))


def _lunch(shift: Shift) -> Lunch | None:
    if shift.lunch_from is None or shift.lunch_until is None or shift.lunch_until <= shift.lunch_from:
        return None
    return Lunch(Window(shift.lunch_from, shift.lunch_until), shift.lunch_minutes)


def successor_by(turn: Turn, visit: Visit, key_begins: str) -> Visit | None:
    """The open visit that this customer booked through this very link after `visit` had come to nothing."""
    return turn.session.scalar(
        select(Visit)
        .where(
            Visit.work_order_id == visit.work_order_id,
            Visit.client_key.startswith(key_begins, autoescape=True),
            Visit.status.in_((Status.BOOKED, Status.EN_ROUTE, Status.ON_SITE)),
        )
        .order_by(Visit.created_at.desc())
        .limit(1)
    )


def as_customer_of(turn: Turn, visit: Visit) -> Turn:
    """The same turn for the customer of another visit of theirs."""
    return replace(turn, viewer=replace(turn.viewer, visit_id=visit.id))

"""Rows of a day, as a problem for the optimiser; and the day as it stands now, to compare a plan with. Pure.

A told window is a wall; one that is over already is a broken promise, and whoever has that visit goes there. What has
begun stands fast, and is reckoned until the end of its planned time at least, because the database keeps that time for
it. Priorities and the level that a skill is asked at are proposals: an overdue order, or one due that day, comes first,
then repairs, then installations; who works alone must be able to do it alone.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from dispatch.planning.asked import Asked
from dispatch.planning.day_people import planned_technicians
from dispatch.planning.day_places import Places
from dispatch.planning.day_rows import DayRows
from dispatch.planning.day_standing import DayProblem, Present
from dispatch.planning.optimiser.people_and_visits import Pin, Visit
from dispatch.planning.optimiser.problem import Problem
from dispatch.planning.optimiser.travel import StraightLine
from dispatch.planning.optimiser.values import LONGEST, Window
from dispatch.visits import tables
from dispatch.visits.free_windows import SOONEST, windows_of_day
from dispatch.visits.life import OPEN, Status

ALONE = 2  # the level from which somebody does it alone
DAY = 86_400


def standing(visit: tables.Visit) -> str:
    """What about a visit matters for everybody else's plan: that it is there, whose, when, and what was promised."""
    times = (visit.planned_start, visit.planned_end, visit.window_start, visit.window_end)
    return " ".join([str(visit.id), str(visit.technician_id), *(one.isoformat() if one else "-" for one in times)])


def day_problem(rows: DayRows, asked: Asked, *, now: datetime, horizon: timedelta = SOONEST) -> DayProblem | None:
    """The problem of this day at `now`; None when nobody works. Events and “what if” are worked in.

    `horizon`: how soon the window of a work order that is to be booked may open.
    """
    clock = _Clock(rows.midnight, max(0, -int((rows.midnight - now).total_seconds() // 1)))
    places = Places(rows.area)
    gone = {*asked.about("no_access", "cancelled")}
    visits = [visit for visit in rows.visits if visit.id not in gone]
    people = planned_technicians(rows, visits, asked, places, clock.now, clock.of)
    if not people:
        return None
    known = {one.id for one in people}
    begun = _begun(visits, set(asked.about("sick")), known)
    there = [visit for visit in visits if _is_open(visit) and (visit in begun or visit.status != Status.ON_SITE)]
    there = [visit for visit in there if visit.technician_id or not asked.keeps(visit.id)]  # nobody's stays nobody's
    planned = [_visit(visit, rows, asked, places, clock, known, visit in begun) for visit in there]
    orders = {str(order.id): _windows_for(order, rows, now + horizon) for order in rows.orders}
    planned += [
        Visit(
            id=str(order.id),
            place=places.of_site(order.site),
            duration=order.minutes * 60,
            windows=tuple(_inside(clock.of(start), clock.of(end)) for start, end in orders[str(order.id)]),
            kind=order.kind,
            skills=dict.fromkeys(order.skills, ALONE),
            priority=1 if order.id in asked.about("urgent") else _priority(order, rows.midnight),
            deadline=_deadline(order, clock),
            area=str(order.site.area_id) if order.site.area_id else None,
        )
        for order in rows.orders
        if orders[str(order.id)]
    ]
    problem = Problem(
        technicians=tuple(people),
        visits=tuple(planned),
        travel=StraightLine(points=tuple(places.points.values())),
        now=clock.now,
    )
    return DayProblem(
        problem=problem,
        midnight=rows.midnight,
        present={str(visit.id): _present(visit, clock) for visit in there},
        orders=orders,
        guessed_places=places.guessed,
        taken=_taken(rows),
    )


@dataclass(frozen=True)
class _Clock:
    """Seconds after midnight. `now` is 0 on a day that has not begun."""

    midnight: datetime
    now: int

    def of(self, moment: datetime) -> int:
        return int((moment - self.midnight).total_seconds())


def _is_open(visit: tables.Visit) -> bool:
    return Status(visit.status) in OPEN


def _inside(start: int, end: int) -> Window:
    """A half-open window as the seconds in which something may begin; kept inside what a plan can say."""
    first = min(max(start, 0), LONGEST)
    return Window(start=first, end=max(first, min(end - 1, LONGEST)))


def _begun(visits: list[tables.Visit], sick: set[UUID], known: set[str]) -> list[tables.Visit]:
    """What stands fast: one visit for each technician, the one on site before one on the way.

    Who falls ill finishes at the customer's, but does not set out; what they were on the way to is anybody's.
    """
    order = {Status.ON_SITE: 0, Status.EN_ROUTE: 1}
    found: dict[UUID, tables.Visit] = {}
    for visit in sorted(visits, key=lambda one: (order.get(Status(one.status), 2), one.arrived_at is None, one.id)):
        who = visit.technician_id
        if who is None or str(who) not in known or Status(visit.status) not in order or who in found:
            continue
        if visit.status == Status.ON_SITE or who not in sick:
            found[who] = visit
    return list(found.values())


def _visit(
    visit: tables.Visit, rows: DayRows, asked: Asked, places: Places, clock: _Clock, known: set[str], begun: bool
) -> Visit:
    """A booked visit may go to anybody inside its told window; a begun one is a fact."""
    order, who = visit.work_order, str(visit.technician_id) if visit.technician_id else None
    longer = asked.about("longer").get(visit.id)
    length = order.minutes * 60 + (longer.minutes or 0) * 60 if longer else order.minutes * 60
    pin = None
    if begun and who is not None:
        start, length = _fact(visit, length, clock)
        pin = Pin(technician=who, start=start, begun="on_site" if visit.status == Status.ON_SITE else "en_route")
    widen = (asked.otherwise.widen_minutes if asked.otherwise else 0) * 60
    told = clock.of(visit.window_start) - widen, clock.of(visit.window_end) + widen
    window = _inside(*told) if told[1] > told[0] else _inside(told[0], told[0] + 1)
    promised: Window | None = window
    deadline = _deadline(order, clock)
    if pin is None and who in known and window.end < clock.now:  # the promise is broken: whoever has it goes, and soon
        deadline = min(window.end, deadline if deadline is not None else window.end)
        pin, promised, window = Pin(technician=who), None, Window(start=clock.now, end=LONGEST)
    if pin is None and who is not None and who in known and asked.keeps(visit.id):
        pin = Pin(technician=who)
    return Visit(
        id=str(visit.id),
        place=places.of_site(order.site),
        duration=min(length, LONGEST),
        windows=(window,),
        kind=order.kind,
        skills=dict.fromkeys(order.skills, ALONE),
        priority=_priority(order, rows.midnight),
        deadline=deadline,
        area=str(order.site.area_id) if order.site.area_id else None,
        promised=promised,
        told=who if who in known else None,
        pin=pin,
    )


def _fact(visit: tables.Visit, length: int, clock: _Clock) -> tuple[int, int]:
    """When a begun visit begins and how long it takes: until its planned end at least, and beyond now."""
    moment = visit.arrived_at or visit.predicted_at or visit.planned_start or visit.window_start
    start = max(0, clock.of(moment))
    if visit.status == Status.EN_ROUTE:
        start = max(start, clock.now)
    until = max(start + length, clock.now + 60)
    if visit.planned_end is not None:
        until = max(until, clock.of(visit.planned_end))
    return start, until - start


def _priority(order: tables.WorkOrder, midnight: datetime) -> int:
    if order.deadline is not None and order.deadline < midnight + timedelta(seconds=DAY):
        return 1
    return 2 if order.kind == "repair" else 3


def _deadline(order: tables.WorkOrder, clock: _Clock) -> int | None:
    if order.deadline is None:
        return None
    return max(-LONGEST, min(clock.of(order.deadline), 4 * LONGEST))


def _windows_for(order: tables.WorkOrder, rows: DayRows, soonest: datetime) -> tuple[tuple[datetime, datetime], ...]:
    """The windows that a work order could be promised that day: the one its customer asked for, or two-hour ones."""
    wanted = order.wanted
    if wanted is not None and rows.midnight <= wanted.start < rows.midnight + timedelta(days=1):
        return ((wanted.start, wanted.end),) if wanted.end > soonest else ()
    windows = windows_of_day(rows.day, rows.zone)
    return tuple((window.start, window.end) for window in windows if window.start >= soonest)


def _present(visit: tables.Visit, clock: _Clock) -> Present:
    return Present(
        version=visit.version,
        technician=str(visit.technician_id) if visit.technician_id else None,
        start=clock.of(visit.planned_start) if visit.planned_start else None,
        end=clock.of(visit.planned_end) if visit.planned_end else None,
        window=(visit.window_start, visit.window_end),
    )


def _taken(rows: DayRows) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {str(one.id): [] for one in rows.technicians}
    for visit in rows.visits:
        if visit.technician_id is not None:
            found.setdefault(str(visit.technician_id), []).append(standing(visit))
    return {who: sorted(some) for who, some in found.items()}

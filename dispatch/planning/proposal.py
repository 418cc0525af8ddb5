"""A plan as a proposal to a person: what changes, for whom, who must be told by when, what cannot be served and why.

Pure: a day's problem and a plan in, a proposal out. When somebody must be told is the two-hour rule's own answer.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict

from dispatch.planning.day_standing import DayProblem, Present
from dispatch.planning.optimiser.costs import price
from dispatch.planning.optimiser.judging import judge_route
from dispatch.planning.optimiser.people_and_visits import Visit
from dispatch.planning.optimiser.plan import LeftOut, Plan, Stop
from dispatch.planning.optimiser.problem import Problem
from dispatch.planning.optimiser.timing import timed_plan
from dispatch.visits.rules import latest_telling
from dispatch.visits.windows import Window

ChangeKind = Literal["booked", "assigned", "technician", "time", "unassigned", "waiting", "not_booked"]
TO_ACCEPT: frozenset[ChangeKind] = frozenset({"booked", "assigned", "technician", "time", "unassigned"})
"""What accepting does something about; the others say only that nobody can come."""


class Value(BaseModel):
    """A frozen value that goes to JSON and back."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Spot(Value):
    """Somebody, from when to when. `technician` None: a time without anybody."""

    technician: str | None
    start: datetime
    end: datetime


class Tell(Value):
    """What the customer is to hear. `notice` leaves by itself; `call` must be made by a person until `until`.

    `late`: that moment has passed, and only a supervisor may still change what was promised.
    """

    by: Literal["notice", "call"]
    what: Literal["booked", "technician_changed", "no_one_can_come"]
    until: datetime | None = None
    late: bool = False


class Change(Value):
    """One visit (or, `is_order`, one work order to be booked) before and after. `version` is the one looked at."""

    visit: str
    is_order: bool = False
    kind: ChangeKind
    version: int | None = None
    before: Spot | None = None
    after: Spot | None = None
    window_start: datetime
    window_end: datetime
    why_zh: str = ""
    why_en: str = ""
    tell: Tell | None = None

    @property
    def to_accept(self) -> bool:
        """Whether accepting it does something."""
        return self.kind in TO_ACCEPT


class Figures(Value):
    """A day in figures: seconds of driving and overtime, visits without anybody, rules broken, and the whole price."""

    driving: int
    overtime: int
    left_out: int
    broken: int
    served: int
    price: int


class Proposal(Value):
    """A plan beside the day as it stands. `told` counts customers who would hear of it."""

    before: Figures
    after: Figures
    changes: tuple[Change, ...]
    plan: Plan
    travel: str = "straight_line"
    travel_fell_back: str = ""
    guessed_places: int = 0
    taken: dict[str, list[str]] = {}

    @classmethod
    def kept(cls, kept: Mapping[str, Any]) -> Self:
        """A proposal as its row keeps it."""
        return cls.model_validate_json(json.dumps(kept))

    @property
    def told(self) -> int:
        """How many customers would hear of it."""
        return sum(change.tell is not None for change in self.changes)


def proposal_of(day: DayProblem, plan: Plan, *, now: datetime) -> Proposal:
    """The proposal that `plan` makes for this day at `now`."""
    stops = {stop.visit: (route.technician, stop) for route in plan.routes for stop in route.stops}
    why = {one.visit: one for one in plan.left_out}
    changes: list[Change] = []
    for visit in day.problem.visits:
        known = day.present.get(visit.id)
        change = (
            _of_visit(day, visit, known, stops.get(visit.id), why.get(visit.id), now)
            if known is not None
            else _of_order(day, visit, stops.get(visit.id), why.get(visit.id))
        )
        if change is not None:
            changes.append(change)
    before = present_plan(day)
    return Proposal(
        before=figures(day.problem, before),
        after=figures(day.problem, plan),
        changes=tuple(sorted(changes, key=_order)),
        plan=plan,
        guessed_places=day.guessed_places,
        taken={who: list(some) for who, some in day.taken.items()},
    )


def present_plan(day: DayProblem) -> Plan:
    """The day as it stands: everybody's visits in their present order, at the best times that this order allows."""
    orders: dict[str, list[tuple[bool, int, str]]] = {one.id: [] for one in day.problem.technicians}
    for visit in day.problem.visits:
        known = day.present.get(visit.id)
        if known is not None and known.technician in orders and known.start is not None:
            begun = visit.pin is not None and visit.pin.begun is not None
            orders[known.technician].append((not begun, known.start, visit.id))
    order = {who: [visit for _, _, visit in sorted(some)] for who, some in orders.items()}
    done = {visit for some in order.values() for visit in some}
    absent = [visit for visit in day.problem.visits if visit.id not in done]
    plan = Plan(
        routes=timed_plan(day.problem, order),
        left_out=tuple(LeftOut(visit=visit.id, why_zh="", why_en="") for visit in absent),
    )
    return plan.model_copy(update={"cost": price(day.problem, plan).total})


def figures(problem: Problem, plan: Plan) -> Figures:
    """A plan in figures. `broken` counts what the judge says against it."""
    overtime = sum(max(0, route.returns - problem.days[route.technician].shift_end) for route in plan.routes)
    prices = problem.prices
    return Figures(
        driving=price(problem, plan).travel // max(1, prices.travel),
        overtime=overtime,
        left_out=len(plan.left_out),
        broken=sum(len(judge_route(problem, route)) for route in plan.routes),
        served=sum(len(route.stops) for route in plan.routes),
        price=price(problem, plan).total,
    )


def _of_visit(
    day: DayProblem,
    visit: Visit,
    known: Present,
    stop: tuple[str, Stop] | None,
    left: LeftOut | None,
    now: datetime,
) -> Change | None:
    """What changes for a booked visit; None when it stays as it is."""
    if visit.pin is not None and (visit.pin.begun is not None or stop is not None):
        return None
    window = Window(*known.window)
    before = None
    if known.start is not None and known.end is not None:
        before = _spot(day, known.technician, known.start, known.end)
    fixed = {"visit": visit.id, "version": known.version, "window_start": window.start, "window_end": window.end}
    if stop is None:
        until = latest_telling(window, None)
        call = Tell(by="call", what="no_one_can_come", until=until, late=now > until)
        return Change(
            kind="unassigned" if known.technician else "waiting",
            before=before,
            why_zh=left.why_zh if left else "",
            why_en=left.why_en if left else "",
            tell=call,
            **fixed,
        )
    who, at = stop
    if known.technician == who and known.start == at.start:
        return None
    # the database keeps a visit's usual length for it, whatever this technician may need
    after = _spot(day, who, at.start, at.end)
    if known.technician == who:
        return Change(kind="time", before=before, after=after, **fixed)
    if known.technician is None:
        return Change(kind="assigned", before=before, after=after, **fixed)
    tell = Tell(by="notice", what="technician_changed")
    return Change(kind="technician", before=before, after=after, tell=tell, **fixed)


def _of_order(day: DayProblem, visit: Visit, stop: tuple[str, Stop] | None, left: LeftOut | None) -> Change:
    """A work order to be booked: into the first of its windows that the planned start lies in."""
    windows = day.orders[visit.id]
    if stop is None:
        return Change(
            visit=visit.id,
            is_order=True,
            kind="not_booked",
            window_start=windows[0][0],
            window_end=windows[-1][1],
            why_zh=left.why_zh if left else "",
            why_en=left.why_en if left else "",
        )
    who, at = stop
    after = _spot(day, who, at.start, at.end)
    start, end = next(one for one in windows if one[0] <= after.start < one[1])
    return Change(
        visit=visit.id,
        is_order=True,
        kind="booked",
        after=after,
        window_start=start,
        window_end=end,
        tell=Tell(by="notice", what="booked"),
    )


def _spot(day: DayProblem, technician: str | None, start: int, end: int) -> Spot:
    begins = day.midnight + timedelta(seconds=start)
    return Spot(technician=technician, start=begins, end=day.midnight + timedelta(seconds=end))


_RANK: Mapping[ChangeKind, int] = {
    "unassigned": 0,
    "waiting": 1,
    "not_booked": 2,
    "technician": 3,
    "booked": 4,
    "assigned": 5,
    "time": 6,
}


def _order(change: Change) -> tuple[int, datetime, str]:
    """What needs a person first; then by time."""
    return _RANK[change.kind], change.window_start, change.visit

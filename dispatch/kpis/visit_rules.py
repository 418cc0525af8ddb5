"""What one visit says for the figures: pure, facts and `now` in, one value a figure out. None: it does not count there.

A case counts once its time is over, whichever way it went: a repair counts as lasting when its seven days have passed,
not before. Else the quick ones would be counted first, and the newest days would look worst, or best. `look_again` is
when time alone will change what a visit says.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from dispatch.visits.life import OPEN, Status
from dispatch.visits.punctuality import latest_arrival, punctuality
from dispatch.visits.windows import Window

Arrival = Literal["too_early", "five_to_ten", "in_window", "late", "missed"]
KEPT: frozenset[Arrival] = frozenset({"five_to_ten", "in_window"})
FIVE_MINUTES = timedelta(minutes=5)
PLAN_TOLERANCE = timedelta(minutes=15)
"""An arrival up to a quarter of an hour after the planned one keeps the plan (our proposal)."""
REPEAT_SOON, REPEAT_LATE = timedelta(days=7), timedelta(days=30)


@dataclass(frozen=True)
class Told:
    """A notice about the visit (no resend). `at` is when a gateway took it or a person said it."""

    kind: str
    version: int | None
    at: datetime | None
    superseded: bool = False


@dataclass(frozen=True)
class Change:
    """The company moved or cancelled the visit, so that the customer had to be told until `tell_until`."""

    version: int
    breach: bool
    tell_until: datetime | None


@dataclass(frozen=True)
class Said:
    """What the customer said last: points 1 to 5, 0 to 10; `fixed` from a return call (yes, partly, no)."""

    overall: int | None = None
    conduct: int | None = None
    recommend: int | None = None
    fixed: str | None = None


@dataclass(frozen=True)
class Handed:
    """What the visit's first sealed record held: whether checklist, kit and record were complete."""

    checklist: bool
    kit: bool
    record: bool


@dataclass(frozen=True)
class VisitFacts:
    """One visit as it went. `closes` and `first`: the order's last and first completed visit is this one.

    `next_fault` is when the next fault of the line was reported after it; `complained` that a complaint names it.
    """

    kind: str
    status: Status
    window: Window
    planned_start: datetime | None
    arrived: datetime | None
    ended: datetime | None
    confirmed: bool
    reported: datetime
    closes: bool = False
    first: bool = False
    next_fault: datetime | None = None
    complained: bool = False
    notices: tuple[Told, ...] = ()
    changes: tuple[Change, ...] = ()
    said: Said = Said()
    handed: Handed | None = None


@dataclass(frozen=True)
class VisitValues:
    """One row of figures. Yes and no are 1 and 0; times are whole minutes."""

    arrival: Arrival | None
    on_time: int | None
    late_told: int | None
    plan_kept: int | None
    notices_owed: int
    notices_kept: int
    booking_told: int | None
    confirmed: int | None
    first_fix: int | None
    repeat_7: int | None
    repeat_30: int | None
    handling_minutes: int | None
    site_minutes: int | None
    overall: int | None
    conduct: int | None
    recommend: int | None
    complained: int | None
    checklist: int | None
    kit: int | None
    record: int | None
    look_again: datetime | None


def visit_values(facts: VisitFacts, now: datetime) -> VisitValues:
    """What the visit says at `now`."""
    completed = facts.status == Status.SEALED and facts.ended is not None
    arrival = arrival_of(facts, now)
    told = list(_changes_told(facts, now))
    lasting = facts.ended if completed else None
    repeat_7, repeat_30 = _repeat(facts, lasting, REPEAT_SOON, now), _repeat(facts, lasting, REPEAT_LATE, now)
    over = arrival is not None or facts.status in (Status.SEALED, Status.NO_ACCESS)
    handed = facts.handed if completed else None
    return VisitValues(
        arrival=arrival,
        on_time=None if arrival is None else int(arrival in KEPT),
        late_told=_late_told(facts) if arrival in ("late", "missed") else None,
        plan_kept=_plan_kept(facts, arrival),
        notices_owed=len(told),
        notices_kept=sum(told),
        booking_told=_booking_told(facts, now),
        confirmed=None if facts.status == Status.CANCELLED or now < facts.window.start else int(facts.confirmed),
        first_fix=_first_fix(facts, repeat_7),
        repeat_7=repeat_7,
        repeat_30=repeat_30,
        handling_minutes=_minutes(facts.reported, lasting) if facts.closes else None,
        site_minutes=_minutes(facts.arrived, lasting),
        overall=facts.said.overall,
        conduct=facts.said.conduct,
        recommend=facts.said.recommend,
        complained=int(facts.complained) if over else None,
        checklist=None if handed is None else int(handed.checklist),
        kit=None if handed is None else int(handed.kit),
        record=None if handed is None else int(handed.record),
        look_again=min((moment for moment in _borders(facts, lasting) if moment >= now), default=None),
    )


def arrival_of(facts: VisitFacts, now: datetime) -> Arrival | None:
    """How the arrival was. An open visit whose latest arrival has passed is missed, until somebody arrives."""
    if facts.status == Status.CANCELLED:
        return None
    if facts.arrived is None:
        is_over = facts.status in OPEN and now > latest_arrival(facts.window)
        return "missed" if is_over else None
    how = punctuality(facts.window, facts.arrived)
    if how != "on_time":
        return "late" if how == "late" else "too_early"
    is_standard = facts.window.is_exact and facts.arrived <= facts.window.start - FIVE_MINUTES
    return "five_to_ten" if is_standard else "in_window"


def _late_told(facts: VisitFacts) -> int:
    latest = latest_arrival(facts.window)
    return int(any(one.kind == "running_late" and one.at is not None and one.at <= latest for one in facts.notices))


def _plan_kept(facts: VisitFacts, arrival: Arrival | None) -> int | None:
    if facts.planned_start is None or arrival is None:
        return None
    return int(facts.arrived is not None and facts.arrived <= facts.planned_start + PLAN_TOLERANCE)


def _changes_told(facts: VisitFacts, now: datetime) -> Iterator[bool]:
    """For each change whose deadline counts: was it kept? One that a newer change replaced in time is none."""
    for change in facts.changes:
        if change.breach:
            yield False
            continue
        if change.tell_until is None:
            continue
        notice = next((one for one in facts.notices if one.version == change.version), None)
        if notice is not None and notice.at is not None:
            yield notice.at <= change.tell_until
        elif notice is not None and notice.superseded:
            continue
        elif now > change.tell_until:
            yield False


def _booking_told(facts: VisitFacts, now: datetime) -> int | None:
    """Whether any message with its time reached the customer before the window opened."""
    if facts.status == Status.CANCELLED:
        return None
    told = [one.at for one in facts.notices if one.kind in ("booked", "moved") and one.at is not None]
    if told and min(told) <= facts.window.start:
        return 1
    return 0 if now > facts.window.start else None


def _repeat(facts: VisitFacts, ended: datetime | None, within: timedelta, now: datetime) -> int | None:
    if ended is None or now <= ended + within:
        return None
    return int(facts.next_fault is not None and facts.next_fault <= ended + within)


def _first_fix(facts: VisitFacts, repeat_7: int | None) -> int | None:
    if facts.kind != "repair" or not facts.first or repeat_7 is None:
        return None
    return int(facts.closes and not repeat_7 and facts.said.fixed not in ("partly", "no"))


def _minutes(begin: datetime | None, end: datetime | None) -> int | None:
    """Whole minutes; None without both ends, and for clocks that ran backwards."""
    if begin is None or end is None or end < begin:
        return None
    return int((end - begin).total_seconds()) // 60


def _borders(facts: VisitFacts, ended: datetime | None) -> Iterator[datetime]:
    """Instants after which the visit says something else although nothing is done to it."""
    if facts.status in OPEN:
        yield latest_arrival(facts.window)
    if facts.status != Status.CANCELLED:
        yield facts.window.start
    yield from (change.tell_until for change in facts.changes if change.tell_until is not None)
    if ended is not None:
        yield ended + REPEAT_SOON
        yield ended + REPEAT_LATE

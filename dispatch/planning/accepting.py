"""Taking up a proposal, whole or in part, through the desk's own verbs: the two-hour rule, and no double booking.

What has changed since the proposal was made is refused by name, and the rest is taken. What was refused may have been
in somebody's way, so the rest is tried anew without it, until all that is left goes through together.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from checklists.words import Words
from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import PLANNERS
from dispatch.clock import day_bounds
from dispatch.errors import Invalid, NotAllowed, Refusal, Stale
from dispatch.planning.day_problem import standing
from dispatch.planning.optimiser.problem import Problem
from dispatch.planning.part_taken import torn
from dispatch.planning.proposal import Change, Proposal
from dispatch.planning.queries import plan_seen_by
from dispatch.planning.tables import PlanRun
from dispatch.technicians.tables import Technician
from dispatch.visits.booking import book_visit, reschedule_visit
from dispatch.visits.life import OCCUPYING
from dispatch.visits.queries import open_visits_of_order, visit_seen_by
from dispatch.visits.standing_aside import nobody_stands_aside, stand_aside
from dispatch.visits.tables import Visit, WorkOrder
from dispatch.visits.windows import Window


class DayChanged(NotAllowed):
    """Somebody's day is not what it was when the proposal was made."""

    name = "day-changed"
    title = Words("方案已过时", "The proposal is out of date")

    def __init__(self) -> None:
        super().__init__(
            Words(
                "方案算出之后，该人员当天的安排又有变动。请重新排程。",
                "That technician's day has changed since this plan was made. Plan again.",
            )
        )


class AlreadyBooked(NotAllowed):
    """The work order has got a visit since."""

    name = "order-already-booked"

    def __init__(self) -> None:
        super().__init__(
            Words("该工单在此期间已有预约。", "This work order has been booked since. Look at it before booking again.")
        )


@dataclass(frozen=True)
class Refused:
    """A change that was not made, and why."""

    visit: str
    refusal: Refusal


@dataclass(frozen=True)
class Accepted:
    """What came of taking up a proposal."""

    run: PlanRun
    taken: tuple[str, ...]
    refused: tuple[Refused, ...]


def accept_plan(
    turn: Turn, run_id: UUID, visits: Collection[str] | None = None, expected_version: int | None = None
) -> Accepted:
    """Make the proposed changes of `visits` (None: all) as far as they can still be made; say which could not.

    Refuses with Stale, with NotAllowed what is no open proposal, and with Invalid visits that it says nothing about.
    """
    turn.viewer.must_be(PLANNERS)
    run = plan_seen_by(turn.session, turn.viewer, run_id, to_change=True)
    if expected_version is not None and expected_version != run.version:
        raise Stale(run.version)
    if run.state != "done" or run.kind == "what_if" or run.proposal is None or run.problem is None:
        raise NotAllowed(
            Words("该方案不能采纳：尚未算出、已处理或仅供比较。", "This is no open proposal: it cannot be taken up."),
            name="plan-state",
            facts={"state": run.state},
        )
    proposal, problem = Proposal.kept(run.proposal), Problem.model_validate_json(run.problem)
    changes = {change.visit: change for change in proposal.changes if change.to_accept}
    chosen = set(changes) if visits is None else set(visits)
    if not chosen <= set(changes):
        raise Invalid(
            Words("方案中没有这些变动，请刷新后重选。", "The plan proposes no such change. Reload and choose again."),
            name="no-such-change",
        )
    midnight = day_bounds(run.on, turn.settings.zone)[0]
    refused: dict[str, Refusal] = _out_of_date(turn, run, proposal, [changes[visit] for visit in chosen])
    while True:
        left = chosen - refused.keys()
        for visit, words in torn(problem, proposal, left, midnight).items():
            refused[visit] = NotAllowed(words, name="only-together")
        left -= refused.keys()
        new = _make(turn, run, [changes[visit] for visit in sorted(left, key=lambda one: _order(changes[one]))])
        if not new:
            break
        refused |= new
    _settle(turn, run, left, refused, whole=left == set(changes))
    turn.audit("accept_plan", "plan", run.id, taken=len(left), refused=len(refused))
    return Accepted(run, tuple(sorted(left)), tuple(Refused(visit, one) for visit, one in sorted(refused.items())))


def _order(change: Change) -> tuple[bool, str]:
    """Who goes leaves room before new ones come."""
    return change.kind != "unassigned", change.visit


def _out_of_date(turn: Turn, run: PlanRun, proposal: Proposal, changes: Sequence[Change]) -> dict[str, Refusal]:
    """What would go to somebody whose day has got something new since, or something other. What is gone is no harm."""
    coming = {change.after.technician for change in changes if change.after and change.after.technician}
    start, end = day_bounds(run.on, turn.settings.zone)
    known = {line for lines in proposal.taken.values() for line in lines}
    rows = turn.session.scalars(
        select(Visit).where(
            Visit.technician_id.in_([UUID(one) for one in coming]),
            Visit.status.in_(OCCUPYING),
            Visit.planned_start >= start,
            Visit.planned_start < end,
        )
    )
    days = {str(row.technician_id) for row in rows if standing(row) not in known}
    return {one.visit: DayChanged() for one in changes if one.after and one.after.technician in days}


def _make(turn: Turn, run: PlanRun, changes: Sequence[Change]) -> dict[str, Refusal]:
    """Make all of these changes together, or none of them and say which were refused."""
    savepoint = turn.session.begin_nested()
    rows = [UUID(change.visit) for change in changes if not change.is_order]
    refused = _stale(turn, changes)
    if not refused:
        stand_aside(turn, rows)
        for change in changes:
            one = turn.session.begin_nested()
            try:
                _make_one(turn, run, change)
            except Refusal as refusal:
                one.rollback()
                refused[change.visit] = refusal
            else:
                one.commit()
    if refused:
        savepoint.rollback()
        turn.session.expire_all()
        return refused
    nobody_stands_aside(turn, rows)
    savepoint.commit()
    return {}


def _stale(turn: Turn, changes: Sequence[Change]) -> dict[str, Refusal]:
    """Visits that were changed since the proposal was made, before any of them is touched.

    Locks orders, visits and technicians, in this order as every booking does: two who accept at once wait.
    """
    orders = sorted(UUID(change.visit) for change in changes if change.is_order)
    turn.session.execute(select(WorkOrder.id).where(WorkOrder.id.in_(orders)).order_by(WorkOrder.id).with_for_update())
    found: dict[str, Refusal] = {}
    for change in sorted(changes, key=lambda one: one.visit):
        if change.is_order:
            if open_visits_of_order(turn.session, UUID(change.visit)):
                found[change.visit] = AlreadyBooked()
            continue
        try:
            visit = visit_seen_by(turn.session, turn.viewer, UUID(change.visit), to_change=True)
        except Refusal as refusal:
            found[change.visit] = refusal
            continue
        if visit.version != change.version:
            found[change.visit] = Stale(visit.version)
    ids = sorted({UUID(one.after.technician) for one in changes if one.after and one.after.technician})
    turn.session.execute(select(Technician.id).where(Technician.id.in_(ids)).order_by(Technician.id).with_for_update())
    return found


def _make_one(turn: Turn, run: PlanRun, change: Change) -> None:
    window = Window(change.window_start, change.window_end)
    after = change.after
    technician = UUID(after.technician) if after is not None and after.technician is not None else None
    start = after.start if after is not None else None
    if change.is_order:
        book_visit(
            turn,
            UUID(change.visit),
            window,
            technician_id=technician,
            planned_start=start,
            client_key=f"plan:{run.id}:{change.visit}",
        )
        return
    reschedule_visit(
        turn,
        UUID(change.visit),
        window,
        asked_by="company",
        reason="",
        technician_id=technician,
        planned_start=start,
        expected_version=change.version,
    )


def _settle(turn: Turn, run: PlanRun, taken: set[str], refused: Mapping[str, Refusal], *, whole: bool) -> None:
    """Write what came of it. Nothing taken: it stays a proposal, with what was refused beside it."""
    run.outcome = {
        "taken": sorted(taken),
        "refused": [
            {"visit": visit, "name": one.name, "zh": one.words.zh, "en": one.words.en}
            for visit, one in sorted(refused.items())
        ],
    }
    run.version += 1
    if taken or whole:
        run.state = "accepted" if whole else "accepted_in_part"
        run.settled_by, run.settled_at = turn.by, turn.now
    turn.session.flush()

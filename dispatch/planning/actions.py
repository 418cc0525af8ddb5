"""Verbs of planning: ask for plans, call one off. Taking up a proposal is in `accepting`."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Literal
from uuid import UUID, uuid4

from sqlalchemy import func, select

from checklists.words import Words
from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import PLANNERS
from dispatch.clock import local_day
from dispatch.errors import Invalid, NotAllowed, NotFound, Stale
from dispatch.planning.asked import OF_TECHNICIANS, OF_VISITS, Asked, Event
from dispatch.planning.queries import plan_seen_by
from dispatch.planning.tables import ENDED, PlanRun
from dispatch.technicians.tables import Area, Technician
from dispatch.visits.tables import Visit, WorkOrder

FARTHEST = timedelta(days=60)
MOST_AREAS = 200
MOST_OPEN = 500  # runs that wait at once; more is a program that has run wild
LACKS: dict[str, Words] = {
    "about": Words("请选择是哪位人员、哪次上门或哪张工单。", "Say which technician, visit or work order it is about."),
    "minutes": Words("请填写晚到或延长的分钟数。", "Say how many minutes late, or longer."),
    "percent": Words("请填写路上慢了百分之几。", "Say by how many percent the roads are slower."),
}


def ask_for_plans(
    turn: Turn,
    area_ids: Sequence[UUID],
    day: date,
    kind: Literal["plan", "replan", "what_if"],
    asked: Sequence[Asked],
    *,
    seconds: float | None = None,
    seed: int = 1,
) -> list[PlanRun]:
    """A run for each area and each of `asked`, to be claimed by any machine. Refuses with Invalid, and NotFound.

    `seconds` is how long to look; left out, as the settings say for this kind.
    """
    turn.viewer.must_be(PLANNERS)
    _must_be_a_day(turn, day)
    areas = list(dict.fromkeys(area_ids))
    if not 0 < len(areas) <= MOST_AREAS:
        raise Invalid(Words("请选择片区。", "Choose an area."), name="area-missing")
    known = set(turn.session.scalars(select(Area.id).where(Area.id.in_(areas))))
    if len(known) != len(areas):
        raise NotFound(Words("没有这个片区，请重新选择。", "There is no such area. Choose another."))
    for one in asked:
        _must_be_known(turn, one)
    open_now = turn.session.scalar(
        select(func.count()).select_from(PlanRun).where(PlanRun.state.in_(("waiting", "running")))
    )
    if (open_now or 0) + len(areas) * len(asked) > MOST_OPEN:
        raise NotAllowed(
            Words(
                "等待中的排程过多，请稍后再试，或先取消一些。", "Too many plans are waiting. Try later, or cancel some."
            ),
            name="too-many-plans",
        )
    settings, batch = turn.settings, uuid4()
    usual = {"plan": settings.plan_seconds, "replan": settings.replan_seconds, "what_if": settings.what_if_seconds}
    runs = [
        PlanRun(
            batch=batch,
            area_id=area,
            day=day.isoformat(),
            kind=kind,
            state="waiting",
            asked=one.model_dump(mode="json"),
            asked_by=turn.by,
            asked_at=turn.now + timedelta(microseconds=number),
            seconds=usual[kind] if seconds is None else seconds,
            iterations=settings.plan_iterations or None,
            seed=seed,
        )
        for number, (area, one) in enumerate((area, one) for area in areas for one in asked)
    ]
    turn.session.add_all(runs)
    turn.session.flush()
    turn.audit("ask_for_plans", "plan", batch, day=day.isoformat(), kind=kind, runs=len(runs))
    return runs


def cancel_plan(turn: Turn, run_id: UUID, expected_version: int | None = None) -> PlanRun:
    """Call it off: one that waits ends at once, one that runs within a second, a proposal is put away."""
    turn.viewer.must_be(PLANNERS)
    run = plan_seen_by(turn.session, turn.viewer, run_id, to_change=True)
    if expected_version is not None and expected_version != run.version:
        raise Stale(run.version)
    if run.state in ENDED:
        raise NotAllowed(
            Words("该方案已结束，无需取消。", "This plan has ended already; there is nothing to cancel."),
            name="plan-state",
            facts={"state": run.state},
        )
    run.stop_asked, run.settled_by, run.settled_at = True, turn.by, turn.now
    if run.state != "running":
        run.state, run.ended_at = "cancelled", turn.now
        run.version += 1
    turn.audit("cancel_plan", "plan", run.id)
    turn.session.flush()
    return run


def _must_be_a_day(turn: Turn, day: date) -> None:
    today = local_day(turn.now, turn.settings.zone)
    if day < today:
        raise Invalid(
            Words("这一天已经过去，请选择今天或以后。", "That day is past. Choose today or later."), name="day-past"
        )
    if day > today + FARTHEST:
        raise Invalid(
            Words("只能排最近 60 天，请选择更近的日期。", "Only the next 60 days can be planned. Choose a nearer day."),
            name="day-too-far",
        )


def _must_be_known(turn: Turn, asked: Asked) -> None:
    for event in asked.events:
        if event.lacks is not None:
            raise Invalid(LACKS[event.lacks], name=f"{event.lacks}-missing")
        if event.about is not None and not _is_there(turn, event, event.about):
            raise NotFound(
                Words("没有这位人员、这次上门或这张工单，请核对。", "There is no such technician, visit or work order.")
            )
    there = turn.session.scalar(select(func.count()).select_from(Visit).where(Visit.id.in_(asked.picked)))
    if asked.picked and there != len(set(asked.picked)):
        raise NotFound(
            Words("选中的上门有的已不存在，请刷新后重选。", "Some of these visits are not there. Pick again.")
        )


def _is_there(turn: Turn, event: Event, about: UUID) -> bool:
    if event.kind in OF_TECHNICIANS:
        return turn.session.get(Technician, about) is not None
    if event.kind in OF_VISITS:
        return turn.session.get(Visit, about) is not None
    return event.kind != "urgent" or turn.session.get(WorkOrder, about) is not None

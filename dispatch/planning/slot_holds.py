"""Times kept free for some minutes while somebody makes up their mind: rows, so that every machine knows of them."""

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload

from dispatch.accounts.turn import Turn
from dispatch.clock import day_bounds
from dispatch.planning.day_places import CENTRE, usable
from dispatch.planning.day_problem import ALONE
from dispatch.planning.day_standing import DayProblem, Present
from dispatch.planning.optimiser.people_and_visits import Pin, Visit
from dispatch.planning.optimiser.travel import Point, StraightLine
from dispatch.planning.optimiser.values import LONGEST, Window
from dispatch.planning.tables import SlotHold
from dispatch.technicians.tables import Technician
from dispatch.visits.tables import WorkOrder

HELD_FOR = timedelta(minutes=5)
HELD = "hold:"


def holds_of(turn: Turn, area_id: UUID, day: date, *, but: str | None = None) -> list[tuple[SlotHold, WorkOrder]]:
    """The times held that day by others than `but`, with the work orders that they are held for."""
    start, end = day_bounds(day, turn.settings.zone)
    rows = turn.session.execute(
        select(SlotHold, WorkOrder)
        .join(WorkOrder, WorkOrder.id == SlotHold.order_id)
        .join(Technician, Technician.id == SlotHold.technician_id)
        .where(Technician.area_id == area_id, SlotHold.held_until > turn.now)
        .where(SlotHold.planned_start >= start, SlotHold.planned_start < end)
        .options(joinedload(WorkOrder.site))
        .order_by(SlotHold.holder)
    )
    return [(hold, order) for hold, order in rows if hold.holder != but]


def hold_as_visit(day: DayProblem, holds: list[tuple[SlotHold, WorkOrder]]) -> DayProblem:
    """The day with the held times in it, as visits that stay with their technicians."""
    visits, present = list(day.problem.visits), dict(day.present)
    travel = day.problem.travel
    assert isinstance(travel, StraightLine)
    points = {point.place: point for point in travel.points}

    def seconds(moment: object) -> int:
        return max(0, min(LONGEST, int((moment - day.midnight).total_seconds())))  # type: ignore[operator]

    for hold, order in holds:
        who = str(hold.technician_id)
        if who not in day.problem.technicians_by_id:
            continue
        place = CENTRE
        if usable(order.site.latitude, order.site.longitude):
            place = f"site:{order.site.id}"
            points.setdefault(
                place, Point(place=place, latitude=order.site.latitude or 0.0, longitude=order.site.longitude or 0.0)
            )
        elif CENTRE not in points:
            place = next(iter(points))
        window = Window(
            start=seconds(hold.window_start), end=max(seconds(hold.window_start), seconds(hold.window_end) - 1)
        )
        name = HELD + hold.holder
        visits.append(
            Visit(
                id=name,
                place=place,
                duration=order.minutes * 60,
                windows=(window,),
                promised=window,
                kind=order.kind,
                skills=dict.fromkeys(order.skills, ALONE),
                pin=Pin(technician=who),
            )
        )
        window_is = (hold.window_start, hold.window_end)
        present[name] = Present(0, who, seconds(hold.planned_start), seconds(hold.planned_end), window_is)
    problem = day.problem.model_copy(
        update={"visits": tuple(visits), "travel": travel.model_copy(update={"points": tuple(points.values())})}
    )
    return DayProblem(problem, day.midnight, present, day.orders, day.guessed_places, day.taken)


def keep_hold(turn: Turn, hold: SlotHold) -> SlotHold:
    """Hold this, instead of what its holder held before."""
    let_hold_go(turn, hold.holder)
    turn.session.add(hold)
    turn.session.flush()
    return hold


def let_hold_go(turn: Turn, holder: str) -> None:
    """Let go of what somebody held."""
    held = turn.session.get(SlotHold, holder)
    if held is not None:
        turn.session.delete(held)
        turn.session.flush()


def forget_old_holds(turn: Turn) -> int:
    """Holds that ran out bind nobody; this only clears them away."""
    gone = turn.session.execute(delete(SlotHold).where(SlotHold.held_until < turn.now - timedelta(hours=1)))
    return int(getattr(gone, "rowcount", 0))

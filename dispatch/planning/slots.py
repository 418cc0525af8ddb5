"""Windows that can truly be offered, by the planned days of the next two weeks, each with what it adds to the price.

Exact: a window is offered when somebody's day with this visit in it keeps every rule. Where nobody's shifts are known
the free gaps of `visits.slots_offered` are offered instead. Taking a window is in `slot_booking`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

import numpy as np

from dispatch.accounts.turn import Turn
from dispatch.clock import local_day
from dispatch.planning.day_places import usable
from dispatch.planning.day_problem import ALONE
from dispatch.planning.optimiser.people_and_visits import Visit as Guest
from dispatch.planning.optimiser.travel import Point, StraightLine
from dispatch.planning.optimiser.values import Window as Seconds
from dispatch.planning.slot_days import SlotDay, revisions, slot_day, somebody_works
from dispatch.technicians.tables import Area
from dispatch.visits import slots_offered as by_gaps
from dispatch.visits.free_windows import SOONEST, windows_of_day
from dispatch.visits.life import Status
from dispatch.visits.queries import open_visits_of_order
from dispatch.visits.slots_offered import Offered, may_choose
from dispatch.visits.tables import Visit, WorkOrder
from dispatch.visits.windows import Window

DAYS = 14


@dataclass(frozen=True)
class PlannedOffer:
    """A window that can be kept, who would come, and what it adds to the day's price, in seconds of driving.

    `green`: somebody is near anyway, so that it costs at most half of going there on purpose. Proposal.
    """

    window: Window
    technician_id: UUID
    price: int
    green: bool


def offers_for(
    turn: Turn, order: WorkOrder, visit: Visit | None = None, *, only: Window | None = None, holder: str | None = None
) -> list[PlannedOffer] | None:
    """What can be promised for this order, by time; None where no shifts are known and nothing can be said.

    `visit` is one of the order's that would be moved; `order.site` is loaded. `holder` is whose held time counts free.
    """
    area = area_of(turn, order, visit)
    if area is None or not somebody_works(turn.session, area.id, turn.now, DAYS):
        return None
    zone = turn.settings.zone
    first = local_day(turn.now, zone)
    closed = closed_windows(turn, order, visit)
    days: dict[date, list[Window]] = {}
    for day in (first + timedelta(days=number) for number in range(DAYS)):
        windows = [
            window
            for window in windows_of_day(day, zone)
            if (only is None or window == only)
            and window.start >= turn.now + SOONEST
            and not any(window.overlaps(other) for other in closed)
        ]
        if windows:
            days[day] = windows
    said = revisions(turn, area, list(days)) if days else {}
    moments = (visit.window_start, visit.planned_start) if visit is not None else ()
    own = {local_day(moment, zone) for moment in moments if moment is not None}
    found: list[PlannedOffer] = []
    for day, windows in days.items():
        but = visit.id if visit is not None and day in own else None
        ready = slot_day(turn, area, day, said=said[day], but=but, holder=holder)
        if ready is not None and ready.finder is not None:
            found += _asked(ready, order, visit, area, windows)
    return sorted(found, key=lambda one: one.window.start)


def area_of(turn: Turn, order: WorkOrder, visit: Visit | None) -> Area | None:
    area_id = order.site.area_id
    if area_id is None and visit is not None and visit.technician is not None:
        area_id = visit.technician.area_id
    return turn.session.get(Area, area_id) if area_id is not None else None


def closed_windows(turn: Turn, order: WorkOrder, visit: Visit | None) -> list[Window]:
    """What must not be offered: the present window, and those of the order's other visits."""
    others = open_visits_of_order(turn.session, order.id)
    return [one.window for one in others if visit is None or one.id != visit.id or visit.status == Status.BOOKED]


def _asked(
    ready: SlotDay, order: WorkOrder, visit: Visit | None, area: Area, windows: Sequence[Window]
) -> list[PlannedOffer]:
    assert ready.finder is not None
    seconds = {seconds_of(ready, window): window for window in windows}
    guest, point = guest_of(ready, order, visit, next(iter(seconds))), point_of(order, area)
    on_purpose = _there_and_back(ready, point)
    return [
        PlannedOffer(seconds[offer.window], UUID(offer.technician), offer.price, 2 * offer.price <= on_purpose)
        for offer in ready.finder.offers(guest, list(seconds), point)
    ]


def _there_and_back(ready: SlotDay, point: Point) -> int:
    """Seconds from the nearest place where a day begins to the visit, and home again."""
    problem, travel = ready.day.problem, ready.day.problem.travel
    assert isinstance(travel, StraightLine), "free windows are reckoned by the straight line"
    starts = np.array(sorted({problem.place_numbers[one.start] for one in problem.technicians}), np.int64)
    return 2 * int(travel.ways_from(point, starts).min())


def seconds_of(ready: SlotDay, window: Window) -> Seconds:
    start, end = (int((moment - ready.day.midnight).total_seconds()) for moment in (window.start, window.end))
    return Seconds(start=max(0, start), end=max(0, end - 1))


def guest_of(ready: SlotDay, order: WorkOrder, visit: Visit | None, window: Seconds) -> Guest:
    """The visit as the optimiser sees it. Who comes now would rather come again."""
    who = str(visit.technician_id) if visit is not None and visit.technician_id is not None else None
    return Guest(
        id=str(order.id),
        place="guest",
        duration=order.minutes * 60,
        windows=(window,),
        kind=order.kind,
        skills=dict.fromkeys(order.skills, ALONE),
        area=str(order.site.area_id) if order.site.area_id else None,
        told=who if who in ready.day.problem.technicians_by_id else None,
    )


def point_of(order: WorkOrder, area: Area) -> Point:
    site = order.site
    if usable(site.latitude, site.longitude):
        return Point(place="guest", latitude=site.latitude or 0.0, longitude=site.longitude or 0.0)
    return Point(place="guest", latitude=area.latitude, longitude=area.longitude)


def offered_to(turn: Turn, visit: Visit) -> Offered:
    """What this visit's customer may choose from now. Nothing once somebody is on the way or the work has begun."""
    is_new = Status(visit.status) in by_gaps.ENDED_UNDONE
    if not may_choose(turn, visit):
        return Offered((), is_new)
    offers = offers_for(turn, visit.work_order, visit)
    if offers is None:
        return by_gaps.offered_to(turn, visit)
    return Offered(tuple(one.window for one in offers), is_new, frozenset(one.window for one in offers if one.green))

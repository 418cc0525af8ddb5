"""Taking a window that was offered, or holding it for some minutes: under a lock, as the judge would have it."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from checklists.words import Words
from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import SYSTEM
from dispatch.clock import local_day
from dispatch.database import one_at_a_time
from dispatch.errors import NotAllowed, NotFound
from dispatch.planning.optimiser.plan import Route
from dispatch.planning.placing import placed
from dispatch.planning.slot_days import SlotDay, slot_day, somebody_works
from dispatch.planning.slot_holds import HELD, HELD_FOR, keep_hold, let_hold_go
from dispatch.planning.slots import DAYS, area_of, closed_windows, guest_of, point_of, seconds_of
from dispatch.planning.tables import SlotHold
from dispatch.technicians.tables import Area
from dispatch.visits import slots_offered as by_gaps
from dispatch.visits.booking import Booked, book_visit, reschedule_visit
from dispatch.visits.changes import TechnicianBusy
from dispatch.visits.free_windows import SOONEST, windows_of_day
from dispatch.visits.life import Status
from dispatch.visits.queries import visit_seen_by
from dispatch.visits.slots_offered import TRIES, SlotGone
from dispatch.visits.standing_aside import nobody_stands_aside, stand_aside
from dispatch.visits.tables import Visit, WorkOrder
from dispatch.visits.windows import Window


def choose_slot(turn: Turn, visit_id: UUID, window: Window, *, key: str) -> Booked:
    """The customer takes a free window. A booked visit moves there at once; one that came to nothing gets a successor.

    `key` names this choice: the second press of the same form gets the first one's visit. Refuses with SlotGone when
    the window is not free any more, and with NotAllowed when the visit cannot be moved.
    """
    seen = visit_seen_by(turn.session, turn.viewer, visit_id)
    area = area_of(turn, seen.work_order, seen)
    if area is None or not somebody_works(turn.session, area.id, turn.now, DAYS):
        return by_gaps.choose_slot(turn, visit_id, window, key=key)
    _alone_on(turn, area, window)  # before the visit's row: whoever is inside may have to move that very visit
    visit = visit_seen_by(turn.session, turn.viewer, visit_id, to_change=True)
    there = by_gaps.chosen_already(turn, visit, window, key=key)
    if there is not None:
        return there
    done = take_window(turn, visit.work_order, visit, window, key=key)
    done.visit.confirmed_at = turn.now  # whoever chose it themselves need not be asked whether it suits
    return done


def take_window(
    turn: Turn,
    order: WorkOrder,
    visit: Visit | None,
    window: Window,
    *,
    key: str | None = None,
    holder: str | None = None,
) -> Booked:
    """Book `window` for the order, or move `visit` there, into the cheapest day that keeps every rule with it.

    Refuses with SlotGone. Others of that technician may move inside what they were told; nobody need hear of that.
    """
    area = area_of(turn, order, visit)
    if area is None:
        raise SlotGone
    _alone_on(turn, area, window)
    for _ in range(TRIES):
        found = _place_for(turn, order, visit, window, area, holder)
        if found is None:
            break
        ready, technician, route = found
        savepoint = turn.session.begin_nested()
        try:
            done = _book(turn, order, visit, window, ready, technician, route, key)
        except (TechnicianBusy, NotFound):  # somebody was quicker: look again at what is left
            savepoint.rollback()
            turn.session.expire_all()
            continue
        savepoint.commit()
        if holder is not None:
            let_hold_go(turn, holder)
        return done
    raise SlotGone


def _alone_on(turn: Turn, area: Area, window: Window) -> None:
    """Until this transaction ends nobody else takes windows of this area's day."""
    one_at_a_time(turn.session, "slots", str(area.id), str(local_day(window.start, turn.settings.zone)))


def _place_for(
    turn: Turn, order: WorkOrder, visit: Visit | None, window: Window, area: Area, holder: str | None
) -> tuple[SlotDay, str, Route] | None:
    """The day, the technician and the route with this visit in it, as the rows stand now."""
    if window.start < turn.now + SOONEST or any(window.overlaps(one) for one in closed_windows(turn, order, visit)):
        return None
    day = local_day(window.start, turn.settings.zone)
    if window not in windows_of_day(day, turn.settings.zone):
        return None
    ready = slot_day(turn, area, day, but=visit.id if visit else order.id, holder=holder)
    if ready is None or ready.finder is None:
        return None
    guest = guest_of(ready, order, visit, seconds_of(ready, window))
    point = point_of(order, area)
    offers = ready.finder.offers(guest, [seconds_of(ready, window)], point)
    for offer in offers:
        route = placed(ready.day, ready.plan, offer.technician, guest, point)
        if route is not None:
            return ready, offer.technician, route
    return None


def _book(
    turn: Turn,
    order: WorkOrder,
    visit: Visit | None,
    window: Window,
    ready: SlotDay,
    technician: str,
    route: Route,
    key: str | None,
) -> Booked:
    """Write it: those who make room first stand aside, all in this transaction."""
    start = next(stop.start for stop in route.stops if stop.visit == str(order.id))
    moved = _make_room(turn, ready, technician, route, visit)
    at = ready.day.midnight + timedelta(seconds=start)
    if visit is not None and visit.status == Status.BOOKED:
        done = reschedule_visit(
            turn,
            visit.id,
            window,
            asked_by="customer",
            reason="",
            technician_id=UUID(technician),
            planned_start=at,
        )
    else:
        done = book_visit(turn, order.id, window, technician_id=UUID(technician), planned_start=at, client_key=key)
    nobody_stands_aside(turn, moved)
    return done


def _make_room(turn: Turn, ready: SlotDay, technician: str, route: Route, visit: Visit | None) -> list[UUID]:
    """Move the technician's other visits, and times held, to where the route has them, inside what was told."""
    others: dict[UUID, datetime] = {}
    for stop in route.stops:
        known = ready.day.present.get(stop.visit)
        if known is None or known.start == stop.start:
            continue
        at = ready.day.midnight + timedelta(seconds=stop.start)
        if stop.visit.startswith(HELD):
            hold = turn.session.get_one(SlotHold, stop.visit.removeprefix(HELD))
            hold.planned_start, hold.planned_end = at, at + (hold.planned_end - hold.planned_start)
        else:
            pin = ready.day.problem.visits_by_id[stop.visit].pin
            if pin is None or pin.begun is None:
                others[UUID(stop.visit)] = at
    if not others:
        return []
    system = replace(turn, viewer=SYSTEM)
    stand_aside(system, [*others, *([visit.id] if visit is not None and visit.status == Status.BOOKED else [])])
    for visit_id, at in others.items():
        other = visit_seen_by(turn.session, SYSTEM, visit_id, to_change=True)
        reschedule_visit(
            system,
            visit_id,
            other.window,
            asked_by="company",
            reason="",
            technician_id=UUID(technician),
            planned_start=at,
        )
    return list(others)


def hold_window(turn: Turn, order: WorkOrder, window: Window, *, holder: str) -> SlotHold:
    """Keep `window` free for this order for five minutes, instead of what `holder` held before. Refuses with SlotGone,
    and with NotAllowed an order of an area without shifts."""
    if order.state != "open":
        raise NotAllowed(
            Words("该工单已完结，不能再预约。", "This work order is closed and cannot be booked."), name="order-closed"
        )
    area = area_of(turn, order, None)
    if area is None or not somebody_works(turn.session, area.id, turn.now, DAYS):
        raise NotAllowed(
            Words("该片区没有登记班次，无法预留时段。", "Nobody's shifts are known in that area: no time can be held."),
            name="no-shifts",
        )
    _alone_on(turn, area, window)
    found = _place_for(turn, order, None, window, area, holder)
    if found is None:
        raise SlotGone
    ready, technician, route = found
    system = replace(turn, viewer=SYSTEM)
    moved = _make_room(system, ready, technician, route, None)
    nobody_stands_aside(turn, moved)
    start = next(stop.start for stop in route.stops if stop.visit == str(order.id))
    at = ready.day.midnight + timedelta(seconds=start)
    return keep_hold(
        turn,
        SlotHold(
            holder=holder,
            order_id=order.id,
            technician_id=UUID(technician),
            window_start=window.start,
            window_end=window.end,
            planned_start=at,
            planned_end=at + timedelta(minutes=order.minutes),
            held_until=turn.now + HELD_FOR,
        ),
    )

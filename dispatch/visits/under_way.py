"""Telling the customer that the technician is under way, or will be late; and guessing when they will be there."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from checklists.words import Words
from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import PLANNERS, Role
from dispatch.clock import day_bounds, local_day
from dispatch.customers.tables import Site
from dispatch.errors import Forbidden, Invalid, NotAllowed
from dispatch.notices.tables import Notice
from dispatch.technicians.tables import Technician
from dispatch.visits.changes import must_be_current, write_change
from dispatch.visits.life import MOVABLE, STATUS_WORDS, Status
from dispatch.visits.predicting import Place, predicted_arrival, still_worth_saying
from dispatch.visits.punctuality import LateNotice, late_notice
from dispatch.visits.queries import changes_of, visit_seen_by
from dispatch.visits.tables import Visit, WorkOrder
from dispatch.visits.telling import tell

ON_THE_WAY: frozenset[Role] = PLANNERS | {"technician"}
TRAVEL_KINDS = ("on_the_way", "running_late")
BEFORE_ARRIVAL = ("reminder", *TRAVEL_KINDS)
"""What tells nothing any more once the technician stands at the door."""
LATEST_AFTER_WINDOW = timedelta(hours=4)
UNTIL_THEY_COME = timedelta(hours=1)  # how long “on the way” without a time may still be said


def guess_arrival(turn: Turn, visit: Visit, departed: datetime) -> datetime | None:
    """When the technician who sets out at `departed` will be there, by distance; None where a place is unknown."""
    site = visit.work_order.site
    return predicted_arrival(_whereabouts(turn, visit, departed), _place(site), departed=departed)


def _whereabouts(turn: Turn, visit: Visit, departed: datetime) -> Place | None:
    """Where the technician was last that day: their last site, else where their day begins, else the area's centre."""
    first, end = day_bounds(local_day(departed, turn.settings.zone), turn.settings.zone)
    last = turn.session.scalar(
        select(Site)
        .join(WorkOrder, WorkOrder.site_id == Site.id)
        .join(Visit, Visit.work_order_id == WorkOrder.id)
        .where(
            Visit.technician_id == visit.technician_id,
            Visit.id != visit.id,
            Visit.arrived_at >= first,
            Visit.arrived_at < min(end, departed),
            Site.latitude.is_not(None),
            Site.longitude.is_not(None),
        )
        .order_by(Visit.arrived_at.desc())
        .limit(1)
    )
    if last is not None:
        return _place(last)
    technician = turn.session.scalar(
        select(Technician).where(Technician.id == visit.technician_id).options(joinedload(Technician.area))
    )
    if technician is None:
        return None
    if technician.start_latitude is not None and technician.start_longitude is not None:
        return Place(technician.start_latitude, technician.start_longitude)
    return Place(technician.area.latitude, technician.area.longitude) if technician.area else None


def _place(site: Site) -> Place | None:
    if site.latitude is None or site.longitude is None:
        return None
    return Place(site.latitude, site.longitude)


def tell_of_departure(turn: Turn, visit: Visit, predicted: datetime | None) -> Notice | None:
    """After `depart`: “on the way”, or “running late” if they will be; nothing when it comes too late to be of use."""
    assert visit.departed_at is not None
    if not still_worth_saying(predicted, visit.departed_at, now=turn.now):
        return None
    if predicted is not None and late_notice(visit.window, predicted, now=turn.now) is not None:
        return say_late(turn, visit, predicted, "")
    return tell(
        turn,
        visit,
        "on_the_way",
        replaces=BEFORE_ARRIVAL,
        about=predicted or turn.now,
        useful_until=predicted or turn.now + UNTIL_THEY_COME,
        predicted=predicted.isoformat() if predicted else None,
    )


def say_late(turn: Turn, visit: Visit, predicted: datetime, reason: str) -> Notice | None:
    """Owe “running late”, with its deadline; None when `predicted` is in time."""
    late = late_notice(visit.window, predicted, now=turn.now)
    if late is None:
        return None
    return tell(
        turn,
        visit,
        "running_late",
        replaces=BEFORE_ARRIVAL,
        about=predicted,
        deadline=late.tell_until,
        useful_until=predicted,
        predicted=predicted.isoformat(),
        reason=reason.strip(),
    )


def run_late(
    turn: Turn, visit_id: UUID, *, predicted: datetime, reason: str, expected_version: int | None = None
) -> tuple[Visit, Notice | None]:
    """The technician, or the desk, sees that the arrival will be late: kept, and the customer is told at once.

    The same arrival and reason again owes nothing. Refuses with Invalid an arrival that is in time, past, or so far
    off that the visit should be moved, and with NotAllowed a visit that has begun or ended.
    """
    if turn.viewer.role not in ON_THE_WAY and turn.viewer.role != "system":
        raise Forbidden
    visit = visit_seen_by(turn.session, turn.viewer, visit_id, to_change=True)
    must_be_current(visit, expected_version)
    _must_be_expected(visit)
    late = _must_be_late(visit, predicted, turn.now)
    said = (predicted.isoformat(), reason.strip())
    last = next(
        (one for one in reversed(changes_of(turn.session, visit)) if one.what in ("running_late", "moved")), None
    )
    if last is not None and (last.facts.get("predicted"), last.reason) == said:
        return visit, None
    visit.predicted_at = predicted
    write_change(
        turn,
        visit,
        "running_late",
        asked_by="company",
        reason=said[1],
        breach=late.breach,
        tell_until=late.tell_until,
        predicted=said[0],
    )
    return visit, say_late(turn, visit, predicted, reason)


def _must_be_expected(visit: Visit) -> None:
    status = Status(visit.status)
    if status not in MOVABLE:
        raise NotAllowed(
            Words(
                f"该上门当前为“{STATUS_WORDS[status].zh}”，无需再告知晚到。",
                f"This visit is “{STATUS_WORDS[status].en}”: there is no arrival left to be late for.",
            ),
            name="visit-state",
            facts={"status": status.value},
        )


def _must_be_late(visit: Visit, predicted: datetime, now: datetime) -> LateNotice:
    if predicted <= now:
        raise Invalid(
            Words("预计到达时间已过，请填写将来的时间。", "That arrival lies in the past. Say when it will be."),
            name="arrival-in-the-past",
        )
    if predicted > visit.window_end + LATEST_AFTER_WINDOW:
        raise Invalid(
            Words(
                "比约定晚四小时以上，请致电客户商量，由调度改约。",
                "That is more than four hours late. Call the customer, and have the desk move the visit.",
            ),
            name="too-late-to-come",
        )
    late = late_notice(visit.window, predicted, now=now)
    if late is None:
        raise Invalid(
            Words(
                "预计到达仍在约定时间之内，无需告知晚到。", "That arrival keeps the promise: there is nothing to tell."
            ),
            name="not-late",
        )
    return late

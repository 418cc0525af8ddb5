"""Filling an empty database with the demo city, as if its people had worked in it until now."""

import random
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import count

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from checklists.words import Words
from dispatch.accounts.tables import Account
from dispatch.accounts.viewer import Viewer
from dispatch.customers.tables import Customer
from dispatch.demo.acting import Stage
from dispatch.demo.care import look_after_customers
from dispatch.demo.city import QUARTERS
from dispatch.demo.crew import Login, hire
from dispatch.demo.day import book_into, play, slots_of
from dispatch.demo.history import STORIES, live_through
from dispatch.demo.on_site import PHONE
from dispatch.demo.orders import a_household
from dispatch.demo.people import some_people
from dispatch.demo.told import tell_the_past
from dispatch.errors import NotAllowed
from dispatch.outages.actions import plan_outage
from dispatch.phones.actions import phone_seen
from dispatch.settings import Settings
from dispatch.technicians.tables import Area, Technician
from dispatch.visits import on_the_day
from dispatch.visits.booking import cancel_visit, reschedule_visit
from dispatch.visits.life import Status
from dispatch.visits.tables import Visit, WorkOrder
from dispatch.visits.windows import Window

ORDERS = 80
WAITING = 9  # work orders that nobody has booked yet
UNASSIGNED = 5  # booked with the customer, but no technician yet
PER_DAY = 33
SEED = 20261122


@dataclass(frozen=True)
class Filled:
    """What was made."""

    logins: tuple[Login, ...]
    technicians: int
    orders: int
    visits: int
    finished: int


class NotEmpty(NotAllowed):
    """There is something in the database already."""

    name = "database-not-empty"
    title = Words("数据库非空", "Not empty")

    def __init__(self) -> None:
        super().__init__(
            Words(
                "数据库里已有数据，演示数据只写入空库。请换一个数据目录（DOORSTEP_DATA_DIR）或空数据库。",
                "The database holds something already, and demo data go only into an empty one. "
                "Choose another data folder (DOORSTEP_DATA_DIR) or an empty database.",
            )
        )


def is_empty(session: Session) -> bool:
    """Whether nobody has worked with this database yet."""
    return not any(
        session.scalar(select(func.count()).select_from(table)) for table in (Account, Customer, Technician, WorkOrder)
    )


def fill(session: Session, settings: Settings, now: datetime, seed: int = SEED) -> Filled:
    """Write the demo city in the caller's transaction. The same `seed` and `now` tell the same story.

    Refuses with NotEmpty. Ids, record numbers and passwords are random all the same: they must not be guessable.
    """
    if not is_empty(session):
        raise NotEmpty
    chance = random.Random(seed)  # noqa: S311 - a story, no secret
    crew = hire(session, settings, now - timedelta(days=240), now)
    stage = Stage(session, settings, crew, chance)
    people = some_people(chance, ORDERS + len(STORIES))
    households = live_through(stage, people[: len(STORIES)], now)
    numbers = count(1)
    today = now.astimezone(settings.zone).date()
    reported = datetime.combine(today, time(9, 0), settings.zone) - timedelta(days=1)
    orders: list[tuple[WorkOrder, str]] = []
    for person in people[len(STORIES) :]:
        number = next(numbers)
        quarter = QUARTERS[number % len(QUARTERS)]
        # the first two repairs of the day are the same fault again on lines that have a past
        again = households[number - 1] if number <= 2 else None
        household = again or a_household(chance, person, quarter, number)
        kind = "repair" if again or chance.random() < 0.6 else "install"
        at = min(reported + timedelta(minutes=5 * number), now - timedelta(minutes=1))
        told = household.told(chance, kind, f"WO{today:%y%m%d}{number:04d}", at, 0 if again else None)  # type: ignore[arg-type]
        orders.append((stage.take_in(told), household.home.quarter))
    visits = _book(stage, orders, now)
    _stir(stage, visits, now)
    _phones_are_heard_of(stage, now)
    look_after_customers(stage, visits, now)
    tell_the_past(session, settings, now)
    finished = sum(visit.status == Status.SEALED for visit in visits)
    return Filled(crew.logins, sum(map(len, crew.by_area.values())), ORDERS, len(visits), finished)


def _book(stage: Stage, orders: list[tuple[WorkOrder, str]], now: datetime) -> list[Visit]:
    """Today, then tomorrow, area by area; what is left is unassigned or waits."""
    today = now.astimezone(stage.settings.zone).date()
    visits: list[Visit] = []
    left = list(orders)
    for offset in (0, 1):
        slots = slots_of(stage, today + timedelta(days=offset))
        booked_today = 0
        for order, area in list(left):
            if booked_today == PER_DAY or len(left) <= WAITING + UNASSIGNED:
                break
            if not slots[area]:
                continue
            slot = slots[area].pop(0)
            asked = (
                now - timedelta(minutes=len(left) % 7) if offset and len(left) % 11 == 0 else _desk_hours(order, now)
            )
            visit = book_into(stage, order, slot, len(visits), min(asked, now))
            visits.append(visit)
            left.remove((order, area))
            booked_today += 1
            if offset == 0:
                _confirm(stage, visit, now)
                play(stage, visit, now, nobody_home=booked_today in (7, 19))
    afternoon = datetime.combine(today + timedelta(days=1), time(13, 0), stage.settings.zone)
    for order, _ in left[:UNASSIGNED]:
        window = Window(afternoon, afternoon + timedelta(hours=4))
        visits.append(stage.book(order, window, _desk_hours(order, now), None, None))
    return visits


def _phones_are_heard_of(stage: Stage, now: datetime) -> None:
    """Every technician's phone was in touch some minutes ago."""
    for crew in stage.crew.by_area.values():
        for technician in crew:
            at = now - timedelta(minutes=stage.chance.randrange(1, 12))
            phone_seen(stage.turn(stage.crew.viewer_of_technician(technician.id), at), PHONE)


def _confirm(stage: Stage, visit: Visit, now: datetime) -> None:
    """Four customers of five press “confirm” within half an hour."""
    at = visit.created_at + timedelta(minutes=stage.chance.randrange(3, 30))
    if stage.chance.random() < 0.8 and at < min(visit.window_start, now) and visit.confirmed_at is None:
        on_the_day.confirm(stage.turn(Viewer(role="customer", name="link", visit_id=visit.id), at), visit.id)


def _plan_outage(stage: Stage, now: datetime) -> None:
    """Work on the network in three nights: a draft, of which nobody is told before a supervisor says so."""
    night = now.astimezone(stage.settings.zone).date() + timedelta(days=3)
    begin = datetime.combine(night, time(1, 0), stage.settings.zone)
    area = stage.session.scalars(select(Area).order_by(Area.name)).first()
    assert area is not None
    reason = Words("光缆割接升级", "an upgrade of the fibre cable")
    plan_outage(stage.desk(now), area.id, begin, begin + timedelta(hours=4), reason)


def _desk_hours(order: WorkOrder, now: datetime) -> datetime:
    return min(order.reported_at + timedelta(minutes=40), now)


def _stir(stage: Stage, visits: list[Visit], now: datetime) -> None:
    """What happens on any day: customers confirm, ask for another time, are moved; one cancels."""
    later = [v for v in visits if v.status == Status.BOOKED and v.window_start > now + timedelta(hours=3)]
    for number, visit in enumerate(later):
        if number % 3 == 0:
            _confirm(stage, visit, now)
    _plan_outage(stage, now)
    if len(later) < 5:
        return
    customer = Viewer(role="customer", name="link", visit_id=later[-2].id)
    wish = Window(later[-2].window_start + timedelta(days=1), later[-2].window_end + timedelta(days=1))
    on_the_day.ask_for_another_time(
        stage.turn(customer, now), later[-2].id, wish=wish, call_me=False, words="临时出差，改到后天可以吗？"
    )
    on_the_day.ask_for_another_time(
        stage.turn(Viewer(role="customer", name="link", visit_id=later[-3].id), now),
        later[-3].id,
        wish=None,
        call_me=True,
        words="家里有老人，想先问问要多久。",
    )
    moved = next((v for v in reversed(later[:-3]) if v.technician_id is not None), None)
    if moved is not None:
        window = Window(moved.window_start + timedelta(days=1), moved.window_end + timedelta(days=1))
        reschedule_visit(
            stage.desk(now),
            moved.id,
            window,
            asked_by="company",
            reason="所需器材明日到货",
            technician_id=moved.technician_id,
        )
    cancel_visit(stage.desk(now), later[0].id, asked_by="customer", reason="客户自行解决")

"""The demo city is believable: at any hour everything is where it would be, and nothing clashes. Both engines."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import func, select

from dispatch.accounts.tables import Account
from dispatch.accounts.viewer import SYSTEM
from dispatch.customers.tables import Customer, Site
from dispatch.database import Database
from dispatch.demo.crew import TRIAL_PASSWORD, is_loopback, password_for
from dispatch.demo.filling import Filled, NotEmpty, fill
from dispatch.migrating import migrate
from dispatch.notices.tables import Notice
from dispatch.records.tables import Record
from dispatch.settings import Settings
from dispatch.technicians.tables import KitStock, Shift, Technician
from dispatch.visits.life import OCCUPYING
from dispatch.visits.queries import orders_waiting
from dispatch.visits.tables import Visit, WorkOrder
from tests.conftest import DATA_KEY, a_copy
from tests.makers import some_settings

TEN = datetime(2026, 11, 23, 2, 15, tzinfo=UTC)  # 10:15 on a Monday in Shanghai
FIVE_PM = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
THREE_AM = datetime(2026, 11, 22, 19, 0, tzinfo=UTC)


MORNINGS = [("sqlite", TEN), ("postgresql", TEN)]
in_the_morning = pytest.mark.parametrize("city", MORNINGS, indirect=True)
pytestmark = pytest.mark.xdist_group("demo city")


@dataclass(frozen=True)
class City:
    """A filled database. Tests only look at it: filling takes seconds, and all of this file share these few."""

    database: Database
    settings: Settings
    filled: Filled
    now: datetime


def _city(folder: Path, address: str, now: datetime) -> City:
    settings = some_settings(folder / "var", address)
    database = Database(address, data_key=DATA_KEY.encode())
    with database.writing() as session:
        filled = fill(session, settings, now)
    return City(database, settings, filled, now)


@pytest.fixture(scope="module", params=[*MORNINGS, ("sqlite", FIVE_PM), ("postgresql", THREE_AM)])
def city(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """The city at an hour of the day on an engine."""
    engine, now = request.param
    with a_copy(request, engine, tmp_path_factory.mktemp("city")) as address:
        made = _city(tmp_path_factory.mktemp("city"), address, now)
        yield made
        made.database.dispose()


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    return some_settings(tmp_path / "var", database_url)


def test_at_any_hour_every_visit_is_where_it_would_be(city: City) -> None:
    now = city.now
    assert (city.filled.technicians, city.filled.orders) == (12, 80)
    with city.database.reading() as session:
        visits = list(session.scalars(select(Visit).where(Visit.technician_id.is_not(None))))
        assert len(visits) >= 60
        for visit in visits:
            assert visit.planned is not None
            if visit.status == "booked":
                assert visit.planned.end > now, "what is long over is not still to come"
            if visit.status in ("sealed", "no_access"):
                assert visit.planned.start < now
            if visit.status == "on_site":
                assert visit.arrived_at is not None
                assert visit.arrived_at <= now <= visit.planned.end
            for moment in (visit.departed_at, visit.arrived_at, visit.ended_at):
                assert moment is None or moment <= now, "nothing has happened in the future"
        under_way = {v.status for v in visits} & {"on_site", "en_route"}
        assert bool(under_way) == (now == TEN), "people are at work in the morning, not after five or at night"
        by_technician: dict[object, list[Visit]] = {}
        for visit in visits:
            if visit.status in OCCUPYING:
                by_technician.setdefault(visit.technician_id, []).append(visit)
        assert len(by_technician) == 12
        for theirs in by_technician.values():
            windows = sorted((v.planned for v in theirs if v.planned), key=lambda w: w.start)
            assert not any(one.overlaps(next_one) for one, next_one in pairwise(windows))


@in_the_morning
def test_the_city_has_what_every_page_wants_to_show(city: City) -> None:
    with city.database.reading() as session:
        assert len(orders_waiting(session, SYSTEM)) >= 5
        unassigned = session.scalar(select(func.count()).select_from(Visit).where(Visit.technician_id.is_(None)))
        assert unassigned == 5
        roles = {row.role for row in session.scalars(select(Account))}
        assert roles == {"admin", "supervisor", "dispatcher", "care_agent", "technician"}
        names = " ".join(session.scalars(select(Customer.name))) + " ".join(session.scalars(select(Site.address)))
        for rare in "𬭎㛃䶮":
            assert rare in names
        assert "en" in set(session.scalars(select(Customer.language)))
        kinds = set(session.scalars(select(WorkOrder.kind)))
        assert kinds == {"install", "repair"}
        per_line = session.execute(select(Record.line_id, func.count()).group_by(Record.line_id)).all()
        assert max(row[1] for row in per_line) >= 3, "one line has a past to compare with"
        assert session.scalar(select(func.count()).select_from(Visit).where(Visit.wish.is_not(None)))
        assert {"accepted", "owed", "superseded"} <= set(session.scalars(select(Notice.state)))
        stale = session.scalars(select(Notice).where(Notice.state == "owed", Notice.owed_at < TEN - timedelta(hours=1)))
        assert not list(stale), "no message of yesterday is sent today"
        covers = session.scalars(select(KitStock.quantity).where(KitStock.item == "shoe_covers"))
        assert min(covers) <= 3, "one van is about to run out"


@in_the_morning
def test_everybody_is_on_shift_today_and_for_a_week(city: City) -> None:
    settings = city.settings
    with city.database.reading() as session:
        for technician in session.scalars(select(Technician)):
            shifts = list(session.scalars(select(Shift).where(Shift.technician_id == technician.id)))
            days = {shift.starts_at.astimezone(settings.zone).date() for shift in shifts}
            today = TEN.astimezone(settings.zone).date()
            assert {today + timedelta(days=n) for n in range(8)} <= days
            assert all(shift.lunch_minutes == 45 for shift in shifts)


@pytest.mark.parametrize("city", [("postgresql", TEN)], indirect=True)
def test_the_same_seed_and_hour_tell_the_same_story_on_the_other_engine(city: City, tmp_path: Path) -> None:
    def story(database: Database) -> list[tuple[object, ...]]:
        with database.reading() as session:
            rows = session.execute(
                select(WorkOrder.external_id, Customer.name, Site.address, Visit.planned_start, Visit.status)
                .join(Customer, Customer.id == WorkOrder.customer_id)
                .join(Site, Site.id == WorkOrder.site_id)
                .outerjoin(Visit, Visit.work_order_id == WorkOrder.id)
            )
            return sorted((tuple(row) for row in rows), key=repr)

    second = Database(f"sqlite:///{tmp_path / 'second.db'}", data_key=DATA_KEY.encode())
    migrate(second)
    with second.writing() as session:
        fill(session, city.settings, TEN)
    assert story(city.database) == story(second)
    second.dispose()


def test_a_database_with_anything_in_it_is_left_alone(database: Database, settings: Settings) -> None:
    with database.writing() as session:
        session.add(Customer(name="王𬭎", phone="+8613800000001", created_at=TEN))
    with pytest.raises(NotEmpty), database.writing() as session:
        fill(session, settings, TEN)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Technician)) == 0


@pytest.mark.parametrize(
    ("host", "environment", "known"),
    [
        ("127.0.0.1", "trial", True),
        ("::1", "trial", True),
        ("localhost", "trial", True),
        ("0.0.0.0", "trial", False),
        ("192.168.1.5", "trial", False),
        ("example.net", "trial", False),
        ("127.0.0.1", "production", False),
    ],
)
def test_the_published_password_is_only_for_trials_on_this_machine(
    tmp_path: Path, host: str, environment: str, known: bool
) -> None:
    settings = some_settings(tmp_path, "", host=host, environment=environment)
    assert (password_for(settings) == TRIAL_PASSWORD) is known
    if not known:
        assert password_for(settings) != password_for(settings)


def test_loopback_is_what_only_this_machine_can_reach() -> None:
    assert [is_loopback(host) for host in ("127.0.0.1", "127.9.9.9", "[::1]")] == [True] * 3
    assert [is_loopback(host) for host in ("0.0.0.0", "::", "10.0.0.1", "localhost.example.net", "")] == [False] * 5

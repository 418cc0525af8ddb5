"""Whatever changes is counted anew, by whoever changed it; so is what time alone changes; and a restored copy, too."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from dispatch.accounts.actions import open_account
from dispatch.accounts.batches import until_none_is_left
from dispatch.accounts.viewer import SYSTEM, Viewer
from dispatch.backups.making import make_backup
from dispatch.backups.restoring import restore_backup
from dispatch.care.complaints.registering import Told, register_complaint
from dispatch.care.complaints.tables import Complaint, ComplaintRound
from dispatch.care.return_calls.tables import ReturnCall
from dispatch.customers.tables import Site
from dispatch.database import Database
from dispatch.house import open_house
from dispatch.kpis.filing import file_waiting, waiting
from dispatch.kpis.tables import figure_rows
from dispatch.notices.tables import Notice
from dispatch.records.tables import RatingRow
from dispatch.settings import Settings
from dispatch.technicians.tables import Area
from dispatch.visits.booking import reschedule_visit
from dispatch.visits.rules import Override
from dispatch.visits.tables import Visit, WorkOrder
from tests.conftest import DATA_KEY
from tests.makers import NOON, a_booking, a_technician, a_turn, a_window, an_order, some_settings

HOUR, DAY, SECOND = timedelta(hours=1), timedelta(days=1), timedelta(seconds=1)
AFTER = NOON + 3 * DAY


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    return some_settings(tmp_path / "var", database_url)


@pytest.fixture
def visit_id(database: Database, settings: Settings) -> UUID:
    """A repair, completed at the first visit; counted."""
    with database.writing() as session:
        turn = a_turn(session, settings)
        open_account(session, SYSTEM, login="boss", name="boss", role="supervisor", password=None, now=NOON)
        visit = a_booking(turn, a_technician(session)).visit
        visit.status, visit.arrived_at = "sealed", visit.window_start
        visit.ended_at = visit.window_start + HOUR
        session.execute(update(WorkOrder).values(state="done"))
    return visit.id


def count(database: Database, settings: Settings, now: datetime = AFTER) -> int:
    return until_none_is_left(database, settings, file_waiting, now)


def row_of(database: Database, of: str = "visit", **columns: Any) -> Any:
    with database.reading() as session:
        query = select(figure_rows).where(figure_rows.c.of == of)
        for name, value in columns.items():
            query = query.where(figure_rows.c[name] == value)
        return session.execute(query).one()


def a_rating(session: Session, visit: UUID) -> None:
    session.add(RatingRow(visit_id=visit, overall=2, conduct=None, recommend=9, at=AFTER))


def a_return_call(session: Session, visit: UUID) -> None:
    customer = session.scalars(select(WorkOrder.customer_id)).first()
    session.add(
        ReturnCall(visit_id=visit, customer_id=customer, state="done", made_at=AFTER, next_at=AFTER, due_at=AFTER,
                   tries=[], fixed="no", overall=1, done_at=AFTER)
    )  # fmt: skip


def told_in_time(session: Session, visit: UUID) -> None:
    in_time = session.get_one(Visit, visit).window_start
    session.execute(update(Notice).where(Notice.visit_id == visit).values(accepted_at=in_time, state="accepted"))


def in_another_area(session: Session, visit: UUID) -> None:
    area = Area(name="别处", name_en="Elsewhere", latitude=31.0, longitude=121.0)
    session.add(area)
    session.flush()
    session.execute(update(Site).values(area_id=area.id))


def a_fault_again(session: Session, visit: UUID) -> None:
    order = session.scalars(select(WorkOrder)).one()
    ended = session.get_one(Visit, visit).ended_at
    assert ended is not None
    again = {"id": uuid4(), "kind": "repair", "reported_at": ended + DAY, "state": "open", "external_id": None}
    columns = {column.key: getattr(order, column.key) for column in WorkOrder.__table__.columns}
    session.add(WorkOrder(**(columns | again)))


def later(session: Session, visit: UUID) -> None:
    session.get_one(Visit, visit).arrived_at = session.get_one(Visit, visit).window_end + SECOND


CHANGES: list[tuple[Callable[[Session, UUID], None], dict[str, Any]]] = [
    (a_rating, {"overall": 2, "recommend": 9}),
    (a_return_call, {"overall": 1, "first_fix": 0}),
    (told_in_time, {"booking_told": 1}),
    (later, {"on_time": 0, "arrival": "late"}),
    (a_fault_again, {"repeat_7": 1, "first_fix": 0}),
]


@pytest.mark.parametrize(("change", "then"), CHANGES, ids=lambda one: getattr(one, "__name__", ""))
def test_what_changes_by_any_hand_is_counted_anew(
    database: Database,
    settings: Settings,
    visit_id: UUID,
    change: Callable[[Session, UUID], None],
    then: dict[str, Any],
) -> None:
    count(database, settings, NOON + 20 * DAY)
    before = row_of(database, id=visit_id)
    with database.writing() as session:
        change(session, visit_id)
    with database.reading() as session:
        assert waiting(session) >= 1
    count(database, settings, NOON + 20 * DAY)
    after = row_of(database, id=visit_id)
    assert {name: getattr(after, name) for name in then} == then
    assert {name: getattr(before, name) for name in then} != then


def test_an_area_moves_with_its_site(database: Database, settings: Settings, visit_id: UUID) -> None:
    count(database, settings)
    assert row_of(database, id=visit_id).area_id is None
    with database.writing() as session:
        in_another_area(session, visit_id)
    count(database, settings)
    with database.reading() as session:
        assert row_of(database, id=visit_id).area_id == session.scalars(select(Area.id)).one()


def test_a_complaint_counts_with_its_visit_and_by_itself(
    database: Database, settings: Settings, visit_id: UUID
) -> None:
    count(database, settings)
    assert row_of(database, id=visit_id).complained == 0
    with database.writing() as session:
        customer = session.scalars(select(WorkOrder.customer_id)).one()
        told = Told(customer, "phone", "quality", "修了又坏", 2, visit_id=visit_id)
        complaint = register_complaint(a_turn(session, settings, AFTER), told)
    count(database, settings)
    assert row_of(database, id=visit_id).complained == 1
    assert (row_of(database, "complaint").escalated, row_of(database, "complaint").in_time) == (0, None)
    count(database, settings, complaint.final_by + SECOND)
    assert row_of(database, "complaint").in_time == 0  # nobody answered it
    with database.writing() as session:
        session.execute(update(Complaint).values(state="withdrawn", ended_at=AFTER))
    count(database, settings, complaint.final_by + SECOND)
    assert row_of(database, id=visit_id).complained == 0
    with database.writing() as session:
        session.execute(delete(ComplaintRound))
        session.execute(text("UPDATE complaints SET appeals = 1"))
    count(database, settings)
    assert row_of(database, "complaint").escalated == 1


def test_an_override_inside_two_hours_is_a_change_not_told_in_time(database: Database, settings: Settings) -> None:
    with database.writing() as session:
        turn = a_turn(session, settings)
        visit = a_booking(turn, a_technician(session), a_window(NOON + 90 * timedelta(minutes=1))).visit
        boss = a_turn(session, settings, viewer=Viewer("supervisor", "boss"))
        override = Override("线路抢修", "reached_agreed", NOON)
        later = a_window(NOON + 5 * HOUR)
        reschedule_visit(
            boss, visit.id, later, asked_by="company", reason="抢修", technician_id=None, override=override
        )
    count(database, settings)
    found = row_of(database)
    assert (found.notices_owed, found.notices_kept) == (1, 0)


def test_a_move_told_in_time_is_kept_and_one_asked_for_by_the_customer_is_none(
    database: Database, settings: Settings
) -> None:
    with database.writing() as session:
        turn = a_turn(session, settings)
        for asked_by in ("company", "customer"):
            visit = a_booking(turn, None, a_window(NOON + DAY)).visit
            reschedule_visit(
                turn, visit.id, a_window(NOON + 2 * DAY), asked_by=asked_by, reason="调整", technician_id=None
            )  # type: ignore[arg-type]
        session.execute(update(Notice).where(Notice.kind == "moved").values(accepted_at=NOON + HOUR, state="accepted"))
    count(database, settings)
    with database.reading() as session:
        rows = session.execute(
            select(figure_rows.c.notices_owed, figure_rows.c.notices_kept).where(figure_rows.c.of == "visit")
        )
        assert sorted(map(tuple, rows)) == [(0, 0), (1, 1)]


def test_time_alone_changes_what_is_counted(database: Database, settings: Settings, visit_id: UUID) -> None:
    count(database, settings)
    with database.reading() as session:
        ended = session.get_one(Visit, visit_id).ended_at
    assert ended is not None
    assert count(database, settings, ended + 7 * DAY) <= 2  # the order's own limit has passed
    assert row_of(database, id=visit_id).repeat_7 is None
    assert count(database, settings, ended + 7 * DAY + SECOND) == 1
    assert (row_of(database, id=visit_id).repeat_7, row_of(database, id=visit_id).first_fix) == (0, 1)
    assert row_of(database, id=visit_id).repeat_30 is None
    count(database, settings, ended + 31 * DAY)
    assert row_of(database, id=visit_id).repeat_30 == 0
    assert count(database, settings, ended + 60 * DAY) == 0


def test_an_order_is_late_when_its_48_hours_are_over(database: Database, settings: Settings) -> None:
    with database.writing() as session:
        an_order(a_turn(session, settings), "repair")
    count(database, settings, NOON + 48 * HOUR)
    assert row_of(database, "order").in_limit is None
    count(database, settings, NOON + 48 * HOUR + SECOND)
    assert row_of(database, "order").in_limit == 0


def test_an_order_that_is_gone_takes_its_rows_along(database: Database, settings: Settings) -> None:
    with database.writing() as session:
        order = an_order(a_turn(session, settings), "repair")
    count(database, settings)
    assert row_of(database, "order").id == order.id
    with database.writing() as session:
        session.execute(delete(WorkOrder).where(WorkOrder.id == order.id))
    count(database, settings)
    with database.reading() as session:
        assert session.execute(select(figure_rows)).all() == []


def test_a_restored_copy_is_counted_by_itself(
    database: Database, settings: Settings, visit_id: UUID, tmp_path: Path
) -> None:
    count(database, settings)
    house = open_house(settings)
    make_backup(house.database, settings, tmp_path / "all.tar", AFTER)
    house.database.dispose()
    target = some_settings(tmp_path / "second", f"sqlite:///{tmp_path / 'second.db'}")
    second = Database(target.database, data_key=DATA_KEY.encode())
    restore_backup(second, target, tmp_path / "all.tar")
    with second.reading() as session:
        assert session.execute(select(figure_rows)).all() == []
    count(second, target)
    columns = [column for column in figure_rows.c if column.name != "look_again"]
    for of in ("visit", "order"):
        kept = [row_of(one, of) for one in (database, second)]
        assert [getattr(kept[0], one.name) for one in columns] == [getattr(kept[1], one.name) for one in columns]
    second.dispose()

"""What the database itself refuses, whatever code asks for it, on both engines."""

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError, IntegrityError

from dispatch.accounts.audit import audit
from dispatch.accounts.viewer import SYSTEM
from dispatch.database import Database
from dispatch.records.tables import Record
from dispatch.visits.tables import Visit
from tests.makers import NOON, a_booking, a_technician, a_turn, a_window, some_settings

HOUR = timedelta(hours=1)

EVERY_CASE_ON_BOTH = "what is forbidden and kept differs by engine"


def two_visits(database: Database, folder: Path, *, gap: timedelta) -> None:
    """Raw rows, past every rule of ours: the second begins `gap` after the first ends."""
    with database.writing() as session:
        turn = a_turn(session, some_settings(folder, ""))
        technician = a_technician(session)
        start = NOON + timedelta(days=1)
        first = a_booking(turn, technician, a_window(start), planned_start=start).visit
        second = a_booking(turn, None, a_window(start)).visit
        session.flush()
        begin = first.planned_end + gap  # type: ignore[operator]
        session.execute(
            sa.update(Visit)
            .where(Visit.id == second.id)
            .values(technician_id=technician.id, planned_start=begin, planned_end=begin + HOUR)
        )


def test_a_technician_is_never_booked_twice(database: Database, tmp_path: Path) -> None:
    with pytest.raises(IntegrityError, match="technician_is_booked_once"):
        two_visits(database, tmp_path, gap=-timedelta(seconds=1))


def test_touching_ends_are_fine(database: Database, tmp_path: Path) -> None:
    two_visits(database, tmp_path, gap=timedelta(0))


@pytest.mark.parametrize(
    "values",
    [
        {"window_end": NOON},
        {"window_end": NOON - HOUR},
        {"planned_start": NOON, "planned_end": NOON - HOUR},
        {"planned_start": NOON, "planned_end": None},
        {"status": "lost"},
    ],
)
def test_a_visit_row_cannot_be_nonsense(database: Database, tmp_path: Path, values: dict[str, object]) -> None:
    with database.writing() as session:
        turn = a_turn(session, some_settings(tmp_path, ""))
        visit = a_booking(turn, None, a_window(NOON + HOUR)).visit
        visit_id = visit.id
    with pytest.raises(IntegrityError), database.writing() as session:
        session.execute(sa.update(Visit).where(Visit.id == visit_id).values(window_start=NOON, **values))


def sealed(database: Database, folder: Path) -> None:
    with database.writing() as session:
        turn = a_turn(session, some_settings(folder, ""))
        visit = a_booking(turn, None).visit
        session.add(
            Record(
                id=uuid4(), number="SR-1", visit_id=visit.id, line_id=visit.work_order.line_id, revision=1,
                body="{}", sha256="0" * 64, strokes={}, sealed_at=NOON,
            )
        )  # fmt: skip
        audit(session, SYSTEM, "test", "record", "1", NOON)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE records SET body = '[]'",
        "DELETE FROM records",
        "UPDATE audit SET action = 'other'",
        "DELETE FROM audit",
        "UPDATE visit_changes SET breach = NOT breach",
        "DELETE FROM visit_changes",
    ],
)
def test_what_is_sealed_or_audited_cannot_be_edited(database: Database, tmp_path: Path, statement: str) -> None:
    sealed(database, tmp_path)
    with pytest.raises(DatabaseError, match="row_is_immutable"), database.engine.begin() as connection:
        connection.execute(sa.text(statement))


def test_replacing_a_sealed_row_is_editing_too(database: Database, tmp_path: Path) -> None:
    if not database.is_sqlite:
        pytest.skip("INSERT OR REPLACE is SQLite's; TRUNCATE is tested beside it")
    sealed(database, tmp_path)
    columns = "id, number, visit_id, line_id, revision, corrects, body, sha256, strokes, sealed_at"
    changed = columns.replace("body", "'[]'")
    statement = f"INSERT OR REPLACE INTO records ({columns}) SELECT {changed} FROM records"
    with pytest.raises(DatabaseError, match="row_is_immutable"), database.engine.begin() as connection:
        connection.execute(sa.text(statement))


def test_emptying_a_sealed_table_is_refused(database: Database, tmp_path: Path) -> None:
    if database.is_sqlite:
        pytest.skip("SQLite has no TRUNCATE")
    sealed(database, tmp_path)
    with pytest.raises(DatabaseError, match="row_is_immutable"), database.engine.begin() as connection:
        connection.execute(sa.text("TRUNCATE records CASCADE"))


def test_sqlite_is_asked_for_what_survives_a_power_cut(database: Database) -> None:
    if not database.is_sqlite:
        pytest.skip("pragmas are SQLite's")
    with database.engine.connect() as connection:
        asked = {
            p: connection.exec_driver_sql(f"PRAGMA {p}").scalar()
            for p in ("synchronous", "journal_mode", "recursive_triggers", "foreign_keys")
        }
    assert asked == {"synchronous": 2, "journal_mode": "wal", "recursive_triggers": 1, "foreign_keys": 1}

"""The migrated schema is the schema that the code speaks."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from dispatch.backups.portable import MADE_ANEW
from dispatch.customers.tables import Customer, Line
from dispatch.database import Database, UtcDateTime
from dispatch.migrating import SchemaMismatch, migrate, require_current
from dispatch.notices.tables import Notice
from dispatch.outages.tables import Outage
from dispatch.records.ledger_rules import Seal, broken_links
from dispatch.records.tables import EntryRow, LedgerRow, Parcel, Record
from dispatch.tables import metadata
from tests.conftest import DATA_KEY, ENGINES

EVERY_CASE_ON_BOTH = "what is forbidden and kept differs by engine"


@pytest.fixture(params=ENGINES)
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without any schema."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path / 'empty.db'}", data_key=DATA_KEY.encode())
        yield database
        database.dispose()
        return
    server = sa.create_engine(request.getfixturevalue("postgres_server"), isolation_level="AUTOCOMMIT")
    name = "empty_" + uuid4().hex[:12]
    with server.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    address = server.url.set(database=name).render_as_string(hide_password=False)
    database = Database(address, data_key=DATA_KEY.encode())
    try:
        yield database
    finally:
        database.dispose()
        with server.connect() as connection:
            connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
        server.dispose()


def _declared(name: str | None, kind: str, parents: object) -> bool:
    """Indexes of words and the feed of changes are made by hand, of another kind on each engine."""
    return kind != "table" or not str(name).startswith(MADE_ANEW)


def test_the_migrations_make_the_tables_that_the_code_declares(database: Database) -> None:
    with database.engine.connect() as connection:
        options = {"target_metadata": metadata, "compare_type": True, "include_name": _declared}
        context = MigrationContext.configure(connection, opts=options)
        differences = compare_metadata(context, metadata)
    assert differences == []


def test_migrating_twice_changes_nothing(database: Database) -> None:
    before, after = migrate(database)
    assert before == after
    require_current(database)


def test_a_newer_schema_is_refused_with_what_to_do(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaMismatch, match="newer version"):
        require_current(database)
    with pytest.raises(SchemaMismatch, match="newer version"):
        migrate(database)


def test_rows_of_the_first_version_are_all_there_after_the_upgrade(empty_database: Database) -> None:
    """Every released schema is migrated with rows in it, on both engines, and what was said stays said."""
    migrate(empty_database, "0001")
    customer, notice = uuid4(), uuid4()
    now = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
    with empty_database.engine.begin() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO customers (id, name, phone, language, created_at) VALUES (:id, :name, :phone, 'zh', :at)"
            ).bindparams(sa.bindparam("id", type_=sa.Uuid()), sa.bindparam("at", type_=UtcDateTime())),
            {"id": customer, "name": "王𬭎", "phone": "+8613800000001", "at": now},
        )
        connection.execute(
            sa.text(
                'INSERT INTO notices (id, dedupe_key, kind, customer_id, "to", language, facts, urgent, owed_at, '
                "not_before, state, attempts, text, accepted_at) VALUES (:id, 'booked:1:1', 'booked', :customer, "
                "'+8613800000001', 'zh', '{}', false, :at, :at, 'accepted', 1, '您好', :at)"
            ).bindparams(
                sa.bindparam("id", type_=sa.Uuid()),
                sa.bindparam("customer", type_=sa.Uuid()),
                sa.bindparam("at", type_=UtcDateTime()),
            ),
            {"id": notice, "customer": customer, "at": now},
        )
    migrate(empty_database)
    require_current(empty_database)
    with empty_database.reading() as session:
        kept = session.get_one(Notice, notice)
        assert (kept.state, kept.text, kept.accepted_at) == ("accepted", "您好", now)
        assert (kept.medium, kept.routes, kept.breached_at) == ("sms", [], None)
        assert session.get_one(Customer, customer).channel == "sms"
    with empty_database.engine.begin() as connection, pytest.raises(sa.exc.IntegrityError):
        connection.execute(sa.text("UPDATE notices SET kind = 'nonsense'"))


U, T, J, M, N = sa.Uuid(), sa.Text(), sa.JSON(), UtcDateTime(), sa.Integer()
ROWS_OF_0003 = {
    "customers": {"id": U, "name": T, "phone": T, "language": T, "created_at": M},
    "sites": {"id": U, "customer_id": U, "address": T},
    "lines": {"id": U, "site_id": U, "access": T, "account_name": T},
    "work_orders": {
        "id": U, "customer_id": U, "site_id": U, "line_id": U, "kind": T, "symptoms": J, "note": T, "reported_at": M,
        "minutes": N, "skills": J, "state": T, "created_at": M,
    },
    "visits": {
        "id": U, "work_order_id": U, "window_start": M, "window_end": M, "status": T, "version": N, "told_version": N,
        "checklist": T, "created_at": M,
    },
    "parcels": {"id": U, "visit_id": U, "device_id": T, "fingerprint": T, "body": J, "answer": J, "received_at": M},
    "parcel_conflicts": {"parcel_id": U, "fingerprint": T, "body": J, "received_at": M},
    "entries": {
        "id": U, "parcel_id": U, "visit_id": U, "step": T, "key": T, "value": J, "by": T, "at": M, "received_at": M,
        "flags": J,
    },
    "records": {
        "id": U, "number": T, "visit_id": U, "line_id": U, "revision": N, "body": T, "sha256": T, "strokes": J,
        "sealed_at": M,
    },
    "documents": {"record_id": U, "sha256": T, "size": N, "missing_characters": J, "drawn_at": M},
}  # fmt: skip


def test_records_of_the_third_schema_are_in_the_ledger_and_their_strokes_are_sealed(empty_database: Database) -> None:
    migrate(empty_database, "0003")
    own, now, later = uuid4(), datetime(2026, 11, 20, 4, 0, tzinfo=UTC), datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
    body = '{"number":"SR-1"}'
    sha256 = hashlib.sha256(body.encode()).hexdigest()
    strokes = {"customer": {"width": 9, "height": 9, "strokes": [[{"x": 1, "y": 2, "t": 3}]]}}
    given: dict[str, Any] = {
        "name": "王𬭎", "phone": "+8613800000001", "language": "zh", "address": "测试路1号", "access": "gpon",
        "account_name": "sh0215888", "kind": "repair", "symptoms": [], "note": "", "minutes": 60, "skills": [],
        "state": "done", "window_end": later, "status": "sealed", "version": 1, "told_version": 1,
        "checklist": "visit_repair@1", "device_id": "d", "fingerprint": "f" * 64, "body": {"entries": [1]},
        "answer": {}, "step": "leave", "key": "customer_signature", "value": strokes["customer"], "by": "customer",
        "flags": [], "number": "SR-1", "revision": 1, "sha256": sha256, "strokes": strokes, "size": 7,
        "missing_characters": [],
    }  # fmt: skip
    with empty_database.engine.begin() as connection:
        for name, columns in ROWS_OF_0003.items():
            table = sa.table(name, *(sa.column(column, type_) for column, type_ in columns.items()))
            row = {c: own if type_ is U else given.get(c, now) for c, type_ in columns.items()}
            row |= {"body": body} if name == "records" else {}
            connection.execute(sa.insert(table).values(row))
    migrate(empty_database)
    require_current(empty_database)
    with empty_database.reading() as session:
        kept = session.get_one(Record, own)
        assert (kept.strokes, kept.body) == (strokes, body)
        assert session.get_one(EntryRow, own).value == strokes["customer"]
        assert session.get_one(Parcel, own).body == {"entries": [1]}
        assert session.get_one(Line, own).account_name == "sh0215888"
        rows = session.scalars(sa.select(LedgerRow).order_by(LedgerRow.seq)).all()
        seals = [Seal(r.seq, r.at, r.kind, r.number, r.revision, r.sha256, r.previous, r.hash) for r in rows]
        assert [(seal.kind, seal.number) for seal in seals] == [("record", "SR-1"), ("document", "SR-1")]
        assert broken_links(seals) == []
    with empty_database.engine.begin() as connection:
        for statement in ("SELECT strokes FROM records", "SELECT value FROM entries", "SELECT body FROM parcels"):
            assert "stroke" not in str(connection.execute(sa.text(statement)).scalar())
        assert "0215888" not in connection.execute(sa.text("SELECT account_name FROM lines")).scalar_one()
    for table in ("records", "entries", "parcels", "parcel_conflicts"):
        with empty_database.engine.begin() as connection, pytest.raises(sa.exc.DatabaseError, match="row_is_immutable"):
            connection.execute(sa.text(f"DELETE FROM {table}"))
    with empty_database.engine.begin() as connection, pytest.raises(sa.exc.DatabaseError, match="row_is_immutable"):
        connection.execute(sa.text("UPDATE entries SET step = 'talk'"))


TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY name",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal ORDER BY tgname",
}


def test_outages_of_the_tenth_schema_were_planned_and_every_trigger_is_kept(empty_database: Database) -> None:
    migrate(empty_database, "0010")
    own, now, later = uuid4(), datetime(2026, 11, 20, 4, 0, tzinfo=UTC), datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
    area = {"id": own, "name": "张江镇", "name_en": "Zhangjiang", "latitude": 31.2, "longitude": 121.5}
    outage = {
        "id": own, "area_id": own, "starts_at": now, "ends_at": later, "reason_zh": "检修", "reason_en": "works",
        "state": "telling", "version": 2, "made_at": now, "made_by": "s", "approved_at": now, "approved_by": "s",
    }  # fmt: skip
    types = {UUID: U, str: T, float: sa.Float(), int: N, datetime: M}
    with empty_database.engine.begin() as connection:
        for name, row in (("areas", area), ("outages", outage)):
            columns = (sa.column(column, types[type(value)]) for column, value in row.items())
            connection.execute(sa.insert(sa.table(name, *columns)).values(row))
        before = connection.execute(sa.text(TRIGGERS[connection.dialect.name])).scalars().all()
    migrate(empty_database)
    require_current(empty_database)
    with empty_database.reading() as session:
        kept = session.get_one(Outage, own)
        assert (kept.kind, kept.state, kept.starts_at, kept.ends_at) == ("planned", "telling", now, later)
        after = session.execute(sa.text(TRIGGERS[session.get_bind().dialect.name])).scalars().all()
    assert len(before) > 20
    assert after == before
    with empty_database.engine.begin() as connection, pytest.raises(sa.exc.IntegrityError):
        connection.execute(sa.text("UPDATE outages SET kind = 'nonsense'"))

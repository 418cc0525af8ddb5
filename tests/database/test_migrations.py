"""The migrated schema is the schema that the code speaks."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from dispatch.customers.tables import Customer
from dispatch.database import Database, UtcDateTime
from dispatch.migrating import SchemaMismatch, migrate, require_current
from dispatch.notices.tables import Notice
from dispatch.tables import metadata
from tests.conftest import ENGINES


@pytest.fixture(params=ENGINES)
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without any schema."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path / 'empty.db'}")
        yield database
        database.dispose()
        return
    server = sa.create_engine(request.getfixturevalue("postgres_server"), isolation_level="AUTOCOMMIT")
    name = "empty_" + uuid4().hex[:12]
    with server.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    database = Database(server.url.set(database=name).render_as_string(hide_password=False))
    try:
        yield database
    finally:
        database.dispose()
        with server.connect() as connection:
            connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
        server.dispose()


def _declared(name: str | None, kind: str, parents: object) -> bool:
    """The index of words is made by hand, of another kind on each engine (FTS5 brings tables of its own)."""
    return kind != "table" or not str(name).startswith("repair_words")


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

"""Bring a database to the schema that this code speaks: forward only, a newer schema is refused."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError, OperationalError

from dispatch.database import Database

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
ONE_AT_A_TIME = 7_316_201  # PostgreSQL advisory lock: two servers that start together migrate once


class SchemaMismatch(Exception):
    """The database's schema and this code do not fit; the message says what to do."""


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def present_and_wanted(database: Database) -> tuple[str | None, str]:
    """The revision that the database has, and the one that this code speaks."""
    with database.engine.connect() as connection:
        present = MigrationContext.configure(connection).get_current_revision()
    wanted = ScriptDirectory.from_config(_config()).get_current_head()
    assert wanted is not None
    return present, wanted


def migrate(database: Database, until: str = "head") -> tuple[str | None, str]:
    """Run what is missing (`until` a revision, for restoring), in one transaction: the revisions before and after.

    Raises SchemaMismatch for a schema that this code does not know (made by a newer version).
    """
    present, wanted = present_and_wanted(database)
    must_be_known(present)
    config = _config()
    engine = database.engine.execution_options(sqlite_begin="BEGIN IMMEDIATE")
    with engine.begin() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": ONE_AT_A_TIME})
        config.attributes["connection"] = connection
        command.upgrade(config, until)
    return present, wanted if until == "head" else until


def require_current(database: Database) -> None:
    """Raise SchemaMismatch unless the database has exactly the schema that this code speaks."""
    present, wanted = present_and_wanted(database)
    must_be_known(present)
    if present != wanted:
        raise SchemaMismatch(
            f"The database has schema {present or 'none'}, this version needs {wanted}: run `doorstep migrate`."
        )


def must_be_known(present: str | None) -> None:
    """Raise SchemaMismatch for a revision that this code does not know: a newer version made it."""
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    if present is not None and present not in known:
        raise SchemaMismatch(
            f"The database has schema {present}, which this version does not know: it was made by a newer version. "
            "Start that version, or restore a backup made before the upgrade."
        )


class Unsound(Exception):
    """The database file is damaged; the message says what to do."""


def must_be_sound(database: Database) -> None:
    """Raise Unsound when SQLite finds its file damaged, or no database at all. PostgreSQL looks after itself."""
    if not database.is_sqlite:
        database.ping()
        return
    try:
        with database.engine.connect() as connection:
            found = connection.execute(text("PRAGMA quick_check(1)")).scalar()
    except DatabaseError as error:
        if isinstance(error, OperationalError):  # a missing folder, no permission, a lock: not damage
            raise
        found = str(error.orig)
    if found != "ok":
        raise Unsound(
            f"The file {database.url.database} is damaged or no database ({found}). "
            "Put it aside and restore a backup: `doorstep restore FILE`."
        )

"""One door to the database: SQLite embedded by default, PostgreSQL when there is more than one machine.

Two kinds of session: `reading` sees one state and writes nothing, `writing` begins as a writer
(`BEGIN IMMEDIATE` on SQLite, so two deciders never work from the same old state).
"""

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import DateTime, Dialect, Engine, MetaData, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker
from sqlalchemy.types import JSON, TypeDecorator

from dispatch.sealed_columns import give_keys

SQLITE_PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": 2,  # FULL: NORMAL lost acknowledged commits at power failure
    "foreign_keys": 1,
    "recursive_triggers": 1,  # else INSERT OR REPLACE passes the triggers that keep rows immutable
    "busy_timeout": 15000,
}


WRITER_WAIT_SECONDS = 20
CLOCK_KEPT_SECONDS = 1.0  # so long the server's clock is carried on by our own, which cannot be set


class WriterBusy(Exception):
    """Others were writing all the time; nothing was stored, try again."""


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant. Naive values are refused; what comes back is UTC on both engines."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the driver UTC; SQLite keeps it as text that sorts by time."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime: instants are aware everywhere")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Come back aware."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Every table of the product. Constraints have names, so that a refusal can tell which one spoke."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {
        datetime: UtcDateTime,
        dict[str, Any]: JSON,
        list[Any]: JSON,
        list[str]: JSON,
        list[int]: JSON,
    }


class Identified:
    """A row with an unguessable id of our own."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)


class Database:
    """An engine with the two kinds of session."""

    def __init__(self, url: str, *, pool_size: int = 10, data_key: bytes | None = None) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine: Engine = create_engine(
            self.url,
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=20,
            pool_pre_ping=not self.is_sqlite,
            hide_parameters=True,  # a logged error must not show customers' data
            connect_args={"check_same_thread": False} if self.is_sqlite else {},
        )
        if data_key is not None:  # without one, sealed columns can be neither read nor written
            give_keys(self.engine.dialect, data_key)
        if self.is_sqlite:
            _speak_sqlite(self.engine)
        self._writer = Lock()
        self._clock = (-CLOCK_KEPT_SECONDS * 2, datetime.now(UTC))
        self._reading = sessionmaker(self.engine, expire_on_commit=False)
        self._writing = sessionmaker(
            self.engine.execution_options(sqlite_begin="BEGIN IMMEDIATE"), expire_on_commit=False
        )

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that sees one state and must not write."""
        with self._reading() as session:
            yield session  # closing lets go of the connection; what was loaded stays readable

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session that commits when the block ends well; nobody inside commits."""
        with self._alone(), self._writing.begin() as session:
            yield session

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """SQLite has one writer: within a process they queue here, instead of polling for the file's lock."""
        if not self.is_sqlite:
            yield
            return
        if not self._writer.acquire(timeout=WRITER_WAIT_SECONDS):
            raise WriterBusy
        try:
            yield
        finally:
            self._writer.release()

    def now(self) -> datetime:
        """What time it is for everybody who shares this database: deadlines are judged by this one clock."""
        if self.is_sqlite:  # the file is on this machine, and so is its clock
            return datetime.now(UTC)
        told_at, told = self._clock
        passed = time.monotonic() - told_at
        if passed > CLOCK_KEPT_SECONDS:
            with self.engine.connect() as connection:
                told = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
            passed, self._clock = 0.0, (time.monotonic(), told)
        return (told + timedelta(seconds=passed)).astimezone(UTC)

    def ping(self) -> None:
        """Raise if the database does not answer."""
        with self.engine.connect() as connection:
            connection.execute(text("SELECT 1"))

    def dispose(self) -> None:
        """Close what is pooled (before a fork, at the end of a test)."""
        self.engine.dispose()


def _speak_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        for pragma, wanted in SQLITE_PRAGMAS.items():
            connection.execute(f"PRAGMA {pragma}={wanted}")
            got = connection.execute(f"PRAGMA {pragma}").fetchone()[0]
            if got != wanted:
                raise RuntimeError(f"SQLite did not take PRAGMA {pragma}={wanted} (it says {got}).")

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Any) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("sqlite_begin", "BEGIN"))


def violated(error: IntegrityError, constraint: str) -> bool:
    """Whether `constraint` (a name, or SQLite's trigger message of that name) is what the database refused on."""
    return constraint in str(error.orig)


def one_at_a_time(session: Session, *key: str) -> None:
    """Until this transaction ends, nobody else passes here with the same key. SQLite writers are alone anyway."""
    if session.get_bind().dialect.name != "postgresql":
        return
    lock = int.from_bytes(hashlib.sha256("\x1f".join(key).encode()).digest()[:8], signed=True)
    session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": lock})

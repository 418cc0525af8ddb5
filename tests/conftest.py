"""What every test may ask for: a fresh, migrated database on either engine, and the time."""

import gc
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa

from dispatch.database import Database
from dispatch.migrating import migrate
from tests.full import FULL
from tests.postgres import running_postgres

ENGINES = ("sqlite", "postgresql")
DATA_KEY = "the data key of all tests in one process"
os.environ.setdefault("DOORSTEP_DATA_KEY", DATA_KEY)  # so that a house and a bare database read each other's rows


FEW = 2  # cases of one test that are told on both engines, unless it goes through HTTP


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A test with many cases, and whatever goes through HTTP, is told on either engine by turns.

    What differs by case or page is in front of the database; what the engines do themselves is in tests/database, and
    there each test is told on both. With DOORSTEP_HEAVY, and in files that say `EVERY_CASE_ON_BOTH`, each case is.
    """
    cases: dict[str, dict[str, dict[str, pytest.Item]]] = {}
    for item in items:
        spec = getattr(item, "callspec", None)
        engine = spec and (spec.params.get("original") or spec.params.get("database_url"))
        if spec is None or engine not in ENGINES or FULL or hasattr(item.module, "EVERY_CASE_ON_BOTH"):  # type: ignore[attr-defined]
            continue
        told = cases.setdefault(item.nodeid.partition("[")[0], {})
        told.setdefault(spec.id.replace(engine, "", 1), {})[engine] = item
    by_turns = [
        both
        for name, told in cases.items()
        for both in told.values()
        if len(both) == len(ENGINES) and (len(told) > FEW or name.startswith("tests/journeys/"))
    ]
    left_out = {
        item
        for number, both in enumerate(by_turns)
        for engine, item in both.items()
        if engine != ENGINES[number % len(ENGINES)]
    }
    config.hook.pytest_deselected(items=[item for item in items if item in left_out])
    items[:] = [item for item in items if item not in left_out]


def pytest_collection_finish() -> None:
    """What is imported stays: looking through it for rubbish, again and again, took a fifth of the tests' time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    with running_postgres() as url:
        yield url


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> str:
    """Name of a migrated database that tests copy: a copy takes a tenth of the migrations' time."""
    name = "template_" + uuid4().hex[:8]
    server = sa.create_engine(postgres_server, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    server.dispose()
    database = Database(
        sa.make_url(postgres_server).set(database=name).render_as_string(hide_password=False),
        data_key=DATA_KEY.encode(),
    )
    migrate(database)
    database.dispose()
    return name


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "doorstep.db"
    database = Database(f"sqlite:///{path}", data_key=DATA_KEY.encode())
    migrate(database)
    database.dispose()
    return path


@dataclass(frozen=True)
class Original:
    """What tests get copies of, because making it takes seconds: its engine, its database and its data folder."""

    engine: str
    address: str
    folder: Path


@contextmanager
def a_copy(request: pytest.FixtureRequest, engine: str, folder: Path, original: str | None = None) -> Iterator[str]:
    """Address of a migrated database on `engine`: a file in `folder`, or one on the server that is dropped after.

    It is empty, or what `original` holds, to which nobody may be connected. `database_url` gives one to a test; a
    module that shares what takes long to make asks here.
    """
    known = sa.make_url(original).database if original else None
    if engine == "sqlite":
        copy = folder / "doorstep.db"
        shutil.copy(known or request.getfixturevalue("sqlite_template"), copy)
        yield f"sqlite:///{copy}"
        return
    server_url = request.getfixturevalue("postgres_server")
    template = known or request.getfixturevalue("postgres_template")
    name = "t_" + uuid4().hex[:12]
    server = sa.create_engine(server_url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    try:
        yield sa.make_url(server_url).set(database=name).render_as_string(hide_password=False)
    finally:
        with server.connect() as connection:
            connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
        server.dispose()


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Address of a migrated, empty database; each test that asks runs once on each engine."""
    with a_copy(request, request.param, tmp_path) as address:
        yield address


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url, data_key=DATA_KEY.encode())
    yield opened
    opened.dispose()


@pytest.fixture
def now() -> datetime:
    """A Sunday noon in the business zone, in UTC."""
    return datetime(2026, 11, 22, 4, 0, tzinfo=UTC)

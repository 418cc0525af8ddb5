"""A backup restores: the same rows, objects and keys, from either engine into either engine."""

import io
import json
import tarfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from uuid import uuid4

import pytest
import sqlalchemy as sa

from dispatch.accounts.audit import audit
from dispatch.accounts.viewer import SYSTEM
from dispatch.backups import BackupRefused, make_backup, restore_backup
from dispatch.backups.making import one_state
from dispatch.backups.portable import shapes_of
from dispatch.clock import utc_now
from dispatch.database import Database
from dispatch.demo.acting import Stage
from dispatch.demo.city import QUARTERS
from dispatch.demo.crew import TRIAL_PASSWORD, hire
from dispatch.demo.orders import a_household
from dispatch.demo.people import some_people
from dispatch.errors import NotAllowed
from dispatch.house import House, open_house
from dispatch.migrating import SchemaMismatch, migrate
from dispatch.records.documents import draw_missing
from dispatch.records.verifying import verify_document
from dispatch.settings import Settings
from dispatch.visits.links import link_address
from dispatch.visits.on_the_day import ask_for_another_time
from dispatch.visits.windows import Window
from tests.conftest import DATA_KEY, ENGINES, Original, a_copy
from tests.makers import some_settings

EVERY_CASE_ON_BOTH = "what is forbidden and kept differs by engine"
pytestmark = pytest.mark.xdist_group("backups")
LATE = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)  # 17:00 in Shanghai: much of the day is done


@pytest.fixture(params=ENGINES)
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A second database of either engine, without any table."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path / 'second.db'}", data_key=DATA_KEY.encode())
    else:
        server = request.getfixturevalue("postgres_server")
        name = f"r_{uuid4().hex[:12]}"
        admin = sa.create_engine(server, isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.execute(sa.text(f'CREATE DATABASE "{name}"'))
        admin.dispose()
        address = sa.make_url(server).set(database=name).render_as_string(hide_password=False)
        database = Database(address, data_key=DATA_KEY.encode())
    yield database
    database.dispose()


@pytest.fixture(scope="module", params=ENGINES)
def original(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Original]:
    """A city with some lines, one of them with a sealed record and its document, and a wish for another time."""
    folder = tmp_path_factory.mktemp("original")
    with a_copy(request, request.param, folder) as address:
        house = open_house(some_settings(folder / "var", address))
        _live_a_little(house)
        house.database.dispose()
        yield Original(request.param, address, house.settings.data_dir)


def _live_a_little(house: House) -> None:
    with house.database.writing() as session:
        crew = hire(session, house.settings, LATE - timedelta(days=2), LATE)
        stage = Stage(session, house.settings, crew, Random(1))
        for number, person in enumerate(some_people(stage.chance, 3)):
            household = a_household(stage.chance, person, QUARTERS[0], number)
            order = stage.take_in(household.told(stage.chance, "repair", f"WO{number}", LATE - timedelta(days=1)))
            start = LATE + timedelta(hours=4 * number - 2)
            technician = crew.by_area[QUARTERS[0].zh][number]
            window = Window(start, start + timedelta(hours=2))
            visit = stage.book(order, window, LATE - timedelta(hours=20), technician.id, start)
            if number == 0:
                stage.visit(visit, start, LATE)
            if number == 2:
                ask_for_another_time(stage.desk(LATE), visit.id, wish=None, call_me=True, words="周末可以吗？")
    draw_missing(house)


def settings_of(house: House, folder: Path, database: Database) -> Settings:
    url = database.url.render_as_string(hide_password=False)
    return some_settings(folder, url, public_url=house.settings.public_url)


def everything(database: Database) -> dict[str, list[str]]:
    """Every row of every table, in a form that does not depend on the engine or on the order."""
    with database.engine.connect() as connection:
        return {
            shape.name: sorted(
                repr([(name, value) for name, value in row._mapping.items()])
                for row in connection.execute(sa.select(shape.table()))
            )
            for shape in shapes_of(connection)
        }


def test_what_is_restored_is_what_was_there(house: House, empty_database: Database, tmp_path: Path) -> None:
    out = tmp_path / "all.tar.gz"
    made = make_backup(house.database, house.settings, out, utc_now())
    assert out.stat().st_mode & 0o777 == 0o600
    assert made.objects == 1
    assert not made.damaged
    target = settings_of(house, tmp_path / "second", empty_database)
    restored = restore_backup(empty_database, target, out)
    before = everything(house.database)
    assert everything(empty_database) == before
    assert restored.rows == made.rows == sum(map(len, before.values()))
    second = open_house(target)
    for kind, sha256, path in house.objects.all():
        content = second.objects.get(kind, sha256)
        assert content == path.read_bytes()
        assert verify_document(second, content).state == "genuine"
    assert link_address(target, "x") == link_address(house.settings, "x"), "customers' links still open"


def test_the_restored_copy_goes_on_working(house: House, empty_database: Database, tmp_path: Path) -> None:
    make_backup(house.database, house.settings, tmp_path / "all.tar", utc_now())
    restore_backup(empty_database, settings_of(house, tmp_path / "second", empty_database), tmp_path / "all.tar")
    with empty_database.writing() as session:  # PostgreSQL's counters go on after the restored rows
        highest = session.execute(sa.text("SELECT max(id) FROM audit")).scalar_one()
        audit(session, SYSTEM, "test", "test", "1", utc_now())
        session.flush()
        assert session.execute(sa.text("SELECT max(id) FROM audit")).scalar_one() == highest + 1
    with pytest.raises(sa.exc.DBAPIError), empty_database.writing() as session:
        session.execute(sa.text("DELETE FROM records"))  # what is sealed is still sealed


def test_a_backup_is_one_state_though_others_write(house: House, tmp_path: Path) -> None:
    with one_state(house.database) as connection:
        before = connection.execute(sa.text("SELECT count(*) FROM customers")).scalar_one()
        with house.database.writing() as session:
            session.execute(
                sa.text(
                    "INSERT INTO customers (id, name, phone, language, created_at) "
                    "SELECT '0123456789abcdef0123456789abcdef', name, phone, language, created_at "
                    "FROM customers LIMIT 1"
                )
            )
        assert connection.execute(sa.text("SELECT count(*) FROM customers")).scalar_one() == before


def test_nothing_is_overwritten(house: House, empty_database: Database, tmp_path: Path) -> None:
    out = tmp_path / "all.tar"
    make_backup(house.database, house.settings, out, utc_now())
    with pytest.raises(NotAllowed, match="not overwritten"):
        make_backup(house.database, house.settings, out, utc_now())
    with pytest.raises(BackupRefused, match="not empty"):
        restore_backup(house.database, house.settings, out)
    target = settings_of(house, tmp_path / "second", empty_database)
    (target.data_dir / "keys").mkdir(parents=True)
    (target.data_dir / "keys" / "one.pem").write_text("x")
    with pytest.raises(BackupRefused, match="not empty"):
        restore_backup(empty_database, target, out)


def _changed(out: Path, change: Callable[[str, bytes], bytes | None], extra: dict[str, bytes] | None = None) -> Path:
    """The same archive with some parts changed or left out."""
    bad = out.with_name("bad.tar")
    with tarfile.open(out) as old, tarfile.open(bad, "w") as new:
        for entry in old:
            file = old.extractfile(entry)
            assert file is not None
            content = change(entry.name, file.read())
            if content is not None:
                entry.size = len(content)
                new.addfile(entry, io.BytesIO(content))
        for name, content in (extra or {}).items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            new.addfile(entry, io.BytesIO(content))
    return bad


def test_a_damaged_backup_is_refused_and_nothing_is_changed(house: House, tmp_path: Path) -> None:
    out = tmp_path / "all.tar"
    make_backup(house.database, house.settings, out, utc_now())
    database = Database(f"sqlite:///{tmp_path / 'second.db'}", data_key=DATA_KEY.encode())
    target = settings_of(house, tmp_path / "second", database)

    def flipped(name: str, content: bytes) -> bytes:
        return content[:-2] + b"x\n" if name == "database/customers.jsonl" else content

    bad = {
        "one byte of a table": _changed(out, flipped).read_bytes(),
        "an object missing": _changed(out, lambda n, c: None if n.startswith("objects/") else c).read_bytes(),
        "no manifest": _changed(out, lambda n, c: None if n == "manifest.json" else c).read_bytes(),
        "a stranger": _changed(out, lambda n, c: c, {"database/more.jsonl": b"[]\n"}).read_bytes(),
        "a way out": _changed(out, lambda n, c: c, {"keys/../../evil.pem": b"x"}).read_bytes(),
        "cut": out.read_bytes()[: out.stat().st_size // 2],
        "no backup at all": b"hello",
        "empty": b"",
    }
    for what, content in bad.items():
        file = tmp_path / "bad.tar"
        file.write_bytes(content)
        with pytest.raises(BackupRefused):
            restore_backup(database, target, file)
        with database.engine.connect() as connection:
            assert not shapes_of(connection), what
        assert not [path for path in target.data_dir.rglob("*") if path.is_file()], what
    restore_backup(database, target, out)  # the control: the whole one goes in
    database.dispose()


def test_a_backup_of_a_newer_schema_is_refused(house: House, tmp_path: Path) -> None:
    out = tmp_path / "all.tar"
    make_backup(house.database, house.settings, out, utc_now())

    def newer(name: str, content: bytes) -> bytes:
        return json.dumps(json.loads(content) | {"schema": "9999"}).encode() if name == "manifest.json" else content

    database = Database(f"sqlite:///{tmp_path / 'second.db'}", data_key=DATA_KEY.encode())
    with pytest.raises(SchemaMismatch, match="newer version"):
        restore_backup(database, settings_of(house, tmp_path / "second", database), _changed(out, newer))
    database.dispose()


def test_an_object_that_rotted_is_told_of(house: House, tmp_path: Path) -> None:
    _, sha256, path = next(house.objects.all())
    path.write_bytes(path.read_bytes() + b"\n")
    made = make_backup(house.database, house.settings, tmp_path / "all.tar", utc_now())
    assert len(made.damaged) == 1
    assert sha256 in made.damaged[0]


def test_an_empty_but_migrated_database_may_be_filled(house: House, empty_database: Database, tmp_path: Path) -> None:
    make_backup(house.database, house.settings, tmp_path / "all.tar", utc_now())
    migrate(empty_database)
    target = settings_of(house, tmp_path / "second", empty_database)
    restore_backup(empty_database, target, tmp_path / "all.tar")
    assert everything(empty_database).keys() == everything(house.database).keys()
    assert TRIAL_PASSWORD not in (tmp_path / "all.tar").read_bytes().decode("latin-1")

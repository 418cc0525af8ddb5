"""The product over HTTP, in one process, on either engine."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from dispatch.clock import utc_now
from dispatch.database import Database
from dispatch.house import House
from dispatch.settings import Settings
from mobile_api.app import create_app
from tests.conftest import DATA_KEY, ENGINES, Original, a_copy
from tests.makers import PASSWORD, Cast, some_settings, the_cast


@dataclass(frozen=True)
class Product:
    """A running product with its cast."""

    app: object
    settings: Settings
    house: House
    cast: Cast

    def as_(self, login: str) -> TestClient:
        """A client that shows the API token of `login`."""
        return TestClient(
            self.app,
            base_url="http://localhost",
            headers={"Authorization": f"Bearer {self.cast.tokens[login]}"},
            raise_server_exceptions=False,
        )  # type: ignore[arg-type]

    def browser(self, login: str | None = None) -> TestClient:
        """A client that behaves as a browser on our own pages; signed in as `login` if given."""
        client = TestClient(
            self.app,  # type: ignore[arg-type]
            base_url="http://localhost",
            headers={"Sec-Fetch-Site": "same-origin", "Accept": "text/html", "Accept-Language": "zh-CN"},
            follow_redirects=False,
            raise_server_exceptions=False,
        )
        if login:
            answer = client.post("/sign-in", data={"login": login, "password": PASSWORD})
            assert answer.status_code == 303, answer.text
        return client


@dataclass(frozen=True)
class Staged(Original):
    """A product that tests get copies of, with the cast in it."""

    cast: Cast


@pytest.fixture(scope="session")
def with_cast(
    request: pytest.FixtureRequest, postgres_server: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Staged]]:
    """The original on an engine, by the engine's name, with nobody in it but the cast."""
    del postgres_server  # asked for so that it outlives the copies on it
    made: dict[str, Staged] = {}
    with ExitStack() as kept:

        def on(engine: str) -> Staged:
            if engine not in made:
                folder = tmp_path_factory.mktemp("cast")
                address = kept.enter_context(a_copy(request, engine, folder))
                database = Database(address, data_key=DATA_KEY.encode())
                with database.writing() as session:
                    cast = the_cast(session, settings_at(folder / "var", address), utc_now())
                database.dispose()
                made[engine] = Staged(engine, address, folder / "var", cast)
            return made[engine]

        yield on


@pytest.fixture(params=ENGINES)
def original(request: pytest.FixtureRequest, with_cast: Callable[[str], Staged]) -> Staged:
    """What the product of a test is a copy of; a module whose tests all need the same past overrides it."""
    return with_cast(request.param)


@pytest.fixture
def database_url(request: pytest.FixtureRequest, original: Staged, tmp_path: Path) -> Iterator[str]:
    """Address of a copy of the original."""
    with a_copy(request, original.engine, tmp_path, original.address) as address:
        yield address


def settings_at(folder: Path, address: str) -> Settings:
    """The settings that journeys are told with."""
    return some_settings(folder, address, public_url="http://localhost", sms_secret="s" * 32)


@pytest.fixture
def settings(original: Staged, database_url: str, tmp_path: Path) -> Settings:
    if original.folder.exists():
        shutil.copytree(original.folder, tmp_path / "var")
    return settings_at(tmp_path / "var", database_url)


@pytest.fixture
def product(settings: Settings, original: Staged) -> Iterator[Product]:
    with running(settings, original.cast) as product:
        yield product


@contextmanager
def running(settings: Settings, cast: Cast) -> Iterator[Product]:
    """The product over its database, until the block ends."""
    app = create_app(settings)
    house: House = app.state.house
    with TestClient(app):
        yield Product(app, settings, house, cast)
    house.database.dispose()

"""The product over HTTP, in one process, on either engine."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from dispatch.clock import utc_now
from dispatch.house import House
from dispatch.settings import Settings
from mobile_api.app import create_app
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


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return some_settings(tmp_path / "var", database_url, public_url="http://localhost", sms_secret="s" * 32)


@pytest.fixture
def product(settings: Settings) -> Iterator[Product]:
    app = create_app(settings)
    house: House = app.state.house
    with house.database.writing() as session:
        cast = the_cast(session, settings, utc_now())
    with TestClient(app):
        yield Product(app, settings, house, cast)

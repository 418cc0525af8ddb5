"""A real server in its own process, and a real Chromium that looks at it."""

import os
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from dispatch.clock import utc_now
from dispatch.house import House, open_house
from dispatch.migrating import migrate
from dispatch.settings import Settings
from mobile_api.office.certificates import office_certificate
from tests.browser.serving import serve_apart
from tests.makers import PASSWORD, Cast, some_settings, the_cast

CHROMIUM = os.environ.get("DOORSTEP_CHROMIUM", "/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync"]
AXE = Path(__file__).parent / "vendor/axe-core/axe.min.js"


@dataclass
class Served:
    """A product that is being served. `stop` and `start` are what a network that goes and comes back looks like."""

    settings: Settings
    house: House
    cast: Cast
    process: BaseProcess | None = field(default=None)
    trusted: ssl.SSLContext | bool = True

    @property
    def address(self) -> str:
        return self.settings.public_url

    def start(self, build: str = "") -> None:
        """Serve; another `build` is a deployment."""
        environment = {
            "DOORSTEP_DATA_DIR": str(self.settings.data_dir),
            "DOORSTEP_DATABASE_URL": self.settings.database_url,
            "DOORSTEP_PUBLIC_URL": self.address,
            "DOORSTEP_PORT": str(self.settings.port),
        }
        if self.settings.tls_certificate:
            environment["DOORSTEP_TLS_CERTIFICATE"] = str(self.settings.tls_certificate)
            environment["DOORSTEP_TLS_KEY"] = str(self.settings.tls_key)
        self.process = serve_apart(environment, build)
        for _ in range(400):
            try:
                if httpx.get(f"{self.address}/healthz", verify=self.trusted).status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.05)
        raise AssertionError("the server did not come up")

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.join()
            self.process = None


def _free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


@contextmanager
def _serving(folder: Path, template: Path, **more: Any) -> Iterator[Served]:
    folder.mkdir(exist_ok=True)
    url = f"sqlite:///{folder / 'doorstep.db'}"
    (folder / "doorstep.db").write_bytes(template.read_bytes())
    trusted = more.pop("trusted", True)
    settings = some_settings(folder, url, **more)
    house = open_house(settings)
    migrate(house.database)
    with house.database.writing() as session:
        cast = the_cast(session, settings, utc_now())
    product = Served(settings, house, cast, trusted=trusted)
    product.start()
    try:
        yield product
    finally:
        product.stop()
        house.database.dispose()


@pytest.fixture
def served(tmp_path: Path, sqlite_template: Path) -> Iterator[Served]:
    """The product with its cast, in a process of its own."""
    port = _free_port()
    with _serving(tmp_path / "var", sqlite_template, public_url=f"http://127.0.0.1:{port}", port=port) as product:
        yield product


@pytest.fixture
def served_on_https(tmp_path: Path, sqlite_template: Path) -> Iterator[Served]:
    """The same on https, under the authority that an office network gets."""
    made = office_certificate(tmp_path / "tls", [], utc_now())
    port = _free_port()
    with _serving(
        tmp_path / "var",
        sqlite_template,
        public_url=f"https://127.0.0.1:{port}",
        port=port,
        tls_certificate=made.chain,
        tls_key=made.key,
        trusted=ssl.create_default_context(cafile=str(made.authority)),
    ) as product:
        yield product


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def sign_in(page: Page, login: str = "technician", language: str = "zh") -> None:
    """As a person would."""
    page.goto(f"/sign-in?lang={language}")
    page.fill("[name=login]", login)
    page.fill("[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_url(lambda address: "/sign-in" not in address)


@dataclass
class Eyes:
    """A browser window, and everything that went wrong in it."""

    context: BrowserContext
    page: Page
    wrong: list[str]


Opener = Callable[..., Eyes]


@pytest.fixture
def opened(chromium: Browser, served: Served) -> Iterator[Opener]:
    """Opens windows: `opened("technician", scheme="dark", language="en")`. An error in a page fails the test."""
    windows: list[Eyes] = []

    def open_(
        login: str | None = None, *, width: int = 390, height: int = 844, scheme: Any = "light", language: str = "zh"
    ) -> Eyes:
        context = chromium.new_context(
            base_url=served.address,
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            locale="en-GB" if language == "en" else "zh-CN",
            has_touch=width < 700,
            timezone_id="Asia/Shanghai",
        )
        context.set_default_timeout(10_000)
        page = context.new_page()
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
        page.on(
            "console",
            lambda message: wrong.append(message.text) if "Content Security Policy" in message.text else None,
        )
        windows.append(Eyes(context, page, wrong))
        if login:
            sign_in(page, login, language)
        return windows[-1]

    yield open_
    found = [problem for window in windows for problem in window.wrong]
    for window in windows:
        window.context.close()
    assert found == []


def findings_of_axe(page: Page) -> list[str]:
    """What axe has against the page as it stands; an empty list when nothing."""
    page.evaluate(AXE.read_text() + "\n;0")
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    answer = page.evaluate("(tags) => axe.run(document, {runOnly: tags, resultTypes: ['violations']})", rules)
    return [
        f"{one['id']}: {node['target']} {node['failureSummary'][:200]}"
        for one in answer["violations"]
        for node in one["nodes"]
    ]

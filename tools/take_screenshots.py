"""Pictures of the main pages in the demo city, taken from a real server by a real Chromium, into docs/pictures."""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

TARGET = Path(__file__).resolve().parent.parent / "docs" / "pictures"
CHROMIUM = os.environ.get("DOORSTEP_CHROMIUM", "/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync"]
FLAGS += ["--disable-component-update"]
PASSWORD = "doorstep-trial"  # noqa: S105 - the demo's published one
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@contextmanager
def demo_city(folder: Path) -> Iterator[tuple[str, str]]:
    """The addresses of a running demo city and of one customer's link."""
    command = [str(Path(sys.executable).parent / "doorstep"), "serve", "--demo", "--port", "0"]
    environment = {**os.environ, "DOORSTEP_DATA_DIR": str(folder / "var"), "DOORSTEP_LOG_LEVEL": "error"}
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, cwd=folder)  # noqa: S603
    address = link = ""
    assert server.stdout is not None
    for line in server.stdout:
        if found := re.search(r"Ready: (\S+)", line):
            address = found[1]
        if found := re.search(r"(http\S+/c/\S+)", line):
            link = found[1]
            break
    try:
        yield address, link
    finally:
        server.terminate()
        server.wait()


def picture(page: Page, name: str) -> None:
    """One picture of the whole page."""
    page.wait_for_load_state("networkidle")
    page.screenshot(path=TARGET / f"{name}.png", full_page=True)
    sys.stdout.write(f"{name}.png\n")


def signed_in(browser: Browser, address: str, login: str, viewport: dict[str, int], language: str) -> Page:
    """A page of somebody who has signed in."""
    page = browser.new_context(viewport=viewport).new_page()  # type: ignore[arg-type]
    page.goto(f"{address}/sign-in?lang={language}")
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_load_state("networkidle")
    return page


def take(browser: Browser, address: str, link: str, language: str) -> None:
    """The main pages in one language."""
    desk = signed_in(browser, address, "dispatcher", WIDE, language)
    picture(desk, f"desk-day-{language}")
    visit = desk.locator("a[href*='/desk/visits/']").first
    if visit.count():
        desk.goto(address + str(visit.get_attribute("href")))
        picture(desk, f"desk-visit-{language}")
    phone = signed_in(browser, address, "t01", PHONE, language)
    picture(phone, f"phone-day-{language}")
    customer = browser.new_context(viewport=PHONE).new_page()  # type: ignore[arg-type]
    customer.goto(f"{link}?lang={language}")
    picture(customer, f"customer-{language}")


def main() -> None:
    """Take them all."""
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, demo_city(Path(folder)) as (address, link), sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for language in ("zh", "en"):
            take(browser, address, link, language)
        browser.close()


if __name__ == "__main__":
    main()

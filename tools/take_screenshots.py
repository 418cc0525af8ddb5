"""Pictures of the real pages for the README and the tour: a demo city, a real server, a real Chromium.

It is mid-morning in the pictures whenever they are taken: the city's time zone is chosen by that.
"""

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import httpx
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
CHROMIUM = os.environ.get("DOORSTEP_CHROMIUM", "/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync"]
PASSWORD = "doorstep-trial"
DESK, PHONE = (1280, 860), (390, 844)
HOUR_SHOWN = 10


def free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


def begin(folder: Path, port: int) -> tuple[subprocess.Popen[str], str]:
    """The server on its demo city, and the customer link that it prints."""
    environment = {**os.environ, "DOORSTEP_DATA_DIR": str(folder), "DOORSTEP_DATABASE_URL": ""}
    environment["DOORSTEP_TIME_ZONE"] = mid_morning()
    command = [str(Path(sys.executable).parent / "doorstep"), "serve", "--demo", "--port", str(port)]
    log = folder.parent / "serve.log"
    process = subprocess.Popen(command, env=environment, stdout=log.open("w"), stderr=subprocess.STDOUT, text=True)
    for _ in range(600):
        found = re.search(r"http://\S+/c/\S+", log.read_text())
        if found:
            return process, found.group(0)
        time.sleep(0.2)
    raise SystemExit(log.read_text())


def mid_morning() -> str:
    """A zone in which it is about ten now. (Etc counts the other way round: GMT-8 is Beijing's.)"""
    ahead = (HOUR_SHOWN - datetime.now(UTC).hour + 12) % 24 - 12
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"


def window(browser: Browser, size: tuple[int, int], language: str, *, dark: bool = False) -> Page:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if dark else "light",
        locale="zh-CN" if language == "zh" else "en-GB",
        device_scale_factor=1.5 if size is PHONE else 1,
    )
    return context.new_page()


def sign_in(page: Page, address: str, login: str, language: str) -> None:
    page.goto(f"{address}/sign-in?lang={language}")
    page.fill("[name=login]", login)
    page.fill("[name=password]", PASSWORD)
    page.click("form[action='/sign-in'] button[type=submit]")
    page.wait_for_load_state("networkidle")


def keep(page: Page, name: str) -> None:
    page.wait_for_timeout(600)
    page.screenshot(path=PICTURES / f"{name}.png")
    print(PICTURES / f"{name}.png")


def desk(browser: Browser, address: str) -> None:
    page = window(browser, DESK, "en", dark=True)
    sign_in(page, address, "supervisor", "en")
    board(page, address)
    keep(page, "desk-day-en-dark")
    page = window(browser, DESK, "zh")
    sign_in(page, address, "supervisor", "zh")
    board(page, address)
    keep(page, "desk-day")
    page.locator("[data-map]").click()
    page.wait_for_timeout(1500)
    keep(page, "desk-map")
    page.goto(f"{address}/desk/calls")
    page.locator("main a[href*='/desk/calls/']").first.click()
    page.wait_for_load_state("networkidle")
    keep(page, "desk-call")
    for name, path in (
        ("desk-exceptions", "exceptions"),
        ("desk-day-end", "day-end"),
        ("desk-text", "texts/moved/zh"),
        ("desk-care", "care"),
        ("desk-figures", "figures"),
        ("desk-supervisor", "supervisor"),
    ):
        page.goto(f"{address}/desk/{path}")
        keep(page, name)
    page.goto(f"{address}/desk/complaints")
    page.locator("main a[href*='/desk/complaints/']").first.click()
    page.wait_for_load_state("networkidle")
    keep(page, "desk-complaint")


def board(page: Page, address: str) -> None:
    page.goto(f"{address}/desk/board")
    page.wait_for_selector("doorstep-board[data-ready]")


def a_visit_and_its_line(page: Page, address: str) -> None:
    """A visit of the demo's day with its whole story, and the health file of the line with the longest past."""
    items = page.request.get(f"{address}/api/v1/visits?status=sealed").json()["items"]
    page.goto(f"{address}/desk/visits/{items[-1]['id']}")
    page.wait_for_load_state("networkidle")
    keep(page, "desk-visit")
    page.goto(f"{address}/desk/visits/{items[0]['id']}")
    page.locator("main a[href^='/desk/lines/']:not([href$='helped'])").first.click()
    page.wait_for_load_state("networkidle")
    keep(page, "desk-line")


def phone(browser: Browser, address: str) -> None:
    page = window(browser, PHONE, "zh")
    sign_in(page, address, "t01", "zh")
    keep(page, "phone-day")
    page.locator("a[href*='/t/visits/']").first.click()
    page.wait_for_load_state("networkidle")
    keep(page, "phone-visit")
    page.goto(f"{page.url.partition('#')[0]}#step-proof")
    page.wait_for_timeout(300)
    keep(page, "phone-step")


def record(address: str, folder: Path) -> None:
    """Page 1 of a sealed record of the demo city's past."""
    with httpx.Client(base_url=address, follow_redirects=True, headers={"Sec-Fetch-Site": "same-origin"}) as client:
        client.post("/sign-in", data={"login": "supervisor", "password": PASSWORD})
        items = client.get("/api/v1/visits", params={"status": "sealed"}).json()["items"]
        page = client.get(f"/desk/visits/{items[-1]['id']}").text
        link = re.search(r'"(/[^"]+\.pdf)"', page)
        assert link, "a sealed visit shows no document"
        file = folder / "record.pdf"
        file.write_bytes(client.get(link.group(1)).content)
    target = PICTURES / "record"
    subprocess.run(["pdftoppm", "-png", "-r", "80", "-f", "1", "-l", "1", "-singlefile", file, target], check=True)
    print(f"{target}.png")


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "var"
        folder.mkdir()
        port = free_port()
        process, link = begin(folder, port)
        address = f"http://127.0.0.1:{port}"
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
                desk(browser, address)
                page = window(browser, DESK, "zh")
                sign_in(page, address, "supervisor", "zh")
                a_visit_and_its_line(page, address)
                phone(browser, address)
                page = window(browser, PHONE, "zh")
                page.goto(f"{link}?lang=zh")
                keep(page, "customer")
                page.get_by_role("link", name="换个时间").first.click()
                page.wait_for_load_state("networkidle")
                keep(page, "customer-slots")
                browser.close()
            record(address, Path(temporary))
        finally:
            process.terminate()
            process.wait(20)


if __name__ == "__main__":
    main()

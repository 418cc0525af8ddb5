"""Phones for the proofs: a browser with a profile on disk that can be killed, and what to ask it afterwards."""

import os
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from playwright.sync_api import BrowserContext, BrowserType, Page, expect
from sqlalchemy import select

from dispatch.records.tables import Blob, EntryRow, Parcel, Record
from tests.browser.conftest import CHROMIUM, FLAGS, Served

STORE = """async ([name]) => {
  const account = localStorage.getItem("doorstep-account");
  const db = await new Promise((done, fail) => { const asked = indexedDB.open(`doorstep-${account}`);
    asked.onsuccess = () => done(asked.result); asked.onerror = fail; });
  const rows = await new Promise((done) => { const got = db.transaction(name).objectStore(name).getAll();
    got.onsuccess = () => done(got.result); });
  db.close();
  return rows.map(({ bytes, ...row }) => row);
}"""


def stored(page: Page, name: str) -> list[dict[str, object]]:
    """The rows of one of the phone's stores, without pictures' bytes."""
    found: list[dict[str, object]] = page.evaluate(STORE, [name])
    return found


def ready(page: Page) -> None:
    """Leave the house: the day page says that the app and its visits are kept."""
    page.goto("/t/")
    expect(page.locator("[data-readiness]")).to_contain_text("已备好", timeout=30_000)


@dataclass
class Phone:
    """A phone with its own disk. `restart` is what a dead battery looks like from the inside."""

    browser: BrowserType
    served: Served
    folder: Path
    context: BrowserContext | None = None

    def start(self) -> Page:
        """Switch it on."""
        self.context = self.browser.launch_persistent_context(
            str(self.folder),
            executable_path=CHROMIUM,
            args=FLAGS,
            base_url=self.served.address,
            viewport={"width": 390, "height": 844},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
        )
        self.context.set_default_timeout(20_000)
        return self.context.pages[0] if self.context.pages else self.context.new_page()

    def kill(self) -> None:
        """SIGKILL to every process of this profile, with no word to any page."""
        for process in Path("/proc").iterdir():
            if not process.name.isdigit():
                continue
            try:
                command = (process / "cmdline").read_bytes()
            except OSError:
                continue
            if str(self.folder).encode() in command:
                with_id = int(process.name)
                if with_id != os.getpid():
                    os.kill(with_id, signal.SIGKILL)
        time.sleep(0.3)
        try:
            if self.context is not None:
                self.context.close()
        except Exception:
            pass  # it is gone: that was the point
        self.context = None


@contextmanager
def a_phone(browser: BrowserType, served: Served, folder: Path) -> Iterator[Phone]:
    """A phone that is switched off at the end."""
    phone = Phone(browser, served, folder)
    try:
        yield phone
    finally:
        phone.kill()


def rows_once(served: Served, visit_id: UUID) -> Counter[tuple[str, str, str]]:
    """Every answer that the server holds of a visit, and how often."""
    with served.house.database.reading() as session:
        kept = session.scalars(select(EntryRow).where(EntryRow.visit_id == visit_id)).all()
        return Counter((row.step, row.key, str(row.value)) for row in kept)


def count(served: Served, what: type[Blob] | type[Parcel] | type[Record]) -> int:
    """How many the server holds."""
    with served.house.database.reading() as session:
        return len(session.scalars(select(what)).all())

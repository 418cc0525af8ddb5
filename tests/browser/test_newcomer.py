"""docs/newcomer.md, done as it is written: every word in 「」 is pressed or read on the screen, in its order.

DOORSTEP_PICTURES=docs/pictures keeps the pictures that the page shows.
"""

import os
import re
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select, update

from dispatch.accounts.viewer import SYSTEM
from dispatch.clock import utc_now
from dispatch.customers.tables import Site
from dispatch.technicians.tables import Area, Technician
from dispatch.visits.tables import Visit
from tests.browser.conftest import Opener, Served
from tests.browser.test_live_board import DAY, board
from tests.journeys.desk_hand import fields, soon, tomorrow
from tests.journeys.planning_hand import plan_what_waits
from tests.makers import a_booking, a_turn

pytestmark = pytest.mark.browser

PAGE = Path(__file__).resolve().parents[2] / "docs/newcomer.md"
SAID = re.compile(r"「([^」]+)」")


class Script:
    """Follows one chapter: what is pressed or read must be the chapter's next words in 「」."""

    def __init__(self, page: Page, chapter: int) -> None:
        text = PAGE.read_text(encoding="utf-8").split("\n## ")[chapter].split("\n![")[0]
        self.page, self.words = page, SAID.findall(text)
        self.picture = SAID.sub("", PAGE.read_text(encoding="utf-8")).split("\n## ")[chapter]

    def _next(self, words: str) -> None:
        assert self.words, f"the page has nothing more to say, and not “{words}”"
        assert self.words[0] == words, f"the page says “{self.words[0]}” here, not “{words}”"
        self.words.pop(0)

    def press(self, words: str, role: str = "button") -> None:
        self._next(words)
        self.page.locator("main").get_by_role(role, name=words).first.click()  # type: ignore[arg-type]

    def choose(self, words: str) -> None:
        self._next(words)
        self.page.locator("main").get_by_role("radio", name=words, exact=True).check()

    def read(self, words: str, where: str = "main") -> Locator:
        self._next(words)
        found = self.page.locator(where).filter(has_text=words).first
        expect(found).to_be_visible()
        return found

    def end(self) -> None:
        assert self.words == [], f"not done: {self.words}"

    def keep(self) -> None:
        """The chapter's picture, as the screen is now, if pictures are wanted."""
        folder = os.environ.get("DOORSTEP_PICTURES")
        named = re.search(r"pictures/([\w-]+\.png)", self.picture)
        assert named, "a chapter has a picture"
        if folder:
            self.page.screenshot(path=Path(folder) / named[1])


def settle(served: Served) -> tuple[UUID, UUID, UUID]:
    """A visit tomorrow, one that begins in an hour, and one of the technician who will be away."""
    with served.house.database.writing() as session:
        turn = a_turn(session, served.settings, utc_now(), SYSTEM)
        first = session.get_one(Technician, served.cast.technician_id)
        second = session.get_one(Technician, served.cast.other_technician_id)
        calm = a_booking(turn, second, tomorrow(15, 2)).visit.id
        close = a_booking(turn, second, soon(60)).visit.id
        away = a_booking(turn, first, tomorrow(9, 3)).visit.id
        session.execute(update(Site).values(area_id=session.scalars(select(Area.id)).one()))
    return calm, close, away


def now(served: Served, visit: UUID) -> Visit:
    with served.house.database.reading() as session:
        return session.get_one(Visit, visit)


def test_a_newcomer_does_the_four_things_of_every_day(served: Served, opened: Opener) -> None:
    calm, close, away = settle(served)
    page = opened("dispatcher", width=1280, height=860).page
    book(page)
    move_in_time(served, page, calm)
    refused(served, page, close)
    somebody_is_away(served, page, away)


def book(page: Page) -> None:
    script = Script(page, 1)
    board(page)
    script.press("新建工单", "link")
    script.choose("维修")
    page.fill("#f-name", "王晓")
    page.fill("#f-phone", "13800000077")
    page.fill("#f-address", "上海市浦东新区张江镇幸福路 1 号")
    page.select_option("#f-area", "张江")
    script.press("建立工单")
    script.press("查看可约时段", "link")
    page.locator("[name=slot]").first.check()
    script.press("预约并通知客户")
    script.read("预约成功", ".note")
    script.keep()
    script.end()


def move_in_time(served: Served, page: Page, visit: UUID) -> None:
    script = Script(page, 2)
    page.goto(f"/desk/visits/{visit}")
    script.press("改约", "link")
    for name, value in fields(tomorrow(10, 2, days=2)).items():
        page.fill(f"#f-{name}", value)
    script.read("原因")
    page.fill("#f-reason", "前一户施工延误")
    script.press("确认改约")
    script.read("已改约", ".note")
    script.keep()
    script.end()
    assert now(served, visit).window == tomorrow(10, 2, days=2)


def refused(served: Served, page: Page, visit: UUID) -> None:
    script = Script(page, 3)
    before = now(served, visit).window
    page.goto(f"/desk/visits/{visit}")
    script.press("改约", "link")
    for name, value in fields(tomorrow(13, 1)).items():
        page.fill(f"#f-{name}", value)
    page.fill("#f-reason", "前一户施工延误")
    script.press("确认改约")
    script.read("先致电客户")
    assert now(served, visit).window == before
    script.read("由谁提出")
    script.keep()
    script.choose("客户")
    script.press("确认改约")
    script.read("已改约", ".note")
    script.end()
    assert now(served, visit).window == tomorrow(13, 1)


def somebody_is_away(served: Served, page: Page, visit: UUID) -> None:
    script = Script(page, 4)
    board(page, DAY)
    page.locator(f"[data-technician='{served.cast.technician_id}'] .lb-person").click()
    script.press("今天来不了：由他人接手")
    page.wait_for_url("**/desk/plans/*")
    plan_what_waits(served.house, served.settings)
    expect(page.locator("main")).to_contain_text("方案待采纳", timeout=10_000)
    expect(page.locator("main")).to_contain_text("自动通知换人")
    script.keep()
    script.press("采纳全部")
    script.read("方案已采纳", ".note")
    script.end()
    assert now(served, visit).technician_id == served.cast.other_technician_id

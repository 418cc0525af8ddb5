"""A technician's thumb: answers the fields of a step by pressing and typing what a person would."""

import io
import random
from datetime import timedelta
from typing import Any
from uuid import UUID

from PIL import Image
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from checklists.progress import Folded, fold
from dispatch.clock import utc_now
from dispatch.customers.actions import CustomerFacts, LineFacts, SiteFacts
from dispatch.records.entries import counted, rows_of
from dispatch.records.tables import EntryRow
from dispatch.technicians.tables import KitStock
from dispatch.visits.booking import book_visit
from dispatch.visits.tables import Visit
from dispatch.visits.windows import Window
from tests.browser.conftest import Served
from tests.makers import RARE_ADDRESS, RARE_NAME, a_turn, an_order

HANDED_IN = ".sync[data-state=ok]"


def a_visit_today(served: Served, kind: str = "install", *, language: str = "zh", hours_ahead: int = 0) -> UUID:
    """A visit of our technician's that is promised for today."""
    with served.house.database.writing() as session:
        turn = a_turn(session, served.settings, utc_now())
        order = an_order(
            turn,
            kind,
            customer=CustomerFacts(RARE_NAME, "138 0000 0001", language=language),
            site=SiteFacts(RARE_ADDRESS, 31.2041, 121.5937),
            line=LineFacts(f"sh-{kind}-{hours_ahead}", "千兆宽带", "gpon", 1000, 100),
            note="请轻声敲门",
        )
        start = utc_now() + timedelta(minutes=20) + timedelta(hours=hours_ahead)
        visit = book_visit(
            turn, order.id, Window(start, start + timedelta(minutes=30)), technician_id=served.cast.technician_id
        ).visit
        stock = set(session.scalars(select(KitStock.item)))
        for item in {"shoe_covers", "rubbish_bag"} - stock:
            session.add(KitStock(technician_id=served.cast.technician_id, item=item, quantity=5))
        return visit.id


def kept(served: Served, visit_id: UUID) -> Folded:
    """What the server holds of a visit: the answer that counts for each field."""
    with served.house.database.reading() as session:
        return fold(counted(rows_of(session, visit_id), served.cast.technician_id))


def rows(served: Served, visit_id: UUID) -> list[EntryRow]:
    """Every entry that the server holds of a visit."""
    with served.house.database.reading() as session:
        return rows_of(session, visit_id)


def status(served: Served, visit_id: UUID) -> str:
    """Where the visit stands, as the server has it."""
    with served.house.database.reading() as session:
        found = session.get(Visit, visit_id)
        assert found is not None
        return found.status


def a_photo(colour: str = "teal", size: tuple[int, int] = (2400, 1200), turned: int = 1) -> dict[str, Any]:
    """A picture as a camera gives it; `turned` is its EXIF orientation."""
    picture = Image.new("RGB", size, colour)
    picture.paste("white", (0, 0, size[0] // 4, size[1] // 4))
    exif = Image.Exif()
    exif[0x0112] = turned
    exif[0x010F] = "CameraMaker"
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif)
    return {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def a_grainy_photo(seed: int, size: tuple[int, int] = (900, 700)) -> dict[str, Any]:
    """A picture that no camera can make small: some hundred kilobytes."""
    out = io.BytesIO()
    Image.frombytes("RGB", size, random.Random(seed).randbytes(size[0] * size[1] * 3)).save(out, "JPEG", quality=80)
    return {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


class Hand:
    """Works on one step at a time; every method is one field."""

    def __init__(self, page: Page, visit_id: UUID) -> None:
        self.page, self.visit_id, self.step = page, visit_id, ""

    def open(self, place: str = "") -> None:
        """The visit's overview, or one of its screens (`step-talk`, `customer-leave`, `end`)."""
        self.page.goto(f"/t/visits/{self.visit_id}#{place}")
        self.page.wait_for_selector("#screen .slip, #screen .panel")

    def go(self, step: str) -> None:
        """On to a step, as the button at the bottom would lead."""
        self.step = step
        self.page.evaluate("(hash) => { location.hash = hash; }", f"#step-{step}")
        self.page.wait_for_selector(f"#screen [id^='f-{step}-']")

    def field(self, key: str) -> Locator:
        """A field of the step."""
        found = self.page.locator(f"[id='f-{self.step}-{key}-field']")
        expect(found).to_be_visible()
        return found

    def pick(self, key: str, *values: str) -> None:
        """Choices, by their value; `true` and `false` for yes and no."""
        for value in values:
            self.field(key).locator(f"input[value='{value}']").first.check()

    def write(self, key: str, text: str) -> None:
        """A text."""
        self.page.fill(f"[id='f-{self.step}-{key}']", text)

    def now(self, key: str) -> None:
        """The time, by the key that says now."""
        self.field(key).get_by_role("button").first.click()

    def fill(self, box: str, text: str) -> None:
        """Write into any box, by its CSS selector."""
        self.page.fill(box, text)

    def press(self, key: str) -> None:
        """Press any key or link, by its CSS selector."""
        self.page.click(key)

    def press_in(self, field: str, key: str) -> None:
        """Press the first such key of a field."""
        self.field(field).locator(key).first.click()

    def pick_in(self, field: str, box: str) -> None:
        """Tick one box of a field, by its CSS selector."""
        self.field(field).locator(box).check()

    def photograph(self, key: str, photo: dict[str, Any]) -> None:
        """Take one picture, and wait until it is shown."""
        field = self.field(key)
        before = field.locator("img").count()
        field.locator("input[type=file]").set_input_files(photo)  # type: ignore[arg-type]
        field.locator("img").nth(before).wait_for()

    def measure(self, key: str, *runs: float) -> None:
        """A measured value, or the single results of an average."""
        for n, run in enumerate(runs):
            self.page.fill(f"[id='f-{self.step}-{key}{f'-{n}' if n else ''}']", f"{run:g}")

    def suggested(self, key: str) -> None:
        """Take over what the order suggests."""
        self.page.click(f"[data-suggestion='{key}']")

    def sign(self, key: str, name: str | None = None) -> None:
        """Three strokes and the key that confirms them."""
        box = self.field(key)
        if name is not None:
            box.locator(f"[id='f-{self.step}-{key}-name']").fill(name)
        canvas = box.locator("canvas")
        canvas.scroll_into_view_if_needed()
        at = canvas.bounding_box()
        assert at is not None
        for n in range(3):
            self.page.mouse.move(at["x"] + 20 + 60 * n, at["y"] + 30)
            self.page.mouse.down()
            for part in range(1, 6):
                self.page.mouse.move(at["x"] + 20 + 60 * n + 8 * part, at["y"] + 30 + 12 * part)
            self.page.mouse.up()
        box.locator(".signing .actions .primary").click()

    def all_handed_in(self) -> None:
        """Wait until the bar says that nothing waits."""
        self.page.wait_for_timeout(100)
        expect(self.page.locator(HANDED_IN)).to_be_attached(timeout=20_000)

    def done(self) -> None:
        """The step says that nothing is missing."""
        expect(self.page.locator("#missing .problem")).to_have_count(0)

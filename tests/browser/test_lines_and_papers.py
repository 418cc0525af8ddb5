"""The line's file, what helped, papers and signing on one's own phone, in a real browser: usable by everybody."""

import re
from typing import Any
from uuid import UUID

import httpx
import pytest
from playwright.sync_api import Page, expect

from checklists.progress import Entry, fold
from checklists.published import current
from dispatch.accounts.viewer import SYSTEM
from dispatch.clock import utc_now
from dispatch.demo.visit_story import Story, play
from dispatch.health_files.sealed_repairs import file_sealed
from dispatch.records.own_phone.content import (
    Scanned,
    confirmation_code,
    content_hash,
    signed_content,
    summary_of,
    write_fragment,
)
from dispatch.records.own_phone.tables import OwnPhoneSignature
from dispatch.records.own_phone.taking import own_phone_key
from tests.browser.conftest import Opener, Served
from tests.browser.customers_hand import rate, send, sign
from tests.browser.looks import LOOKS, seen_in, wrong_with
from tests.journeys.test_whole_visit import NAME, book, go_through
from tests.makers import a_turn

pytestmark = pytest.mark.browser


class Remote:
    """The served product as journeys know it: clients with the API token of a login."""

    def __init__(self, served: Served) -> None:
        self.served, self.cast = served, served.cast

    def as_(self, login: str) -> httpx.Client:
        headers = {"Authorization": f"Bearer {self.cast.tokens[login]}"}
        return httpx.Client(base_url=self.served.address, headers=headers, timeout=30)


@pytest.fixture
def remembered(served: Served) -> dict[str, str]:
    """A line with an installation and a filed repair, and an open repair of another line."""
    product = Remote(served)
    desk, phone = product.as_("dispatcher"), product.as_("technician")
    made: dict[str, str] = {}
    for kind in ("install", "repair"):
        ids = book(desk, product, kind)
        go_through(phone, ids["visit"], kind, [])
        assert phone.post(f"/api/v1/visits/{ids['visit']}/seal").status_code == 201
        made |= {"line": ids["line"], kind: ids["visit"]}
    with served.house.database.writing() as session:
        assert file_sealed(a_turn(session, served.settings, utc_now(), SYSTEM)) == 1
    return made


@pytest.mark.parametrize(("width", "scheme", "language"), LOOKS)
def test_line_pages_and_papers_can_be_used_by_everybody(
    served: Served, opened: Opener, remembered: dict[str, str], width: int, scheme: Any, language: str
) -> None:
    eyes = opened("admin", width=width, scheme=scheme, language=language)
    wrong: list[str] = []
    line, repair = f"/desk/lines/{remembered['line']}", f"/desk/visits/{remembered['repair']}"
    addresses = [
        line, f"{line}/helped", f"{line}/helped?symptom=drops&rx=-25.5&code=691", f"{line}/helped?symptom=drops&rx=99",
        "/desk/repairs", "/desk/repairs?q=卡顿", "/desk/repairs?q=没有的词", f"{repair}/papers/card",
        f"{repair}/papers/sticky", f"{repair}/papers/guide", f"{repair}/papers/guide?size=a6", "/guide", repair,
    ]  # fmt: skip
    for address in seen_in(addresses, width, scheme):
        eyes.page.goto(address)
        wrong += wrong_with(eyes, address)
    assert wrong == []


@pytest.mark.parametrize(("scheme", "language"), [("light", "zh"), ("dark", "en")])
def test_the_technician_reads_the_lines_file_on_the_phone(
    served: Served, opened: Opener, remembered: dict[str, str], scheme: Any, language: str
) -> None:
    eyes = opened("technician", scheme=scheme, language=language)
    wrong: list[str] = []
    for paper in ("line", "sticky", "guide", "card"):
        eyes.page.goto(f"/t/visits/{remembered['repair']}/{paper}")
        wrong += wrong_with(eyes, paper)
    eyes.page.goto(f"/t/visits/{remembered['repair']}/line")
    first = eyes.page.locator(".standing")
    box = first.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < 300  # what matters is read without scrolling
    assert eyes.page.locator(".chart svg").count() >= 2
    assert wrong == []


@pytest.mark.parametrize(("name", "size", "pages", "points"), [
    ("card", "a6", 1, (298, 420)), ("sticky", "a6", 1, (298, 420)), ("card", "a5", 1, (420, 595)),
    ("guide", "a4", 2, (595, 842)), ("guide", "a5", 2, (420, 595)), ("guide", "a6", 3, (298, 420)),
])  # fmt: skip
def test_a_paper_prints_on_its_own_size_and_nothing_but_the_paper(
    opened: Opener, remembered: dict[str, str], name: str, size: str, pages: int, points: tuple[int, int]
) -> None:
    page = opened("dispatcher").page
    page.goto(f"/desk/visits/{remembered['repair']}/papers/{name}?size={size}")
    printed = page.pdf(prefer_css_page_size=True)
    sizes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", printed)
    assert {(round(float(w)), round(float(h))) for w, h in sizes} == {points}
    assert len(sizes) <= pages
    page.emulate_media(media="print")
    expect(page.locator(".paper-bar")).to_be_hidden()


def scanned_of(served: Served, visit_id: str) -> Scanned:
    """What the technician's phone would show for the visit, made from entries that no server has seen."""
    story = Story(arrived=utc_now(), customer=NAME, technician="赵翀㛃", symptoms=["晚高峰卡顿"])
    repair = current("repair")
    entries = [Entry(str(one.id), one.step, one.key, one.value, one.at) for one in play(repair, story)]
    steps = [step.key for step in repair.steps]
    content = signed_content(UUID(visit_id), repair, fold(entries), steps)
    key = own_phone_key(served.settings, UUID(visit_id))
    return Scanned(
        UUID(visit_id), key, content_hash(content), repair.key, tuple(content["steps"]), "赵翀㛃 T-001",
        summary_of(content),
    )  # fmt: skip


@pytest.fixture
def to_sign(served: Served) -> Scanned:
    product = Remote(served)
    return scanned_of(served, book(product.as_("dispatcher"), product, "repair")["visit"])  # type: ignore[arg-type]


def open_scanned(page: Page, scanned: Scanned, language: str = "zh") -> None:
    page.goto(f"/own?lang={language}#{write_fragment(scanned)}")
    expect(page.locator("[data-reading]")).to_be_visible()


@pytest.mark.parametrize(("scheme", "language"), [("light", "zh"), ("dark", "en")])
def test_a_customer_signs_on_their_own_phone_and_shows_the_code(
    served: Served, opened: Opener, to_sign: Scanned, scheme: Any, language: str
) -> None:
    eyes = opened(scheme=scheme, language=language)
    page, wrong = eyes.page, list[str]()
    open_scanned(page, to_sign, language)
    assert "#" not in page.url  # the key is in no history
    expect(page.locator("[data-summary]")).to_contain_text("接头脏污或松动" if language == "zh" else "Connector dirty")
    wrong += wrong_with(eyes, "own phone")
    send(page)
    expect(page.locator("[data-problem]")).to_be_visible()
    rate(page)
    sign(page, NAME)
    send(page)
    code = confirmation_code(to_sign.key, to_sign.content_sha256, "sign")
    expect(page.locator("[data-code]")).to_have_text(f"{code[:3]} {code[3:]}")
    wrong += wrong_with(eyes, "signed")
    assert wrong == []
    with served.house.database.reading() as session:
        kept = session.query(OwnPhoneSignature).one()
    assert (kept.state, kept.decision, kept.content_sha256) == ("waiting", "sign", to_sign.content_sha256)


def test_without_a_network_nothing_is_lost_and_pressed_again_it_is_one_signature(
    served: Served, opened: Opener, to_sign: Scanned
) -> None:
    page = opened().page
    open_scanned(page, to_sign)
    rate(page)
    sign(page, NAME)
    served.stop()
    send(page)
    expect(page.locator("[data-problem]")).to_contain_text("没有网络")
    served.start()
    send(page)
    expect(page.locator("[data-code]")).to_be_visible()
    with served.house.database.reading() as session:
        assert session.query(OwnPhoneSignature).count() == 1


def test_a_refusal_needs_its_reason_and_promises_a_call(opened: Opener, to_sign: Scanned) -> None:
    page = opened().page
    open_scanned(page, to_sign)
    rate(page)
    page.check("[name=decision][value=refuse]")
    send(page)
    expect(page.locator("[data-problem]")).to_be_visible()
    page.fill("[name=reason]", "书房还是没有信号")
    send(page)
    expect(page.locator("[data-done-refuse]")).to_be_visible()


def test_an_address_without_content_or_with_markup_in_it_shows_what_to_do_and_runs_nothing(
    opened: Opener, to_sign: Scanned
) -> None:
    page = opened().page
    for fragment in ("", "#", "#1xx", "#0e30"):
        page.goto("about:blank")
        page.goto(f"/own{fragment}")
        expect(page.locator("[data-problem]")).to_contain_text("重新扫描")
    hostile = [["work", "alteration_what", "<img src=x onerror=alert(1)>"], ["x", "<b>", "<script>alert(1)</script>"]]
    bent = Scanned(
        to_sign.visit_id, to_sign.key, to_sign.content_sha256, to_sign.checklist, to_sign.steps, "<i>", hostile
    )
    page.goto("about:blank")
    open_scanned(page, bent)
    expect(page.locator("[data-summary]")).to_contain_text("<img src=x onerror=alert(1)>")
    assert page.locator("[data-summary] img, [data-summary] script, [data-summary] i").count() == 0

"""The technician's phone has no signal; the customer scans its code and signs on their own, which has."""

import subprocess
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from dispatch.records.own_phone.tables import OwnPhoneSignature
from dispatch.records.tables import Record
from tests.browser import whole_visits
from tests.browser.conftest import Eyes, Opener, Served
from tests.browser.customers_hand import digits_shown, rate, send, sign
from tests.browser.phones import count, ready
from tests.browser.technicians_hand import Hand, a_visit_today, kept

pytestmark = pytest.mark.browser
NAME = "王芳"


def scanned(page: Page, folder: Path) -> str:
    """What the code on the screen says, by a reader that is not ours."""
    code = page.locator("canvas.own-code")
    expect(code).to_be_visible()
    page.wait_for_function("document.querySelector('canvas.own-code').width > 100")
    code.scroll_into_view_if_needed()
    picture = folder / "code.png"
    code.screenshot(path=picture)
    read = subprocess.run(["zbarimg", "--quiet", "--raw", picture], capture_output=True, text=True, check=True)
    return read.stdout.strip()


def up_to_the_signature(window_page: Page, visit_id: UUID) -> Hand:
    """A repair, done as far as the customer's part of the last step."""
    hand = Hand(window_page, visit_id)
    hand.open()
    whole_visits.set_out(hand, repair=True)
    whole_visits.enter(hand, repair=True)
    whole_visits.repair(hand)
    whole_visits.guide_and_remind(hand)
    whole_visits.tidy_up(hand, photos=False)
    hand.press(".hand-over a")
    hand.press(".own-phone summary")
    return hand


def type_digits(hand: Hand, digits: str) -> None:
    hand.fill("#own-digits", digits)
    hand.press(".own-phone > .button")


def states(served: Served) -> list[str]:
    with served.house.database.reading() as session:
        return list(session.scalars(select(OwnPhoneSignature.state)))


def without_a_signal(served: Served, opened: Opener, tmp_path: Path) -> tuple[UUID, Eyes, Hand, Page]:
    """A repair up to its signature with no signal: the visit, the technician's window and hand, the customer's page."""
    visit_id = a_visit_today(served, "repair")
    window = opened("technician")
    ready(window.page)
    window.context.set_offline(True)
    hand = up_to_the_signature(window.page, visit_id)
    customer = opened().page
    customer.goto(scanned(hand.page, tmp_path))
    return visit_id, window, hand, customer


def test_without_a_signal_the_customer_signs_on_their_own_phone_and_the_visit_is_sealed(
    served: Served, opened: Opener, tmp_path: Path
) -> None:
    visit_id, window, hand, customer = without_a_signal(served, opened, tmp_path)
    expect(customer.locator("[data-summary]")).to_contain_text("接头")
    rate(customer)
    sign(customer, NAME)
    send(customer)
    digits = digits_shown(customer)
    type_digits(hand, "000000" if digits.replace(" ", "") != "000000" else "000001")
    expect(hand.page.locator(".own-phone [role=alert]")).to_contain_text("确认码不对")
    type_digits(hand, digits)
    expect(hand.page.locator(".letter")).to_contain_text("客户已在自己的手机上签名")
    assert states(served) == ["waiting"]
    hand.press(".thanks button")
    whole_visits.technician_signs(hand)
    hand.page.reload()
    hand.go("leave")
    hand.done()  # what was agreed outlives the page
    hand.open("end")
    hand.press("#dock .primary")
    expect(hand.page.locator("#screen")).to_contain_text("有信号时自动上传并封存")
    window.context.set_offline(False)
    hand.all_handed_in()
    assert states(served) == ["joined"]
    assert count(served, Record) == 1
    answer = kept(served, visit_id)["leave", "customer_signature"].value
    assert isinstance(answer, dict)
    assert answer["name"] == NAME


def test_a_change_after_the_customer_signed_asks_for_a_new_signature(
    served: Served, opened: Opener, tmp_path: Path
) -> None:
    _visit_id, _window, hand, customer = without_a_signal(served, opened, tmp_path)
    rate(customer)
    customer.check("[name=decision][value=refuse]")
    customer.fill("[name=reason]", "还要观察一天")
    send(customer)
    type_digits(hand, digits_shown(customer))
    expect(hand.page.locator(".letter")).to_contain_text("选择不签名")
    hand.go("file")
    hand.measure("download", 955)
    hand.go("leave")
    expect(hand.page.locator("#missing")).to_contain_text("客户签名")
    hand.press(".hand-over a")
    expect(hand.page.locator(".own-phone")).to_be_visible()

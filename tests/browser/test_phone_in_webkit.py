"""The main path in WebKit: the app opens without a server, a visit is done and signed, the queue comes home once."""

from collections.abc import Iterator

import pytest
from selenium.webdriver import WebKitGTK

from dispatch.records.tables import Blob, Record
from tests.browser import whole_visits
from tests.browser.conftest import Served
from tests.browser.phones import count, rows_once
from tests.browser.technicians_hand import a_visit_today, kept, status
from tests.browser.webkit import BROWSER, DRIVER, WebKitHand, a_webkit

pytestmark = pytest.mark.browser


@pytest.fixture
def webkit() -> Iterator[WebKitGTK]:
    assert None not in (DRIVER, BROWSER), "apt-get install webkit2gtk-driver xvfb"
    with a_webkit() as driver:
        yield driver


@pytest.mark.timeout(300)
def test_a_whole_visit_is_done_and_handed_in_without_a_server(served_on_https: Served, webkit: WebKitGTK) -> None:
    served = served_on_https
    visit_id = a_visit_today(served)
    hand = WebKitHand(webkit, served, visit_id)
    hand.sign_in()
    hand.ready()
    served.stop()
    hand.open()
    whole_visits.set_out(hand)
    whole_visits.enter(hand)
    whole_visits.install(hand)
    whole_visits.guide_and_remind(hand)
    whole_visits.leave(hand)
    hand.open("end")  # the page is another one: what it knows, it has from the phone's disk
    hand.press("#dock .primary")
    hand.until(lambda: "有信号时自动上传并封存" in hand.text(), "not queued")
    served.start()
    webkit.execute_script("dispatchEvent(new Event('online'))")
    hand.all_handed_in()
    assert status(served, visit_id) == "sealed"
    answers = kept(served, visit_id)
    assert answers["leave", "customer_signature"].value["name"] == "王芳"
    assert answers["work", "alteration_agreement"].value["strokes"]
    assert len(answers["leave", "after_photos"].value) == count(served, Blob) == 2
    assert count(served, Record) == 1
    assert set(rows_once(served, visit_id).values()) == {1}

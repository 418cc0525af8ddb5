"""A visit by keyboard alone: every control is reached with Tab, pressed with Space or Enter, and typed into."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opener, Served
from tests.browser.phones import ready
from tests.browser.technicians_hand import HANDED_IN, a_visit_today, kept, status

pytestmark = pytest.mark.browser

FOCUSED = "(wanted) => Boolean(document.activeElement?.matches(wanted) && document.activeElement.checkVisibility())"
MOST_TABS = 150


def reach(page: Page, wanted: str) -> None:
    """Tab to it, as often as it takes."""
    for _ in range(MOST_TABS):
        if page.evaluate(FOCUSED, wanted):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never comes to {wanted}")


def choose(page: Page, field: str, value: str) -> None:
    """Tab to the group, arrow to the choice."""
    group = f"[id='f-{field}-field'] input"
    reach(page, group)
    for _ in range(12):
        if page.evaluate(FOCUSED, f"{group}[value='{value}']"):
            break
        page.keyboard.press("ArrowDown" if page.evaluate(FOCUSED, "[type=radio]") else "Tab")
    page.keyboard.press("Space")


def press(page: Page, wanted: str) -> None:
    reach(page, wanted)
    page.keyboard.press("Enter")


def test_a_visit_where_nobody_is_home_is_done_by_keyboard_alone(served: Served, opened: Opener) -> None:
    visit_id = a_visit_today(served)
    page = opened("technician").page
    ready(page)
    press(page, f"a[href='/t/visits/{visit_id}']")
    page.wait_for_selector(".slip")
    press(page, "#dock a")
    page.wait_for_selector("[id='f-appointment-background_read-field']")
    choose(page, "appointment-background_read", "true")
    press(page, "[id='f-appointment-kit_check-field'] button")
    choose(page, "appointment-call_outcome", "reached")
    press(page, "[id='f-appointment-announced_arrival-field'] button")
    press(page, ".departing button")
    press(page, "[id='f-appointment-arrived_at-field'] button")
    choose(page, "appointment-punctuality", "on_time")
    press(page, "#dock a[href='#step-talk']")
    page.wait_for_selector("[id='f-talk-access-field']")
    choose(page, "talk-access", "nobody_home")
    choose(page, "talk-door_call", "not_reached")
    choose(page, "talk-missed_note", "on_the_door")
    reach(page, "[id='f-talk-next_time']")
    page.keyboard.type("周六上午")
    press(page, "[id='f-talk-left_door_at-field'] button")
    press(page, "#dock a[href='#end']")
    page.wait_for_selector("#dock button")
    press(page, "#dock button")
    page.wait_for_url("**/record")
    expect(page.locator(HANDED_IN)).to_be_attached()
    assert status(served, visit_id) == "no_access"
    assert kept(served, visit_id)["talk", "next_time"].value == "周六上午"

"""Every screen of the phone, in both languages and schemes, small and large: legible, reachable, within its edges."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Opener, Served, findings_of_axe
from tests.journeys.customer_stages import a_guest

pytestmark = pytest.mark.browser

STEPS = ("appointment", "talk", "work", "proof", "file", "guide", "remind", "leave")
SCREENS = ("", *(f"#step-{step}" for step in STEPS), "#customer-leave", "#end")
VARIANTS = [
    ("install", "zh", "light", 390, 1),
    ("repair", "en", "dark", 390, 1),
    ("repair", "zh", "dark", 320, 1),
    ("install", "en", "light", 390, 2),
]
# What lies under a bar that stays on the screen counts as covered, though it only has to be scrolled out from there.
STILL = (
    """() => { for (const bar of document.querySelectorAll(".bar, .dock, .thumbs")) bar.style.position = "static"; }"""
)
WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll("body *")]
  .filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && e.checkVisibility())
  .map((e) => `wider than the phone: ${e.outerHTML.slice(0, 90)}`).slice(0, 5)"""
SMALL = """() => [...document.querySelectorAll("a, button, input, select, textarea, summary")]
  .filter((e) => e.checkVisibility() && !e.closest(".visually-hidden, .choice, .file, .skip-link"))
  .map((e) => [e.outerHTML.slice(0, 90), e.getBoundingClientRect()])
  .filter(([, box]) => box.height < 44 || box.width < 40).map(([html, box]) => `${html} ${box.width}x${box.height}`)"""


def looked_at(page: Page, name: str, large: int) -> list[str]:
    """What is wrong with the screen as it stands."""
    if large > 1:
        page.evaluate("(times) => { document.documentElement.style.fontSize = `${100 * times}%`; }", large)
    page.evaluate(STILL)
    wrong = findings_of_axe(page) + page.evaluate(SMALL) + page.evaluate(WIDE)
    return [f"{name}: {one}" for one in wrong]


@pytest.mark.parametrize(("kind", "language", "scheme", "width", "large"), VARIANTS)
def test_every_screen_is_sound(
    served: Served, opened: Opener, kind: Any, language: str, scheme: Any, width: int, large: int
) -> None:
    guest = a_guest(
        served.house, served.cast.technician_id, "worked", kind=kind, language=language, hours_ahead=1
    )  # fmt: skip
    window = opened("technician", width=width, scheme=scheme, language=language)
    page, wrong = window.page, []
    page.goto(f"/t/visits/{guest.visit_id}")
    for screen in SCREENS:
        page.evaluate("(hash) => { location.hash = hash; }", screen)
        page.wait_for_timeout(150)
        page.wait_for_selector("#screen h1")
        wrong += looked_at(page, screen or "overview", large)
    for path in ("", "/kit", "/me", f"/visits/{guest.visit_id}/note", f"/visits/{guest.visit_id}/card"):
        page.goto(f"/t{path}")
        wrong += looked_at(page, path, large)
    window.wrong.clear()  # axe itself tries inline styles, which the policy refuses
    assert "\n".join(wrong) == ""

"""A customer's hand on their own phone: rating, signing, sending."""

import re

from playwright.sync_api import Page, expect


def rate(page: Page) -> None:
    """Two ratings, as both are asked for."""
    page.check("[name=conduct_rating][value='5']")
    page.check("[name=overall_rating][value='4']")


def sign(page: Page, name: str) -> None:
    """Agree, name, and one stroke that goes up and down."""
    page.check("[name=decision][value=sign]")
    page.fill("[name=name]", name)
    pad = page.locator("canvas.signature")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box
    page.mouse.move(box["x"] + 30, box["y"] + 60)
    page.mouse.down()
    for step in range(1, 12):
        page.mouse.move(box["x"] + 30 + step * 18, box["y"] + 60 + (30 if step % 2 else -20))
    page.mouse.up()


def send(page: Page) -> None:
    """Press the key that sends."""
    page.click("[data-form] button:not([type=button])")


def digits_shown(page: Page) -> str:
    """The six digits that the customer reads out."""
    shown = page.locator("[data-code]")
    expect(shown).to_have_text(re.compile(r"^\d{3} \d{3}$"))
    return shown.text_content() or ""

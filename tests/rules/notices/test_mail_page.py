"""The mail: the same words as plain text and as a page, whatever the facts hold."""

from html.parser import HTMLParser

import pytest

from dispatch.notices.channels.protocol import Message
from dispatch.notices.composing import compose
from dispatch.notices.particulars import BUTTONS, ROWS
from dispatch.notices.texts import NAMES
from dispatch.notices.variables import VARIABLES_OF
from tests.rules.notices.made_notices import LINK, ANotice, settings

EVERY = pytest.mark.parametrize("name", NAMES)
BOTH = pytest.mark.parametrize("language", ["zh", "en"])


class Page(HTMLParser):
    """What a mail program would see: tags with their attributes, and the text between."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1][0] not in ("style", "title"):
            self.text += data

    def links(self) -> list[str | None]:
        return [attributes.get("href") for tag, attributes in self.tags if tag == "a"]


def mailed(name: str, language: str = "zh", **more: object) -> Message:
    return compose(ANotice(name, language, facts=more), {}, settings(), LINK).message


def test_every_text_has_its_table_and_its_button() -> None:
    assert set(ROWS) == set(BUTTONS) == set(NAMES)
    for name, rows in ROWS.items():
        assert {variable for variable, _ in rows} <= VARIABLES_OF[name]


@EVERY
@BOTH
def test_plain_text_and_page_say_the_same(name: str, language: str) -> None:
    message = mailed(name, language)
    page = Page(message.html)
    lines = [line for line in message.text.splitlines() if line]
    for line in lines[:-1]:
        label, _, value = line.partition("：" if language == "zh" else ": ")
        said = value if LINK in line or label in page.text else line
        assert said == LINK or said in page.text or line in page.text, line
    assert page.links() == [LINK]
    assert "10000" in lines[-1]
    assert page.tags[0] == (
        "html",
        {"lang": "zh-CN" if language == "zh" else "en", "xmlns": "http://www.w3.org/1999/xhtml"},
    )
    assert BUTTONS[name].to(language) in page.text
    assert settings().company.to(language) in page.text


@EVERY
def test_the_page_brings_everything_with_it(name: str) -> None:
    """Mail programs fetch nothing and run nothing: no pictures, no scripts, no style sheets, styles inline."""
    page = Page(mailed(name).html)
    tags = {tag for tag, _ in page.tags}
    assert not tags & {"img", "script", "link", "iframe", "form", "svg", "base"}
    for tag, attributes in page.tags:
        if tag in ("p", "td", "th", "a"):
            assert attributes.get("style"), tag
    assert len(mailed(name).html.encode()) < 20_000


HOSTILE = "<script>alert(1)</script>&\"'{{ 7*7 }}<a href=https://evil.example>x</a>"


@EVERY
def test_hostile_facts_are_shown_as_text(name: str) -> None:
    given = {"customer": HOSTILE, "technician": HOSTILE, "reason": HOSTILE, "number": HOSTILE}
    message = mailed(name, **given)
    page = Page(message.html)
    assert page.links() == [LINK]
    assert "script" not in {tag for tag, _ in page.tags}
    assert HOSTILE in page.text
    assert "49" not in page.text
    assert HOSTILE in message.text


def test_the_subject_is_one_line() -> None:
    message = mailed("on_the_way", technician="赵\r\nBcc: a@b")
    for header in (message.subject, message.name, mailed("booked", customer="王\nBcc: a@b").name):
        assert not set(header) & set("\r\n")


def test_a_mail_goes_to_the_customers_address_and_has_no_parts() -> None:
    composed = compose(ANotice("booked"), {}, settings(), LINK, reply_hint=True)
    assert composed.message.to == "wang@example.net"
    assert composed.parts == 0
    assert "回复1" not in composed.message.text


def test_a_change_shows_both_times_in_its_table() -> None:
    lines = mailed("moved").text.splitlines()
    assert "原定时间：11月23日（周一）14:00–16:00" in lines
    assert "新的时间：11月23日（周一）09:00–10:00" in lines
    assert "原因：上一户处理超时" in lines

"""Text that may be kept, shown, printed and sent; and text that may not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklists.plain_text import BROKEN, CONTROL, LINES, REORDERING, UnsafeText, safe_text, unsafe
from checklists.words import Words


@pytest.mark.parametrize(
    "text",
    ["", "王芳", "王𬭎", "龘園路88弄", "a\nb", "<script>alert(1)</script>", "{{ 7*7 }}", "'; DROP TABLE", "=1+1",
     "👨‍👩‍👧",
     "e\u0301", "\u00a0", "\u200b", "~"],
)  # fmt: skip
def test_ordinary_and_merely_odd_text_is_kept_as_it_is(text: str) -> None:
    assert safe_text(text) is text


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("\x00", CONTROL), ("a\tb", CONTROL), ("a\r\nb", CONTROL), ("\x1f", CONTROL), ("\x7f", CONTROL),
        ("\x85", CONTROL),
        ("\x9f", CONTROL), ("\u2028", CONTROL), ("\u2029", CONTROL), ("\ufffe", CONTROL), ("\uffff", CONTROL),
        ("\ud800", BROKEN), ("a\udfffb", BROKEN), ("\u202aa", REORDERING), ("gpj\u202e.exe", REORDERING),
        ("\u2066a", REORDERING), ("\u2069", REORDERING),
    ],
)  # fmt: skip
def test_hidden_and_broken_characters_are_refused_with_a_reason(text: str, why: Words) -> None:
    assert unsafe(text) == why
    with pytest.raises(UnsafeText) as refused:
        safe_text(text)
    assert refused.value.words == why


@pytest.mark.parametrize("text", ["\u202f", "\u2065", "\u206a", "\ud7ff", "\ue000", "\xa0"])
def test_the_neighbours_of_the_refused_ranges_are_kept(text: str) -> None:
    assert unsafe(text) is None


def test_a_newline_is_refused_only_where_one_line_fits() -> None:
    assert unsafe("a\nb") is None
    assert unsafe("a\nb", lines=False) == LINES


@given(st.text(st.characters(codec=None, categories=None)))
def test_text_that_is_kept_can_be_stored_and_says_what_it_shows(text: str) -> None:
    if unsafe(text) is None:
        assert text.encode("utf-8").decode("utf-8") == text
        assert "\x00" not in text
        assert "\r" not in text

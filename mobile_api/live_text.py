"""Texts whose places are filled in on the phone: one sentence in the template, one expression for each place."""

import re

from markupsafe import Markup, escape

_PLACE = re.compile(r"\{(\w+)\}")


def live(text: str, **places: str) -> Markup:
    """`text` with each `{name}` as an element that the browser fills: from an expression, or Markup put in as it is.

    Expressions are the template's own words: what a person wrote never stands in one. KeyError for an unknown place.
    """

    def place(found: re.Match[str]) -> str:
        given = places[found[1]]
        return given if isinstance(given, Markup) else f'<span x-text="{escape(given)}"></span>'

    parts, at = [], 0
    for found in _PLACE.finditer(text):
        parts += [str(escape(text[at : found.start()])), str(place(found))]
        at = found.end()
    return Markup("".join([*parts, str(escape(text[at:]))]))  # noqa: S704

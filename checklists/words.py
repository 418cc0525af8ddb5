"""Text that a person reads, in the two languages of the product, side by side.

Both languages stand together wherever a text is written, so nobody translates one and forgets the other.
"""

from typing import Literal, NamedTuple

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")


class Words(NamedTuple):
    """One text in Simplified Chinese (first) and English."""

    zh: str
    en: str

    def to(self, language: str) -> str:
        """The text for a reader of `language`; Chinese for any language that we do not speak."""
        return self.en if language == "en" else self.zh

    def with_facts(self, **facts: object) -> "Words":
        """The same text with `{name}` places filled in both languages."""
        return Words(self.zh.format(**facts), self.en.format(**facts))

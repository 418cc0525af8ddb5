"""Text that is safe to keep, show, print and send: one rule for every text that comes from outside.

Refused are NUL and the other control characters (a newline is allowed where lines are), lone surrogates (they cannot
be stored as UTF-8), characters that reorder what is read (bidi embeddings, overrides and isolates), the Unicode line
separators, and the two code points that no XML may hold.
"""

import re

from checklists.words import Words

_REORDERING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROL_BUT_NEWLINE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")

REORDERING = Words(
    "文字中含有会改变显示顺序的隐藏字符，请重新输入。",
    "The text holds hidden characters that reorder it. Type it again.",
)
BROKEN = Words(
    "文字中含有无法保存的残缺字符，请重新输入。", "The text holds broken characters that cannot be kept. Type it again."
)
CONTROL = Words("文字中含有控制字符，请删除后重试。", "The text holds control characters. Remove them and retry.")
LINES = Words("此处只能填写一行文字。", "Only one line of text fits here.")


class UnsafeText(ValueError):
    """The text must not be kept; `words` says why, without repeating the text."""

    def __init__(self, words: Words) -> None:
        super().__init__(words.en)
        self.words = words


def unsafe(text: str, *, lines: bool = True) -> Words | None:
    """Why `text` must not be kept, or None when it may be. `lines`: whether newlines are allowed."""
    if _SURROGATE.search(text):
        return BROKEN
    if _CONTROL_BUT_NEWLINE.search(text):
        return CONTROL
    if _REORDERING.search(text):
        return REORDERING
    if not lines and "\n" in text:
        return LINES
    return None


def safe_text(text: str, *, lines: bool = True) -> str:
    """`text` itself when it is safe to keep; raises UnsafeText when not."""
    reason = unsafe(text, lines=lines)
    if reason is not None:
        raise UnsafeText(reason)
    return text

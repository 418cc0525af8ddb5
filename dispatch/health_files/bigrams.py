"""Text as words that can be looked up: Chinese as pairs of neighbouring characters, the rest as it is spelled. Pure.

Neither engine cuts Chinese into words. Pairs need no dictionary, find every word of two characters, and are the same
on SQLite (FTS5 `unicode61`) and PostgreSQL (tsvector), because they are made here.
"""

import re
import unicodedata

LONGEST_WORD = 30
MOST_WORDS = 200  # of one text: more is a pasted log, not a description

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUNS = re.compile(f"[{_HAN}]+|[^\\W_{_HAN}]+")


def words_in(text: str) -> list[str]:
    """The words of `text`, each once, in their order: `晚上 WiFi 掉线` gives 晚上, wifi, 掉线.

    Full-width and half-width are one, so are large and small letters. A Chinese character that stands alone is a word.
    """
    found: dict[str, None] = {}
    for run in _RUNS.findall(unicodedata.normalize("NFKC", text).lower()):
        found.update(dict.fromkeys(_pairs(run) if run[0] >= "\u3400" else [run[:LONGEST_WORD]]))
        if len(found) >= MOST_WORDS:
            break
    return list(found)[:MOST_WORDS]


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)] or [run]

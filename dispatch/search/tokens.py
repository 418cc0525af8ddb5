"""What a customer, an order or a record is found by, and what somebody types is looked up as. Pure.

Chinese is found by single characters and pairs, names also by pinyin (whole and by initials), codes by groups of three
signs. Each token begins with the letter of its field, so that a name and an address that share a word stay apart.
"""

import re
import unicodedata
from collections.abc import Iterable
from itertools import product

from pypinyin import Style, pinyin

NAME, SOUND, ADDRESS, CODE, PHONE = "n", "y", "a", "c", "p"
PHONE_END = 4  # digits that a masked number shows anyway; no more of it stands in the index
SHORTEST_CODE = 3
LONGEST = 60  # characters of a question that are looked at
MOST_READINGS = 8  # of a name with characters that are read in several ways
LONGEST_NAME_READ = 6

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUNS = re.compile(f"[{_HAN}]+|[^\\W_{_HAN}]+")
_IS_HAN = re.compile(f"[{_HAN}]+")


def plain(text: str) -> str:
    """Full-width and half-width are one, so are large and small letters."""
    return " ".join(unicodedata.normalize("NFKC", text).lower().split())


def runs_of(text: str) -> list[str]:
    """Stretches of Chinese, and words and numbers of everything else."""
    return _RUNS.findall(plain(text))


def is_han(run: str) -> bool:
    """Whether it is Chinese throughout."""
    return _IS_HAN.fullmatch(run) is not None


def _hex(text: str) -> str:
    """A token as the index keeps it: letters and digits only, whatever the characters."""
    return text.encode().hex() if not text.isascii() or not text.isalnum() else f"x{text}"


def token(field: str, text: str) -> str:
    """A token of a field."""
    return field + _hex(text)


def words_of(field: str, text: str) -> set[str]:
    """Tokens of a name or address: characters and pairs of Chinese, words of the rest with every beginning of them."""
    found: set[str] = set()
    for run in runs_of(text):
        if is_han(run):
            found.update(token(field, one) for one in run)
            found.update(token(field, run[at : at + 2]) for at in range(len(run) - 1))
        else:
            found.update(token(field, run[:length]) for length in range(1, min(len(run), 24) + 1))
    return found


def sounds_of(name: str) -> set[str]:
    """How a Chinese name is typed in letters: initials (any stretch of two or more), syllables, all of it.

    A character that is read in several ways (曾: zeng, ceng) is found by each.
    """
    found: set[str] = set()
    for run in runs_of(name):
        if not is_han(run) or len(run) > LONGEST_NAME_READ:
            continue
        readings = pinyin(run, style=Style.NORMAL, heteronym=True, errors="ignore")
        for number, syllables in enumerate(product(*(one[:3] for one in readings))):
            if number >= MOST_READINGS:
                break
            initials = "".join(one[0] for one in syllables if one)
            for begin in range(len(syllables)):
                for end in range(begin + 1, len(syllables) + 1):
                    found.add(token(SOUND, "".join(syllables[begin:end])))
                    if end - begin > 1:
                        found.add(token(SOUND, initials[begin:end]))
    return found


def code_of(text: str) -> str:
    """A number of an order or record without what people leave out: `GD-2026 001` is `gd2026001`."""
    return "".join(sign for sign in plain(text) if sign.isalnum())


def groups_of(code: str) -> set[str]:
    """Groups of three neighbouring signs."""
    code = code_of(code)
    return {token(CODE, code[at : at + SHORTEST_CODE]) for at in range(len(code) - SHORTEST_CODE + 1)}


def customer_tokens(name: str, addresses: Iterable[str], phone: str) -> set[str]:
    """Everything that a customer is found by; of the phone only what a masked number shows."""
    words = words_of(NAME, name) | sounds_of(name) | {one for each in addresses for one in words_of(ADDRESS, each)}
    return words | {token(PHONE, phone[-PHONE_END:])}


def asked(field: str, text: str) -> list[str] | None:
    """Tokens that all must be there for a name or an address to hold `text`; None when nothing can be asked."""
    found: list[str] = []
    for run in runs_of(text[:LONGEST]):
        if is_han(run):
            pairs = [token(field, run[at : at + 2]) for at in range(len(run) - 1)]
            found += pairs or [token(field, run)]
        else:
            found.append(token(field, run[:24]))
    return found or None


def asked_sound(text: str) -> list[str] | None:
    """The token of what may be pinyin: two to thirty Latin letters, blanks left out."""
    letters = plain(text).replace(" ", "").replace("'", "")
    return [token(SOUND, letters)] if letters.isascii() and letters.isalpha() and 2 <= len(letters) <= 30 else None


def asked_code(text: str) -> list[str] | None:
    """Tokens of a fragment of a number; None when it is too short or not one."""
    code = code_of(text[:LONGEST])
    return sorted(groups_of(code)) if code.isascii() and len(code) >= SHORTEST_CODE else None


def phone_end(text: str) -> str | None:
    """The last digits of a phone number, four or more; None for what is no number."""
    digits = re.sub(r"[\s\-()+]", "", plain(text))
    return digits if digits.isascii() and digits.isdigit() and 4 <= len(digits) <= 15 else None

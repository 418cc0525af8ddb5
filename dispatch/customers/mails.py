"""Mail addresses as people write them, made one; what no server could take is refused."""

import re

from checklists.words import Words
from dispatch.errors import Invalid

LONGEST_LOCAL, LONGEST = 64, 200
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")  # RFC 5321 Dot-string
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_FULL_WIDTH = str.maketrans("＠．", "@.")


def normal_mail(text: str) -> str:
    """The address with its domain in small ASCII letters (`用户@例子.中国` has no ASCII name and is refused).

    Refuses with Invalid (`mail-impossible`) what cannot be one: line breaks, hidden characters, quotes, several
    addresses, a domain of one word.
    """
    plain = text.strip().translate(_FULL_WIDTH)
    local, at, domain = plain.rpartition("@")
    if not at or len(local) > LONGEST_LOCAL or not _LOCAL.fullmatch(local):
        raise _impossible()
    try:
        wire = domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise _impossible() from None
    labels = wire.split(".")
    if len(labels) < 2 or not all(_LABEL.fullmatch(label) for label in labels) or labels[-1].isdigit():
        raise _impossible()
    address = f"{local}@{wire}"
    if len(address) > LONGEST:
        raise _impossible()
    return address


def _impossible() -> Invalid:
    return Invalid(
        Words("邮箱地址不正确，请核对，例如 wang@example.cn。", "That is no mail address. Check it: wang@example.cn."),
        name="mail-impossible",
    )

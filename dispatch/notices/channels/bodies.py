"""What gateways send to us, read without trust: nothing here may carry what a database or a page could not take."""

import hmac
import json
from typing import Any

from dispatch.notices.channels.protocol import Unreadable, Unsigned

SHORTEST_TOKEN = 24
MOST_ITEMS = 1000  # of one call; providers tell up to some hundred at once


def json_in(body: bytes) -> Any:
    """The value of a JSON body (UTF-8). Raises Unreadable."""
    try:
        return json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise Unreadable from error


def objects_in(body: bytes) -> list[dict[str, Any]]:
    """The objects of a body that is one object or a list of them. Raises Unreadable, also for far too many."""
    value = json_in(body)
    items = value if isinstance(value, list) else [value]
    if not items or len(items) > MOST_ITEMS or not all(isinstance(item, dict) for item in items):
        raise Unreadable
    return items


def line(value: object, most: int) -> str:
    """A text or a number as one line of at most `most` characters; empty for anything else.

    Control characters and lone surrogates are left out: PostgreSQL refuses the one, UTF-8 the other.
    """
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    if isinstance(value, int) and abs(value) >= 10**18:
        return ""  # no gateway counts that far, and turning it into digits could take long
    shown = "".join(one if one.isprintable() else " " for one in str(value)[: most * 2])
    return " ".join(shown.split())[:most]


def require_token(wanted: str, given: str) -> None:
    """Raises Unsigned unless the address ended with our token; compared in a time that tells nothing of it."""
    if len(wanted) < SHORTEST_TOKEN or not hmac.compare_digest(wanted.encode(), given.encode("utf-8", "replace")):
        raise Unsigned


def e164(number: str, country: str = "86") -> str:
    """A number as gateways write it (13800000000, 8613800000000, +86…, 0086…), as E.164 where that is sure.

    Eleven digits that begin with 1 are a Chinese mobile; others count as the country's own unless they begin with it.
    """
    digits = "".join(one for one in number if one.isascii() and one.isdigit())
    if number.strip().startswith("+"):
        return f"+{digits}"
    if digits.startswith("00"):
        return f"+{digits[2:]}"
    if country == "86" and not (len(digits) == 11 and digits.startswith("1")) and digits.startswith("86"):
        return f"+{digits}"
    return f"+{country}{digits}" if digits else ""

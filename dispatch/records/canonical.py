"""One and only one way to write a record as bytes, so that its SHA-256 means the record and not its spelling."""

import hashlib
import json
import math
from typing import Any

DEEPEST = 64


def canonical_json(record: dict[str, Any]) -> bytes:
    """The record as UTF-8 JSON: keys sorted, no spaces, no escapes beyond what JSON demands.

    A float that is a whole number is written as the integer (1.0 and 1 are one value to every JSON reader, and
    databases change one into the other). Raises ValueError for what has no such form: NaN and infinities, keys
    that are not text, lone surrogates, values that are not JSON, nesting beyond 64.
    """
    plain = _settled(record, "record", 0)
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as problem:
        raise ValueError("the record holds a lone surrogate, which is no character") from problem


def sha256_hex(data: bytes) -> str:
    """SHA-256 of `data` as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def _settled(value: Any, place: str, depth: int) -> Any:
    if depth > DEEPEST:
        raise ValueError(f"{place} is nested too deeply")
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError(f"{place} is {value}, which JSON cannot say")
        return int(value) if value.is_integer() else value
    if isinstance(value, list | tuple):
        return [_settled(item, f"{place}[{number}]", depth + 1) for number, item in enumerate(value)]
    if isinstance(value, dict):
        for key in value:
            if not isinstance(key, str):
                raise ValueError(f"{place} has a key that is not text: {key!r}")
        return {key: _settled(item, f"{place}.{key}", depth + 1) for key, item in value.items()}
    raise ValueError(f"{place} is a {type(value).__name__}, which JSON cannot say")

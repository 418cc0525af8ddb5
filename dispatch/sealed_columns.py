"""Columns that the database keeps sealed: account names, and what customers and technicians wrote and drew on site.

Whoever reads the database file or a backup without the data key learns nothing from them. The key belongs to the
opened database (`Database(..., data_key=...)`), so two databases in one process keep apart. `SealedText` gives equal
values equal seals (AES-SIV, RFC 5297), so that a line is still found by its account name and names stay unique;
`SealedJson` never does (AES-GCM with a random nonce). Both name their column, so a seal moved elsewhere is refused.
"""

import base64
import json
import os
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESSIV
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Dialect, String
from sqlalchemy.types import JSON, TypeDecorator

FORM = "s1:"
NONCE = 12
KEYS = "doorstep_data_keys"


class CannotUnseal(Exception):
    """A sealed value does not open: another data key, or somebody changed it. The message says what to check."""

    def __init__(self) -> None:
        super().__init__("A sealed column does not open: check DOORSTEP_DATA_KEY, or restore the data folder's key.")


class DataKeys:
    """The two keys that one data key gives."""

    def __init__(self, data_key: bytes) -> None:
        self.text = AESSIV(_derived(data_key, b"doorstep sealed text", 64))
        self.json = AESGCM(_derived(data_key, b"doorstep sealed json", 32))


def _derived(data_key: bytes, what_for: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt=None, info=what_for).derive(data_key)


def give_keys(dialect: Dialect, data_key: bytes) -> None:
    """Let the columns of this engine seal and open with `data_key` (any length; at least 32 random bytes)."""
    setattr(dialect, KEYS, DataKeys(data_key))


def _keys(dialect: Dialect) -> DataKeys:
    keys = getattr(dialect, KEYS, None)
    if not isinstance(keys, DataKeys):
        raise RuntimeError("this database was opened without a data key: its sealed columns stay shut")
    return keys


class SealedText(TypeDecorator[str]):
    """Short text, sealed; `==` and `in_` find it, ordering and LIKE mean nothing."""

    impl = String
    cache_ok = True

    def __init__(self, column: str = "") -> None:
        super().__init__(500)
        self.column = column

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """SQLite keeps no length of text: there the column stays as it was first declared."""
        return String(80) if dialect.name == "sqlite" else String(500)

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Seal."""
        if value is None:
            return None
        sealed = _keys(dialect).text.encrypt(value.encode("utf-8", "surrogatepass"), [self.column.encode()])
        return FORM + base64.urlsafe_b64encode(sealed).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Open."""
        if value is None:
            return None
        try:
            content = base64.urlsafe_b64decode(value.removeprefix(FORM))
            return _keys(dialect).text.decrypt(content, [self.column.encode()]).decode("utf-8", "surrogatepass")
        except (InvalidTag, ValueError) as problem:
            raise CannotUnseal from problem


class SealedJson(TypeDecorator[Any]):
    """A JSON value, sealed: in the database it is `{"sealed": "s1:…"}`."""

    impl = JSON
    cache_ok = True

    def __init__(self, column: str = "") -> None:
        super().__init__()
        self.column = column

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Seal, null included."""
        plain = json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode()
        nonce = os.urandom(NONCE)
        sealed = nonce + _keys(dialect).json.encrypt(nonce, plain, self.column.encode())
        return {"sealed": FORM + base64.b64encode(sealed).decode()}

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Open."""
        try:
            content = base64.b64decode(value["sealed"].removeprefix(FORM))
            return json.loads(_keys(dialect).json.decrypt(content[:NONCE], content[NONCE:], self.column.encode()))
        except (InvalidTag, ValueError, TypeError, KeyError, AttributeError) as problem:
            raise CannotUnseal from problem

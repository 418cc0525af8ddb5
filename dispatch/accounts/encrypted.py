"""Texts that are kept encrypted: AES-256-GCM under a key derived from our own secret, one for each purpose.

What is bound to a text (its row's id) must be told again to open it, so a text cannot be moved to another row. Changing
`DOORSTEP_SECRET` makes what was encrypted unreadable.
"""

import base64
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE_BYTES = 12
VERSION = "1"


class CannotOpen(Exception):
    """The text was changed, belongs to something else, or was encrypted under another secret."""


def encrypt(secret: bytes, purpose: str, text: str, bound_to: str) -> str:
    """The text as it may lie in the database: a version, a dot, and base64url."""
    nonce = os.urandom(NONCE_BYTES)
    hidden = AESGCM(_key(secret, purpose)).encrypt(nonce, text.encode(), bound_to.encode())
    return f"{VERSION}.{base64.urlsafe_b64encode(nonce + hidden).decode()}"


def decrypt(secret: bytes, purpose: str, kept: str, bound_to: str) -> str:
    """The text again. CannotOpen when it is not what was encrypted for this purpose and this row."""
    version, _, rest = kept.partition(".")
    try:
        raw = base64.urlsafe_b64decode(rest)
        if version != VERSION:
            raise CannotOpen
        return AESGCM(_key(secret, purpose)).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], bound_to.encode()).decode()
    except (InvalidTag, ValueError) as problem:
        raise CannotOpen from problem


def _key(secret: bytes, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"doorstep {purpose}".encode()).derive(secret)

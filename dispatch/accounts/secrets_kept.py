"""How secrets are kept: passwords as argon2id, everything random as SHA-256, links derived from our own secret."""

import base64
import hashlib
import hmac
import secrets
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)  # OWASP's argon2id minimum
_AT_ONCE = BoundedSemaphore(4)  # 19 MiB each: a flood of sign-ins must not take the memory
_NOBODY = _HASHER.hash(secrets.token_urlsafe(16))


def hash_password(password: str) -> str:
    """argon2id, with its parameters inside."""
    with _AT_ONCE:
        return _HASHER.hash(password)


def password_matches(kept: str | None, password: str) -> bool:
    """Whether `password` is the kept one. Takes as long for an account that does not exist."""
    with _AT_ONCE:
        try:
            return _HASHER.verify(kept or _NOBODY, password) and kept is not None
        except (VerificationError, InvalidHashError):
            return False


def new_token(prefix: str = "") -> str:
    """256 random bits, for cookies and API tokens."""
    return prefix + secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What is kept of a random token. It has enough entropy that a plain hash is right."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def derived_token(secret: bytes, *parts: str) -> str:
    """192 bits derived from our secret: the same parts give the same token, so that it need not be stored."""
    digest = hmac.new(secret, "\x1f".join(parts).encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:24]).decode()

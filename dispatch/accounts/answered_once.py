"""An Idempotency-Key's promise: the same request again gets the first answer again, even weeks later.

The answer is stored in the transaction that has the effect, so there is never one without the other.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from checklists.words import Words
from dispatch.accounts.tables import AnsweredRequest
from dispatch.accounts.viewer import Viewer
from dispatch.database import one_at_a_time
from dispatch.errors import NotAllowed


class KeyUsedOtherwise(NotAllowed):
    """The key was used before for something else."""

    name = "idempotency-key-reused"
    title = Words("请求编号重复", "Key used for something else")

    def __init__(self) -> None:
        super().__init__(
            Words(
                "该 Idempotency-Key 已用于另一请求，请使用新的编号。",
                "This Idempotency-Key was used for another request. Use a new key.",
            )
        )


def fingerprint(*parts: Any) -> str:
    """SHA-256 of the JSON of `parts`, the same whatever the order of keys."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()


def answered_once(
    session: Session,
    viewer: Viewer,
    key: str | None,
    request: str,
    do: Callable[[], tuple[int, dict[str, Any]]],
    now: datetime,
) -> tuple[int, dict[str, Any]]:
    """Run `do` once for this viewer's `key` and keep its (status, body); answer the kept one from then on.

    `request` is the request's fingerprint. Without a key `do` just runs. Refuses with KeyUsedOtherwise.
    """
    if key is None:
        return do()
    assert viewer.account_id is not None
    one_at_a_time(session, "answered", str(viewer.account_id), key)
    kept = session.scalar(
        select(AnsweredRequest).where(AnsweredRequest.account_id == viewer.account_id, AnsweredRequest.key == key)
    )
    if kept is not None:
        if kept.fingerprint != request:
            raise KeyUsedOtherwise
        return kept.status, kept.body
    status, body = do()
    session.add(
        AnsweredRequest(account_id=viewer.account_id, key=key, fingerprint=request, status=status, body=body, at=now)
    )
    return status, body

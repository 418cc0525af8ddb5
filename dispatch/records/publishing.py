"""The ledger's head is published daily, outside of the database: whoever rewrites all rows is found by it.

It goes to a file, one JSON line a day (best on another machine, or under version control), and to a webhook.
"""

import hashlib
import hmac
import json
import logging
import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import httpx
from sqlalchemy.exc import IntegrityError

from dispatch.clock import local_day
from dispatch.house import House
from dispatch.records.ledger import head_of
from dispatch.records.ledger_rules import START, Head
from dispatch.records.tables import LedgerHead
from dispatch.settings import Settings

log = logging.getLogger("doorstep.ledger")
TIMEOUT_SECONDS = 10
DEFAULT_FILE = "ledger-heads.jsonl"


class NotPublished(Exception):
    """A place did not take the head; it is tried again at the next wake."""


def heads_file(settings: Settings) -> Path:
    """Where the heads are written."""
    return settings.ledger_file or settings.data_dir / DEFAULT_FILE


def publish_head(house: House, now: datetime) -> Head | None:
    """Publish today's head once; None when it was published already. Raises NotPublished, to be tried again."""
    settings = house.settings
    day = local_day(now, settings.zone).isoformat()
    with house.database.reading() as session:
        if session.get(LedgerHead, day) is not None:
            return None
        last = head_of(session)
    head = Head(day, last.seq if last else 0, last.hash if last else START)
    line = json.dumps({**vars(head), "at": now.isoformat(timespec="seconds")}, separators=(",", ":"))
    places = [str(_to_file(heads_file(settings), line, day))]
    if settings.ledger_webhook:
        _to_webhook(settings, line.encode())
        places.append("webhook")
    try:
        with house.database.writing() as session:
            session.add(
                LedgerHead(day=day, seq=head.seq, hash=head.hash, published_at=now, places=", ".join(places)[:400])
            )
    except IntegrityError:  # another process was first: its head counts, and both are heads of this chain
        return None
    log.info("ledger published", extra={"facts": {"day": head.day, "seq": head.seq, "hash": head.hash}})
    return head


def _to_file(file: Path, line: str, day: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        if file.exists() and any(head.day == day for head in heads_in(file)):
            return file  # written before what came after it failed
        with file.open("a", encoding="utf-8") as out:
            out.write(line + "\n")
            out.flush()
            os.fsync(out.fileno())
    except OSError as problem:
        raise NotPublished(f"{file}: {problem.strerror}") from problem
    return file


def _to_webhook(settings: Settings, body: bytes) -> None:
    """Signed as our own hooks are: HMAC-SHA256 of the body under the shared key."""
    headers = {"Content-Type": "application/json"}
    if settings.ledger_webhook_secret:
        signature = hmac.new(settings.ledger_webhook_secret.encode(), body, hashlib.sha256).hexdigest()
        headers["X-Doorstep-Signature"] = f"sha256={signature}"
    try:
        answer = httpx.post(settings.ledger_webhook, content=body, headers=headers, timeout=TIMEOUT_SECONDS)
    except (httpx.HTTPError, httpx.InvalidURL) as problem:
        raise NotPublished(f"the webhook gave no answer: {type(problem).__name__}") from problem
    if not answer.is_success:
        raise NotPublished(f"the webhook answered {answer.status_code}")


def heads_in(file: Path) -> Iterable[Head]:
    """The heads in a published file. Raises ValueError, naming the line, for anything else."""
    found = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        try:
            told = json.loads(line)
            found.append(Head(str(told["day"]), int(told["seq"]), str(told["hash"])))
        except (ValueError, TypeError, KeyError) as problem:
            raise ValueError(f"line {number} of {file} is no published head") from problem
    return found

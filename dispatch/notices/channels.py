"""How a notice leaves us. A channel can send, and can be asked what became of a notice.

A channel answers with what it knows; it never raises for what the world does. `unknown` means that the gateway may or
may not have taken it: the sender then asks before anything is sent again.
"""

import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Literal, Protocol

import httpx

from dispatch.settings import Settings

Answer = Literal["accepted", "delivered", "refused", "busy", "unknown", "never_seen", "too_late"]
REFUSED_STATUSES = frozenset({400, 401, 403, 404, 405, 410, 413, 415, 422})


@dataclass(frozen=True)
class Outcome:
    """What a gateway answered, and how long it asked us to wait (if it did)."""

    answer: Answer
    problem: str = ""
    wait: timedelta | None = None


class Channel(Protocol):
    """One way to reach a customer. Adding one is one class with these two verbs."""

    name: str

    def send(self, notice_id: str, to: str, text: str) -> Outcome:
        """Hand `text` over for the E.164 number `to`, under our id."""
        ...

    def ask(self, notice_id: str) -> Outcome:
        """What became of `notice_id`: accepted, delivered, refused, never_seen, or unknown."""
        ...


class FilesChannel:
    """Writes each message to a file in a folder: the default, for trials. A file is written whole or not at all."""

    name = "files"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def send(self, notice_id: str, to: str, text: str) -> Outcome:
        """Write `NOTICE.json`, synced to disk before it counts as accepted."""
        target = self.folder / f"{notice_id}.json"
        fresh = self.folder / f".{notice_id}.{os.getpid()}"
        message = {"id": notice_id, "to": to, "text": text, "at": datetime.now(UTC).isoformat()}
        try:
            with fresh.open("w", encoding="utf-8") as file:
                json.dump(message, file, ensure_ascii=False, indent=1)
                file.flush()
                os.fsync(file.fileno())
            fresh.rename(target)
        except OSError as error:
            return Outcome("busy", f"folder: {error.strerror}")
        return Outcome("accepted")

    def ask(self, notice_id: str) -> Outcome:
        """A file is there or it is not."""
        return Outcome("accepted" if (self.folder / f"{notice_id}.json").exists() else "never_seen")


class HttpChannel:
    """The generic gateway: `POST {url}` with our id as Idempotency-Key, `GET {url}/{id}` for what became of it."""

    name = "http"

    def __init__(self, url: str, timeout_seconds: float) -> None:
        self.url = url.rstrip("/")
        self.client = httpx.Client(
            timeout=timeout_seconds, follow_redirects=False, limits=httpx.Limits(max_connections=16)
        )

    def send(self, notice_id: str, to: str, text: str) -> Outcome:
        """A 2xx with JSON is accepted; a refusal is final; all else is busy (surely not taken) or unknown."""
        body = {"id": notice_id, "to": to, "text": text}
        try:
            response = self.client.post(self.url, json=body, headers={"Idempotency-Key": notice_id})
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            return Outcome("busy", type(error).__name__)  # nothing was sent
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return Outcome("unknown", type(error).__name__)
        if response.is_success:
            return Outcome("accepted") if _json_object(response) is not None else Outcome("unknown", "not JSON")
        if response.status_code in (429, 503):
            return Outcome("busy", f"HTTP {response.status_code}", _retry_after(response))
        if response.status_code in REFUSED_STATUSES:
            return Outcome("refused", f"HTTP {response.status_code}")
        return Outcome("unknown", f"HTTP {response.status_code}")

    def ask(self, notice_id: str) -> Outcome:
        """404 means never seen; anything that cannot be understood means unknown."""
        try:
            response = self.client.get(f"{self.url}/{notice_id}")
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return Outcome("unknown", type(error).__name__)
        if response.status_code == 404:
            return Outcome("never_seen")
        body = _json_object(response) if response.is_success else None
        state = str(body.get("state", "")) if body else ""
        if state in ("accepted", "queued", "sent"):
            return Outcome("accepted")
        if state == "delivered":
            return Outcome("delivered")
        if state in ("failed", "rejected", "refused"):
            return Outcome("refused", f"gateway: {state}")
        return Outcome("unknown", f"HTTP {response.status_code}")


def channel_of(settings: Settings) -> Channel:
    """The channel that the settings name."""
    if settings.sms_url:
        return HttpChannel(settings.sms_url, settings.sms_timeout_seconds)
    return FilesChannel(settings.data_dir / "messages")


def _json_object(response: httpx.Response) -> dict[str, object] | None:
    try:
        body = response.json()
    except (ValueError, UnicodeDecodeError):
        return None
    return body if isinstance(body, dict) else None


def _retry_after(response: httpx.Response) -> timedelta | None:
    value = response.headers.get("Retry-After", "").strip()
    try:
        if value.isdigit():
            return timedelta(seconds=min(int(value), 86_400))
        when = parsedate_to_datetime(value)
        return max(when - datetime.now(UTC), timedelta(0))
    except (ValueError, TypeError, OverflowError):
        return None

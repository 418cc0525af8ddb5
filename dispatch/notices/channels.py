"""How a notice leaves us. A channel can send, and can be asked what became of a notice.

A channel answers with what it knows; it never raises for what the world does. `unknown` means that the gateway may or
may not have taken it: the sender then asks before anything is sent again.
"""

import asyncio
import json
import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Literal, Protocol

import httpx

from dispatch.settings import Settings

Answer = Literal["accepted", "delivered", "refused", "busy", "unknown", "never_seen", "too_late"]
REFUSED_STATUSES = frozenset({400, 401, 403, 404, 405, 410, 413, 415, 422})
MOST_BYTES = 65_536  # of an answer; a receipt has some hundred


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


@dataclass(frozen=True)
class _Reply:
    """What came back: at most `MOST_BYTES` of it, however long the gateway talks."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300


class HttpChannel:
    """The generic gateway: `POST {url}` with our id as Idempotency-Key, `GET {url}/{id}` for what became of it.

    A call ends when `timeout_seconds` are over, whatever the gateway does: a client's own timeouts begin anew with
    every byte, so a gateway that drips would hold a sender beyond its lease. Hence a clock around the whole call.
    """

    name = "http"

    def __init__(self, url: str, timeout_seconds: float) -> None:
        self.url = url.rstrip("/")
        self.timeout_seconds = timeout_seconds
        self._loop = asyncio.new_event_loop()
        self._client = httpx.AsyncClient(
            # connecting gets less than the whole: "nobody there" must be told from "took it and fell silent"
            timeout=httpx.Timeout(timeout_seconds, connect=timeout_seconds * 0.6),
            follow_redirects=False,
            limits=httpx.Limits(max_connections=32),
        )
        threading.Thread(target=self._loop.run_forever, name="gateway", daemon=True).start()

    def send(self, notice_id: str, to: str, text: str) -> Outcome:
        """A 2xx with JSON is accepted; a refusal is final; all else is busy (surely not taken) or unknown."""
        body = {"id": notice_id, "to": to, "text": text}
        try:
            reply = self._call("POST", self.url, {"Idempotency-Key": notice_id}, body)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol) as error:
            return Outcome("busy", type(error).__name__)  # nothing was sent
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            return Outcome("unknown", type(error).__name__)
        if reply.is_success:
            return Outcome("accepted") if _json_object(reply) is not None else Outcome("unknown", "not JSON")
        if reply.status in (429, 503):
            return Outcome("busy", f"HTTP {reply.status}", _retry_after(reply))
        if reply.status in REFUSED_STATUSES:
            return Outcome("refused", f"HTTP {reply.status}")
        return Outcome("unknown", f"HTTP {reply.status}")

    def ask(self, notice_id: str) -> Outcome:
        """404 means never seen; anything that cannot be understood means unknown."""
        try:
            reply = self._call("GET", f"{self.url}/{notice_id}", {}, None)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            return Outcome("unknown", type(error).__name__)
        if reply.status == 404:
            return Outcome("never_seen")
        body = _json_object(reply) if reply.is_success else None
        state = str(body.get("state", "")) if body else ""
        if state in ("accepted", "queued", "sent"):
            return Outcome("accepted")
        if state == "delivered":
            return Outcome("delivered")
        if state in ("failed", "rejected", "refused"):
            return Outcome("refused", f"gateway: {state}")
        return Outcome("unknown", f"HTTP {reply.status}", _retry_after(reply))

    def _call(self, method: str, url: str, headers: dict[str, str], body: dict[str, str] | None) -> _Reply:
        """One call, from any thread, within the timeout."""
        return asyncio.run_coroutine_threadsafe(self._exchange(method, url, headers, body), self._loop).result()

    async def _exchange(self, method: str, url: str, headers: dict[str, str], body: dict[str, str] | None) -> _Reply:
        async with asyncio.timeout(self.timeout_seconds):
            asked = self._client.stream(method, url, json=body, headers={**headers, "Accept-Encoding": "identity"})
            async with asked as response:
                content = b""
                async for part in response.aiter_raw():
                    content += part
                    if len(content) > MOST_BYTES:
                        break
                return _Reply(response.status_code, response.headers, content)


def channel_of(settings: Settings) -> Channel:
    """The channel that the settings name."""
    if settings.sms_url:
        return HttpChannel(settings.sms_url, settings.sms_timeout_seconds)
    return FilesChannel(settings.data_dir / "messages")


def _json_object(reply: _Reply) -> dict[str, object] | None:
    try:
        body = json.loads(reply.content)
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def _retry_after(reply: _Reply) -> timedelta | None:
    value = reply.headers.get("Retry-After", "").strip()
    try:
        if value.isascii() and value.isdigit() and len(value) < 20:
            return timedelta(seconds=min(int(value), 86_400))
        when = parsedate_to_datetime(value)
        return max(when - datetime.now(UTC), timedelta(0))
    except (ValueError, TypeError, OverflowError):
        return None

"""Calls to gateways: one place that speaks HTTP, with a clock around the whole call.

A client's own timeouts begin anew with every byte, so a gateway that drips would hold a sender beyond its lease.
"""

import asyncio
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx

from dispatch.notices.channels.protocol import Outcome

MOST_BYTES = 65_536  # of an answer; a receipt has some hundred
MOST_AT_ONCE = 64


@dataclass(frozen=True)
class Reply:
    """What came back: at most `MOST_BYTES` of it, however long the gateway talks."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def is_success(self) -> bool:
        """Whether the gateway calls it a success; what it means is in the body."""
        return 200 <= self.status < 300

    def json_object(self) -> dict[str, object] | None:
        """The body as a JSON object; None for anything else."""
        try:
            body = json.loads(self.content)
        except (ValueError, RecursionError):
            return None
        return body if isinstance(body, dict) else None

    def retry_after(self) -> timedelta | None:
        """How long the gateway asks us to wait, at most a day; None for what makes no sense."""
        value = self.headers.get("Retry-After", "").strip()
        try:
            if value.isascii() and value.isdigit() and len(value) < 20:
                return timedelta(seconds=min(int(value), 86_400))
            when = parsedate_to_datetime(value)
            return max(when - datetime.now(UTC), timedelta(0))
        except (ValueError, TypeError, OverflowError):
            return None


class Caller:
    """Calls from any thread, each within the timeout. What goes wrong comes back as an Outcome, never raised.

    Its own thread begins with the first call: who only reads what gateways tell us needs none.
    """

    def __init__(self, timeout_seconds: float) -> None:
        self.timeout_seconds = timeout_seconds
        self._opening = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._client: httpx.AsyncClient | None = None

    def call(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None = None, seconds: float | None = None
    ) -> Reply | Outcome:
        """One call, at most `seconds` long. An Outcome instead of a Reply: `busy`: nothing was sent, or `unknown`.

        An address or a header that HTTP cannot carry is a setting of ours that is wrong: nothing was sent.
        """
        allowed = self.timeout_seconds if seconds is None else min(seconds, self.timeout_seconds)
        try:
            loop, client = self._opened()
            exchange = _exchange(client, method, url, headers, body, allowed)
            return asyncio.run_coroutine_threadsafe(exchange, loop).result()
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            return Outcome("busy", type(error).__name__)  # nothing was sent
        except (httpx.UnsupportedProtocol, httpx.InvalidURL, httpx.LocalProtocolError, UnicodeError) as error:
            return Outcome("busy", f"{type(error).__name__}: check the gateway's address and keys in the settings")
        except (httpx.HTTPError, TimeoutError) as error:
            return Outcome("unknown", type(error).__name__)

    def _opened(self) -> tuple[asyncio.AbstractEventLoop, httpx.AsyncClient]:
        with self._opening:
            if self._loop is None or self._client is None:
                self._loop = asyncio.new_event_loop()
                self._client = httpx.AsyncClient(
                    # connecting gets less than the whole: "nobody there" must be told from "took it and fell silent"
                    timeout=httpx.Timeout(self.timeout_seconds, connect=self.timeout_seconds * 0.6),
                    follow_redirects=False,
                    limits=httpx.Limits(max_connections=MOST_AT_ONCE, max_keepalive_connections=MOST_AT_ONCE),
                )
                threading.Thread(target=self._loop.run_forever, name="gateway", daemon=True).start()
            return self._loop, self._client


async def _exchange(
    client: httpx.AsyncClient, method: str, url: str, headers: Mapping[str, str], body: bytes | None, seconds: float
) -> Reply:
    async with asyncio.timeout(seconds):
        asked = client.stream(method, url, content=body, headers={**headers, "Accept-Encoding": "identity"})
        async with asked as response:
            content = b""
            async for part in response.aiter_raw():
                content += part
                if len(content) > MOST_BYTES:
                    break
            return Reply(response.status_code, response.headers, content)

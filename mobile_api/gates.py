"""What every request passes first: size, origin, headers. Plain ASGI, so that streams stay streams."""

import json
import secrets
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders

from checklists.line_test import MOST_BYTES_UP
from dispatch.settings import Settings

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# A page that sends no referrer posts `Origin: null`, and browsers from before 2023 say nothing else. Customers have old
# phones, so every form of theirs carries a mark that only our page could give it (mobile_api/customer/forms.py), and
# is judged by that. A file that is verified changes nothing.
PAGES_WITH_THEIR_OWN_MARK = ("/v/", "/verify")
COOKIE_PREFIXES = ("doorstep-", "__Host-doorstep-")


def content_security_policy(nonce: str, pictures: str = "") -> str:
    """Nothing but our own files; scripts with this answer's nonce; no frames, no plugins, no inline anything.

    `pictures` is one more origin that pictures may come from: the map's tiles, on the page that shows the map.
    """
    images = f"'self' data: blob: {pictures}".rstrip()
    return (
        f"default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; img-src {images}; "
        "connect-src 'self'; font-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    )


class TooLarge(Exception):
    """The body grew beyond its limit while it was read."""


class Gates:
    """Refuses what is too large or forged, and sets the headers that every answer carries."""

    def __init__(self, app: App, settings: Settings) -> None:
        self.app = app
        self.settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it at the gate."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        nonce = secrets.token_urlsafe(16)
        scope.setdefault("state", {})["csp_nonce"] = nonce
        scope["state"]["begun"] = time.perf_counter()
        limit = self.settings.body_limit_bytes
        if scope["path"].startswith(
            ("/api/v1/blobs/", "/api/v1/records/verify", "/verify", "/desk/import", "/desk/verify")
        ):
            limit = self.settings.blob_limit_bytes
        if scope["path"] == "/desk/phones/import":
            limit = self.settings.export_limit_bytes
        if scope["path"] == "/api/v1/line-test/up":
            limit = MOST_BYTES_UP
        declared = headers.get("content-length", "")
        if declared and (not declared.isdigit() or int(declared) > limit):
            await _refuse(send, 413, "too-large", "内容过大，请缩小后重试。", "That is too large. Send less at once.")
            return
        if self._forged(scope["method"], headers, scope["path"]):
            await _refuse(
                send,
                403,
                "forged-request",
                "请求来源不可信，请在本网站内重新操作。",
                "That did not come from our own page. Retry there.",
            )
            return
        seen = 0
        begun = False

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > limit:
                raise TooLarge
            return message

        async def dressed(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                self._dress(MutableHeaders(raw=message["headers"]), scope["path"], nonce)
                message["headers"] = message["headers"]
            await send(message)

        try:
            await self.app(scope, counted, dressed)
        except TooLarge:
            if not begun:
                await _refuse(
                    send, 413, "too-large", "内容过大，请缩小后重试。", "That is too large. Send less at once."
                )

    def _forged(self, method: str, headers: Headers, path: str) -> bool:
        """A change that rides on a cookie must come from our own page: the browser says where it comes from."""
        if method in SAFE_METHODS or headers.get("authorization"):
            return False
        if not any(prefix in headers.get("cookie", "") for prefix in COOKIE_PREFIXES):
            site = headers.get("sec-fetch-site")
            return site is not None and site not in ("same-origin", "none")
        site = headers.get("sec-fetch-site")
        if site is not None:
            return site != "same-origin"
        origin = headers.get("origin")
        if origin is None:
            return True
        if origin == "null" and path.startswith(PAGES_WITH_THEIR_OWN_MARK):
            return False
        return urlsplit(origin).netloc != headers.get("host", "")

    def _dress(self, headers: MutableHeaders, path: str, nonce: str) -> None:
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        headers["X-Robots-Tag"] = "noindex, nofollow"
        if self.settings.on_https:
            headers["Strict-Transport-Security"] = "max-age=31536000"
        if path.startswith("/static/"):
            # No page whose powers would have to be listed: the long headers took a third of the app's bytes on a
            # phone's first start. A picture that is opened by itself may do nothing.
            headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
            return
        headers.setdefault("Content-Security-Policy", content_security_policy(nonce))
        # customers' pages say nothing to anyone; ours keep it among themselves, so that posts carry their origin
        headers["Referrer-Policy"] = "no-referrer" if path.startswith(("/c/", "/v/", "/own")) else "same-origin"
        headers["X-Frame-Options"] = "DENY"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Permissions-Policy"] = "camera=(self), geolocation=(self), microphone=(), payment=()"
        headers.setdefault("Cache-Control", "no-store")


async def _refuse(send: Send, status: int, name: str, zh: str, en: str) -> None:
    """A refusal in both languages, because nothing is known of the reader yet."""
    body = json.dumps(
        {"type": f"/problems/{name}", "title": en, "status": status, "detail": f"{zh} {en}"}, ensure_ascii=False
    ).encode()
    headers = [(b"content-type", b"application/problem+json"), (b"content-length", str(len(body)).encode())]
    headers += [(b"connection", b"close"), (b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})

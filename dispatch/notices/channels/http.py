"""The generic gateway: `POST {url}` with our id as Idempotency-Key, `GET {url}/{id}` for what became of it."""

import hashlib
import hmac
import json
from typing import Literal

from dispatch.notices.channels.bodies import json_in, line
from dispatch.notices.channels.calls import Caller
from dispatch.notices.channels.protocol import (
    Heard,
    Incoming,
    Medium,
    Message,
    Outcome,
    Replied,
    Said,
    Sent,
    Unreadable,
    Unsigned,
)
from dispatch.settings import Settings, UnusableSettings

REFUSED_STATUSES = frozenset({400, 410, 413, 415, 422})
OUR_FAULT_STATUSES = frozenset({401, 403, 404, 405})  # wrong key or address: no fault of the message
RECEIPT_STATES: dict[str, Literal["accepted", "delivered", "failed", "read"]] = {
    "accepted": "accepted",
    "queued": "accepted",
    "sent": "accepted",
    "delivered": "delivered",
    "read": "read",
    "failed": "failed",
    "rejected": "failed",
    "refused": "failed",
}


class HttpChannel:
    """A gateway of the operator's own, or a small bridge to any other."""

    name = "http"
    medium: Medium = "sms"
    takes_replies = True

    def __init__(self, url: str, timeout_seconds: float, secret: str = "") -> None:
        self.url = url.rstrip("/")
        self._secret = secret
        self._caller = Caller(timeout_seconds)

    def send(self, message: Message) -> Outcome:
        """A 2xx with JSON is accepted; a refusal is final; all else is busy (surely not taken) or unknown."""
        body = json.dumps({"id": message.notice_id, "to": message.to, "text": message.text}).encode()
        headers = {"Idempotency-Key": message.notice_id, "Content-Type": "application/json"}
        reply = self._caller.call("POST", self.url, headers, body)
        if isinstance(reply, Outcome):
            return reply
        if reply.is_success:
            return Outcome("accepted") if reply.json_object() is not None else Outcome("unknown", "not JSON")
        problem = f"HTTP {reply.status}"
        if reply.status in (429, 503):
            return Outcome("busy", problem, reply.retry_after(), whole_channel=reply.status == 429)
        if reply.status in OUR_FAULT_STATUSES:
            return Outcome("busy", problem)
        if reply.status in REFUSED_STATUSES:
            return Outcome("refused", problem)
        return Outcome("unknown", problem)

    def ask(self, sent: Sent) -> Outcome:
        """404 with a JSON object means never seen; anything that cannot be understood means unknown.

        A 404 without one may come from a wrong address, which knows nothing of any message.
        """
        reply = self._caller.call("GET", f"{self.url}/{sent.notice_id}", {})
        if isinstance(reply, Outcome):
            return Outcome("unknown", reply.problem)
        told = reply.json_object()
        if reply.status == 404 and told is not None:
            return Outcome("never_seen")
        body = told if reply.is_success else None
        state = str(body.get("state", "")) if body else ""
        if state in ("accepted", "queued", "sent"):
            return Outcome("accepted")
        if state == "delivered":
            return Outcome("delivered")
        if state in ("failed", "rejected", "refused"):
            return Outcome("refused", f"gateway: {state}")
        return Outcome("unknown", f"HTTP {reply.status}", reply.retry_after())

    def read(self, incoming: Incoming) -> Heard:
        """`{"id", "state"}` for a receipt, `{"reply": {"id", "from", "text"}}` for an answer; HMAC-SHA256 signed."""
        wanted = hmac.new(self._secret.encode(), incoming.body, hashlib.sha256).hexdigest()
        given = incoming.headers.get("x-doorstep-signature", "").removeprefix("sha256=")
        if not self._secret or not hmac.compare_digest(wanted.encode(), given.encode("utf-8", "replace")):
            raise Unsigned
        told = json_in(incoming.body)
        if not isinstance(told, dict):
            raise Unreadable
        reply = told.get("reply")
        if isinstance(reply, dict):
            gateway_id, phone = line(reply.get("id"), 120), line(reply.get("from"), 30)
            text = line(reply.get("text"), 500)
            if not (gateway_id and phone and text):
                raise Unreadable
            return Heard(replies=(Replied(gateway_id, phone, text),))
        notice_id, state = line(told.get("id"), 80), line(told.get("state"), 20)
        if not notice_id or state not in RECEIPT_STATES:
            raise Unreadable
        return Heard(receipts=(Said(notice_id, RECEIPT_STATES[state], {"id": notice_id, "state": state}),))


def opened(settings: Settings, medium: Medium = "sms") -> HttpChannel:
    """The gateway at `sms_url`; without one it can still be listened to. Raises UnusableSettings."""
    if settings.sms_channel == "http" and not settings.sms_url:
        raise UnusableSettings("DOORSTEP_SMS_CHANNEL is http, so DOORSTEP_SMS_URL must be set.")
    return HttpChannel(settings.sms_url, settings.sms_timeout_seconds, settings.sms_secret)

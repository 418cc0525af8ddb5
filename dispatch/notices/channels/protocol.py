"""What every channel speaks: it can send, can be asked, and can read what its gateway tells us later.

A channel answers with what it knows and never raises for what the world does. `unknown` means that the gateway may or
may not have taken the message: it is then asked before anything is sent again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol

Medium = Literal["sms", "mail"]
Answer = Literal["accepted", "delivered", "refused", "busy", "unknown", "never_seen", "too_late"]
"""What a gateway made of a message.

`refused`: this message will never be taken by this way (a dead number, a forbidden text). `busy`: surely not taken,
try again (also when our own credentials are wrong: that is no fault of the message). `never_seen`: asked, and it knows
nothing of it.
"""


@dataclass(frozen=True)
class Message:
    """One message as it leaves. `to` is an E.164 number or a mail address, by the channel's medium."""

    notice_id: str
    kind: str
    language: str
    to: str
    text: str  # an SMS with its 【signature】, or a mail's plain text
    name: str = ""  # the customer's, for a mail's To
    wording: str = ""  # the name of the text ("moved_asked"), by which gateways know their approved templates
    variables: Mapping[str, str] = field(default_factory=dict)  # what fills that text
    subject: str = ""
    html: str = ""
    calendar: str = ""  # an iCalendar object, for mail
    method: str = ""  # its METHOD: REQUEST or CANCEL


@dataclass(frozen=True)
class Sent:
    """A message that may have been sent before: what a gateway can be asked by."""

    notice_id: str
    to: str
    first_sent_at: datetime | None = None
    reference: str | None = None  # the gateway's own id, if it ever told one
    last_sent_at: datetime | None = None  # when it may have been handed over last


@dataclass(frozen=True)
class Outcome:
    """What a gateway answered. `wait` is how long it asked us to wait; `whole_channel` that it meant all of us.

    `never_known`: an unknown that no asking will ever clear up (a mail server cannot be asked).
    """

    answer: Answer
    problem: str = ""
    wait: timedelta | None = None
    reference: str | None = None
    whole_channel: bool = False
    never_known: bool = False


@dataclass(frozen=True)
class Incoming:
    """A call of the gateway to us, unread."""

    headers: Mapping[str, str]  # names in lower case
    token: str  # the last part of the address, for gateways that sign nothing
    body: bytes
    now: datetime


@dataclass(frozen=True)
class Said:
    """What a gateway tells of one notice. `notice_id` as it says it, known to us or not."""

    notice_id: str
    state: Literal["accepted", "delivered", "failed", "read"]
    body: dict[str, Any]


@dataclass(frozen=True)
class Replied:
    """What a customer answered to a message."""

    gateway_id: str
    phone: str
    text: str


@dataclass(frozen=True)
class Heard:
    """All that one call told, and what the gateway expects as an answer (a JSON object)."""

    receipts: tuple[Said, ...] = ()
    replies: tuple[Replied, ...] = ()
    answer: dict[str, Any] = field(default_factory=dict)


class Unsigned(Exception):
    """The call does not prove that it comes from the gateway."""


class Unreadable(Exception):
    """The call is signed, but its body is not what the gateway promises to send."""


class Channel(Protocol):
    """One way to reach a customer."""

    name: str
    medium: Medium
    takes_replies: bool

    def send(self, message: Message) -> Outcome:
        """Hand a message over, under our id."""
        ...

    def ask(self, sent: Sent) -> Outcome:
        """What became of it: accepted, delivered, refused, never_seen, or unknown."""
        ...

    def read(self, incoming: Incoming) -> Heard:
        """What the gateway tells us by calling. Raises Unsigned or Unreadable."""
        ...

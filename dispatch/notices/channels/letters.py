"""A message as a mail: the same bytes whether a server gets them or a folder.

multipart/mixed[ multipart/alternative[ text/plain, text/html, text/calendar; method=… ], invite.ics ], after RFC 5322,
RFC 6047 (iMIP: how calendar objects travel) and RFC 3834 (Auto-Submitted: nobody's answering machine should reply).
All content is 7-bit, so that no server on the way can spoil it.
"""

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime

from checklists.words import Words
from dispatch.notices.channels.protocol import Message

LONGEST_ADDRESS = 254  # RFC 5321, 4.5.3.1
LANGUAGES = {"zh": "zh-CN", "en": "en"}


class NotAnAddress(Exception):
    """This can never be a mail address; the message says why."""


@dataclass(frozen=True)
class Mailbox:
    """A mail address whose domain is ready for the wire (`müller.example` as `xn--mller-kva.example`)."""

    local: str
    domain: str

    @property
    def needs_utf8(self) -> bool:
        """Whether only servers with SMTPUTF8 (RFC 6531) can take it."""
        return not self.local.isascii()

    def __str__(self) -> str:
        return f"{self.local}@{self.domain}"


def mailbox(text: str) -> Mailbox:
    """Read a mail address. Raises NotAnAddress for what no server could take, line breaks and spaces among it."""
    local, at, domain = text.strip().rpartition("@")
    if not at or not local or not domain or len(text) > LONGEST_ADDRESS:
        raise NotAnAddress("not a mail address")
    if any(not one.isprintable() or one.isspace() or one in '<>()[]\\,;:"@' for one in local):
        raise NotAnAddress("a character that mail addresses cannot have")
    try:
        wire = domain.encode("idna").decode("ascii").lower()
    except UnicodeError as error:
        raise NotAnAddress("its domain cannot be one") from error
    labels = wire.split(".")
    if not all(label and label.replace("-", "").isalnum() and label.strip("-") == label for label in labels):
        raise NotAnAddress("its domain cannot be one")
    if any(part == "" for part in local.split(".")):
        raise NotAnAddress("a dot where mail addresses cannot have one")
    return Mailbox(local, wire)


def one_line(text: str, most: int = 200) -> str:
    """A text as a header may hold it: no control characters, no line or paragraph separators, no lone surrogates."""
    clean = "".join(" " if unicodedata.category(one) in ("Cc", "Zl", "Zp", "Cs") else one for one in text)
    return " ".join(clean.split())[:most]


@dataclass(frozen=True)
class Sender:
    """Whose name mails are sent in."""

    name: Words
    mailbox: Mailbox


def letter(message: Message, to: Mailbox, sender: Sender, now: datetime) -> EmailMessage:
    """The mail. The same notice gets the same Message-ID each time, so that copies of it can be told to be copies."""
    mail = EmailMessage(policy=SMTPUTF8 if to.needs_utf8 or sender.mailbox.needs_utf8 else SMTP)
    mail["From"] = _address(sender.name.to(message.language), sender.mailbox)
    mail["To"] = _address(message.name, to)
    mail["Subject"] = one_line(message.subject)
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{_id(message.notice_id)}@{sender.mailbox.domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(_text(message.text), charset="utf-8", cte="base64")
    if message.html:
        mail.add_alternative(_text(message.html), subtype="html", charset="utf-8", cte="base64")
    if message.calendar:
        method = "CANCEL" if message.method == "CANCEL" else "REQUEST"
        calendar = _text(message.calendar)
        mail.add_alternative(
            calendar, subtype="calendar", charset="utf-8", cte="base64", params={"method": method, "name": "invite.ics"}
        )
        mail.add_attachment(
            b"\r\n".join(calendar.encode().splitlines()) + b"\r\n",
            maintype="application",
            subtype="ics",
            filename="invite.ics",
        )
    mail["Content-Language"] = LANGUAGES.get(message.language, "zh-CN")  # last: parts take such lines with them
    return mail


def _address(name: str, address: Mailbox) -> Address:
    return Address(one_line(name, 100), username=address.local, domain=address.domain)


def _text(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def _id(notice_id: str) -> str:
    return "".join(one for one in notice_id if one.isascii() and (one.isalnum() or one in "-_.")) or "none"

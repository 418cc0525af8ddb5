"""Mail by SMTP (RFC 5321): TLS with a checked certificate, sign-in, and one clock around the whole conversation.

A server that took a message cannot be asked about it, so an answer that never came stays unknown for ever.
"""

import re
import smtplib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from dispatch.clock import utc_now
from dispatch.notices.channels.letters import Mailbox, NotAnAddress, Sender, letter, mailbox, one_line
from dispatch.notices.channels.protocol import Heard, Incoming, Medium, Message, Outcome, Sent, Unsigned
from dispatch.settings import Settings, UnusableSettings

LOOPBACK = ("127.0.0.1", "localhost", "::1")
OUR_FAULTS = frozenset({503, 525, 530, 534, 535, 538})  # not signed in, no TLS, account closed: no message's fault
_DOT = re.compile(rb"^\.", re.MULTILINE)


class MailSettings(BaseSettings):
    """What mail needs."""

    model_config = SettingsConfigDict(env_prefix="DOORSTEP_", env_file=".env", extra="ignore", frozen=True)

    mail_host: str = Field("", description="Mail server that mail is handed to; empty: mail is written to files.")
    mail_port: int = Field(587, ge=1, le=65535, description="Its port: 587 with STARTTLS, 465 with TLS from the start.")
    mail_security: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="How the way to it is secured; `none` only on this machine."
    )
    mail_user: str = Field("", description="Name to sign in with; empty: no sign-in.")
    mail_password: str = Field("", repr=False, description="Its password.")
    mail_authority: Path | None = Field(
        None, description="Certificates (PEM) that the mail server's is checked against; empty: the system's."
    )
    mail_timeout_seconds: float = Field(10.0, gt=0, le=10, description="How long handing over one mail may take.")


class _Stop(Exception):
    """The conversation ended with this outcome."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.problem)
        self.outcome = outcome


class SmtpChannel:
    """Mail, one conversation a message."""

    name = "smtp"
    medium: Medium = "mail"
    takes_replies = False

    def __init__(self, own: MailSettings, sender: Sender, clock: Callable[[], datetime] = utc_now) -> None:
        self._own = own
        self._sender = sender
        self._clock = clock
        self._names = ThreadPoolExecutor(4, thread_name_prefix="mail-names")
        self._tls = ssl.create_default_context(cafile=str(own.mail_authority) if own.mail_authority else None)
        self._tls.minimum_version = ssl.TLSVersion.TLSv1_2

    def send(self, message: Message) -> Outcome:
        """Hand one mail over. Refused is what the server will never take for this address."""
        try:
            to = mailbox(message.to)
        except NotAnAddress as problem:
            return Outcome("refused", str(problem))
        try:
            content = _on_the_wire(letter(message, to, self._sender, self._clock()).as_bytes())
            with self._conversation() as server:
                return self._hand_over(server, to, content)
        except _Stop as stop:
            return stop.outcome
        except ssl.SSLError as error:
            return Outcome("busy", f"TLS: {one_line(getattr(error, 'verify_message', '') or error.reason or '', 120)}")
        except (smtplib.SMTPException, OSError, ValueError) as error:
            return Outcome("busy", f"{type(error).__name__}: nothing was handed over")

    def ask(self, sent: Sent) -> Outcome:
        """Mail servers tell nothing about what they took."""
        return Outcome("unknown", "a mail server cannot be asked", never_known=True)

    def read(self, incoming: Incoming) -> Heard:
        """Mail servers call nobody."""
        raise Unsigned

    @contextmanager
    def _conversation(self) -> Iterator[smtplib.SMTP]:
        """Connected, secured and signed in; cut when the time is up, whatever the server is doing then."""
        own = self._own
        ends = time.monotonic() + own.mail_timeout_seconds
        server = _Connected(self._connect(ends), max(ends - time.monotonic(), 0.001))
        cut = threading.Timer(max(ends - time.monotonic(), 0), _cut, [server.held])
        cut.daemon = True
        cut.start()
        try:
            if own.mail_security == "tls":
                server.wrap(self._tls, own.mail_host)
            server.greet()
            if own.mail_security == "starttls":
                server.ehlo_or_helo_if_needed()
                if not server.has_extn("starttls"):
                    raise _Stop(Outcome("busy", f"{own.mail_host} offers no STARTTLS: see DOORSTEP_MAIL_SECURITY"))
                server.secure(self._tls, own.mail_host)
            server.ehlo_or_helo_if_needed()
            if own.mail_user:
                self._sign_in(server)
            yield server
            _part(server)
        finally:
            cut.cancel()
            server.close()
            server.held.close()

    def _connect(self, ends: float) -> socket.socket:
        """A connection to the first address that answers; names are looked up aside, for that has no clock."""
        looked_up = self._names.submit(
            socket.getaddrinfo, self._own.mail_host, self._own.mail_port, type=socket.SOCK_STREAM
        )
        problem: Exception = TimeoutError("no time left to connect")
        for family, kind, number, _, address in looked_up.result(max(ends - time.monotonic(), 0.001)):
            left = ends - time.monotonic()
            if left <= 0:
                break
            connection = socket.socket(family, kind, number)
            connection.settimeout(left)
            try:
                connection.connect(address)
                return connection
            except OSError as error:
                connection.close()
                problem = error
        raise _Stop(Outcome("busy", f"{self._own.mail_host} cannot be reached: {type(problem).__name__}"))

    def _sign_in(self, server: smtplib.SMTP) -> None:
        try:
            server.login(self._own.mail_user, self._own.mail_password)
        except smtplib.SMTPAuthenticationError as error:
            raise _Stop(
                Outcome("busy", f"{error.smtp_code}: check DOORSTEP_MAIL_USER and DOORSTEP_MAIL_PASSWORD")
            ) from error
        except smtplib.SMTPNotSupportedError as error:
            raise _Stop(Outcome("busy", f"{self._own.mail_host} offers no sign-in that we know")) from error

    def _hand_over(self, server: smtplib.SMTP, to: Mailbox, content: bytes) -> Outcome:
        options = [f"size={len(content)}"] if server.has_extn("size") else []
        if to.needs_utf8 or self._sender.mailbox.needs_utf8:
            if not server.has_extn("smtputf8"):
                return Outcome("refused", f"{self._own.mail_host} takes no addresses like this one (no SMTPUTF8)")
            options += ["SMTPUTF8", "BODY=8BITMIME"]
        code, said = server.mail(str(self._sender.mailbox), options)
        if code != 250:
            # 552: larger than it takes; anything else is about us as the sender
            return _outcome(code, said, final=code == 552, where="MAIL FROM")
        code, said = server.rcpt(str(to))
        if code not in (250, 251):
            return _outcome(code, said, final=True, where="RCPT TO")
        code, said = server.docmd("DATA")
        if code != 354:
            return _outcome(code, said, final=True, where="DATA")
        server.send(content)  # without its end a server must not take it (RFC 5321, 4.1.1.4)
        return _end(server)


def _end(server: smtplib.SMTP) -> Outcome:
    """The end of the content: from here on the server may have taken it, whether or not it can still say so."""
    try:
        server.send(b".\r\n")
        code, said = server.getreply()
    except (smtplib.SMTPException, OSError, ValueError) as error:
        return Outcome("unknown", f"{type(error).__name__} after the mail was handed over", never_known=True)
    if code == 250:
        return Outcome("accepted", reference=one_line(said.decode("utf-8", "replace"), 120) or None)
    if not 400 <= code < 600:
        return Outcome("unknown", f"{code} after the mail was handed over", never_known=True)
    return _outcome(code, said, final=True, where="end of mail")


def _outcome(code: int, said: bytes, *, final: bool, where: str) -> Outcome:
    """What a refusal means: a 5xx is `final` for this message, unless it speaks of us or of the moment."""
    problem = one_line(f"{where}: {code} {said.decode('utf-8', 'replace')}", 180)
    if final and 500 <= code < 600 and code not in OUR_FAULTS:
        return Outcome("refused", problem)
    return Outcome("busy", problem)


class _Connected(smtplib.SMTP):
    """smtplib's conversation over a connection that we made, with a second handle on it to cut it by."""

    def __init__(self, connection: socket.socket, seconds: float) -> None:
        super().__init__(local_hostname=_own_name(connection), timeout=seconds)
        self.sock = connection
        self.held = socket.fromfd(connection.fileno(), connection.family, connection.type)

    def greet(self) -> None:
        """The server's first line."""
        code, said = self.getreply()
        if code != 220:
            raise _Stop(_outcome(code, said, final=False, where="greeting"))

    def secure(self, tls: ssl.SSLContext, host: str) -> None:
        """STARTTLS; what was said before it is forgotten, as RFC 3207 demands."""
        code, said = self.docmd("STARTTLS")
        if code != 220:
            raise _Stop(_outcome(code, said, final=False, where="STARTTLS"))
        self.wrap(tls, host)
        self.helo_resp = self.ehlo_resp = None
        self.esmtp_features = {}
        self.does_esmtp = False

    def wrap(self, tls: ssl.SSLContext, host: str) -> None:
        """TLS from here on, with the certificate and its name checked. What came in before it is thrown away."""
        assert self.sock is not None
        self.sock = tls.wrap_socket(self.sock, server_hostname=host)
        self.file = None


def _own_name(connection: socket.socket) -> str:
    """How we greet: this machine's full name, else the address that we come from. No look-up: it has no clock."""
    name, address = socket.gethostname(), connection.getsockname()[0]
    literal = f"[IPv6:{address}]" if ":" in address else f"[{address}]"
    return name if "." in name and name.isascii() and one_line(name) == name else literal


def _cut(held: socket.socket) -> None:
    with suppress(OSError):  # it may be over already
        held.shutdown(socket.SHUT_RDWR)


def _part(server: smtplib.SMTP) -> None:
    """Say goodbye; the outcome is known, whatever comes of it."""
    with suppress(smtplib.SMTPException, OSError):
        server.send("QUIT\r\n")


def _on_the_wire(content: bytes) -> bytes:
    content = _DOT.sub(b"..", content)
    return content if content.endswith(b"\r\n") else content + b"\r\n"


def sender_of(settings: Settings) -> Sender:
    """Who mails come from. Raises UnusableSettings for an address that is none."""
    try:
        return Sender(settings.company, mailbox(settings.mail_sender))
    except NotAnAddress as error:
        raise UnusableSettings(f"DOORSTEP_MAIL_FROM: {error}") from error


def opened(settings: Settings, medium: Medium = "mail") -> SmtpChannel:
    """The channel as the settings say. Raises UnusableSettings for what is missing."""
    own = MailSettings()
    if not own.mail_host or not settings.mail_from:
        raise UnusableSettings("Mail needs DOORSTEP_MAIL_HOST and DOORSTEP_MAIL_FROM.")
    if own.mail_security == "none" and own.mail_host not in LOOPBACK:
        raise UnusableSettings("DOORSTEP_MAIL_SECURITY may be `none` only for a mail server on this machine.")
    try:
        return SmtpChannel(own, sender_of(settings))
    except OSError as error:
        raise UnusableSettings(f"DOORSTEP_MAIL_AUTHORITY cannot be read ({error.strerror})") from error

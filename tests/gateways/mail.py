"""A real mail server on loopback, with STARTTLS and sign-in, that misbehaves on request; and one that only drips."""

import asyncio
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTPUTF8
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "doorstep", "mail-password"


@dataclass
class MailServer:
    """`says` are answers to a command instead of its own (`{"RCPT": "550 …"}`); `behaviour` is for the mail's end."""

    says: dict[str, str] = field(default_factory=dict)
    behaviour: str = "fine"
    taken: list[Envelope] = field(default_factory=list)
    begun: int = 0
    port: int = 0

    def mail(self) -> EmailMessage:
        """The one mail that was taken, as a client library reads it."""
        (envelope,) = self.taken
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, policy=SMTPUTF8)
        assert isinstance(mail, EmailMessage)
        return mail

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if "MAIL" not in self.says:
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return self.says.get("MAIL", "250 OK")

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if "RCPT" not in self.says:
            envelope.rcpt_tos.append(address)
        return self.says.get("RCPT", "250 OK")

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.begun += 1
        if "DATA" in self.says:
            return self.says["DATA"]
        self.taken.append(envelope)
        if self.behaviour == "lost":
            assert server.transport is not None
            server.transport.abort()
        if self.behaviour == "hang":
            await asyncio.sleep(30)
        return "garbage" if self.behaviour == "garbage" else "250 queued as 4F2A"


def _let_in(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
    wanted = LoginPassword(USER.encode(), PASSWORD.encode())
    return AuthResult(success=data == wanted, handled=False)


def a_certificate(folder: Path, name: str, days: int = 1) -> tuple[Path, Path]:
    """A certificate for `name` (an address or a host) that is its own authority, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail server of the tests")])
    try:
        alternative: x509.GeneralName = x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        alternative = x509.DNSName(name)
    begin = datetime.now(UTC) - timedelta(days=2)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=2 + days))
        .add_extension(x509.SubjectAlternativeName([alternative]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder.mkdir(parents=True, exist_ok=True)
    public, private = folder / "certificate.pem", folder / "key.pem"
    public.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return public, private


def free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


@contextmanager
def running_mail(
    certificate: tuple[Path, Path] | None, *, from_the_start: bool = False, utf8: bool = True, sign_in: bool = True
) -> Iterator[MailServer]:
    """With a certificate: STARTTLS is demanded (or TLS from the start). Without one: plain."""
    server = MailServer(port=free_port())
    tls = None
    if certificate is not None:
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(*certificate)
    controller = Controller(
        server,
        hostname="127.0.0.1",
        port=server.port,
        ssl_context=tls if from_the_start else None,
        tls_context=None if from_the_start else tls,
        require_starttls=tls is not None and not from_the_start,
        authenticator=_let_in,
        auth_required=sign_in,
        auth_require_tls=tls is not None and not from_the_start,
        enable_SMTPUTF8=utf8,
    )
    controller.start()
    try:
        yield server
    finally:
        controller.stop()


@contextmanager
def dripping() -> Iterator[int]:
    """A server that greets with a byte now and then, for ever: each single read succeeds."""
    listening = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def drip() -> None:
        connection, _ = listening.accept()
        with connection:
            connection.sendall(b"220-")
            while not over.wait(0.05):
                try:
                    connection.sendall(b"x")
                except OSError:
                    return

    threading.Thread(target=drip, daemon=True).start()
    try:
        yield int(listening.getsockname()[1])
    finally:
        over.set()
        listening.close()

"""`doorstep serve --lan`: what is set before serving a trial on the office network, and what is told."""

import io
import os
from dataclasses import dataclass

import segno
import typer

from checklists.words import Words
from dispatch.clock import utc_now
from dispatch.settings import Settings
from mobile_api.commands.speaking import CANNOT_START, WRONG_USAGE, refuse, say
from mobile_api.office.addresses import is_office_address, own_addresses
from mobile_api.office.certificates import OfficeCertificate, office_certificate
from mobile_api.office.trusting import STEPS, give_out

PORT = 8443
EVERYWHERE = "0.0.0.0"  # noqa: S104 - that is what --lan asks for


@dataclass(frozen=True)
class Office:
    """The trial server's place on the office network: `addresses`, the one to open first."""

    addresses: tuple[str, ...]
    certificate: OfficeCertificate


def prepare(settings: Settings, asked: str | None) -> Office:
    """Find the address, make the certificate, and set what every process of ours reads from the environment."""
    if settings.environment == "production":
        refuse(
            Words(
                "--lan 只用于试用：正式环境请使用域名和正式证书。",
                "--lan is for trials: production wants a name and a real certificate.",
            ),
            CANNOT_START,
        )
    if asked is not None and not is_office_address(asked):
        refuse(
            Words(
                f"{asked} 不是内网 IPv4 地址（10.x、172.16–31.x、192.168.x）。",
                f"{asked} is no private IPv4 address (10.x, 172.16–31.x, 192.168.x).",
            ),
            WRONG_USAGE,
        )
    addresses = tuple(dict.fromkeys([*([asked] if asked else []), *own_addresses()]))
    if not addresses:
        refuse(
            Words(
                "没有找到内网地址，请先连接办公网络，或用 --lan-address 指明本机地址。",
                "This machine has no private address. Join the office network, or name it with --lan-address.",
            ),
            CANNOT_START,
        )
    certificate = office_certificate(settings.data_dir / "office", addresses, utc_now())
    given = settings.model_fields_set
    port = settings.port if "port" in given else PORT
    os.environ |= {
        "DOORSTEP_HOST": settings.host if "host" in given else EVERYWHERE,
        "DOORSTEP_PORT": str(port),
        "DOORSTEP_EXTRA_HOSTS": " ".join([*settings.extra_hosts.split(), *addresses]),
        "DOORSTEP_TLS_CERTIFICATE": str(certificate.chain.resolve()),
        "DOORSTEP_TLS_KEY": str(certificate.key.resolve()),
    }
    return Office(addresses, certificate)


def address_of(office: Office, port: int) -> str:
    """What a phone opens."""
    return f"https://{office.addresses[0]}:{port}"


def invite(office: Office, host: str, address: str, port: int) -> None:
    """Give out the authority's certificate one port above `port`, and say how a phone gets in."""
    content = office.certificate.authority.read_bytes()
    try:
        trust = give_out(host, port + 1 if port < 65_535 else 0, address, content, office.certificate.fingerprint)
    except OSError:  # that port is taken: any other will do
        trust = give_out(host, 0, address, content, office.certificate.fingerprint)
    first = f"http://{office.addresses[0]}:{trust.server_address[1]}"
    say(
        Words(
            f"第一步：手机连接同一网络，扫码或打开 {first}，安装证书。",
            f"First, on the same network, open {first} and install the certificate.",
        )
    )
    typer.echo(qr(first))
    for step in STEPS:
        say(step)
    typer.echo(f"  SHA-256 {office.certificate.fingerprint}")
    say(Words(f"第二步：扫码或打开 {address}/t", f"Then open {address}/t"))
    typer.echo(qr(f"{address}/t"))


def qr(text: str) -> str:
    """A QR code for the console."""
    drawn = io.StringIO()
    segno.make(text, error="m", micro=False).terminal(out=drawn, compact=True, border=2)
    return drawn.getvalue()

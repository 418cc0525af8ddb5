"""What is checked before anything is served, and what an operator is told at start."""

import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from sqlalchemy import select

import dispatch.tables  # noqa: F401 - a row can refer to any other, so all are known before one is written
from checklists.words import Words
from dispatch.accounts.secrets_kept import password_matches
from dispatch.accounts.tables import Account
from dispatch.customers.tables import Line
from dispatch.demo.crew import TRIAL_PASSWORD, is_loopback
from dispatch.demo.people import OFFICE
from dispatch.house import House, open_house
from dispatch.migrating import migrate, must_be_sound, require_current
from dispatch.records.tables import EntryRow
from dispatch.sealed_columns import CannotUnseal
from dispatch.settings import Settings, UnusableSettings
from mobile_api.commands.speaking import CANNOT_START, refuse, say


def opened_house(settings: Settings | None = None, *, to_serve: bool = False) -> House:
    """The product's parts, with a database that is whole and has our schema.

    In the trial environment, and never in production, a missing or older schema is brought up to date on the way.
    """
    settings = settings or Settings()
    house = open_house(settings)
    must_be_sound(house.database)
    if settings.environment == "trial":
        before, after = migrate(house.database)
        if before != after and to_serve:
            say(
                Words(
                    f"数据库结构已更新到 {after}。",
                    f"The database's schema was brought from {before or 'none'} to {after}.",
                )
            )
    require_current(house.database)
    _must_open(house)
    if to_serve:
        from dispatch.records.keys import keyring_of, stamps_of  # slow to load, so only where it is needed

        keyring_of(settings)  # an unusable seal is told now and not at the first record
        stamps_of(settings)
        _no_known_password(house)
    return house


def _must_open(house: House) -> None:
    """Another data key than the one that sealed the columns is told now, and nothing is written with it."""
    with house.database.reading() as session:
        try:
            session.scalar(select(Line.account_name).where(Line.account_name.is_not(None)).limit(1))
            session.scalar(select(EntryRow.value).limit(1))
        except CannotUnseal as problem:
            raise UnusableSettings(str(problem)) from problem


def _no_known_password(house: House) -> None:
    """The demo's password stands in the README: with it nobody but this machine may reach us."""
    if is_loopback(house.settings.host):
        return
    office = [login for login, _, _ in OFFICE]
    with house.database.reading() as session:
        hashes = session.scalars(
            select(Account.password_hash).where(Account.login.in_(office), Account.disabled_at.is_(None))
        ).all()
    if any(kept is not None and password_matches(kept, TRIAL_PASSWORD) for kept in hashes):
        refuse(
            Words(
                f"演示账号仍使用公开的试用密码，不能在 {house.settings.host} 上对外服务。"
                "请先用 `doorstep user password` 修改，或只监听 127.0.0.1。",
                f"Demo accounts still have the published trial password, so {house.settings.host} is not listened on. "
                "Change them with `doorstep user password`, or listen on 127.0.0.1 only.",
            ),
            CANNOT_START,
        )


@dataclass(frozen=True)
class Listening:
    """An open socket and the address that it is reached at."""

    socket: socket.socket
    port: int
    address: str


def listen(settings: Settings) -> Listening:
    """Listen on the settings' host and port (0: any free one)."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_STREAM)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        opened.bind((settings.host, settings.port))
    except OSError as problem:
        refuse(
            Words(
                f"无法监听 {settings.host}:{settings.port}（{problem.strerror}）。请换一个端口，例如 --port 8080。",
                f"Cannot listen on {settings.host}:{settings.port} ({problem.strerror}). "
                "Choose another port, for example --port 8080.",
            ),
            CANNOT_START,
        )
    opened.listen(2048)
    port = int(opened.getsockname()[1])
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.host, settings.host)  # noqa: S104 - compared, not bound
    host = f"[{host}]" if ":" in host and not host.startswith("[") else host
    scheme = "https" if settings.tls_certificate else "http"
    return Listening(opened, port, f"{scheme}://{host}:{port}")


def remarks(settings: Settings, *, with_jobs: bool) -> list[Words]:
    """What an operator should know of these settings."""
    told: list[Words] = []
    if not settings.on_https:
        host = urlsplit(settings.public_url).hostname or ""
        if is_loopback(host):
            told.append(
                Words(
                    "本机 http 访问：登录 Cookie 不带 __Host- 前缀和 Secure 标记，仅供试用。",
                    "Plain http on this machine: sign-in cookies lack the __Host- prefix and Secure. For trials only.",
                )
            )
        else:
            told.append(
                Words(
                    "警告：DOORSTEP_PUBLIC_URL 不是 https，登录和客户资料会以明文传输，手机离线功能也无法使用。",
                    "Warning: DOORSTEP_PUBLIC_URL is not https. Sign-ins and customers' data travel in the clear, "
                    "and phones cannot work offline.",
                )
            )
    if settings.seal_pkcs12 is None and settings.seal_pkcs11_library is None:
        told.append(
            Words(
                "服务记录由演示证书签章（未设置 DOORSTEP_SEAL_PKCS12），对外不具证明力。",
                "Records are signed by the demo authority (no DOORSTEP_SEAL_PKCS12): to strangers that proves nothing.",
            )
        )
    if not with_jobs:
        told.append(
            Words(
                "未启动后台任务：通知不会发出，请另行运行 `doorstep jobs`。",
                "No jobs here: notices are not sent until `doorstep jobs` runs somewhere.",
            )
        )
    elif settings.sms_url:
        where = urlsplit(settings.sms_url)
        told.append(
            Words(f"通知发往短信网关 {where.netloc}。", f"Notices go to the message gateway at {where.netloc}.")
        )
    else:
        folder = (settings.data_dir / "messages").resolve()
        told.append(
            Words(
                f"通知写入文件夹 {folder}，不会真正发出。", f"Notices are written to {folder}; nothing is really sent."
            )
        )
    return told

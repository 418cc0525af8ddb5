"""`doorstep user …` and `doorstep token …`: who may come in. A password is never taken from the command line."""

import sys
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import typer
from sqlalchemy import select
from sqlalchemy.orm import Session

from checklists.words import Words
from dispatch.accounts.actions import account_named, disable_account, give_token, open_account, set_password
from dispatch.accounts.keeping import all_accounts, change_role, enable_account, revoke_token, tokens_of
from dispatch.accounts.viewer import Viewer
from dispatch.clock import utc_now
from dispatch.errors import Invalid, NotFound
from dispatch.technicians.tables import Technician
from mobile_api.commands.speaking import LanguageName, plainly, say
from mobile_api.commands.starting import opened_house

CONSOLE = Viewer(role="system", name="console")

users = typer.Typer(help="账号管理。 Accounts.", no_args_is_help=True)


class RoleName(StrEnum):
    """What an account may be."""

    technician = "technician"
    dispatcher = "dispatcher"
    care_agent = "care_agent"
    supervisor = "supervisor"
    admin = "admin"


tokens = typer.Typer(help="接口令牌管理。 API tokens.", no_args_is_help=True)

Login = Annotated[str, typer.Argument(help="账号名 the account's login")]
TechnicianCode = Annotated[
    str | None, typer.Option("--technician", help="装维人员工号（technician 角色必填） the technician's code")
]


@users.command("add")
def add(
    login: Login,
    role: Annotated[RoleName, typer.Option(help="角色 the role")],
    name: Annotated[str | None, typer.Option(help="姓名 name; the login if left out")] = None,
    language: Annotated[LanguageName, typer.Option(help="界面语言 language of the pages")] = LanguageName.zh,
    technician: TechnicianCode = None,
    no_password: Annotated[
        bool, typer.Option("--no-password", help="仅用令牌的系统账号 for a system that only uses tokens")
    ] = False,
) -> None:
    """新建账号；密码在提示后输入，或取标准输入首行。 A new account; asks for the password or reads it from stdin."""
    with plainly():
        house = opened_house()
        password = None if no_password else _password()
        with house.database.writing() as session:
            technician_id = _technician(session, role, technician)
            open_account(
                session,
                CONSOLE,
                login=login,
                name=name or login,
                role=role.value,
                password=password,
                now=utc_now(),
                language=language.value,
                technician_id=technician_id,
            )
        say(Words(f"已新建账号 {login}（{role.value}）。", f"Account {login} ({role.value}) is there."))


@users.command("list")
def list_users() -> None:
    """列出所有账号。 List all accounts."""
    with plainly():
        house = opened_house()
        with house.database.reading() as session:
            for account in all_accounts(session):
                state = "disabled 已停用" if account.disabled_at else "active 启用"
                typer.echo(f"{account.login:<16} {account.role:<12} {state:<14} {account.language}  {account.name}")


@users.command("disable")
def disable(login: Login) -> None:
    """停用账号，立即退出登录，令牌同时失效。 Disable an account: out at once, tokens included."""
    with plainly():
        house = opened_house()
        with house.database.writing() as session:
            disable_account(session, CONSOLE, account_named(session, login), utc_now())
        say(Words(f"账号 {login} 已停用。", f"Account {login} is disabled."))


@users.command("enable")
def enable(login: Login) -> None:
    """重新启用账号。 Let a disabled account in again."""
    with plainly():
        house = opened_house()
        with house.database.writing() as session:
            enable_account(session, CONSOLE, account_named(session, login), utc_now())
        say(Words(f"账号 {login} 已启用。", f"Account {login} is enabled."))


@users.command("password")
def password(login: Login) -> None:
    """修改密码，已登录的设备需重新登录。 A new password; whoever is signed in signs in anew."""
    with plainly():
        house = opened_house()
        with house.database.reading() as session:
            account_named(session, login)
        fresh = _password()
        with house.database.writing() as session:
            set_password(session, CONSOLE, account_named(session, login), fresh, utc_now())
        say(Words(f"账号 {login} 的密码已修改。", f"Account {login} has a new password."))


@users.command("role")
def role(
    login: Login,
    role: Annotated[RoleName, typer.Argument(help="角色 the role")],
    technician: TechnicianCode = None,
) -> None:
    """修改账号的角色。 Give an account another role."""
    with plainly():
        house = opened_house()
        with house.database.writing() as session:
            account = account_named(session, login)
            change_role(session, CONSOLE, account, role.value, utc_now(), _technician(session, role, technician))
        say(Words(f"账号 {login} 的角色已改为 {role.value}。", f"Account {login} is {role.value} now."))


@tokens.command("create")
def create_token(
    login: Login,
    label: Annotated[str, typer.Option(help="用途说明 what it is for")] = "api",
    days: Annotated[int | None, typer.Option(min=1, max=3650, help="有效天数 how many days it lasts")] = None,
) -> None:
    """新建令牌，只显示这一次。 A new token, shown this once on standard output."""
    with plainly():
        house = opened_house()
        with house.database.writing() as session:
            token = give_token(session, CONSOLE, account_named(session, login), label[:120], utc_now(), days)
        typer.echo("令牌只显示这一次，请妥善保存。 Shown this once; keep it.", err=True)
        typer.echo(token)


@tokens.command("list")
def list_tokens(login: Annotated[str | None, typer.Argument(help="只看此账号 only of this account")] = None) -> None:
    """列出令牌（不含令牌本身）。 List tokens, without what they are."""
    with plainly():
        house = opened_house()
        now = utc_now()
        with house.database.reading() as session:
            for token, account in tokens_of(session, login):
                ended = token.revoked_at or (token.expires_at if token.expires_at and token.expires_at <= now else None)
                state = "ended 已失效" if ended else "valid 有效"
                until = f"{token.expires_at:%Y-%m-%d}" if token.expires_at else "—"
                typer.echo(f"{str(token.id)[:8]}  {account.login:<16} {state:<12} {until:<12} {token.label}")


@tokens.command("revoke")
def revoke(
    beginning: Annotated[str, typer.Argument(help="令牌编号（可只写开头） the token's id, or how it begins")],
) -> None:
    """吊销令牌，立即生效。 End a token at once."""
    with plainly():
        house = opened_house()
        with house.database.writing() as session:
            token = revoke_token(session, CONSOLE, beginning, utc_now())
            shown = f"{str(token.id)[:8]} ({token.label})"
        say(Words(f"令牌 {shown} 已吊销。", f"Token {shown} is ended."))


def _password() -> str:
    """Asked for twice at a terminal, else the first line of standard input."""
    if sys.stdin.isatty():
        return str(typer.prompt("密码 Password", hide_input=True, confirmation_prompt="再输入一次 Again"))
    line = sys.stdin.readline().rstrip("\r\n")
    if not line:
        raise Invalid(
            Words("标准输入中没有密码。", "No password on standard input: give it as the first line."),
            name="password-missing",
        )
    return line


def _technician(session: Session, role: str, code: str | None) -> UUID | None:
    """The technician whose account it is to be."""
    if role != "technician":
        return None
    found = session.scalar(select(Technician.id).where(Technician.code == code)) if code else None
    if found is None:
        raise NotFound(
            Words(
                f"technician 角色需用 --technician 指明装维人员工号（{code or '未填写'}）。",
                f"The role technician needs --technician with a known technician's code ({code or 'none given'}).",
            )
        )
    return found

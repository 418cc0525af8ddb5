"""Verbs of accounts: open and disable them, sign in and out, give out API tokens."""

from datetime import datetime, timedelta
from typing import get_args
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from checklists.words import Words
from dispatch.accounts import rules
from dispatch.accounts.audit import audit
from dispatch.accounts.secrets_kept import hash_password, new_token, password_matches, token_hash
from dispatch.accounts.tables import Account, ApiToken, SignIn, SignInAttempt
from dispatch.accounts.viewer import Role, Viewer
from dispatch.database import Database
from dispatch.errors import Invalid, NotAllowed, NotFound


class WrongNameOrPassword(NotAllowed):
    """The one answer to every failed sign-in."""

    name = "wrong-name-or-password"
    title = Words("登录失败", "Sign-in failed")

    def __init__(self) -> None:
        super().__init__(
            Words("账号或密码不正确，请重新输入。", "The account or the password is not right. Type them again.")
        )


def open_account(
    session: Session,
    viewer: Viewer,
    *,
    login: str,
    name: str,
    role: str,
    password: str | None,
    now: datetime,
    language: str = "zh",
    technician_id: UUID | None = None,
) -> Account:
    """A new account; `password` None for systems that only use tokens. Refuses a login that is taken."""
    if role not in get_args(Role)[:5]:
        raise Invalid(Words(f"没有“{role}”这个角色。", f"There is no role “{role}”."), name="unknown-role")
    if session.scalar(select(Account.id).where(Account.login == login)):
        raise NotAllowed(Words(f"账号“{login}”已存在。", f"Account “{login}” exists already."), name="login-taken")
    kept = hash_password(rules.good_password(password)) if password is not None else None
    account = Account(
        login=login,
        name=name,
        role=role,
        language=language,
        password_hash=kept,
        technician_id=technician_id,
        created_at=now,
    )
    session.add(account)
    session.flush()
    audit(session, viewer, "open_account", "account", account.id, now, role=role)
    return account


def account_named(session: Session, login: str) -> Account:
    """The account with this login, or NotFound."""
    account = session.scalar(select(Account).where(Account.login == login))
    if account is None:
        raise NotFound(Words(f"没有账号“{login}”。", f"There is no account “{login}”."))
    return account


def set_password(session: Session, viewer: Viewer, account: Account, password: str, now: datetime) -> None:
    """Keep a new password and end every sign-in that the old one opened."""
    account.password_hash = hash_password(rules.good_password(password))
    _end_sign_ins(session, account.id, now)
    audit(session, viewer, "set_password", "account", account.id, now)


def disable_account(session: Session, viewer: Viewer, account: Account, now: datetime) -> None:
    """Out on the next request: sign-ins end, tokens stop."""
    account.disabled_at = now
    _end_sign_ins(session, account.id, now)
    audit(session, viewer, "disable_account", "account", account.id, now)


def _end_sign_ins(session: Session, account_id: UUID, now: datetime) -> None:
    session.execute(
        update(SignIn).where(SignIn.account_id == account_id, SignIn.ended_at.is_(None)).values(ended_at=now)
    )


def recent_failures(session: Session, login: str, address: str, now: datetime) -> tuple[list[datetime], list[datetime]]:
    """Times of failed tries within the limit's reach, for this login and from this address."""
    rows = session.execute(
        select(SignInAttempt.login, SignInAttempt.address, SignInAttempt.at).where(
            SignInAttempt.succeeded.is_(False),
            SignInAttempt.at > now - rules.TRIES_WITHIN,
            or_(SignInAttempt.login == login, SignInAttempt.address == address),
        )
    ).all()
    return [r.at for r in rows if r.login == login], [r.at for r in rows if r.address == address]


def sign_in(
    database: Database, *, login: str, password: str, address: str, hours: int, now: datetime
) -> tuple[Account, str] | None:
    """The account and a fresh cookie token; None when name or password are wrong (the try is counted either way).

    Raises TooManyTries. It opens its own transactions, because hashing takes long and must not hold one open.
    """
    login = login.strip()[:80]
    with database.reading() as session:
        _may_try(session, login, address, now)
        account = session.scalar(select(Account).where(Account.login == login, Account.disabled_at.is_(None)))
    good = password_matches(account.password_hash if account else None, password[: rules.LONGEST_PASSWORD])
    with database.writing() as session:
        _may_try(session, login, address, now)  # others may have tried meanwhile
        session.add(SignInAttempt(login=login, address=address[:64], at=now, succeeded=good))
        if account is None or not good:
            return None
        token = new_token()
        expires = now + timedelta(hours=hours)
        session.add(SignIn(account_id=account.id, token_hash=token_hash(token), created_at=now, expires_at=expires))
        audit(session, viewer_of(account), "sign_in", "account", account.id, now)
    return account, token


def _may_try(session: Session, login: str, address: str, now: datetime) -> None:
    for failures in recent_failures(session, login, address, now):
        rules.may_try(failures, now=now)


def sign_out(session: Session, token: str, now: datetime) -> None:
    """End the sign-in that this cookie holds; unknown ones are ignored."""
    session.execute(
        update(SignIn).where(SignIn.token_hash == token_hash(token), SignIn.ended_at.is_(None)).values(ended_at=now)
    )


def give_token(
    session: Session, viewer: Viewer, account: Account, label: str, now: datetime, days: int | None = None
) -> str:
    """A new API token of `account`, returned this once."""
    token = new_token("ds_")
    expires = now + timedelta(days=days) if days else None
    session.add(
        ApiToken(
            account_id=account.id,
            label=label,
            token_hash=token_hash(token),
            created_at=now,
            expires_at=expires,
        )
    )
    audit(session, viewer, "give_token", "account", account.id, now, label=label)
    return token


def viewer_of(account: Account) -> Viewer:
    """What this account is when it asks."""
    return Viewer(
        role=account.role,  # type: ignore[arg-type]  # the table's CHECK allows only roles
        name=account.name,
        language=account.language,
        account_id=account.id,
        technician_id=account.technician_id,
    )

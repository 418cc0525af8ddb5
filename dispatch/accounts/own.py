"""Verbs of one's own account, and the list that an administrator looks after."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from checklists.words import Words
from dispatch.accounts import rules
from dispatch.accounts.actions import recent_failures, set_password
from dispatch.accounts.secrets_kept import password_matches
from dispatch.accounts.tables import Account, SignIn, SignInAttempt
from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import OVERRIDERS, Role, Viewer
from dispatch.errors import Invalid, NotFound

ROLE_WORDS: dict[Role, Words] = {
    "technician": Words("装维人员", "Technician"),
    "dispatcher": Words("调度员", "Dispatcher"),
    "care_agent": Words("客服", "Care agent"),
    "supervisor": Words("主管", "Supervisor"),
    "admin": Words("管理员", "Administrator"),
    "customer": Words("客户", "Customer"),
    "system": Words("系统", "System"),
}


def own_account(turn: Turn) -> Account:
    """The account that asks; NotFound for a viewer without one."""
    account = turn.session.get(Account, turn.viewer.account_id) if turn.viewer.account_id else None
    if account is None:
        raise NotFound
    return account


def change_own_password(turn: Turn, old: str, new: str, address: str) -> bool:
    """Change it and end every sign-in; False when `old` is wrong (counted as a failed sign-in: no guessing).

    Refuses with TooManyTries, and with Invalid for a new one that is too short.
    """
    account = own_account(turn)
    for failures in recent_failures(turn.session, account.login, address, turn.now):
        rules.may_try(failures, now=turn.now)
    rules.good_password(new)
    if not password_matches(account.password_hash, old[: rules.LONGEST_PASSWORD]):
        turn.session.add(SignInAttempt(login=account.login, address=address[:64], at=turn.now, succeeded=False))
        return False
    set_password(turn.session, turn.viewer, account, new, turn.now)
    return True


def choose_language(turn: Turn, language: str) -> None:
    """Remember the language of the account that asks."""
    if language not in ("zh", "en"):
        raise Invalid(Words("请选择中文或英文。", "Choose Chinese or English."), name="language")
    own_account(turn).language = language


def accounts_seen_by(session: Session, viewer: Viewer) -> Sequence[tuple[Account, datetime | None]]:
    """Every account with its last sign-in, for supervisors and administrators."""
    viewer.must_be(OVERRIDERS)
    last = select(SignIn.account_id, func.max(SignIn.created_at).label("at")).group_by(SignIn.account_id).subquery()
    rows = session.execute(
        select(Account, last.c.at)
        .join(last, last.c.account_id == Account.id, isouter=True)
        .order_by(Account.disabled_at.is_not(None), Account.role, Account.login)
    )
    return [(row[0], row[1]) for row in rows]


def account_seen_by(session: Session, viewer: Viewer, account_id: UUID) -> Account:
    """One account, for supervisors and administrators."""
    viewer.must_be(OVERRIDERS)
    account = session.get(Account, account_id)
    if account is None:
        raise NotFound
    return account

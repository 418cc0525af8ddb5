"""Verbs of whoever keeps the accounts at the console: roles, API tokens, who there is."""

from collections.abc import Sequence
from datetime import datetime
from typing import get_args
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from checklists.words import Words
from dispatch.accounts.audit import audit
from dispatch.accounts.tables import ROLES, Account, ApiToken, SignIn
from dispatch.accounts.viewer import Role, Viewer
from dispatch.errors import Invalid, NotFound


def all_accounts(session: Session) -> Sequence[Account]:
    """Every account, by login."""
    return session.scalars(select(Account).order_by(Account.login)).all()


def change_role(
    session: Session, viewer: Viewer, account: Account, role: str, now: datetime, technician_id: UUID | None = None
) -> None:
    """Give an account another role; whoever is signed in with it signs in anew.

    A technician's account belongs to one technician (`technician_id`), all others to none.
    """
    if role not in get_args(Role) or role not in ROLES:
        raise Invalid(
            Words(
                f"没有“{role}”这个角色，可选：{'、'.join(ROLES)}。", f"There is no role “{role}”: {', '.join(ROLES)}."
            ),
            name="unknown-role",
        )
    before, account.role = account.role, role
    account.technician_id = technician_id if role == "technician" else None
    session.execute(
        update(SignIn).where(SignIn.account_id == account.id, SignIn.ended_at.is_(None)).values(ended_at=now)
    )
    audit(session, viewer, "change_role", "account", account.id, now, before=before, role=role)


def enable_account(session: Session, viewer: Viewer, account: Account, now: datetime) -> None:
    """Let a disabled account in again; its tokens work again, its sign-ins do not."""
    account.disabled_at = None
    audit(session, viewer, "enable_account", "account", account.id, now)


def tokens_of(session: Session, login: str | None = None) -> Sequence[tuple[ApiToken, Account]]:
    """API tokens with their accounts, the newest first; only those of `login` if given."""
    query = select(ApiToken, Account).join(Account, Account.id == ApiToken.account_id)
    if login is not None:
        query = query.where(Account.login == login)
    return [(row[0], row[1]) for row in session.execute(query.order_by(ApiToken.created_at.desc()))]


def revoke_token(session: Session, viewer: Viewer, beginning: str, now: datetime) -> ApiToken:
    """End the token whose id begins with `beginning`. Refuses when none or several do."""
    found = [token for token, _ in tokens_of(session) if str(token.id).startswith(beginning.strip().lower() or "-")]
    if len(found) != 1:
        raise NotFound(
            Words(
                f"没有唯一对应“{beginning}”的令牌，请用 `doorstep token list` 查看编号。",
                f"Not exactly one token begins with “{beginning}”; `doorstep token list` shows them.",
            )
        )
    token = found[0]
    if token.revoked_at is None:
        token.revoked_at = now
        audit(session, viewer, "revoke_token", "account", token.account_id, now, label=token.label)
    return token

"""Questions about accounts: who is it that holds this cookie or this token."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from dispatch.accounts.actions import viewer_of
from dispatch.accounts.secrets_kept import token_hash
from dispatch.accounts.tables import Account, ApiToken, SignIn
from dispatch.accounts.viewer import DESK, Viewer


def viewer_by_cookie(session: Session, token: str, now: datetime) -> Viewer | None:
    """Who signed in with this cookie; None once it ended, ran out, or the account was disabled."""
    account = session.scalar(
        select(Account)
        .join(SignIn, SignIn.account_id == Account.id)
        .where(
            SignIn.token_hash == token_hash(token),
            SignIn.ended_at.is_(None),
            SignIn.expires_at > now,
            Account.disabled_at.is_(None),
        )
    )
    return viewer_of(account) if account else None


def viewer_by_token(session: Session, token: str, now: datetime) -> Viewer | None:
    """Who holds this API token; None once revoked, out of date, or the account was disabled."""
    account = session.scalar(
        select(Account)
        .join(ApiToken, ApiToken.account_id == Account.id)
        .where(
            ApiToken.token_hash == token_hash(token),
            ApiToken.revoked_at.is_(None),
            or_(ApiToken.expires_at.is_(None), ApiToken.expires_at > now),
            Account.disabled_at.is_(None),
        )
    )
    return viewer_of(account) if account else None


def sign_ins_that_hold(session: Session, hashes: Collection[str], now: datetime) -> set[str]:
    """Those of these hashes of cookies and API tokens with which somebody at the desk is still signed in."""
    by_cookie = (
        select(SignIn.token_hash)
        .join(Account, Account.id == SignIn.account_id)
        .where(SignIn.token_hash.in_(hashes), SignIn.ended_at.is_(None), SignIn.expires_at > now)
    )
    by_token = (
        select(ApiToken.token_hash)
        .join(Account, Account.id == ApiToken.account_id)
        .where(
            ApiToken.token_hash.in_(hashes),
            ApiToken.revoked_at.is_(None),
            or_(ApiToken.expires_at.is_(None), ApiToken.expires_at > now),
        )
    )
    at_desk = (Account.disabled_at.is_(None), Account.role.in_(DESK))
    return {*session.scalars(by_cookie.where(*at_desk)), *session.scalars(by_token.where(*at_desk))}

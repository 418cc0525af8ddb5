"""What accounts leave behind and nobody needs any more."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from dispatch.accounts.tables import SignInAttempt

KEPT_FOR = timedelta(days=30)  # the limits look back 15 minutes; the rest is for whoever looks into an attack


def forget_old_tries(session: Session, now: datetime) -> int:
    """Delete tries to sign in that are more than 30 days old; returns how many."""
    gone = session.execute(delete(SignInAttempt).where(SignInAttempt.at < now - KEPT_FOR))
    return int(gone.rowcount)  # type: ignore[attr-defined]

"""What was done and what was looked at. Rows are only ever added; the database refuses the rest."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from dispatch.accounts.tables import AuditRow
from dispatch.accounts.viewer import Viewer

LOOKS = "looks at personal data"


def audit(
    session: Session,
    viewer: Viewer,
    action: str,
    subject: str,
    subject_id: object,
    now: datetime,
    **facts: Any,
) -> None:
    """Write down that `viewer` did `action` to `subject`. `facts` hold ids and figures, never personal data."""
    session.add(
        AuditRow(
            at=now,
            account_id=viewer.account_id,
            actor=f"{viewer.role}:{viewer.name}"[:120],
            action=action,
            subject=subject,
            subject_id=str(subject_id)[:64],
            facts=facts,
        )
    )


def note_look(session: Session, viewer: Viewer, subject: str, subject_id: object, now: datetime) -> None:
    """Remember that `viewer` was shown personal data; the edge writes it before the answer leaves.

    A reading session must not write, so the look waits in `session.info` for `looks_of`.
    """
    session.info.setdefault(LOOKS, []).append((viewer, subject, str(subject_id), now))


def looks_of(session: Session) -> list[tuple[Viewer, str, str, datetime]]:
    """The looks noted on this session, each once."""
    return list(dict.fromkeys(session.info.get(LOOKS, [])))


def write_looks(session: Session, looks: list[tuple[Viewer, str, str, datetime]]) -> None:
    """Turn noted looks into audit rows."""
    for viewer, subject, subject_id, now in looks:
        audit(session, viewer, "look", subject, subject_id, now)

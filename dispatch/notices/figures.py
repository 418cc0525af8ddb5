"""How the telling goes, in numbers: what an operator watches, and what the metrics page says."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from dispatch.notices.tables import CallTask, ChannelState, Notice

UNDER_WAY = ("owed", "claimed")
RISK = timedelta(minutes=45)


@dataclass(frozen=True)
class Figures:
    """Counts of notices as they stand, of call tasks, and of each channel. Ages are seconds.

    `at_risk`: untold, and a person would have to call within 45 minutes. `due`: owed, and free to leave now.
    """

    by_state: dict[str, int]
    due: int
    oldest_due_seconds: float
    at_risk: int
    breaches: int
    calls_open: int
    calls_overdue: int
    sent_by_channel: dict[str, int] = field(default_factory=dict)
    paused: dict[str, str] = field(default_factory=dict)

    @property
    def owed(self) -> int:
        """Not told yet, and no attempt under way."""
        return self.by_state.get("owed", 0)


def is_at_risk(now: datetime) -> ColumnElement[bool]:
    """Untold, and the last moment for a call is near; what is over already is a breach, or was given up."""
    return and_(
        Notice.call_by > now,
        Notice.call_by <= now + RISK,
        Notice.state.in_((*UNDER_WAY, "in_doubt", "failed", "expired")),
    )


def figures(session: Session, now: datetime) -> Figures:
    """Count. Everything is read in one transaction, so the numbers belong together."""
    by_state = dict(session.execute(select(Notice.state, func.count()).group_by(Notice.state)).all())
    due, oldest = session.execute(
        select(func.count(), func.min(Notice.not_before)).where(
            Notice.state.in_(UNDER_WAY), Notice.not_before <= now, Notice.medium != "call"
        )
    ).one()
    at_risk = session.scalar(select(func.count()).where(is_at_risk(now)))
    breaches = session.scalar(select(func.count()).where(Notice.breached_at.is_not(None)))
    calls_open = session.scalar(select(func.count()).where(CallTask.state == "open"))
    overdue = session.scalar(select(func.count()).where(CallTask.state == "open", CallTask.due_at < now))
    sent = session.execute(
        select(Notice.channel, func.count()).where(Notice.accepted_at.is_not(None)).group_by(Notice.channel)
    ).all()
    paused = session.execute(
        select(ChannelState.name, ChannelState.reason).where(ChannelState.paused_at.is_not(None))
    ).all()
    return Figures(
        by_state=by_state,
        due=due,
        oldest_due_seconds=max((now - oldest).total_seconds(), 0.0) if oldest else 0.0,
        at_risk=at_risk or 0,
        breaches=breaches or 0,
        calls_open=calls_open or 0,
        calls_overdue=overdue or 0,
        sent_by_channel={name or "": count for name, count in sent},
        paused=dict(paused),
    )

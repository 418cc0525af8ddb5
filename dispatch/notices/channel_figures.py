"""How each channel does: what waits for it, what it took, what failed, and whether it is paused or asked to wait."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dispatch.notices.channels.protocol import Channel
from dispatch.notices.figures import UNDER_WAY, is_at_risk
from dispatch.notices.limits import states_of
from dispatch.notices.tables import Notice

A_DAY = timedelta(hours=24)


@dataclass(frozen=True)
class ChannelFigures:
    """One channel in use. `due` and `at_risk` count what waits for its medium; `sent` what it took in the last day.

    `oldest_due_seconds`: how long the oldest of those due has waited.
    """

    name: str
    medium: str
    due: int
    oldest_due_seconds: float
    at_risk: int
    sent: int
    failed: int
    in_doubt: int
    paused_at: datetime | None = None
    paused_by: str | None = None
    reason: str = ""
    busy_until: datetime | None = None

    @property
    def paused(self) -> bool:
        """Whether somebody stopped it."""
        return self.paused_at is not None


def channel_figures(session: Session, channels: Mapping[str, Channel], now: datetime) -> list[ChannelFigures]:
    """The figures of the channels in use (by medium), SMS first."""
    waiting = select(Notice.medium, func.count(), func.min(Notice.not_before)).group_by(Notice.medium)
    due = {
        medium: (count, oldest)
        for medium, count, oldest in session.execute(
            waiting.where(Notice.state.in_(UNDER_WAY), Notice.not_before <= now)
        )
    }
    risky = waiting.where(is_at_risk(now))
    at_risk = {medium: count for medium, count, _ in session.execute(risky)}
    by_channel = select(Notice.channel, func.count()).group_by(Notice.channel)
    sent = dict(session.execute(by_channel.where(Notice.accepted_at > now - A_DAY)).all())
    failed = dict(session.execute(by_channel.where(Notice.state == "failed")).all())
    in_doubt = dict(session.execute(by_channel.where(Notice.state == "in_doubt")).all())
    states = states_of(session, channels)
    found = []
    for medium, channel in sorted(channels.items(), key=lambda each: each[0] != "sms"):
        count, oldest = due.get(medium, (0, None))
        state = states.get(channel.name)
        found.append(
            ChannelFigures(
                name=channel.name,
                medium=medium,
                due=count,
                oldest_due_seconds=max((now - oldest).total_seconds(), 0.0) if oldest else 0.0,
                at_risk=at_risk.get(medium, 0),
                sent=sent.get(channel.name, 0),
                failed=failed.get(channel.name, 0),
                in_doubt=in_doubt.get(channel.name, 0),
                paused_at=state.paused_at if state else None,
                paused_by=state.paused_by if state else None,
                reason=state.reason if state else "",
                busy_until=state.busy_until if state and state.busy_until and state.busy_until > now else None,
            )
        )
    return found

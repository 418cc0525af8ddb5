"""How fast messages may leave: a channel's pace and pauses, shared by all senders through its row, and each number's.

Pace is kept as the moment from which the next message may leave (GCRA, one instant a channel), so any number of
senders on any number of machines share one limit without talking to each other.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dispatch.database import one_at_a_time
from dispatch.notices.channels.protocol import Channel
from dispatch.notices.sending import Claimed, Finished
from dispatch.notices.tables import ChannelState, Notice
from dispatch.settings import Settings

BURST = timedelta(seconds=1)
LONGEST_BUSY = timedelta(seconds=60)  # a gateway that asks all of us for more is asked again after a minute
HOUR = timedelta(hours=1)


def states_of(session: Session, channels: Mapping[str, Channel]) -> dict[str, ChannelState]:
    """The rows of the channels in use, by name; a channel of which nothing special is known has none."""
    names = [channel.name for channel in channels.values()]
    return {row.name: row for row in session.scalars(select(ChannelState).where(ChannelState.name.in_(names)))}


def open_media(session: Session, channels: Mapping[str, Channel], now: datetime) -> list[str]:
    """The media whose channel is neither paused nor asked to wait. A medium without a channel is open: it fails."""
    states = states_of(session, channels)
    media = [medium for medium in ("sms", "mail") if medium not in channels]
    for medium, channel in channels.items():
        state = states.get(channel.name)
        if state is None or (state.paused_at is None and not (state.busy_until and state.busy_until > now)):
            media.append(medium)
    return media


def pace_of(
    session: Session, settings: Settings, channels: Mapping[str, Channel], now: datetime, most: int
) -> dict[str, int]:
    """How many messages may leave now by each open medium. Media that must wait are left out."""
    may = dict.fromkeys(open_media(session, channels, now), most)
    for medium in ("sms",):
        if medium in may and settings.sms_per_second and medium in channels:
            state = locked_state(session, channels[medium].name)
            step = timedelta(seconds=1 / settings.sms_per_second)
            begin = max(state.next_slot_at or now, now)
            may[medium] = min(most, int((now + BURST - begin) / step) if begin <= now + BURST else 0)
    return {medium: count for medium, count in may.items() if count > 0}


def use_pace(
    session: Session, settings: Settings, channels: Mapping[str, Channel], claimed: Sequence[Claimed], now: datetime
) -> None:
    """Take the slots of what was claimed."""
    count = sum(one.medium == "sms" for one in claimed)
    if not count or not settings.sms_per_second or "sms" not in channels:
        return
    state = locked_state(session, channels["sms"].name)
    state.next_slot_at = max(state.next_slot_at or now, now) + timedelta(seconds=count / settings.sms_per_second)


def crowded_numbers(session: Session, settings: Settings, numbers: set[str], now: datetime) -> dict[str, datetime]:
    """The numbers that had their fill in the last hour, and from when they may have more."""
    most = settings.sms_per_number_hour
    if not most or not numbers:
        return {}
    rows = session.execute(
        select(Notice.to, func.count(), func.min(Notice.accepted_at))
        .where(Notice.to.in_(numbers), Notice.medium == "sms", Notice.accepted_at > now - HOUR)
        .group_by(Notice.to)
    )
    return {number: (oldest or now) + HOUR for number, count, oldest in rows if count >= most}


def note_busy(session: Session, asked: Sequence[Finished], now: datetime) -> None:
    """A gateway asked all of us to wait: nothing more is claimed for it until then, at most a minute."""
    for one in asked:
        state = locked_state(session, one.channel)
        wait = min(max(one.outcome.wait or timedelta(seconds=2), timedelta(0)), LONGEST_BUSY)
        state.busy_until = max(state.busy_until or now, now + wait)


def locked_state(session: Session, name: str) -> ChannelState:
    state = session.scalar(select(ChannelState).where(ChannelState.name == name).with_for_update())
    if state is None:
        one_at_a_time(session, "channel", name)  # two senders that meet here make one row
        state = session.scalar(select(ChannelState).where(ChannelState.name == name).with_for_update())
    if state is None:
        state = ChannelState(name=name, reason="")
        session.add(state)
        session.flush()
    return state

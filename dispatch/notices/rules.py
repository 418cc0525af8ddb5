"""Decisions about notices: when one may leave, when it is too late, what an answer means. Pure."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

LEASE = timedelta(seconds=30)  # asking and sending, each at most 10 s by setting, must both fit in
LONGEST_WAIT = timedelta(minutes=5)
SOON = timedelta(hours=2)
ASK_FOR = timedelta(hours=24)


def quiet_until(now: datetime, zone: ZoneInfo, quiet_from: int, quiet_to: int) -> datetime | None:
    """When the quiet hours that `now` lies in end; None outside them. Hours are of the business zone."""
    local = now.astimezone(zone)
    hour = local.hour
    inside = quiet_from <= hour or hour < quiet_to if quiet_from > quiet_to else quiet_from <= hour < quiet_to
    if not inside:
        return None
    day = local.date() + timedelta(days=1 if quiet_from > quiet_to and hour >= quiet_from else 0)
    return datetime.combine(day, time(quiet_to), zone).astimezone(now.tzinfo)


def release_time(
    now: datetime, *, about: datetime | None, deadline: datetime | None, quiet_ends: datetime | None
) -> datetime:
    """When a notice may leave: at once, or when the quiet hours end.

    It does not wait when waiting would miss its `deadline`, or when what it is `about` begins within two hours
    of the quiet hours' end.
    """
    if quiet_ends is None:
        return now
    if deadline is not None and deadline <= quiet_ends:
        return now
    if about is not None and about <= quiet_ends + SOON:
        return now
    return quiet_ends


def wait_before_retry(attempts: int, *, asked_to_wait: timedelta | None, chance: float) -> timedelta:
    """How long to wait after the `attempts`-th try failed: doubling from two seconds, at most five minutes.

    `asked_to_wait` is the gateway's Retry-After; `chance` in 0..1 spreads the tries of many notices.
    """
    own = min(timedelta(seconds=2 ** min(attempts, 9)), LONGEST_WAIT) * (0.5 + chance / 2)
    if asked_to_wait is None:
        return own
    return max(own, min(max(asked_to_wait, timedelta(0)), LONGEST_WAIT))


def give_up_asking(owed_at: datetime, deadline: datetime | None, *, now: datetime) -> bool:
    """Whether a notice that nobody can tell about is to be called in doubt: past its deadline, or after a day."""
    return now > (deadline or owed_at + ASK_FOR)


ABOUT_TO_COME = frozenset({"booked", "moved", "technician_changed"})


def is_of_use(kind: str, facts: dict[str, Any], *, now: datetime) -> bool:
    """Whether a notice still tells the customer something: not once the appointment that it announces is over."""
    window = facts.get("window")
    if kind not in ABOUT_TO_COME or not isinstance(window, dict):
        return True
    return now < datetime.fromisoformat(window["end"])

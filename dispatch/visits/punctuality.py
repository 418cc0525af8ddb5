"""Was the technician on time? DOMAIN §5: for an exact time 5 to 10 minutes before it; in a longer window, inside it.

And will they be: who will be late says so before the appointed time (DOMAIN §1), best 15 minutes before (reference §3).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from dispatch.visits.windows import Window

Punctuality = Literal["early", "on_time", "late", "unknown"]
EARLIEST = timedelta(minutes=10)
TELL_LATE_BEFORE = timedelta(minutes=15)


def latest_arrival(window: Window) -> datetime:
    """The last instant that counts as on time: the start of an exact appointment, else the window's end."""
    return window.start if window.is_exact else window.end


def punctuality(window: Window, arrived: datetime | None) -> Punctuality:
    """Compare the arrival with what was promised; both borders count as on time."""
    if arrived is None:
        return "unknown"
    if window.is_exact:
        if arrived > window.start:
            return "late"
        return "on_time" if arrived >= window.start - EARLIEST else "early"
    if arrived > window.end:
        return "late"
    return "on_time" if arrived >= window.start else "early"


@dataclass(frozen=True)
class LateNotice:
    """Until when the customer must be told of a late arrival; none is left when it is a breach already."""

    tell_until: datetime | None
    breach: bool


def late_notice(window: Window, predicted: datetime, *, now: datetime) -> LateNotice | None:
    """What an arrival at `predicted` owes: nothing when it is on time.

    Late, it is to be told 15 minutes before the promised latest arrival; when that has passed, before that arrival;
    and when that has passed too it is a breach, and still told.
    """
    latest = latest_arrival(window)
    if predicted <= latest:
        return None
    if now <= latest - TELL_LATE_BEFORE:
        return LateNotice(latest - TELL_LATE_BEFORE, breach=False)
    if now <= latest:
        return LateNotice(latest, breach=False)
    return LateNotice(None, breach=True)

"""Was the technician on time? DOMAIN §5: for an exact time 5 to 10 minutes before it; in a longer window, inside it."""

from datetime import datetime, timedelta
from typing import Literal

from dispatch.visits.windows import Window

Punctuality = Literal["early", "on_time", "late", "unknown"]
EARLIEST = timedelta(minutes=10)


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

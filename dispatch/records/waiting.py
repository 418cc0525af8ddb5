"""How long a document waits between its tries to get a time-stamp. Pure."""

from datetime import datetime, timedelta

FIRST_WAIT = timedelta(seconds=10)
LONGEST_WAIT = timedelta(minutes=10)


def next_try(tries: int, now: datetime) -> datetime:
    """When it is tried again after `tries` failures: 10 s, 20 s, 40 s … at most ten minutes."""
    doubled: int = 2 ** min(max(tries - 1, 0), 10)
    return now + min(LONGEST_WAIT, FIRST_WAIT * doubled)


def is_out_of_patience(first: datetime, now: datetime, hours: float) -> bool:
    """Has it waited for so many hours? Never, if the settings' patience is 0."""
    return hours > 0 and now - first >= timedelta(hours=hours)

"""Work in batches, a transaction each: nobody else waits for thousands of rows."""

from collections.abc import Callable
from datetime import datetime

from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import SYSTEM
from dispatch.database import Database
from dispatch.settings import Settings


def until_none_is_left(
    database: Database, settings: Settings, do: Callable[[Turn], int], now: datetime | None = None
) -> int:
    """Let the system `do` a batch after the other until one was empty; returns how many there were in all.

    `now`: the time that it counts by; if left out, each batch has that of the database's clock, which all share.
    """
    count, done = 0, 1
    while done:
        with database.writing() as session:
            done = do(Turn(session, SYSTEM, now or database.now(), settings))
        count += done
    return count

"""Waking a process when something was committed, by itself or by another process: without asking the tables.

PostgreSQL tells (LISTEN); SQLite is asked every tenth of a second whether its file has changed (`data_version`, no read
of any page). A wake says only *that*: what changed is read from the feed, so a lost wake loses nothing.
"""

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator
from contextlib import suppress

import psycopg

from dispatch.database import Database
from dispatch.live.feed import CHANNEL

log = logging.getLogger("doorstep.live")

ASKED_EVERY = 0.1  # seconds
AFTER_A_LOSS = 1.0  # seconds until the connection is tried again


async def wakes(database: Database, *, at_least_every: float) -> AsyncIterator[bool]:
    """Yields True when something may have changed, and False every `at_least_every` seconds when nothing has.

    The first wake comes when listening has begun: what was committed before is then in the feed, what comes after
    wakes. Holds one connection of its own, and no thread.
    """
    listening = _sqlite(database, at_least_every) if database.is_sqlite else _postgres(database, at_least_every)
    async for one in listening:
        yield one


async def _postgres(database: Database, at_least_every: float) -> AsyncIterator[bool]:
    address = database.url.set(drivername="postgresql").render_as_string(hide_password=False)
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(address, autocommit=True) as connection:
                await connection.execute(f"LISTEN {CHANNEL}")
                yield True
                while True:
                    told = False
                    async for _ in connection.notifies(timeout=at_least_every, stop_after=1):
                        told = True
                    yield told
        except psycopg.OperationalError as error:
            log.warning("the database does not tell of changes; asked again: %s", type(error).__name__)
            yield True
            await asyncio.sleep(AFTER_A_LOSS)


async def _sqlite(database: Database, at_least_every: float) -> AsyncIterator[bool]:
    path = str(database.url.database)
    connection = sqlite3.connect(path, timeout=0.0, isolation_level=None, check_same_thread=False)
    try:
        seen, quiet = -1, 0.0
        while True:
            version = seen
            with suppress(sqlite3.OperationalError):  # somebody holds the file for a moment: asked again
                version = connection.execute("PRAGMA data_version").fetchone()[0]
            if version != seen or quiet >= at_least_every:
                told, seen, quiet = version != seen, version, 0.0
                yield told
            await asyncio.sleep(ASKED_EVERY)
            quiet += ASKED_EVERY
    finally:
        connection.close()

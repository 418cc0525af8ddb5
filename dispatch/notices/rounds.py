"""A round of sending: everything that is due leaves, several at a time, and a slow or faulty one holds up no other."""

import logging
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime
from threading import Event

from dispatch.clock import utc_now
from dispatch.database import Database
from dispatch.notices.channels.protocol import Channel, Outcome
from dispatch.notices.sending import Claimed, claim, send_one, something_is_due
from dispatch.settings import Settings

log = logging.getLogger("doorstep.notices")
AT_ONCE = 8
LOOK_AGAIN_SECONDS = 1.0


class Sender:
    """Sends what is owed with eight threads. `address_of` gives the link that a notice's text is to carry."""

    def __init__(
        self, database: Database, settings: Settings, channel: Channel, address_of: Callable[[Claimed], str]
    ) -> None:
        self._database = database
        self._settings = settings
        self._channel = channel
        self._address_of = address_of
        self._stopping = Event()
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="send")

    def round(self, clock: Callable[[], datetime] = utc_now) -> int:
        """Send until nothing is due any more, or until told to stop; returns how many attempts were made.

        No more is claimed than can begin at once: a notice that waits in a queue would lose its lease there.
        """
        attempts = 0
        under_way: set[Future[Outcome | None]] = set()
        while not self._stopping.is_set():
            now = clock()
            free = AT_ONCE - len(under_way)
            if free and something_is_due(self._database, now):
                claimed = claim(self._database, now, most=free)
                if not claimed and not under_way:
                    break  # others hold what is due: no spinning until they are done
                attempts += len(claimed)
                under_way |= {self._threads.submit(self._one, notice, clock) for notice in claimed}
            elif not under_way:
                break
            if under_way:
                under_way = wait(under_way, LOOK_AGAIN_SECONDS, FIRST_COMPLETED).not_done
        wait(under_way)
        return attempts

    def close(self) -> None:
        """Claim nothing more, and wait for what is under way (each call has its timeout)."""
        self._stopping.set()
        self._threads.shutdown(wait=True)

    def _one(self, notice: Claimed, clock: Callable[[], datetime]) -> Outcome | None:
        """One attempt. What fails here keeps its lease until it runs out; then the gateway is asked first."""
        try:
            link = self._address_of(notice)
            outcome = send_one(self._database, self._settings, self._channel, notice, link, clock)
        except Exception:
            log.exception("notice %s: this attempt failed", notice.id)
            return None
        log.debug("notice %s %s: %s %s", notice.id, notice.kind, outcome.answer, outcome.problem)
        return outcome

"""A round of sending: everything that is due leaves, several at a time, and a slow or faulty one holds up no other.

One transaction writes what came back and claims what is next. No more is claimed than can begin at once: a notice that
waits in a queue would lose its lease there, or be sent after it stopped being true.
"""

import logging
import time
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime
from threading import Event

from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import SYSTEM
from dispatch.clock import utc_now
from dispatch.database import Database
from dispatch.notices.channels.protocol import Channel
from dispatch.notices.claiming import claim, settle, something_is_due
from dispatch.notices.hearing import join_early_receipts
from dispatch.notices.sending import Claimed, Finished, LiveTexts, attempt
from dispatch.settings import Settings

log = logging.getLogger("doorstep.notices")
AT_ONCE = 32
LOOK_AGAIN_SECONDS = 1.0
TEXTS_KEPT_SECONDS = 5.0
GATHER_SECONDS = 0.08  # answers that come close together are written down together


class Sender:
    """Sends what is owed with thirty-two threads. `address_of` gives the link that a notice's text is to carry."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        channels: Mapping[str, Channel],
        address_of: Callable[[Claimed], str],
        live_texts: Callable[[], LiveTexts] = dict,
    ) -> None:
        self._database = database
        self._settings = settings
        self._channels = channels
        self._address_of = address_of
        self._live_texts = live_texts
        self._texts: LiveTexts = {}
        self._texts_read = float("-inf")
        self._stopping = Event()
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="send")

    def round(self, clock: Callable[[], datetime] = utc_now) -> int:
        """Send until nothing is due any more, or until told to stop; returns how many attempts were made."""
        attempts = 0
        under_way: set[Future[Finished | None]] = set()
        finished: list[Finished] = []
        while True:
            idle = not under_way and not finished
            if idle and (self._stopping.is_set() or not self._something_is_due(clock)):
                break
            free = 0 if self._stopping.is_set() else AT_ONCE - len(under_way)
            claimed = self._turn_over(finished, free, clock)
            if idle and not claimed:
                break  # others hold what is due: no spinning until they are done
            texts = self._texts_now() if claimed else {}
            attempts += len(claimed)
            under_way |= {self._threads.submit(self._one, notice, texts, clock) for notice in claimed}
            finished, under_way = self._gather(under_way)
        return attempts

    def close(self) -> None:
        """Claim nothing more, and wait for what is under way (each call has its timeout)."""
        self._stopping.set()
        self._threads.shutdown(wait=True)

    def _something_is_due(self, clock: Callable[[], datetime]) -> bool:
        now = clock()
        with self._database.reading() as session:
            return something_is_due(session, self._channels, now)

    def _texts_now(self) -> LiveTexts:
        """The operator's own wordings: a new one goes live within seconds, also in the middle of a long round."""
        if time.monotonic() - self._texts_read > TEXTS_KEPT_SECONDS:
            self._texts, self._texts_read = self._live_texts(), time.monotonic()
        return self._texts

    def _turn_over(self, finished: list[Finished], most: int, clock: Callable[[], datetime]) -> list[Claimed]:
        """Write what came back, and take what is next."""
        if not finished and not most:
            return []
        now = clock()
        with self._database.writing() as session:
            settle(session, finished, now)
            session.flush()
            known_as = {one.outcome.reference: one.claimed.id for one in finished if one.outcome.reference}
            join_early_receipts(Turn(session, SYSTEM, now, self._settings), known_as)
            claimed = claim(session, self._settings, self._channels, now, most) if most else []
        for one in finished:
            _log(one)
        return claimed

    def _gather(self, under_way: set[Future[Finished | None]]) -> tuple[list[Finished], set[Future[Finished | None]]]:
        """What has come back by now, waiting for the first, and for what comes right behind it."""
        if not under_way:
            return [], under_way
        done, left = wait(under_way, LOOK_AGAIN_SECONDS, FIRST_COMPLETED)
        if done and left:
            time.sleep(GATHER_SECONDS)
            also, left = wait(left, 0, FIRST_COMPLETED)
            done |= also
        return [one for future in done if (one := future.result()) is not None], left

    def _one(self, notice: Claimed, texts: LiveTexts, clock: Callable[[], datetime]) -> Finished | None:
        """One attempt. What fails here keeps its lease until it runs out; then the gateway is asked first."""
        try:
            link = self._address_of(notice)
            channel = self._channels.get(notice.medium)
            return attempt(self._database, self._settings, channel, texts, notice, link, clock)
        except Exception:
            log.exception("notice %s: this attempt failed", notice.id)
            return None


def _log(one: Finished) -> None:
    log.info(
        "notice attempt",
        extra={
            "facts": {
                "notice": str(one.claimed.id),
                "kind": one.claimed.kind,
                "channel": one.channel,
                "attempt": one.claimed.attempt,
                "asked": one.claimed.must_ask,
                "answer": one.outcome.answer,
                "problem": one.outcome.problem[:80],
            }
        },
    )

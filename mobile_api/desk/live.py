"""Who watches which day, and what they are sent: one read a process for all of them, by one task on the event loop.

A watcher costs a queue: no thread, no database connection. Each round asks the feed what changed, reads that once, and
hands the same words to everybody who watches that day; once in a while the whole day is read and what differs is sent,
because late, silent and overdue come with the hour and not with a change. Whose sign-in has ended gets nothing more.
"""

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date

from anyio import to_thread
from sqlalchemy.orm import Session

from dispatch.accounts.queries import sign_ins_that_hold
from dispatch.accounts.viewer import SYSTEM
from dispatch.board.blocks import Block
from dispatch.board.queries import BoardDay, Changed, board_changes, board_day, orders_of_visits, waiting_blocks
from dispatch.clock import day_bounds
from dispatch.exceptions.queries import matters_for
from dispatch.exceptions.rules import Kind, counts
from dispatch.house import House
from dispatch.live.feed import News, news_since, place_now
from dispatch.live.waking import wakes

log = logging.getLogger("doorstep.live")

LOOK_EVERY = 4.0  # seconds between rounds when nothing changes: sign-ins are looked at
WHOLE_DAY_EVERY = 20.0  # seconds
GATHER = 0.02  # seconds: what is committed together is read together
NEEDS_EVERY = 3.0  # seconds between counts of what needs a person, however much changes
BEAT_EVERY = 4.0  # seconds: a page that hears nothing for three of these comes back by itself
MOST_WATCHERS = 1000  # of one process
MOST_WAITING = 200  # messages that a slow page may be behind before it has to read anew
AFTER_A_FAILURE = 1.0


@dataclass(eq=False)
class Watcher:
    """One open page: which day, by whose sign-in (the hash of its cookie or token), from which place on."""

    day: date
    proof: str
    after: str | None
    queue: "asyncio.Queue[str | None]" = field(default_factory=lambda: asyncio.Queue(MOST_WAITING))

    def send(self, message: str | None) -> None:
        """Hand over; who is too far behind is told to read anew instead, and None ends the stream."""
        if self.queue.full():
            while not self.queue.empty():
                self.queue.get_nowait()
            if message is not None:
                message = said("anew", "", {})
        self.queue.put_nowait(message)


def said(event: str, place: str, data: object) -> str:
    """One message of the stream. JSON has no bare line ends, so nothing can break out of it."""
    head = f"id: {place}\n" if place else ""
    return f"{head}event: {event}\ndata: {json.dumps(data, ensure_ascii=False, separators=(',', ':'))}\n\n"


class LiveDesk:
    """The watchers of one process. The task runs while there are any."""

    def __init__(self, house: House, places: asyncio.Semaphore) -> None:
        self._house = house
        self._places = places
        self._watchers: set[Watcher] = set()
        self._came: set[Watcher] = set()
        self._someone = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._place: str | None = None
        self._known: dict[date, BoardDay] = {}
        self._read_at = 0.0
        self._needs: dict[Kind, int] | None = None
        self._counted_at = 0.0
        self._recount = True
        self.ended = False
        self.rounds = 0

    def __len__(self) -> int:
        return len(self._watchers) + len(self._came)

    @property
    def full(self) -> bool:
        """Whether nobody more is let in: too many watch, or the process is about to stop."""
        return self.ended or len(self) >= MOST_WATCHERS

    async def watch(self, day: date, proof: str, after: str | None) -> AsyncIterator[str]:
        """The messages of one page, from the change after `after` on, until it goes or its sign-in ends."""
        watcher = Watcher(day, proof, after)
        self._came.add(watcher)
        self._someone.set()
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run(), name="live desk")
        try:
            yield "retry: 1000\n\n"
            while True:
                try:
                    message = await asyncio.wait_for(watcher.queue.get(), BEAT_EVERY)
                except TimeoutError:
                    message = said("beat", "", {"at": time.time()})
                if message is None:
                    return
                yield message
        finally:
            self._came.discard(watcher)
            self._watchers.discard(watcher)

    def end(self) -> None:
        """Close every stream: the process is about to stop, and pages go to another."""
        self.ended = True
        for watcher in self._watchers | self._came:
            watcher.send(None)
        if self._task is not None:
            self._task.cancel()

    async def _run(self) -> None:
        """Rounds, while somebody watches. What goes wrong is logged, and everybody reads anew."""
        while self._watchers or self._came:
            try:
                await self._rounds()
            except Exception:
                log.exception("a round of the live desk failed; watchers read anew")
                self._place = None
                self._known.clear()
                for watcher in self._watchers | self._came:
                    watcher.send(said("anew", "", {}))
                await asyncio.sleep(AFTER_A_FAILURE)

    async def _rounds(self) -> None:
        woken = wakes(self._house.database, at_least_every=LOOK_EVERY)
        waking = asyncio.ensure_future(anext(woken))
        try:
            while self._watchers or self._came:
                coming = asyncio.ensure_future(self._someone.wait())
                await asyncio.wait({waking, coming}, return_when=asyncio.FIRST_COMPLETED)
                coming.cancel()
                self._someone.clear()
                await asyncio.sleep(GATHER)
                if waking.done():
                    waking.result()
                    waking = asyncio.ensure_future(anext(woken))
                await self._round()
        finally:
            waking.cancel()
            with suppress(asyncio.CancelledError, StopAsyncIteration):
                await waking
            await woken.aclose()  # type: ignore[attr-defined]

    async def _round(self) -> None:
        came, self._came = self._came, set()
        self._watchers |= came
        async with self._places:
            sent = await to_thread.run_sync(self._read, set(self._watchers), came)
        self.rounds += 1
        for watcher, message in sent:
            watcher.send(message)

    def _read(self, watchers: set[Watcher], came: set[Watcher]) -> list[tuple[Watcher, str | None]]:
        """In a thread, with one connection for a moment: what each watcher is to be sent."""
        with self._house.database.reading() as session:
            now = self._house.database.now()
            hold = sign_ins_that_hold(session, {watcher.proof for watcher in watchers}, now)
            sent: list[tuple[Watcher, str | None]] = [(one, None) for one in watchers if one.proof not in hold]
            watchers = {one for one in watchers if one.proof in hold}
            news = news_since(session, self._place, now) if self._place else News(place_now(session, now))
            days = {one.day for one in watchers}
            whole = time.monotonic() - self._read_at > WHOLE_DAY_EVERY or news.anew
            if whole:
                self._read_at = time.monotonic()
            for day in self._known.keys() - days:
                del self._known[day]
            for day in days:
                message = self._message(session, day, news, whole=whole)
                sent += [(one, message) for one in watchers - came if one.day == day and message]
            sent += [(one, self._welcome(session, one)) for one in came & watchers]
            sent += self._needs_a_person(session, watchers, came, anyway=whole or bool(news.changes))
            self._place = news.place
        return sent

    def _needs_a_person(
        self, session: Session, watchers: set[Watcher], came: set[Watcher], *, anyway: bool
    ) -> list[tuple[Watcher, str | None]]:
        """The counts of what needs a person: to everybody when they changed, to who came in any case."""
        self._recount = self._recount or anyway or self._needs is None
        fresh = self._needs
        if watchers and self._recount and time.monotonic() - self._counted_at > NEEDS_EVERY:
            self._recount, self._counted_at = False, time.monotonic()
            zone, now = self._house.settings.zone, self._house.database.now()
            fresh = counts(matters_for(session, SYSTEM, zone, now))
        changed, self._needs = fresh != self._needs, fresh
        if fresh is None:
            return []
        message = said("needs", "", {"counts": fresh, "total": sum(fresh.values())})
        return [(one, message) for one in watchers if changed or one in came]

    def _message(self, session: Session, day: date, news: News, *, whole: bool) -> str | None:
        """What is new on `day` for those who were here before; None for nothing."""
        known = self._known.get(day)
        zone, now = self._house.settings.zone, self._house.database.now()
        if known is None or whole:
            fresh = board_day(session, SYSTEM, day, zone, now)
            self._known[day] = fresh
            if known is not None and known.technicians.keys() - fresh.technicians.keys():
                return said("anew", news.place, {})  # a row less: somebody is not active any more
            return _told(news.place, _between(known, fresh)) if known is not None else None
        if not news.changes:
            return None
        return _told(news.place, self._apply(session, day, known, news))

    def _apply(self, session: Session, day: date, known: BoardDay, news: News) -> dict[str, object]:
        """Read what the news touch, keep it, and say what of it is not as it was."""
        blocks, gone, orders, left = touched(session, self._house, day, news)
        people = dict[str, Block]()
        if news.of("technician"):
            people = board_day(session, SYSTEM, day, self._house.settings.zone, self._house.database.now()).technicians
        told = {
            "visits": [block for id, block in blocks.items() if known.visits.get(id) != block],
            "gone": sorted(gone & known.visits.keys()),
            "technicians": [block for id, block in people.items() if known.technicians.get(id) != block],
            "orders": [block for id, block in orders.items() if known.orders.get(id) != block],
            "left": sorted(left & known.orders.keys()),
        }
        known.visits.update(blocks)
        known.technicians.update(people)
        known.orders.update(orders)
        for id in gone:
            known.visits.pop(id, None)
        for id in left:
            known.orders.pop(id, None)
        return told

    def _welcome(self, session: Session, watcher: Watcher) -> str:
        """What a page missed since it was last here, or that it must read anew."""
        now = self._house.database.now()
        missed = news_since(session, watcher.after, now)
        if missed.anew:
            return said("anew", missed.place, {})
        blocks, gone, orders, left = touched(session, self._house, watcher.day, missed)
        people = [*self._known[watcher.day].technicians.values()] if missed.of("technician") else []
        told = {
            "visits": [*blocks.values()], "gone": sorted(gone), "technicians": people,
            "orders": [*orders.values()], "left": sorted(left),
        }  # fmt: skip
        return said("board", missed.place, told)


def touched(
    session: Session, house: House, day: date, news: News
) -> tuple[dict[str, Block], set[str], dict[str, Block], set[str]]:
    """Blocks that the news touch, visits no longer on the day, orders that wait, orders that wait no longer."""
    zone, now = house.settings.zone, house.database.now()
    changed = Changed(
        visits=news.of("visit"),
        orders=news.of("order"),
        technicians=news.of("technician", "phone"),
        customers=news.of("customer"),
        sites=news.of("site"),
    )
    blocks, gone = board_changes(session, SYSTEM, day, zone, now, changed)
    asked = {*changed.orders, *orders_of_visits(session, changed.visits)}
    orders = waiting_blocks(session, SYSTEM, day_bounds(day, zone)[0], asked)
    return blocks, gone, orders, {str(id) for id in asked} - orders.keys()


def _between(known: BoardDay, fresh: BoardDay) -> dict[str, object]:
    """What differs between two readings of a whole day."""
    return {
        "visits": _differing(known.visits, fresh.visits),
        "gone": sorted(known.visits.keys() - fresh.visits.keys()),
        "technicians": _differing(known.technicians, fresh.technicians),
        "orders": _differing(known.orders, fresh.orders),
        "left": sorted(known.orders.keys() - fresh.orders.keys()),
    }


def _differing(known: dict[str, Block], fresh: dict[str, Block]) -> list[Block]:
    return [block for id, block in fresh.items() if known.get(id) != block]


def _told(place: str, told: dict[str, object]) -> str | None:
    """The message; None when there is nothing in it."""
    return said("board", place, told) if any(isinstance(each, Iterable) and [*each] for each in told.values()) else None

"""Whoever watches a day is told what changes on it, whichever process changed it; nobody whose sign-in has ended is."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from dispatch.accounts.secrets_kept import token_hash
from dispatch.accounts.tables import Account
from dispatch.clock import local_day, utc_now
from dispatch.database import Database
from dispatch.house import House, open_house
from dispatch.live.feed import place_now
from dispatch.notices.calls import note_call, open_call
from dispatch.technicians.tables import Technician
from dispatch.visits.booking import reschedule_visit
from dispatch.visits.queries import new_visit
from dispatch.visits.telling import reader_of
from mobile_api.desk import live
from mobile_api.desk.live import LiveDesk
from tests.conftest import DATA_KEY
from tests.journeys.desk_hand import SHANGHAI, tomorrow
from tests.makers import Cast, a_booking, a_turn, some_settings, the_cast

TOMORROW = local_day(tomorrow(9).start, SHANGHAI)
Message = tuple[str, str, Any]


class Stage:
    """A product with its cast, one process that watches, and another that changes things."""

    def __init__(self, house: House, cast: Cast) -> None:
        self.house, self.cast = house, cast
        self.elsewhere = Database(house.settings.database, data_key=DATA_KEY.encode())

    def book(self, technician: UUID | None = None) -> UUID:
        with self.elsewhere.writing() as session:
            turn = a_turn(session, self.house.settings, utc_now())
            someone = session.get(Technician, technician) if technician else None
            return a_booking(turn, someone, tomorrow(9, 4)).visit.id

    def give(self, visit: UUID, technician: UUID | None) -> None:
        with self.elsewhere.writing() as session:
            turn = a_turn(session, self.house.settings, utc_now())
            reschedule_visit(turn, visit, tomorrow(9, 4), asked_by="company", reason="", technician_id=technician)

    def place(self) -> str:
        with self.elsewhere.reading() as session:
            return place_now(session, utc_now())

    def proof(self, login: str = "dispatcher") -> str:
        return token_hash(self.cast.tokens[login])


@pytest.fixture
def stage(database_url: str, tmp_path: Path) -> Any:
    settings = some_settings(tmp_path / "var", database_url)
    house = open_house(settings)
    with house.database.writing() as session:
        cast = the_cast(session, settings, utc_now())
    made = Stage(house, cast)
    yield made
    made.elsewhere.dispose()
    house.database.dispose()


def read(text: str) -> Message | None:
    lines = dict(line.split(": ", 1) for line in text.strip().splitlines() if ": " in line)
    return (lines["event"], lines.get("id", ""), json.loads(lines["data"])) if "event" in lines else None


async def next_of(stream: AsyncIterator[str], *events: str) -> Message:
    """The next message that is no beat."""
    async with asyncio.timeout(10):
        while True:
            message = read(await anext(stream))
            if message and message[0] in (events or ("board", "anew")):
                return message


def watching(
    stage: Stage, story: Callable[[LiveDesk], Awaitable[None]], monkeypatch: pytest.MonkeyPatch | None = None
) -> LiveDesk:
    """Run a story with a live desk on an event loop of its own."""

    async def run() -> LiveDesk:
        desk = LiveDesk(stage.house, asyncio.Semaphore(4))
        try:
            await story(desk)
        finally:
            desk.end()
        return desk

    return asyncio.run(run())


async def told(stage: Stage, desk: LiveDesk, day: date = TOMORROW, **more: Any) -> AsyncIterator[str]:
    """A page that has read the day just now, and its welcome heard."""
    stream = desk.watch(day, more.get("proof", stage.proof()), more.get("after", stage.place()))
    await next_of(stream, "board")
    return stream


def test_what_another_process_does_is_told_with_the_block_as_it_is_now(stage: Stage) -> None:
    async def story(desk: LiveDesk) -> None:
        stream = await told(stage, desk)
        visit = await asyncio.to_thread(stage.book)
        _, first, data = await next_of(stream)
        assert [(one["id"], one["t"]) for one in data["visits"]] == [(str(visit), None)]
        await asyncio.to_thread(stage.give, visit, stage.cast.technician_id)
        _, second, data = await next_of(stream)
        assert [(one["id"], one["t"]) for one in data["visits"]] == [(str(visit), str(stage.cast.technician_id))]
        assert first != second

    watching(stage, story)


def test_many_pages_cost_one_read(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    reads: list[int] = []
    once = live.board_changes
    monkeypatch.setattr(live, "board_changes", lambda *given: (reads.append(1), once(*given))[1])

    async def story(desk: LiveDesk) -> None:
        streams = [await told(stage, desk) for _ in range(12)]
        del reads[:]
        visit = await asyncio.to_thread(stage.book)
        for stream in streams:
            _, _, data = await next_of(stream)
            assert data["visits"][0]["id"] == str(visit)

    watching(stage, story)
    assert 1 <= len(reads) <= 3  # however many look; a commit may fall between two rounds


def test_who_comes_back_is_told_what_was_missed_and_only_that(stage: Stage) -> None:
    before = stage.book()
    place = stage.place()
    missed = stage.book()

    async def story(desk: LiveDesk) -> None:
        stream = desk.watch(TOMORROW, stage.proof(), place)
        event, _, data = await next_of(stream)
        assert event == "board"
        assert [one["id"] for one in data["visits"]] == [str(missed)]
        assert str(before) not in json.dumps(data)

    watching(stage, story)


@pytest.mark.parametrize("place", [None, "", "nonsense", "0" * 32 + ".1.1"])
def test_who_has_no_place_of_ours_reads_anew(stage: Stage, place: str | None) -> None:
    async def story(desk: LiveDesk) -> None:
        event, _, _ = await next_of(desk.watch(TOMORROW, stage.proof(), place))
        assert event == "anew"

    watching(stage, story)


def test_a_visit_that_leaves_the_day_is_told_to_both_days(stage: Stage) -> None:
    visit = stage.book()
    new = tomorrow(9, 4, days=2)

    async def story(desk: LiveDesk) -> None:
        one, other = await told(stage, desk), await told(stage, desk, local_day(new.start, SHANGHAI))

        def move() -> None:
            with stage.elsewhere.writing() as session:
                turn = a_turn(session, stage.house.settings, utc_now())
                reschedule_visit(turn, visit, new, asked_by="customer", reason="", technician_id=None)

        await asyncio.to_thread(move)
        assert (await next_of(one))[2]["gone"] == [str(visit)]
        assert [each["id"] for each in (await next_of(other))[2]["visits"]] == [str(visit)]

    watching(stage, story)


def test_nothing_more_is_told_to_an_account_that_was_disabled(stage: Stage) -> None:
    async def story(desk: LiveDesk) -> None:
        theirs, others = await told(stage, desk), await told(stage, desk, proof=stage.proof("supervisor"))

        def disable() -> None:
            with stage.elsewhere.writing() as session:
                account = session.scalars(select(Account).where(Account.login == "dispatcher")).one()
                account.disabled_at = utc_now()

        await asyncio.to_thread(disable)
        visit = await asyncio.to_thread(stage.book)
        assert (await next_of(others))[2]["visits"][0]["id"] == str(visit)
        heard = [text async for text in theirs]  # it ends
        assert not any(str(visit) in text for text in heard)

    watching(stage, story)


@pytest.mark.parametrize("login", ["technician", "technician2"])
def test_a_technicians_token_hears_nothing(stage: Stage, login: str) -> None:
    async def story(desk: LiveDesk) -> None:
        stream = desk.watch(TOMORROW, stage.proof(login), stage.place())
        assert [text async for text in stream] == ["retry: 1000\n\n"]

    watching(stage, story)


def test_who_is_too_far_behind_reads_anew_and_delays_nobody(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "MOST_WAITING", 3)

    async def story(desk: LiveDesk) -> None:
        slow = desk.watch(TOMORROW, stage.proof(), stage.place())
        assert (await anext(slow)).startswith("retry")
        watcher = next(iter(desk._came | desk._watchers))
        watcher.queue = asyncio.Queue(3)
        for number in range(4):
            watcher.send(live.said("board", f"{number}", {}))
        assert (await next_of(slow))[0] == "anew"

    watching(stage, story)


def test_when_the_process_stops_every_stream_ends_at_once(stage: Stage) -> None:
    async def story(desk: LiveDesk) -> None:
        stream = await told(stage, desk)
        desk.end()
        async with asyncio.timeout(1):
            left = [text async for text in stream]
        assert [text for text in left if not text.startswith("event: needs")] == [], "counts may still be on their way"
        assert desk.full

    watching(stage, story)


def test_no_watcher_holds_a_connection(stage: Stage) -> None:
    async def story(desk: LiveDesk) -> None:
        streams = [await told(stage, desk) for _ in range(30)]
        await asyncio.sleep(0.2)
        assert stage.house.database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
        assert len(desk) == len(streams)
        for stream in streams:
            await stream.aclose()  # type: ignore[attr-defined]
        assert len(desk) == 0

    watching(stage, story)


def test_how_much_needs_a_person_is_told_at_once_and_whenever_it_changes(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "NEEDS_EVERY", 0.0)

    def call(visit: UUID) -> UUID:
        with stage.elsewhere.writing() as session:
            turn = a_turn(session, stage.house.settings, utc_now())
            reader = reader_of(new_visit(session, visit).work_order.customer)
            return open_call(turn, "call_me", reader=reader, due_at=turn.now, dedupe="n", visit_id=visit).id

    def called(task: UUID) -> None:
        with stage.elsewhere.writing() as session:
            note_call(a_turn(session, stage.house.settings, utc_now()), task, "reached_agreed", "")

    async def story(desk: LiveDesk) -> None:
        stream = desk.watch(TOMORROW, stage.proof(), stage.place())
        _, _, data = await next_of(stream, "needs")
        assert data["total"] == 0
        visit = await asyncio.to_thread(stage.book)
        task = await asyncio.to_thread(call, visit)
        _, _, data = await next_of(stream, "needs")
        assert (data["total"], data["counts"]["call"]) == (1, 1)
        late = desk.watch(TOMORROW, stage.proof(), stage.place())
        _, _, data = await next_of(late, "needs")
        assert data["total"] == 1, "who comes later hears it at once"
        await asyncio.to_thread(called, task)
        _, _, data = await next_of(stream, "needs")
        assert data["total"] == 0

    watching(stage, story)

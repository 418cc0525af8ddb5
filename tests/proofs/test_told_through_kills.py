"""Notices through kills, faults and an outage: none missing, none doubled by us, none late without a call, none stale.

Small by default. Full size: DOORSTEP_HEAVY=1 (1,500 notices, 25 kills of two workers; 1,000 moved or cancelled visits).
"""

import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select, update

from dispatch.clock import utc_now
from dispatch.database import Database
from dispatch.notices.channels.http import HttpChannel
from dispatch.notices.receipts import take_receipt
from dispatch.notices.rounds import Sender
from dispatch.notices.tables import CallTask, Notice
from dispatch.notices.variables import spoken_window
from dispatch.notices.watching import watch
from dispatch.settings import Settings
from dispatch.visits.booking import cancel_visit, reschedule_visit
from dispatch.visits.tables import Visit
from dispatch.visits.told_check import check_period
from dispatch.visits.windows import Window
from tests.full import FULL
from tests.gateway import Gateway, running_gateway
from tests.makers import a_booking, a_reader, a_technician, a_turn, a_window, an_owed_notice, some_settings

NOTICES, KILLS = (1500, 25) if FULL else (90, 4)
VISITS = 1000 if FULL else 60
FAULTS = [
    "status:503:1",
    "status:503:-1",
    "status:429:1",
    "lost_504",
    "lost",
    "cut",
    "html",
    "status:500",
    "hang",
    "twice",
]
FAULT_SHARE = 0.1
LEASE = 30  # seconds
HOUR = timedelta(hours=1)
ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    with running_gateway() as running:
        running.pause = 0.03
        yield running


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    return some_settings(tmp_path / "var", database_url, quiet_from=0, quiet_until=0, sms_per_number_hour=0)


def owe_many(
    database: Database, settings: Settings, deadline: datetime, urgent_deadline: datetime
) -> tuple[set[str], set[str]]:
    """So many changes that must be told by `deadline`; of some the gateway will never take any, due much earlier."""
    with database.writing() as session:
        turn = a_turn(session, settings, utc_now())
        reader = a_reader(turn)
        ids = [an_owed_notice(turn, "moved", reader, deadline=deadline).id for _ in range(NOTICES)]
        never = [
            an_owed_notice(turn, "moved", reader, deadline=urgent_deadline).id for _ in range(max(3, NOTICES // 50))
        ]
    return {str(one) for one in ids}, {str(one) for one in never}


def hear_receipts(database: Database, settings: Settings, gateway: Gateway, stop: threading.Event) -> None:
    """What the gateway tells by and by: delivered, sometimes twice, sometimes before the sender knows of accepted."""
    told: Counter[str] = Counter()
    while not stop.is_set():
        for notice_id, count in list(gateway.buzzed.items()):
            if told[notice_id] < count and hash(notice_id) % 4 == 0:
                told[notice_id] = count
                for state in ("delivered", "accepted", "delivered"):
                    with database.writing() as session:
                        take_receipt(a_turn(session, settings, utc_now()), UUID(notice_id), state, {}, "http")
        stop.wait(0.05)


def drain_through_kills(database: Database, gateway: Gateway, policy: str, ids: set[str]) -> int:
    """Two workers, killed again and again in the middle of sending; returns how many notices a kill caught."""
    caught, ahead = 0, 0.0
    for number in range(KILLS):
        seen = sum(gateway.tried.values())
        workers = [
            subprocess.Popen(
                [sys.executable, "-m", "tests.sending_process", str_url(database), gateway.url, str(ahead), policy],
                stdout=subprocess.PIPE,
                cwd=ROOT,
            )
            for _ in range(2)
        ]
        for worker in workers:
            assert worker.stdout is not None
            assert worker.stdout.readline() == b"sending\n"
        wanted, patience = seen + NOTICES // (KILLS + 2), time.monotonic() + 30
        while sum(gateway.tried.values()) < wanted and time.monotonic() < patience and not all_told(database, ids):
            assert all(worker.poll() is None for worker in workers), "a worker ended by itself"
            time.sleep(0.002)
        for worker in workers:
            worker.kill()
            worker.wait()
            assert worker.stdout is not None
            worker.stdout.close()
        with database.reading() as session:
            caught += len(list(session.scalars(select(Notice.id).where(Notice.state == "claimed"))))
        ahead += LEASE + 1 + number
    time.sleep(4 * gateway.pause)  # what was on its way to the gateway arrives
    return caught


def str_url(database: Database) -> str:
    return database.url.render_as_string(hide_password=False)


def all_told(database: Database, ids: set[str]) -> bool:
    with database.reading() as session:
        rows = session.execute(select(Notice.id, Notice.state)).all()
    return all(row.state in ("accepted", "delivered") for row in rows if str(row.id) in ids)


def finish(database: Database, settings: Settings, gateway: Gateway, ids: set[str]) -> None:
    """One last sender that nobody kills, hours later, until everything is told."""
    sender = Sender(database, settings, {"sms": HttpChannel(gateway.url, 2)}, lambda notice: "https://example.net/c/x")
    begin = timedelta(seconds=KILLS * (LEASE + KILLS) + LEASE)
    for number in range(14):
        moment = begin + number * timedelta(minutes=6)
        sender.round(lambda: utc_now() + moment)  # noqa: B023
        watch(database, utc_now() + moment)
    sender.close()
    assert all_told(database, ids)


def faulty(gateway: Gateway, never: set[str]) -> None:
    chance = random.Random(11)

    def behave(notice_id: str, attempt: int) -> str:
        if notice_id in never:
            return "status:503"
        return chance.choice(FAULTS) if chance.random() < FAULT_SHARE else "fine"

    gateway.behaviour = behave


@pytest.mark.heavy
@pytest.mark.timeout(1800 if FULL else 240)
def test_kills_and_faults_lose_nothing_double_nothing_and_leave_nothing_late_without_a_call(
    database: Database, settings: Settings, gateway: Gateway
) -> None:
    begun = utc_now()
    ids, never = owe_many(database, settings, begun + 12 * HOUR, begun + timedelta(minutes=20))
    faulty(gateway, never)
    stop = threading.Event()
    hearing = threading.Thread(target=hear_receipts, args=(database, settings, gateway, stop))
    hearing.start()
    try:
        caught = drain_through_kills(database, gateway, "ask", ids)
        finish(database, settings, gateway, ids)
    finally:
        stop.set()
        hearing.join()
    watch(database, begun + 13 * HOUR)
    with database.reading() as session:
        notices = {str(one.id): one for one in session.scalars(select(Notice))}
        calls = {str(task.notice_id): task for task in session.scalars(select(CallTask))}
    doubled = [one for one, count in gateway.buzzed.items() if count > 1]
    late = [one for one in never if notices[one].breached_at is not None]
    print(
        f"\n{database.engine.dialect.name}: {len(ids)} notices, {KILLS} x 2 kills, {caught} caught in the middle, "
        f"{sum(gateway.tried.values())} tries, {sum(gateway.asked.values())} asked: "
        f"{len(ids - set(gateway.buzzed))} missing, {len(doubled)} doubled, {len(late)} late of {len(never)} untakeable"
    )
    assert caught > 0, "no kill hit anything: this run proved nothing"
    assert set(gateway.buzzed) == ids, "nothing missing, nothing that was never taken"
    assert doubled == []
    assert all(notices[one].state in ("accepted", "delivered") for one in ids)
    assert len(late) == len(never), "what nobody could tell in time is called a breach"
    assert all(one in calls for one in late), "nothing is late without a call"
    assert all(calls[one].opened_at <= (notices[one].deadline or begun) for one in never), (
        "asked for while there was time"
    )


@pytest.mark.heavy
@pytest.mark.timeout(1800 if FULL else 240)
def test_the_control_that_never_asks_doubles(database: Database, settings: Settings, gateway: Gateway) -> None:
    begun = utc_now()
    ids, never = owe_many(database, settings, begun + 12 * HOUR, begun + timedelta(minutes=20))
    faulty(gateway, never)
    drain_through_kills(database, gateway, "naive", ids)
    doubled = sum(count - 1 for count in gateway.buzzed.values())
    print(f"\n{database.engine.dialect.name}: resending without asking doubled {doubled} of {len(gateway.buzzed)}")
    assert doubled >= len(gateway.buzzed) * 0.05


def move_or_cancel_all(database: Database, settings: Settings, first: Window, now: datetime) -> dict[UUID, str]:
    """Visits booked and told; then, while the gateway is away, each is moved once, twice, cancelled, or moved back.

    Returns what the customer of each must hear when it is there again: a window as said, "cancelled", or nothing.
    """
    chance = random.Random(5)
    expected: dict[UUID, str] = {}
    with database.writing() as session:
        visits = list(session.scalars(select(Visit.id)))
    for visit_id in visits:
        other, third = a_window(now + timedelta(days=4)), a_window(now + timedelta(days=5, hours=2))
        story = chance.choice([[other], [other, third], [other, None], [None], [other, first]])
        for window in story:
            with database.writing() as session:
                turn = a_turn(session, settings, now)
                if window is None:
                    cancel_visit(turn, visit_id, asked_by="company", reason="线路抢修")
                else:
                    reschedule_visit(turn, visit_id, window, asked_by="company", reason="线路抢修", technician_id=None)
        last = story[-1]
        zone = settings.zone
        expected[visit_id] = (
            "取消" if last is None else "" if last == first else spoken_window(last.start, last.end, zone, "zh")
        )
    return expected


@pytest.mark.heavy
@pytest.mark.timeout(1800 if FULL else 240)
@pytest.mark.parametrize("stale_ones_closed", [True, False], ids=["product", "control"])
def test_after_an_outage_only_what_is_true_now_is_said(
    database: Database, settings: Settings, gateway: Gateway, stale_ones_closed: bool
) -> None:
    now = utc_now()
    first = a_window(now + timedelta(days=3))
    gateway.pause = 0
    with database.writing() as session:
        turn = a_turn(session, settings, now)
        a_technician(session)
        for _ in range(VISITS):
            a_booking(turn, None, first)
    sender = Sender(database, settings, {"sms": HttpChannel(gateway.url, 2)}, lambda notice: "https://example.net/c/x")
    sender.round(lambda: now)
    assert len(gateway.buzzed) == VISITS
    gateway.buzzed.clear()
    gateway.behaviour = lambda notice_id, attempt: "status:503"
    expected = move_or_cancel_all(database, settings, first, now + HOUR)
    sender.round(lambda: now + HOUR)
    gateway.behaviour = lambda notice_id, attempt: "fine"
    if not stale_ones_closed:
        with database.writing() as session:
            session.execute(update(Notice).where(Notice.state == "superseded").values(state="owed"))
    for number in range(1, 6):
        sender.round(lambda: now + HOUR + number * timedelta(minutes=6))  # noqa: B023
    sender.close()
    with database.reading() as session:
        said: dict[UUID, list[str]] = {}
        for notice in session.scalars(select(Notice).where(Notice.kind != "booked")):
            if str(notice.id) in gateway.buzzed and notice.visit_id is not None:
                said.setdefault(notice.visit_id, []).append(notice.text or "")
        checked = check_period(session, now - HOUR, now + 2 * HOUR, now + 2 * HOUR)
    stale = sum(
        1
        for visit_id, wanted in expected.items()
        for text in said.get(visit_id, [])
        if not wanted or wanted not in text.split("改为")[-1]
    )
    untold = [one for one, wanted in expected.items() if wanted and not said.get(one)]
    print(f"\n{database.engine.dialect.name}: {VISITS} visits moved or cancelled in an outage: {stale} stale notices")
    if stale_ones_closed:
        assert (stale, untold) == (0, [])
        assert max(gateway.buzzed.values()) == 1
        assert checked.is_proved, checked.findings[:3]
    else:
        assert stale > 0, "the control must show stale notices"

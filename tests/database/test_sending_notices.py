"""Notices leave once, in time and in spite of their gateway: real HTTP on loopback, both engines."""

import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import SYSTEM
from dispatch.clock import utc_now
from dispatch.customers.tables import Customer
from dispatch.database import Database
from dispatch.notices.actions import Reader, owe
from dispatch.notices.channels.http import HttpChannel
from dispatch.notices.channels.protocol import Message
from dispatch.notices.rounds import Sender
from dispatch.notices.tables import Notice
from dispatch.settings import Settings
from tests.gateway import Gateway, running_gateway
from tests.makers import some_settings

FIVE_MINUTES = timedelta(minutes=5)
TIMEOUT = 0.6


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    with running_gateway() as running:
        yield running


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    return some_settings(tmp_path / "var", database_url)


def some_notices(
    database: Database, settings: Settings, how_many: int, *, deadline: datetime | None = None, **facts: object
) -> list[UUID]:
    now = utc_now()
    said = {
        "customer": "王𬭎",
        "work": {"zh": "宽带维修", "en": "broadband repair"},
        "window": {"start": now.isoformat(), "end": (now + timedelta(hours=1)).isoformat()},
        "technician": "赵翀",
        "technician_code": "SH-101",
        "link_id": "abc",
    }
    with database.writing() as session:
        customer = Customer(name="王𬭎", phone="+8613800000001", created_at=now)
        session.add(customer)
        session.flush()
        reader = Reader(customer.id, customer.phone, "zh")
        turn = Turn(session, SYSTEM, now, settings)
        return [
            owe(
                turn, "booked", reader, said | facts, visit_id=uuid4(), visit_version=1, urgent=True, deadline=deadline
            ).id
            for _ in range(how_many)
        ]


def states(database: Database) -> dict[str, int]:
    with database.reading() as session:
        found = list(session.scalars(select(Notice.state)))
    return {state: found.count(state) for state in set(found)}


def the_notice(database: Database, notice_id: UUID) -> Notice:
    with database.reading() as session:
        return session.get_one(Notice, notice_id)


def a_sender(database: Database, settings: Settings, gateway: Gateway, timeout: float = TIMEOUT) -> Sender:
    channel = HttpChannel(gateway.url, timeout)
    return Sender(database, settings, {"sms": channel}, lambda notice: "https://example.net/c/the-secret")


def send_until_settled(sender: Sender, database: Database, *, ahead: timedelta = timedelta(0)) -> None:
    """Round after round, each with a clock six minutes further on: further than any wait may be."""
    for number in range(12):
        sender.round(lambda: utc_now() + ahead + number * timedelta(minutes=6))  # noqa: B023
        if not {"owed", "claimed"} & states(database).keys():
            return
    raise AssertionError(states(database))


def test_the_gateway_counts_a_doubled_message(gateway: Gateway) -> None:
    """The control: a sender that does not ask would be seen to double."""
    channel = HttpChannel(gateway.url, TIMEOUT)
    for _ in range(2):
        assert channel.send(Message("n1", "booked", "zh", "+8613800000001", "您好")).answer == "accepted"
    assert gateway.buzzed["n1"] == 2


@pytest.mark.parametrize(
    "first",
    [
        "status:503",
        "status:503:-1",
        "status:503:1000000000",
        "status:503:99999999999999999999999999",
        "status:503:soon",
        "status:429:1",
        "status:500",
        "status:302",
        "lost",
        "lost_504",
        "html",
        "cut",
        "hang",
        "take_and_hang",
        "drip",
        "flood",
    ],
)
def test_a_gateway_that_misbehaves_once_loses_and_doubles_nothing(
    database: Database, settings: Settings, gateway: Gateway, first: str
) -> None:
    gateway.behaviour = lambda notice_id, attempt: first if attempt == 1 else "fine"
    (notice_id,) = some_notices(database, settings, 1)
    sender = a_sender(database, settings, gateway)
    before = utc_now()
    sender.round()
    kept = the_notice(database, notice_id)
    assert kept.state in ("owed", "accepted")
    assert kept.not_before <= max(before, utc_now()) + FIVE_MINUTES, "a Retry-After is bounded"
    send_until_settled(sender, database)
    sender.close()
    assert states(database) == {"accepted": 1}
    assert gateway.buzzed == {str(notice_id): 1}
    assert gateway.keys[str(notice_id)] == str(notice_id)
    text = the_notice(database, notice_id).text or ""
    assert "王𬭎" in text
    assert "the-secret" not in text


def test_after_an_unknown_outcome_the_gateway_is_asked_and_not_sent_to_again(
    database: Database, settings: Settings, gateway: Gateway
) -> None:
    gateway.behaviour = lambda notice_id, attempt: "lost"
    (notice_id,) = some_notices(database, settings, 1)
    sender = a_sender(database, settings, gateway)
    send_until_settled(sender, database)
    sender.close()
    assert (gateway.tried[str(notice_id)], gateway.asked[str(notice_id)]) == (1, 1)


@pytest.mark.parametrize("status", [400, 410, 413, 415, 422])
def test_a_permanent_refusal_stops_after_one_try(
    database: Database, settings: Settings, gateway: Gateway, status: int
) -> None:
    gateway.behaviour = lambda notice_id, attempt: f"status:{status}"
    (notice_id,) = some_notices(database, settings, 1)
    sender = a_sender(database, settings, gateway)
    send_until_settled(sender, database)
    sender.round(lambda: utc_now() + timedelta(days=2))
    sender.close()
    assert states(database) == {"failed": 1}
    assert gateway.tried[str(notice_id)] == 1
    assert the_notice(database, notice_id).last_problem == f"HTTP {status}"


def test_a_gateway_that_is_not_there_is_tried_again_later(database: Database, settings: Settings) -> None:
    with running_gateway() as gone:
        pass
    (notice_id,) = some_notices(database, settings, 1)
    sender = a_sender(database, settings, gone)
    sender.round()
    kept = the_notice(database, notice_id)
    assert (kept.state, kept.attempts, kept.last_problem) == ("owed", 1, "ConnectError")
    assert kept.not_before > utc_now()
    sender.close()


def test_one_that_hangs_holds_up_no_other(database: Database, settings: Settings, gateway: Gateway) -> None:
    ids = some_notices(database, settings, 12)
    hanging = str(ids[0])
    gateway.behaviour = lambda notice_id, attempt: "hang" if notice_id == hanging and attempt == 1 else "fine"
    sender = a_sender(database, settings, gateway, timeout=9)
    at_work = threading.Thread(target=sender.round)
    at_work.start()
    until = time.monotonic() + 8
    while len(gateway.buzzed) < 11 and time.monotonic() < until:
        time.sleep(0.02)
    assert len(gateway.buzzed) == 11
    assert at_work.is_alive(), "the one that hangs is still under way"
    gateway.release.set()
    at_work.join()
    send_until_settled(sender, database)
    sender.close()
    assert set(gateway.buzzed.values()) == {1}
    assert len(gateway.buzzed) == 12


def test_one_that_cannot_be_worded_fails_visibly_and_the_others_leave(
    database: Database, settings: Settings, gateway: Gateway
) -> None:
    (broken,) = some_notices(database, settings, 1, window="nonsense")
    some_notices(database, settings, 5)
    sender = a_sender(database, settings, gateway)
    send_until_settled(sender, database)
    sender.close()
    assert states(database) == {"accepted": 5, "failed": 1}
    assert the_notice(database, broken).last_problem == "wording: MissingFact"
    assert str(broken) not in gateway.tried


def test_what_is_too_late_is_never_sent(database: Database, settings: Settings, gateway: Gateway) -> None:
    deadline = utc_now() + timedelta(minutes=3)
    some_notices(database, settings, 1, deadline=deadline)
    sender = a_sender(database, settings, gateway)
    sender.round(lambda: deadline + timedelta(microseconds=1))
    sender.close()
    assert states(database) == {"expired": 1}
    assert not gateway.tried


def test_what_is_just_in_time_is_sent(database: Database, settings: Settings, gateway: Gateway) -> None:
    deadline = utc_now() + timedelta(minutes=3)
    some_notices(database, settings, 1, deadline=deadline)
    sender = a_sender(database, settings, gateway)
    sender.round(lambda: deadline)
    sender.close()
    assert states(database) == {"accepted": 1}


@pytest.mark.parametrize(("first", "ends"), [("hang", "expired"), ("lost", "accepted")])
def test_a_doubtful_one_past_its_deadline_is_asked_about_and_not_sent(
    database: Database, settings: Settings, gateway: Gateway, first: str, ends: str
) -> None:
    gateway.behaviour = lambda notice_id, attempt: first
    deadline = utc_now() + timedelta(minutes=30)
    (notice_id,) = some_notices(database, settings, 1, deadline=deadline)
    sender = a_sender(database, settings, gateway)
    sender.round()
    sender.round(lambda: deadline + timedelta(seconds=1))
    sender.close()
    assert states(database) == {ends: 1}
    assert (gateway.tried[str(notice_id)], gateway.asked[str(notice_id)]) == (1, 1)


def test_one_that_nobody_can_tell_about_is_called_in_doubt_after_a_day_and_never_sent_again(
    database: Database, settings: Settings, gateway: Gateway
) -> None:
    gateway.behaviour = lambda notice_id, attempt: "take_and_hang"
    gateway.knows_nothing = True
    (notice_id,) = some_notices(database, settings, 1)
    sender = a_sender(database, settings, gateway)
    for hours in (0, 1, 23):
        sender.round(lambda: utc_now() + timedelta(hours=hours))  # noqa: B023
        assert states(database) == {"owed": 1}
    sender.round(lambda: utc_now() + timedelta(hours=24, seconds=1))
    sender.close()
    assert states(database) == {"in_doubt": 1}
    assert gateway.tried[str(notice_id)] == 1


def test_two_senders_at_once_send_everything_once(database: Database, settings: Settings, gateway: Gateway) -> None:
    some_notices(database, settings, 60)
    senders = [a_sender(database, settings, gateway, 5) for _ in range(2)]
    threads = [threading.Thread(target=sender.round) for sender in senders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for sender in senders:
        sender.close()
    assert states(database) == {"accepted": 60}
    assert set(gateway.buzzed.values()) == {1}
    assert set(gateway.tried.values()) == {1}

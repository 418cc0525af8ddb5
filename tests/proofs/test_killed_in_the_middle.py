"""Promises 1, 2 and 6: kill -9 of web and jobs in the middle of bookings, parcels and sending.

Nothing that was acknowledged is lost, nothing is doubled, and a replay gets the first answer. DOORSTEP_KILLS is the
number of kills an engine, DOORSTEP_KILL_WORK the number of bookings and of parcels.
"""

import os
import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
import sqlalchemy as sa

from dispatch.accounts.actions import give_token, open_account
from dispatch.accounts.viewer import SYSTEM
from dispatch.clock import utc_now
from dispatch.customers.actions import LineFacts
from dispatch.database import Database
from dispatch.visits.booking import book_visit
from tests.makers import a_technician, a_turn, a_window, an_order, some_settings
from tests.proofs.gateway import UnreliableGateway
from tests.proofs.serving import RunningProduct

KILLS = int(os.environ.get("DOORSTEP_KILLS", "3"))
WORK = int(os.environ.get("DOORSTEP_KILL_WORK", "40"))
DRAINED_WITHIN = 120.0


@dataclass
class Sender:
    """Sends each request until it is acknowledged, under the same key, and remembers what it was told."""

    client: httpx.Client
    acknowledged: dict[str, tuple[int, Any]] = field(default_factory=dict)

    def until_acknowledged(self, key: str, send: Callable[[], httpx.Response]) -> None:
        for _ in range(400):
            try:
                answer = send()
            except httpx.HTTPError:
                time.sleep(0.1)
                continue
            if answer.status_code < 500:
                self.acknowledged[key] = (answer.status_code, answer.json())
                return
            time.sleep(0.1)
        raise AssertionError("never acknowledged")


def prepare(database: Database, folder: Path, url: str) -> tuple[list[UUID], list[UUID], list[UUID], str]:
    """Orders to book, visits to write entries for, technicians, and a token."""
    with database.writing() as session:
        turn = a_turn(session, some_settings(folder, url, quiet_from=0, quiet_until=0), utc_now())
        technicians = [a_technician(session, f"T-{n}").id for n in range(6)]
        orders = [an_order(turn, line=LineFacts(None)).id for _ in range(WORK + 10)]
        window = a_window(utc_now() + timedelta(days=1), hours=2)
        visits = [book_visit(turn, order, window).visit.id for order in orders[WORK:]]
        account = open_account(session, SYSTEM, login="d", name="d", role="dispatcher", password=None, now=utc_now())
        token = give_token(session, SYSTEM, account, "kill", utc_now())
    return orders[:WORK], visits, technicians, token


@pytest.mark.heavy
@pytest.mark.timeout(1800)
def test_nothing_acknowledged_is_lost_and_nothing_is_doubled(database: Database, tmp_path: Path) -> None:
    folder, gateway = tmp_path / "var", UnreliableGateway()
    folder.mkdir()
    url = database.url.render_as_string(hide_password=False)
    orders, visits, technicians, token = prepare(database, folder, url)
    more = {
        "DOORSTEP_SMS_URL": gateway.url,
        "DOORSTEP_SMS_TIMEOUT_SECONDS": "2",
        "DOORSTEP_QUIET_FROM": "0",
        "DOORSTEP_QUIET_UNTIL": "0",
        "DOORSTEP_SMS_PER_NUMBER_HOUR": "0",  # a few people book everything here
    }
    product = RunningProduct(folder, url, more=more)
    product.start()
    chance = random.Random(11)
    client = httpx.Client(base_url=product.address, headers={"Authorization": f"Bearer {token}"}, timeout=20)
    bookings, parcels = Sender(client), Sender(client)
    start = (utc_now() + timedelta(days=2)).replace(minute=0, second=0, microsecond=0)

    def booking(number: int, order: UUID) -> Callable[[], httpx.Response]:
        window = a_window(start + timedelta(hours=number // 6))
        body = {
            "work_order_id": str(order),
            "window": {"start": window.start.isoformat(), "end": window.end.isoformat()},
            "technician_id": str(technicians[number % 6]),
        }
        return lambda: client.post("/api/v1/visits", json=body, headers={"Idempotency-Key": f"b{number}"})

    def parcel(parcel_id: UUID, visit: UUID) -> Callable[[], httpx.Response]:
        entry = {
            "id": str(uuid4()),
            "step": "appointment",
            "key": "background_read",
            "value": True,
            "at": utc_now().isoformat(),
        }
        body = {"visit_id": str(visit), "device_id": "d", "entries": [entry]}
        return lambda: client.put(f"/api/v1/parcels/{parcel_id}", json=body)

    sends = [(bookings, f"b{n}", booking(n, order)) for n, order in enumerate(orders)]
    sends += [(parcels, str(i), parcel(i, chance.choice(visits))) for i in (uuid4() for _ in range(WORK))]
    chance.shuffle(sends)
    done = threading.Event()
    killed = 0

    def kill_now_and_then() -> None:
        nonlocal killed
        while killed < KILLS:
            time.sleep(chance.uniform(0.4, 1.5))
            product.kill()
            killed += 1
            product.start()
        done.set()

    killer = threading.Thread(target=kill_now_and_then)
    killer.start()
    try:
        with ThreadPoolExecutor(6) as hands:
            for sending in [hands.submit(sender.until_acknowledged, key, send) for sender, key, send in sends]:
                sending.result()
        killer.join()
        assert done.is_set()
        replayed = [(sender, key, send) for sender, key, send in sends]
        for sender, key, send in replayed:
            answer = send()
            assert (answer.status_code, answer.json()) == sender.acknowledged[key], key
        until = time.monotonic() + DRAINED_WITHIN
        while time.monotonic() < until and unsent(database):
            time.sleep(0.5)
    finally:
        client.close()
        product.kill()
        gateway.stop()
    with database.engine.connect() as connection:
        keys = connection.execute(sa.text("SELECT client_key FROM visits WHERE client_key IS NOT NULL")).scalars().all()
        kept = connection.execute(sa.text("SELECT count(*) FROM parcels")).scalar_one()
        states = dict(connection.execute(sa.text("SELECT state, count(*) FROM notices GROUP BY state")).all())
        owed = connection.execute(sa.text("SELECT count(*) FROM notices")).scalar_one()
    assert {status for status, _ in bookings.acknowledged.values()} == {201}
    assert sorted(keys) == sorted(bookings.acknowledged)
    assert kept == len(parcels.acknowledged) == WORK
    assert states == {"accepted": owed}, states
    assert len(gateway.taken) == owed
    assert set(gateway.taken.values()) == {1}, [key for key, times in gateway.taken.items() if times > 1]
    engine = database.engine.dialect.name
    print(f"{engine}: {killed} kills, {len(keys)} bookings, {kept} parcels, {owed} notices: 0 lost, 0 doubled")


def unsent(database: Database) -> int:
    with database.engine.connect() as connection:
        query = sa.text("SELECT count(*) FROM notices WHERE state IN ('owed', 'claimed')")
        return int(connection.execute(query).scalar_one())

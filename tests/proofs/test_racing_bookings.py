"""Promise 5: no technician is booked twice, however many dispatchers press at once.

DOORSTEP_RACE is the number of racing bookings an engine (3000 in full).
"""

import os
import random
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import httpx
import pytest
import sqlalchemy as sa

from dispatch.accounts.actions import give_token, open_account
from dispatch.accounts.viewer import SYSTEM
from dispatch.clock import utc_now
from dispatch.customers.actions import LineFacts
from dispatch.database import Database
from tests.makers import a_technician, a_turn, an_order, some_settings
from tests.proofs.serving import RunningProduct

RACING = int(os.environ.get("DOORSTEP_RACE", "160"))
TECHNICIANS = 6
HANDS = 16
OVERLAPS = """
    SELECT count(*) FROM {table} a JOIN {table} b ON a.technician_id = b.technician_id AND a.id < b.id
    AND a.planned_start < b.planned_end AND b.planned_start < a.planned_end
"""


def overlaps(database: Database, table: str = "visits") -> int:
    with database.engine.connect() as connection:
        return int(connection.execute(sa.text(OVERLAPS.format(table=table))).scalar_one())


def at_once(jobs: list[Callable[[], int]]) -> Counter[int]:
    with ThreadPoolExecutor(HANDS) as hands:
        return Counter(hands.map(lambda job: job(), jobs))


@pytest.mark.heavy
@pytest.mark.timeout(600)
def test_racing_bookings_never_overlap(database: Database, tmp_path: Path) -> None:
    folder = tmp_path / "var"
    folder.mkdir()
    url = database.url.render_as_string(hide_password=False)
    with database.writing() as session:
        turn = a_turn(session, some_settings(folder, url), utc_now())
        technicians = [a_technician(session, f"T-{n}").id for n in range(TECHNICIANS)]
        orders = [an_order(turn, line=LineFacts(None), minutes=60).id for _ in range(RACING)]
        account = open_account(session, SYSTEM, login="d", name="d", role="dispatcher", password=None, now=utc_now())
        token = give_token(session, SYSTEM, account, "race", utc_now())
    product = RunningProduct(folder, url)
    product.start()
    chance = random.Random(5)
    tomorrow = (utc_now() + timedelta(days=2)).replace(hour=0, minute=0, second=0, microsecond=0)
    days = max(1, RACING // (TECHNICIANS * 10))  # room for about two thirds of them, so that many must be refused

    def job(order: UUID) -> Callable[[], int]:
        start = tomorrow + timedelta(days=chance.randrange(days), minutes=30 * chance.randrange(16))
        body = {
            "work_order_id": str(order),
            "window": {"start": start.isoformat(), "end": (start + timedelta(hours=1)).isoformat()},
            "technician_id": str(chance.choice(technicians)),
        }
        if chance.random() < 0.5:
            body["planned_start"] = (start + timedelta(minutes=10 * chance.randrange(6))).isoformat()
        return lambda: client.post("/api/v1/visits", json=body).status_code

    limits = httpx.Limits(max_connections=HANDS)
    with httpx.Client(
        base_url=product.address, headers={"Authorization": f"Bearer {token}"}, timeout=120, limits=limits
    ) as client:
        try:
            answers = at_once([job(order) for order in orders])
        finally:
            product.kill()
    assert set(answers) == {201, 409}, answers
    assert sum(answers.values()) == RACING
    assert overlaps(database) == 0
    with database.engine.connect() as connection:
        kept = connection.execute(sa.text("SELECT count(*) FROM visits")).scalar_one()
    assert kept == answers[201]
    engine = database.engine.dialect.name
    print(f"{engine}: {RACING} racing, {answers[201]} booked, {answers[409]} refused, 0 overlaps")


@pytest.mark.heavy
def test_check_then_insert_as_control_does_overlap(database: Database) -> None:
    """The same race without the database as judge: what would happen if we only looked first."""
    with database.engine.begin() as connection:
        connection.execute(
            sa.text(
                "CREATE TABLE unguarded (id integer PRIMARY KEY, technician_id integer,"
                " planned_start integer, planned_end integer)"
            )
        )
    chance = random.Random(5)
    together = threading.Barrier(8)

    def book(number: int, technician: int, start: int) -> None:
        with database.engine.connect() as connection:
            taken = connection.execute(
                sa.text(
                    "SELECT count(*) FROM unguarded"
                    " WHERE technician_id = :t AND planned_start < :e AND :s < planned_end"
                ),
                {"t": technician, "s": start, "e": start + 60},
            ).scalar_one()
            connection.rollback()
            if together.n_waiting < 8:
                together.wait()
            if taken == 0:
                connection.execute(
                    sa.text("INSERT INTO unguarded VALUES (:n, :t, :s, :e)"),
                    {"n": number, "t": technician, "s": start, "e": start + 60},
                )
                connection.commit()

    for round_ in range(10):
        threads = [
            threading.Thread(target=book, args=(round_ * 8 + n, chance.randrange(2), 30 * chance.randrange(8)))
            for n in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert overlaps(database, "unguarded") > 0

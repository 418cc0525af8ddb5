"""Promise 5, at the board: no dispatcher overwrites another, however many move the same visits at once.

Four dispatchers in twelve windows move a handful of visits at random, by the board's own pages. A move is lost when it
was confirmed and somebody who had not seen it wrote over it. DOORSTEP_MOVES is how many moves an engine (1000 in full).
"""

import os
import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select

from dispatch.accounts.actions import open_account
from dispatch.accounts.viewer import SYSTEM
from dispatch.clock import utc_now
from dispatch.database import Database
from dispatch.visits.tables import Visit, VisitChange
from mobile_api.desk.forms import fresh_key
from tests.journeys.desk_hand import SHANGHAI, tomorrow
from tests.makers import CHEAP_HASH, PASSWORD, a_booking, a_technician, a_turn, some_settings
from tests.proofs.serving import RunningProduct
from tests.proofs.test_racing_bookings import overlaps

MOVES = int(os.environ.get("DOORSTEP_MOVES", "160"))
DISPATCHERS, WINDOWS = 4, 12
TECHNICIANS, VISITS = 3, 8
DAYS_OFF = 2  # far enough that no move is too late for the two-hour rule


@dataclass(frozen=True)
class Move:
    """One try: whose, from which version, to whom and when, and what came of it."""

    by: str
    visit: UUID
    version: int
    technician: UUID
    planned: datetime
    status: int


@pytest.mark.heavy
@pytest.mark.timeout(900)
def test_no_confirmed_move_is_lost_and_nobody_is_in_two_places(database: Database, tmp_path: Path) -> None:
    folder = tmp_path / "var"
    folder.mkdir()
    url = database.url.render_as_string(hide_password=False)
    with database.writing() as session:
        turn = a_turn(session, some_settings(folder, url), utc_now())
        crew = [a_technician(session, f"T-{n}").id for n in range(TECHNICIANS)]
        visits = [a_booking(turn, None, tomorrow(9 + 4 * (n % 2), 4, days=DAYS_OFF)).visit.id for n in range(VISITS)]
        for n in range(DISPATCHERS):
            open_account(
                session, SYSTEM, login=f"d{n}", name=f"d{n}", role="dispatcher", password=None, now=utc_now()
            ).password_hash = CHEAP_HASH
    product = RunningProduct(folder, url)
    product.start()
    try:
        names = [f"d{n % DISPATCHERS}" for n in range(WINDOWS)]
        hands = [signed_in(product.address, name) for name in names]

        def work(n: int) -> list[Move]:
            return moved(hands[n], names[n], n, MOVES // WINDOWS + (n < MOVES % WINDOWS), visits, crew)

        with ThreadPoolExecutor(WINDOWS) as pool:
            done = [move for moves in pool.map(work, range(WINDOWS)) for move in moves]
    finally:
        product.kill()
    assert len(done) == MOVES
    answers = Counter(move.status for move in done)
    assert set(answers) <= {200, 409, 412}, answers
    assert answers[200] > MOVES // 10, "hardly anything was moved"
    assert answers[409] + answers[412] > 0, "nobody ever met anybody: this proves nothing"
    won = [move for move in done if move.status == 200]
    doubled = [base for base, many in Counter((move.visit, move.version) for move in won).items() if many > 1]
    assert doubled == [], "two were told that they moved the same state"
    with database.reading() as session:
        for visit in visits:
            compare(session.get_one(Visit, visit), won, history(session, visit))
    assert overlaps(database) == 0
    print(
        f"{database.engine.dialect.name}: {MOVES} moves, {answers[200]} made, {answers[412]} stale,"
        f" {answers[409]} refused; 0 lost, 0 overlaps"
    )


def signed_in(address: str, login: str) -> httpx.Client:
    """A browser's window of one dispatcher."""
    client = httpx.Client(base_url=address, headers={"Sec-Fetch-Site": "same-origin"}, timeout=120)
    assert client.post("/sign-in", data={"login": login, "password": PASSWORD}).status_code == 303
    return client


def moved(desk: httpx.Client, by: str, seed: int, many: int, visits: list[UUID], crew: list[UUID]) -> list[Move]:
    """So many moves of one window: look at a visit, put it somewhere in its told window, confirm."""
    chance = random.Random(seed)
    day = tomorrow(9, days=DAYS_OFF).start.astimezone(SHANGHAI).date().isoformat()
    found = []
    for _ in range(many):
        visit, technician = chance.choice(visits), chance.choice(crew)
        block = desk.get(f"/desk/board/visits/{visit}?day={day}").json()
        begins, ends = block["w"]
        minute = begins + 15 * chance.randrange((ends - begins) // 15)
        sent = {
            "key": fresh_key(), "version": block["v"], "board": day, "day": day, "technician": str(technician),
            "begin": f"{begins // 60:02d}:{begins % 60:02d}", "end": f"{ends // 60:02d}:{ends % 60:02d}",
            "planned": f"{minute // 60:02d}:{minute % 60:02d}", "asked_by": "company",
        }  # fmt: skip
        status = desk.post(f"/desk/board/move/{visit}", data=sent).status_code
        at = datetime.fromisoformat(f"{day}T{sent['planned']}").replace(tzinfo=SHANGHAI).astimezone(UTC)
        found.append(Move(by, visit, block["v"], technician, at, status))
    return found


def history(session: object, visit: UUID) -> list[VisitChange]:
    query = select(VisitChange).where(VisitChange.visit_id == visit).order_by(VisitChange.version)
    return list(session.scalars(query))  # type: ignore[attr-defined]


def compare(now: Visit, won: list[Move], changes: list[VisitChange]) -> None:
    """What the rows say against what the windows were told: one line of versions, each by whom it was confirmed to."""
    mine = sorted((move for move in won if move.visit == now.id), key=lambda move: move.version)
    assert [change.version for change in changes] == list(range(1, now.version + 1))
    assert [move.version for move in mine] == list(range(1, now.version)), (
        "a confirmed move is gone, or nobody's is there"
    )
    assert [change.by for change in changes[1:]] == [f"dispatcher:{move.by}" for move in mine]
    if mine:
        last = mine[-1]
        assert (now.technician_id, now.planned_start) == (last.technician, last.planned)
        assert now.planned_end == last.planned + timedelta(hours=1)

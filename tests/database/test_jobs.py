"""The jobs process: it wakes what is owed, and nothing that goes wrong ends it. Both engines."""

import json
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dispatch import jobs
from dispatch.accounts.tables import SignInAttempt
from dispatch.accounts.tidying import forget_old_tries
from dispatch.clock import day_bounds, local_day, utc_now
from dispatch.database import Database
from dispatch.house import House, open_house
from dispatch.notices.tables import Notice
from dispatch.planning.actions import ask_for_plans
from dispatch.planning.asked import Asked
from dispatch.planning.rounds import Planner
from dispatch.planning.tables import PlanRun
from dispatch.technicians.tables import Area, Technician
from dispatch.visits.links import link_token
from dispatch.visits.tables import CustomerLink
from tests.makers import a_booking, a_shift, a_technician, a_turn, a_window, some_settings

THIRTY_DAYS = timedelta(days=30)


def within_seconds(seconds: float, true: Callable[[], bool]) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if true():
            return True
        time.sleep(0.05)
    return true()


@pytest.fixture
def house(tmp_path: Path, database_url: str) -> House:
    return open_house(some_settings(tmp_path / "var", database_url, quiet_from=0, quiet_until=0))


def owed(house: House) -> int:
    with house.database.reading() as session:
        return int(
            session.scalar(select(func.count()).select_from(Notice).where(Notice.state.in_(("owed", "claimed")))) or 0
        )


def test_what_is_owed_leaves_with_the_customers_link_in_it(house: House) -> None:
    now = utc_now()
    with house.database.writing() as session:
        booked = a_booking(a_turn(session, house.settings, now), None, a_window(now + timedelta(hours=3)))
    stop = threading.Event()
    running = threading.Thread(target=jobs.run_jobs, args=(house, stop))
    running.start()
    try:
        assert within_seconds(30, lambda: owed(house) == 0)
    finally:
        stop.set()
        running.join(30)
    assert not running.is_alive(), "told to stop, it stops"
    assert booked.notice is not None
    message = json.loads((house.settings.data_dir / "messages" / f"{booked.notice.id}.json").read_text())
    with house.database.reading() as session:
        link = session.scalars(select(CustomerLink.id)).one()
        kept = session.get_one(Notice, booked.notice.id)
        assert kept.state == "accepted"
        assert link_token(house.settings, link) in message["text"]
        assert link_token(house.settings, link) not in (kept.text or "")


def test_a_job_that_fails_is_logged_and_woken_again(caplog: pytest.LogCaptureFixture) -> None:
    woken = []

    def fails_once() -> None:
        woken.append(1)
        if len(woken) == 1:
            raise RuntimeError("the disk is full")

    wake = jobs.guarded("draw documents", fails_once)
    with caplog.at_level(logging.ERROR, "doorstep.jobs"):
        wake()
        wake()
    assert len(woken) == 2
    assert [record.message for record in caplog.records] == ["draw documents: failed, tried again at the next wake"]


def test_the_other_jobs_go_on_while_one_fails(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[int] = []

    def full_disk(house: House) -> int:
        drawn.append(1)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(jobs, "draw_missing", full_disk)
    monkeypatch.setattr(jobs, "DOCUMENTS_EVERY", 0.2)
    stop = threading.Event()
    running = threading.Thread(target=jobs.run_jobs, args=(house, stop))
    running.start()
    try:
        assert within_seconds(30, lambda: len(drawn) >= 3)
        now = utc_now()
        with house.database.writing() as session:
            a_booking(a_turn(session, house.settings, now), None, a_window(now + timedelta(hours=3)))
        assert within_seconds(30, lambda: owed(house) == 0)
        assert running.is_alive()
    finally:
        stop.set()
        running.join(30)


def test_two_jobs_processes_send_each_notice_once(house: House) -> None:
    now = utc_now()
    with house.database.writing() as session:
        for hour in range(12):
            a_booking(a_turn(session, house.settings, now), None, a_window(now + timedelta(hours=3 + hour)))
    senders = [jobs.sender_of(house) for _ in range(2)]
    threads = [threading.Thread(target=sender.round) for sender in senders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for sender in senders:
        sender.close()
    with house.database.reading() as session:
        assert {tuple(row) for row in session.execute(select(Notice.state, Notice.attempts))} == {("accepted", 1)}


def test_tries_to_sign_in_are_forgotten_after_thirty_days_and_not_before(database: Database) -> None:
    now = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
    with database.writing() as session:
        for at in (now - THIRTY_DAYS - timedelta(microseconds=1), now - THIRTY_DAYS, now):
            session.add(SignInAttempt(login="x", address="127.0.0.1", at=at, succeeded=False))
    with database.writing() as session:
        assert forget_old_tries(session, now) == 1
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(SignInAttempt)) == 2


def somebody_works_on(session: Session, house: House, day: date) -> tuple[Area, Technician]:
    """An area with a technician on shift from eight."""
    area = Area(name="张江", name_en="Zhangjiang", latitude=31.2, longitude=121.6)
    session.add(area)
    session.flush()
    technician = a_technician(session, area_id=area.id)
    a_shift(session, technician, day_bounds(day, house.settings.zone)[0] + timedelta(hours=8))
    return area, technician


def test_a_plan_that_waits_is_planned_beside_the_other_work(house: House) -> None:
    house = replace(house, settings=house.settings.model_copy(update={"plan_iterations": 50}))
    day = local_day(utc_now(), house.settings.zone) + timedelta(days=1)
    with house.database.writing() as session:
        turn = a_turn(session, house.settings, utc_now())
        area, _ = somebody_works_on(session, house, day)
        ask_for_plans(turn, [area.id], day, "plan", [Asked()])
    stop = threading.Event()
    running = threading.Thread(target=jobs.run_jobs, args=(house, stop))
    running.start()

    def planned() -> bool:
        with house.database.reading() as session:
            return session.scalars(select(PlanRun.state)).one() == "done"

    try:
        assert within_seconds(60, planned)
    finally:
        stop.set()
        running.join(30)
    assert not running.is_alive()


def test_a_stop_lets_go_of_a_plan_so_that_another_machine_takes_it(house: House) -> None:
    day = local_day(utc_now(), house.settings.zone) + timedelta(days=1)
    with house.database.writing() as session:
        turn = a_turn(session, house.settings, utc_now())
        area, technician = somebody_works_on(session, house, day)
        a_booking(turn, technician, a_window(day_bounds(day, house.settings.zone)[0] + timedelta(hours=9)))
        ask_for_plans(turn, [area.id], day, "plan", [Asked()], seconds=600)
    planner = Planner(house.database, house.settings)
    assert planner.round() == 1
    planner.close()
    with house.database.reading() as session:
        row = session.scalars(select(PlanRun)).one()
    assert (row.state, row.claimed_by) == ("waiting", None)

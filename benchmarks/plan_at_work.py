"""The planner on rows: `python -m benchmarks.plan_at_work [technicians] [visits]`, on SQLite in a temporary folder.

Prints how long it takes to read a day, to propose a new plan after two sick calls, to take it all up, and to answer
which windows are free (the first time, and again), on one area of so many technicians.
"""

import random
import statistics
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import SYSTEM
from dispatch.clock import day_bounds, local_day, utc_now
from dispatch.customers.actions import CustomerFacts, LineFacts, SiteFacts
from dispatch.customers.tables import Site
from dispatch.database import Database
from dispatch.house import open_house
from dispatch.migrating import migrate
from dispatch.planning.accepting import accept_plan
from dispatch.planning.actions import ask_for_plans
from dispatch.planning.asked import Asked, Event
from dispatch.planning.day_problem import day_problem
from dispatch.planning.day_rows import day_rows
from dispatch.planning.optimiser.searching import warm_up
from dispatch.planning.proposal import Proposal
from dispatch.planning.rounds import Planner
from dispatch.planning.slot_booking import take_window
from dispatch.planning.slot_days import order_with_site
from dispatch.planning.slots import offers_for
from dispatch.planning.tables import PlanRun
from dispatch.settings import Settings
from dispatch.technicians.tables import Area, Shift, Technician, TechnicianSkill
from dispatch.visits.booking import book_visit
from dispatch.visits.orders import OrderFacts, take_in_order
from dispatch.visits.windows import Window

CHANCE = random.Random(20261122)
QUESTIONS = 300


def a_town(database: Database, settings: Settings, technicians: int, visits: int, midnight: datetime) -> UUID:
    """An area with shifts for two weeks, and as many visits tomorrow as somebody has time for."""
    with database.writing() as session:
        area = Area(name="测试区", name_en="Test", latitude=31.2, longitude=121.5)
        session.add(area)
        session.flush()
        crew = []
        for number in range(technicians):
            one = Technician(
                code=f"B-{number:04d}", name=f"技{number}", phone="+8613900000001", area_id=area.id,
                start_latitude=31.2 + CHANCE.gauss(0, 0.05), start_longitude=121.5 + CHANCE.gauss(0, 0.05),
            )  # fmt: skip
            session.add(one)
            session.flush()
            session.add(TechnicianSkill(technician_id=one.id, skill="fibre", level=2))
            for day in range(14):
                start = midnight + timedelta(days=day, hours=8)
                session.add(
                    Shift(
                        technician_id=one.id, starts_at=start, ends_at=start + timedelta(hours=10),
                        lunch_from=start + timedelta(hours=3.5), lunch_until=start + timedelta(hours=5.5),
                        lunch_minutes=45,
                    )
                )  # fmt: skip
            crew.append(one.id)
    for number in range(visits):
        with database.writing() as session:
            turn = Turn(session, SYSTEM, utc_now(), settings)
            order = an_order(turn, number)
            session.flush()
            session.scalars(select(Site).where(Site.id == order.site_id)).one().area_id = area.id
            slot = number // technicians
            opens = midnight + timedelta(hours=(8, 10, 10, 13, 14, 15, 16, 16)[slot % 8])
            begins = midnight + timedelta(hours=8.4 + slot * 1.1)
            window = Window(opens, opens + timedelta(hours=3))
            if window.start <= begins < window.end:
                who = crew[number % technicians]
                book_visit(turn, order.id, window, technician_id=who, planned_start=begins)
            else:
                book_visit(turn, order.id, window)
    return area.id


def an_order(turn: Turn, number: int):  # type: ignore[no-untyped-def]
    """A repair of half an hour to an hour somewhere in the town."""
    facts = OrderFacts(
        kind="repair",
        customer=CustomerFacts(f"客户{number}", f"138{number:08d}"),
        site=SiteFacts(f"测试路{number}号", 31.2 + CHANCE.gauss(0, 0.06), 121.5 + CHANCE.gauss(0, 0.06)),
        line=LineFacts(None),
        external_id=f"B-{number}",
        minutes=CHANCE.choice((30, 40, 50, 60)),
        skills=("fibre",),
    )
    return take_in_order(turn, facts)[0]


def main(technicians: int, visits: int) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(_env_file=None, data_dir=Path(folder), plans_at_once=1)  # type: ignore[call-arg]
        house = open_house(settings)
        migrate(house.database)
        day = local_day(utc_now(), settings.zone) + timedelta(days=1)
        midnight = day_bounds(day, settings.zone)[0]
        area_id = a_town(house.database, settings, technicians, visits, midnight)
        warm_up()
        begun = time.perf_counter()
        with house.database.reading() as session:
            rows = day_rows(session, session.get_one(Area, area_id), day, settings.zone)
        made = day_problem(rows, Asked(), now=utc_now())
        assert made is not None
        print(f"read a day of {technicians} technicians, {len(made.problem.visits)} visits: {_since(begun):.2f} s")
        with house.database.writing() as session:
            turn = Turn(session, SYSTEM, utc_now(), settings)
            sick = tuple(Event(kind="sick", about=one.id) for one in rows.technicians[:2])
            run = ask_for_plans(turn, [area_id], day, "replan", [Asked(events=sick)])[0].id
        planner = Planner(house.database, settings)
        begun = time.perf_counter()
        planner.round()
        planner.wait()
        took = _since(begun)
        with house.database.reading() as session:
            row = session.get_one(PlanRun, run)
            assert row.proposal is not None, row.trouble_en
            proposal = Proposal.kept(row.proposal)
        print(
            f"a proposal after two sick calls: {took:.2f} s (searched {settings.replan_seconds} s); "
            f"{len(proposal.changes)} changes, {proposal.told} customers hear of it; without anybody "
            f"{proposal.before.left_out} -> {proposal.after.left_out}, rules broken "
            f"{proposal.before.broken} -> {proposal.after.broken}"
        )
        begun = time.perf_counter()
        with house.database.writing() as session:
            came = accept_plan(Turn(session, SYSTEM, utc_now(), settings), run)
        print(f"taken up: {len(came.taken)} changes, {len(came.refused)} refused, {_since(begun):.2f} s")
        _ask_for_windows(house.database, settings, area_id)
        planner.close()
        house.database.dispose()


def _ask_for_windows(database: Database, settings: Settings, area_id: UUID) -> None:
    took: list[float] = []
    booked = refused = 0
    for number in range(QUESTIONS):
        with database.writing() as session:
            turn = Turn(session, SYSTEM, utc_now(), settings)
            order = an_order(turn, 1_000_000 + number)
            session.flush()
            session.scalars(select(Site).where(Site.id == order.site_id)).one().area_id = area_id
            order_id = order.id
        with database.reading() as session:
            order = order_with_site(session, order_id)
            begun = time.perf_counter()
            offers = offers_for(Turn(session, SYSTEM, utc_now(), settings), order) or []
            took.append(_since(begun))
        if number % 10 == 0 and offers:
            with database.writing() as session:
                order = order_with_site(session, order_id)
                try:
                    take_window(Turn(session, SYSTEM, utc_now(), settings), order, None, CHANCE.choice(offers).window)
                    booked += 1
                except Exception as problem:
                    refused += 1
                    print("refused:", problem)
    again = sorted(took[1:])
    middle, most = statistics.median(again) * 1000, again[int(len(again) * 0.99)] * 1000
    print(f"which windows are free in 14 days: first {took[0]:.2f} s, then median {middle:.0f} ms, p99 {most:.0f} ms")
    print(f"{booked} offers booked, {refused} refused")


def _since(begun: float) -> float:
    return time.perf_counter() - begun


if __name__ == "__main__":
    told = [int(one) for one in sys.argv[1:3]]
    main(*(told if len(told) == 2 else [20, 160]))

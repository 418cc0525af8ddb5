"""The star of a month from real rows: scores as plain SQL has them, who is barred, and who may see what."""

from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text, update

from benchmarks.simulated_year import NOW, simulate
from dispatch.accounts.batches import until_none_is_left
from dispatch.accounts.viewer import SYSTEM, Viewer
from dispatch.care.complaints.tables import Complaint, ComplaintRound
from dispatch.care.return_calls.tables import ReturnCall
from dispatch.database import Database
from dispatch.errors import Forbidden
from dispatch.kpis.filing import file_waiting
from dispatch.kpis.star import month_of_stars, own_standing, published_star
from dispatch.kpis.star_rules import Standing
from dispatch.settings import Settings
from dispatch.visits.tables import Visit
from tests.makers import a_turn, some_settings

OCTOBER = date(2026, 10, 1)
BOSS = Viewer("supervisor", "boss")
SCORES = """
SELECT technician_id, sum(on_time), count(on_time), sum(first_fix), count(first_fix), sum(conduct - 1) / 4.0,
    count(conduct), sum(overall - 1) / 4.0, count(overall), sum(record), count(record)
FROM figure_rows WHERE of = 'visit' AND month = '2026-10' {group}
"""


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    return some_settings(tmp_path / "var", database_url)


@pytest.fixture
def technicians(database: Database, settings: Settings) -> list[UUID]:
    year = simulate(database, 620, days=60)
    until_none_is_left(database, settings, file_waiting, NOW)
    return year.technicians


def october(database: Database, settings: Settings, viewer: Viewer = BOSS) -> list[Standing]:
    with database.reading() as session:
        return month_of_stars(a_turn(session, settings, NOW, viewer), OCTOBER).standings


def test_a_score_is_what_the_published_rules_say(
    database: Database, settings: Settings, technicians: list[UUID]
) -> None:
    found = {one.person.id: one.score for one in october(database, settings)}
    with database.reading() as session:
        house = session.execute(text(SCORES.format(group="").replace("technician_id,", "1,"))).one()[1:]
        each = session.execute(text(SCORES.format(group="GROUP BY technician_id"))).all()

    def score(row: Any) -> float:
        points = 0.0
        for number, weight in enumerate((25, 25, 20, 20, 10)):
            hits, cases = float(row[2 * number]), row[2 * number + 1]
            all_of_us = float(house[2 * number]) / house[2 * number + 1]
            points += weight * (hits + 20 * all_of_us) / (cases + 20)
        return round(points, 1)

    assert found == {UUID(str(row[0])): score(row[1:]) for row in each}
    assert len(found) == len(technicians) >= 2


def test_a_demand_and_a_true_complaint_about_conduct_bar_the_best(
    database: Database, settings: Settings, technicians: list[UUID]
) -> None:
    best = october(database, settings)[0].person.id
    window = (
        Visit.window_start >= datetime(2026, 10, 2, tzinfo=NOW.tzinfo),
        Visit.window_start < datetime(2026, 10, 30, tzinfo=NOW.tzinfo),
    )
    with database.writing() as session:
        mine = session.scalars(select(Visit.id).where(Visit.technician_id == best, *window)).all()
        call = session.scalars(select(ReturnCall).where(ReturnCall.visit_id.in_(mine))).first()
        assert call is not None
        call.demanded = True
    found = october(database, settings)
    assert next(one for one in found if one.person.id == best).barred == ("demanded",)
    second = found[0].person.id
    assert second != best
    with database.writing() as session:
        complaint = session.scalars(select(Complaint).where(Complaint.state == "closed")).first()
        assert complaint is not None
        complaint.technician_id = second
        complaint.registered_at = datetime(2026, 10, 10, tzinfo=NOW.tzinfo)
        session.execute(
            update(ComplaintRound).where(ComplaintRound.complaint_id == complaint.id).values(cause="conduct.rude")
        )
    until_none_is_left(database, settings, file_waiting, NOW)
    barred = next(one for one in october(database, settings) if one.person.id == second)
    assert barred.barred == ("conduct_complaint",)
    with database.writing() as session:  # looked into again, and found to be something else
        session.execute(
            update(ComplaintRound).where(ComplaintRound.complaint_id == complaint.id).values(cause="other.unfounded")
        )
    assert october(database, settings)[0].person.id == second


def test_names_are_published_when_settled_and_standings_are_for_supervisors(
    database: Database, settings: Settings, technicians: list[UUID]
) -> None:
    me = Viewer("technician", "me", technician_id=technicians[0])
    with database.reading() as session:
        settled = published_star(a_turn(session, settings, NOW, me), OCTOBER)
        running = published_star(a_turn(session, settings, NOW, me), date(2026, 11, 1))
        mine = own_standing(a_turn(session, settings, NOW, me), OCTOBER)
    assert (settled.final, len(settled.names) >= 1) == (True, True)
    assert (running.final, running.names) == (False, ())
    assert mine is not None
    assert mine.person.id == technicians[0]
    for viewer in (me, Viewer("dispatcher", "d"), Viewer("care_agent", "c")):
        with pytest.raises(Forbidden):
            october(database, settings, viewer)
    assert october(database, settings, SYSTEM)

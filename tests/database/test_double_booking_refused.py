"""When only the database sees that a technician is busy, the refusal is still the product's own."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from dispatch.database import Database
from dispatch.visits.changes import TechnicianBusy, write_change
from dispatch.visits.tables import Visit
from tests.makers import a_booking, a_technician, a_turn, a_window, some_settings


def test_a_move_onto_taken_time_that_slipped_past_the_check_is_refused_as_busy(
    database: Database, tmp_path: Path, now: datetime
) -> None:
    settings = some_settings(tmp_path, str(database.url))
    window = a_window(now + timedelta(days=1))
    with database.writing() as session:
        turn = a_turn(session, settings, now)
        technician = a_technician(session)
        a_booking(turn, technician, window)
        visit_id = a_booking(turn, None, window).visit.id

    def move() -> None:
        with database.writing() as session:
            visit = session.get(Visit, visit_id)
            assert visit is not None
            visit.technician_id = technician.id
            visit.planned_start, visit.planned_end = window.start, window.end
            write_change(a_turn(session, settings, now), visit, "moved")

    with pytest.raises(TechnicianBusy) as refused:
        move()
    assert refused.value.facts == {"technician_id": str(technician.id)}
    with database.reading() as session:
        kept = session.get(Visit, visit_id)
        assert kept is not None
        assert (kept.technician_id, kept.version) == (None, 1)

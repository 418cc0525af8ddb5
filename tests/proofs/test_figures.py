"""A made-up year: every figure equals what plain SQL over the product's rows says, and what the maker meant."""

from datetime import date
from pathlib import Path

import pytest

from benchmarks.figures_held import held_against_sql
from benchmarks.simulated_year import NOW, simulate
from dispatch.accounts.batches import until_none_is_left
from dispatch.accounts.viewer import SYSTEM
from dispatch.database import Database
from dispatch.kpis.filing import file_waiting
from dispatch.kpis.queries import arrivals, measured
from dispatch.kpis.scope import Scope, month_scope
from dispatch.settings import Settings
from tests.makers import some_settings

YEAR = Scope(date(2025, 11, 1), date(2026, 11, 30))


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    return some_settings(tmp_path / "var", database_url)


def test_every_figure_equals_plain_sql_and_what_was_meant(database: Database, settings: Settings) -> None:
    year = simulate(database, 3000, days=300)
    assert until_none_is_left(database, settings, file_waiting, NOW) > 0
    assert until_none_is_left(database, settings, file_waiting, NOW) == 0, "nothing is left to count"
    told = list(held_against_sql(database, NOW, [YEAR, month_scope(date(2026, 6, 1))]))
    assert len(told) == 1, "\n".join(told[:25])
    with database.reading() as session:
        found = measured(session, SYSTEM, YEAR, today=YEAR.last)
        meant = {name: year.meant[name] for name in ("too_early", "five_to_ten", "in_window", "late", "missed")}
        assert arrivals(session, SYSTEM, YEAR, today=YEAR.last) == meant
    assert all(one.cases > 0 for one in found.values())
    assert found["notices"].total == year.meant["notices_kept"]
    assert found["kit"].total == year.meant["kit"]

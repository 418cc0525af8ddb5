"""The pages of figures in a real browser, on a year of visits: legible to everybody, on a desk and on a phone."""

import os
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from benchmarks.simulated_year import simulate
from dispatch.accounts.batches import until_none_is_left
from dispatch.accounts.tables import Account
from dispatch.kpis.filing import file_waiting
from dispatch.technicians.tables import Technician
from tests.browser.conftest import Opener, Served
from tests.browser.looks import LOOKS, seen_in, wrong_with

pytestmark = pytest.mark.browser

DESK = [
    "/desk/figures?month=2026-10", "/desk/figures/on_time?month=2026-10", "/desk/figures/handling?month=2026-10&by=day",
    "/desk/figures/satisfaction?month=2026-10&by=technician", "/desk/figures/complaints?month=2026-10&by=area",
    "/desk/figures/on_time/rows?month=2026-10", "/desk/figures/notices/rows?month=2026-10&which=no",
    "/desk/figures?month=2020-01", "/desk/figures/on_time?month=2020-01", "/desk/star?month=2026-10",
    "/desk/star?month=2026-11", "/desk/star/rules", "/desk/supervisor", "/desk/tables",
]  # fmt: skip
OWN = ["/own/figures?month=2026-10", "/own/figures", "/own/figures/on_time?month=2026-10", "/t/me"]
SHOTS = os.environ.get("DOORSTEP_SHOTS", "")


def a_year(served: Served) -> None:
    """Visits of two hundred days; the technician who signs in is one of those who made them."""
    simulate(served.house.database, 900, days=200)
    until_none_is_left(served.house.database, served.settings, file_waiting)
    with served.house.database.writing() as session:
        mine = session.scalars(select(Technician.id).where(Technician.code == "T000")).one()
        session.execute(update(Account).where(Account.login == "technician").values(technician_id=mine))


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("width", "scheme", "language"), LOOKS)
def test_figures_can_be_read_by_everybody(
    served: Served, opened: Opener, width: int, scheme: Any, language: str
) -> None:
    a_year(served)
    wrong: list[str] = []
    for login, addresses in (("supervisor", DESK), ("technician", OWN)):
        eyes = opened(login, width=width, scheme=scheme, language=language)
        for number, address in enumerate(seen_in(addresses, width, scheme)):
            answer = eyes.page.goto(address)
            assert answer is not None
            assert answer.status == 200, address
            if SHOTS:
                name = f"{login}-{number:02d}-{width}-{scheme}-{language}.png"
                eyes.page.screenshot(path=Path(SHOTS) / name, full_page=True)
            wrong += wrong_with(eyes, address)
    assert wrong == []

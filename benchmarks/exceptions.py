"""How long “what needs a person” takes beside reading the day itself, which the board does as often.

python -m benchmarks.exceptions [technicians] [visits each] [sqlite|postgresql|both]

A made city as in `benchmarks.board`; every van counted low, so that the list is long. The stream counts at most every
three seconds a process: the share of a core that this costs is the figure.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from sqlalchemy import select

from benchmarks.board import DAY, city
from dispatch.accounts.viewer import SYSTEM
from dispatch.board.queries import board_day
from dispatch.exceptions.queries import matters_for
from dispatch.exceptions.rules import counts
from dispatch.house import House, open_house
from dispatch.migrating import migrate
from dispatch.technicians.tables import KitStock, Technician
from mobile_api.desk.live import NEEDS_EVERY
from tests.makers import some_settings
from tests.postgres import running_postgres

TIMES = 40


def timed(work: Callable[[], object]) -> list[float]:
    """Seconds of each of so many goes, after one to warm up."""
    work()
    taken = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
    return taken


def measure(house: House, engine: str, technicians: int, each: int) -> None:
    """Fill a city, ask, print."""
    migrate(house.database)
    city(house, technicians, each)
    with house.database.writing() as session:
        for technician in session.scalars(select(Technician.id)).all():
            session.add(KitStock(technician_id=technician, item="shoe_covers", quantity=1))
    zone = house.settings.zone

    def list_it() -> int:
        with house.database.reading() as session:
            return sum(counts(matters_for(session, SYSTEM, zone, house.database.now())).values())

    def read_day() -> int:
        with house.database.reading() as session:
            return len(board_day(session, SYSTEM, DAY, zone, house.database.now()).visits)

    many, visits = list_it(), read_day()
    asked, read = timed(list_it), timed(read_day)
    median, day = statistics.median(asked), statistics.median(read)
    print(
        f"{engine}: {visits} visits, {many} matters: {median * 1000:.0f} ms (worst {max(asked) * 1000:.0f}), the whole"
        f" day {day * 1000:.0f} ms: {median / day:.2f} of it; at most {median / NEEDS_EVERY:.1%} of a core a process"
    )


def main() -> None:
    """Either engine, or both."""
    technicians, each = (int(one) for one in (sys.argv[1:3] + ["200", "8"][len(sys.argv[1:3]) :]))
    engines = {"both": ("sqlite", "postgresql")}.get(sys.argv[3] if len(sys.argv) > 3 else "both", sys.argv[3:4])
    for engine in engines:
        with tempfile.TemporaryDirectory() as temporary, ExitStack() as stack:
            url = stack.enter_context(running_postgres()) if engine == "postgresql" else ""
            house = open_house(some_settings(Path(temporary), url))
            measure(house, engine, technicians, each)
            house.database.dispose()


if __name__ == "__main__":
    main()

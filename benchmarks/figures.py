"""A made-up year of visits: how long counting takes, how long the pages of figures take, and whether all is true.

python -m benchmarks.figures [visits] [sqlite|postgresql|both] [times] [days]

25000 visits in 92 days have the months of a year of 100000.

Every figure is held against plain SQL over the product's rows, row by row and added up by every group.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path

from fastapi.testclient import TestClient

from benchmarks.figures_held import held_against_sql
from benchmarks.simulated_year import NOW, simulate
from dispatch.accounts.actions import give_token, open_account
from dispatch.accounts.batches import until_none_is_left
from dispatch.accounts.viewer import SYSTEM
from dispatch.database import Database
from dispatch.kpis import scope as scopes
from dispatch.kpis.filing import file_waiting
from dispatch.migrating import migrate
from dispatch.settings import Settings
from mobile_api.app import create_app
from tests.postgres import running_postgres

PAGES = (
    ("the month", "/desk/figures?month=2026-10"),
    ("the month of one technician", "/desk/figures?month=2026-10&technician={technician}"),
    ("one figure, twelve months", "/desk/figures/on_time?month=2026-10"),
    ("one figure, by technician", "/desk/figures/on_time?month=2026-10&by=technician"),
    ("handling time, twelve months", "/desk/figures/handling?month=2026-10"),
    ("the rows behind one", "/desk/figures/on_time/rows?month=2026-10"),
    ("the star", "/desk/star?month=2026-10"),
    ("the supervisor's page", "/desk/supervisor"),
    ("a technician's own", "/own/figures?month=2026-10"),
    ("the API, all figures", "/api/v1/figures?first=2026-10-01&last=2026-10-31"),
)


def measure(url: str, visits: int, times: int, days: int, folder: Path) -> None:
    """One engine: fill, count, ask, hold against SQL."""
    settings = Settings(_env_file=None, data_dir=folder, database_url=url, public_url="http://localhost")  # type: ignore[call-arg]
    database = Database(settings.database, data_key=settings.data_key_bytes())
    migrate(database)
    begun = time.perf_counter()
    year = simulate(database, visits, days=days)
    filled = time.perf_counter()
    counted = until_none_is_left(database, settings, file_waiting, NOW)
    ended = time.perf_counter()
    print(f"{database.url.get_backend_name()}: {year.visits} visits, filled in {filled - begun:.0f} s, "
          f"{counted} changes counted in {ended - filled:.0f} s")  # fmt: skip
    with database.writing() as session:
        if not database.is_sqlite:
            session.connection().exec_driver_sql("ANALYZE")
        boss = open_account(session, SYSTEM, login="boss", name="boss", role="supervisor", password=None, now=NOW)
        who = open_account(
            session, SYSTEM, login="who", name="who", role="technician", password=None, now=NOW,
            technician_id=year.technicians[0],
        )  # fmt: skip
        tokens = [give_token(session, SYSTEM, account, "benchmark", NOW) for account in (boss, who)]
    with TestClient(create_app(settings), base_url="http://localhost") as client:
        for name, address in PAGES:
            token = tokens[1] if address.startswith("/own") else tokens[0]
            where = address.format(technician=year.technicians[0])
            print(f"  {name}: {_took(lambda w=where, t=token: _get(client, w, t), times)}")
    whole = scopes.Scope(date(2025, 11, 1), NOW.date() + timedelta(days=7))
    for line in held_against_sql(database, NOW, [whole, scopes.month_scope(date(2026, 10, 1))]):
        print(f"  {line}")
    database.dispose()


def _get(client: TestClient, address: str, token: str) -> None:
    answer = client.get(address, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200, (address, answer.status_code)


def _took(do: Callable[[], None], times: int) -> str:
    do()  # templates and statements are compiled once a process
    taken = []
    for _ in range(times):
        at = time.perf_counter()
        do()
        taken.append((time.perf_counter() - at) * 1000)
    taken.sort()
    return f"median {taken[len(taken) // 2]:.0f} ms, worst of {times}: {taken[-1]:.0f} ms"


def main() -> None:
    """Both engines, or one."""
    visits = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    asked = sys.argv[2] if len(sys.argv) > 2 else "both"
    times = int(sys.argv[3]) if len(sys.argv) > 3 else 20
    days = int(sys.argv[4]) if len(sys.argv) > 4 else 366
    for engine in ("sqlite", "postgresql") if asked == "both" else (asked,):
        with ExitStack() as stack, tempfile.TemporaryDirectory() as folder:
            url = f"sqlite:///{Path(folder) / 'd.db'}"
            if engine == "postgresql":
                url = stack.enter_context(running_postgres()).replace("postgresql://", "postgresql+psycopg://")
            measure(url, visits, times, days, Path(folder))


if __name__ == "__main__":
    main()

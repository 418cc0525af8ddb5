"""How much faster a file of orders goes in than the same orders one by one: rows a second, and the ratio.

python -m benchmarks.import_orders [rows]
"""

import sys
import tempfile
import time
from pathlib import Path

from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import SYSTEM
from dispatch.clock import local_day, utc_now
from dispatch.house import House, open_house
from dispatch.migrating import migrate
from dispatch.settings import Settings
from dispatch.visits.importing import facts_of, import_orders
from dispatch.visits.order_files import OrderFile, read_orders
from dispatch.visits.orders import take_in_order

HEAD = "工单号,类型,客户姓名,联系电话,装机地址,宽带账号,故障现象"


def a_house(folder: str, name: str) -> House:
    """An empty database of its own."""
    settings = Settings(_env_file=None, data_dir=Path(folder) / name, database_url="")  # type: ignore[call-arg]
    house = open_house(settings)
    migrate(house.database)
    return house


def a_file(house: House, rows: int) -> OrderFile:
    """A file with so many different orders."""
    lines = (f"WO-{n},维修,王芳,138{n:08d},龘园路{n}号,sh{n:08d},上不了网" for n in range(rows))
    text = "\n".join([HEAD, *lines])
    today = local_day(utc_now(), house.settings.zone)
    return read_orders(text.encode(), "orders.csv", zone=house.settings.zone, today=today)


def main(rows: int) -> None:
    """Both ways, on SQLite in a temporary folder."""
    with tempfile.TemporaryDirectory() as folder:
        whole, single = a_house(folder, "whole"), a_house(folder, "single")
        file = a_file(whole, rows)
        begun = time.perf_counter()
        with whole.database.writing() as session:
            outcome = import_orders(Turn(session, SYSTEM, utc_now(), whole.settings), file)
        at_once = time.perf_counter() - begun
        few = file.rows[: max(1, rows // 10)]
        begun = time.perf_counter()
        with single.database.writing() as session:
            for row in few:
                take_in_order(Turn(session, SYSTEM, utc_now(), single.settings), facts_of(row))
        one_by_one = (time.perf_counter() - begun) / len(few)
        print(f"import_orders: {outcome.new} rows, {outcome.new / at_once:,.0f} rows/s")
        print(f"take_in_order, one by one: {1 / one_by_one:,.0f} rows/s (over {len(few)} rows)")
        print(f"ratio {one_by_one * rows / at_once:.1f} : 1")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)

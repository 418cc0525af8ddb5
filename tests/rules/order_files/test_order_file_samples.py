"""The sample files that the documentation hands out are read without a flaw."""

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from dispatch.visits.order_files import read_orders

SAMPLES = Path(__file__).parents[3] / "docs" / "samples"


@pytest.mark.parametrize(
    ("name", "count", "encoding"), [("orders-zh.csv", 16, "gb18030"), ("orders-en.xlsx", 12, "xlsx")]
)
def test_every_row_of_the_samples_is_an_order(name: str, count: int, encoding: str) -> None:
    data = (SAMPLES / name).read_bytes()
    orders = read_orders(data, name, zone=ZoneInfo("Asia/Shanghai"), today=date(2026, 11, 20))
    assert (len(orders.rows), orders.encoding, orders.columns_ignored) == (count, encoding, ())
    assert not any(problem.fatal for problem in orders.problems)
    assert all(30.9 < (row.latitude or 0) < 31.5 and 121.2 < (row.longitude or 0) < 121.8 for row in orders.rows)
    assert all(row.wanted_window and row.deadline and row.area and row.minutes for row in orders.rows)

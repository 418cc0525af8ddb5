"""Order systems that tell of the same customer and line at the same moment make one of each."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import sqlalchemy as sa

from dispatch.customers.tables import Customer, Line, Site
from dispatch.database import Database
from dispatch.visits.orders import take_in_order
from dispatch.visits.tables import WorkOrder
from tests.makers import a_turn, an_order_told, some_settings


def test_the_same_order_told_eight_times_at_once_is_one(database: Database, tmp_path: Path) -> None:
    settings = some_settings(tmp_path, "")

    def tell(_: int) -> bool:
        with database.writing() as session:
            return take_in_order(a_turn(session, settings), an_order_told(external_id="WO-1"))[1]

    with ThreadPoolExecutor(8) as hands:
        new = list(hands.map(tell, range(8)))
    assert sorted(new) == [False] * 7 + [True]
    with database.reading() as session:
        counts = [session.scalar(sa.select(sa.func.count()).select_from(t)) for t in (WorkOrder, Customer, Site, Line)]
    assert counts == [1, 1, 1, 1]

"""How long the desk's search takes over many visits: p95 by kind of question, on both engines.

python -m benchmarks.search [visits] [sqlite|postgresql|both]

Two visits an order's customer, addresses and names of a made-up city; everything goes through the product's own index.
"""

# ruff: noqa: E501 - rows of made-up data

import random
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from sqlalchemy import insert

from dispatch.accounts.viewer import SYSTEM
from dispatch.clock import utc_now
from dispatch.customers.tables import Customer, Line, Site
from dispatch.database import Database
from dispatch.migrating import migrate
from dispatch.search.finding import search
from dispatch.search.index import index_waiting
from dispatch.visits.tables import Visit, WorkOrder
from tests.postgres import running_postgres

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
GIVEN = (
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂丹萍鹏华红玉飞玲建国志文海燕春晓雪梅思远浩然子涵宇轩佳怡俊德清婉"
)
ROADS = "国权虹桥科苑黄兴海棠潍坊商城广元漕溪盛夏张江龙阳世纪南京淮海延安中山长宁大连四平控江江湾"
BATCH = 2_000
TIMES = 40


def fill(database: Database, visits: int) -> list[tuple[str, str, str, str]]:
    """Rows in bulk; a sample of (name, phone, address, order number) to ask for."""
    chance, now, sample = random.Random(7), utc_now(), []
    orders = visits // 2
    for begin in range(0, orders, BATCH):
        rows: dict[type, list[dict[str, object]]] = {Customer: [], Site: [], Line: [], WorkOrder: [], Visit: []}
        for number in range(begin, min(begin + BATCH, orders)):
            name = chance.choice(SURNAMES) + "".join(chance.choices(GIVEN, k=chance.choice((1, 2, 2))))
            phone = f"+861{chance.randrange(30, 99)}{chance.randrange(10**8):08d}"
            road = "".join(chance.sample(ROADS, 2))
            address = f"上海市浦东新区{road}路{chance.randrange(1, 2000)}弄{chance.randrange(1, 60)}号楼{chance.randrange(100, 2500)}室"
            external = f"GD-2026-{number:07d}"
            customer, site, line, order = (uuid4() for _ in range(4))
            rows[Customer].append(
                {"id": customer, "name": name, "phone": phone, "channel": "sms", "language": "zh", "created_at": now}
            )
            rows[Site].append({"id": site, "customer_id": customer, "address": address})
            rows[Line].append({"id": line, "site_id": site, "account_name": f"sh{number:08d}", "access": "gpon"})
            rows[WorkOrder].append(
                {
                    "id": order, "external_id": external, "customer_id": customer, "site_id": site, "line_id": line,
                    "kind": "repair", "symptoms": [], "note": "", "reported_at": now, "minutes": 60, "skills": [],
                    "state": "open", "created_at": now,
                }
            )  # fmt: skip
            for day in (0, 1):
                start = now + timedelta(days=number % 300 + day)
                rows[Visit].append(
                    {
                        "id": uuid4(), "work_order_id": order, "window_start": start, "window_end": start + timedelta(hours=2),
                        "status": "booked", "version": 1, "told_version": 1, "checklist": "repair-1", "created_at": now,
                    }
                )  # fmt: skip
            if len(sample) < TIMES or chance.random() < 0.001:
                sample.append((name, phone, address, external))
        with database.writing() as session:
            for table, listed in rows.items():
                session.execute(insert(table), listed)
    return chance.sample(sample, min(TIMES, len(sample)))


def main() -> None:
    """Fill, index, ask, print."""
    visits = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    engines = {"both": ("sqlite", "postgresql")}.get(sys.argv[2] if len(sys.argv) > 2 else "both", tuple(sys.argv[2:3]))
    for engine in engines:
        with ExitStack() as stack, tempfile.TemporaryDirectory() as folder:
            url = (
                f"sqlite:///{Path(folder) / 'd.db'}" if engine == "sqlite" else stack.enter_context(running_postgres())
            )
            database = Database(url.replace("postgresql://", "postgresql+psycopg://"), data_key=b"k" * 32)
            migrate(database)
            begun = time.perf_counter()
            sample = fill(database, visits)
            filled, done = time.perf_counter(), 1
            while done:
                with database.writing() as session:
                    done = index_waiting(session, BATCH)
            indexed = time.perf_counter()
            print(f"{engine}: {visits} visits, filled in {filled - begun:.0f} s, indexed in {indexed - filled:.0f} s")
            from pypinyin import Style, lazy_pinyin

            asked = {
                "name": [one[0] for one in sample],
                "surname alone": [one[0][0] for one in sample],
                "pinyin initials": ["".join(lazy_pinyin(one[0], style=Style.FIRST_LETTER)) for one in sample],
                "phone's last four": [one[1][-4:] for one in sample],
                "road and number": [one[2][7:14] for one in sample],
                "what all addresses share": ["浦东新区"] * 10,
                "order's last six": [one[3][-6:] for one in sample],
            }
            for kind, questions in asked.items():
                taken, found = [], 0
                for question in questions:
                    at = time.perf_counter()
                    with database.reading() as session:
                        found += bool(search(session, SYSTEM, question).count)
                    taken.append((time.perf_counter() - at) * 1000)
                taken.sort()
                print(f"  {kind}: median {taken[len(taken) // 2]:.1f} ms, p95 {taken[int(len(taken) * 0.95) - 1]:.1f} ms, "
                      f"worst {taken[-1]:.1f} ms; {found} of {len(questions)} answered")  # fmt: skip
            database.dispose()


if __name__ == "__main__":
    main()

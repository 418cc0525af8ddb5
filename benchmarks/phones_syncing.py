"""Phones hand in their day against two web workers: how long a request takes, what a parcel costs, and what is lost.

python -m benchmarks.phones_syncing [phones] [sqlite|postgresql|both] [seconds]

Each phone has two visits, about 120 entries in parcels of ten and 6 photos, and begins at a moment spread evenly over
`seconds` (0: all at once, the worst morning there is). The full size is 300 phones. First all parcels are handed in,
then all photos, so that each kind's processor time is its own.

The peer is a bare insert: the very rows that the product wrote for its parcels (parcels, entries, entry_blobs), one
transaction for each parcel, by SQLAlchemy Core into a copy of the same database. The ratio is processor time of our web
processes a parcel over that of the inserting process; PostgreSQL's own processes count for neither.
"""

import asyncio
import hashlib
import io
import json
import os
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import sqlalchemy as sa
from PIL import Image

import dispatch.tables  # noqa: F401 - every table known
from checklists.published import by_key
from dispatch.accounts.actions import give_token
from dispatch.accounts.tables import Account
from dispatch.accounts.viewer import SYSTEM
from dispatch.clock import utc_now
from dispatch.database import Database
from dispatch.demo.visit_story import Story, play
from dispatch.migrating import migrate
from dispatch.records.tables import Blob, EntryBlob, EntryRow, Parcel
from dispatch.technicians.tables import Area, Technician
from dispatch.visits.windows import Window
from tests.makers import a_booking, a_turn, some_settings
from tests.postgres import running_postgres
from tests.proofs.serving import RunningProduct, family_of

DATA_KEY = b"the data key of one run, for all processes"
os.environ["DOORSTEP_DATA_KEY"] = DATA_KEY.decode()

VISITS, PHOTOS_A_VISIT, ENTRIES_A_PARCEL = 2, 3, 10
TICK = os.sysconf("SC_CLK_TCK")
PATIENCE = httpx.Timeout(120.0)


@dataclass
class Phone:
    """What one phone will hand in."""

    token: str
    parcels: list[tuple[UUID, bytes]] = field(default_factory=list)
    photos: list[bytes] = field(default_factory=list)
    entries: int = 0


@dataclass
class Came:
    """What the phones saw: seconds a request, what was acknowledged, other answers, and lost connections."""

    took: list[float] = field(default_factory=list)
    acknowledged: set[str] = field(default_factory=set)
    refused: int = 0
    broken: int = 0


def _photo(seed: int) -> bytes:
    """1600 x 1200 with some noise, about what a phone's compressing leaves (some 300 kB)."""
    chance = random.Random(seed)
    small = Image.effect_noise((200, 150), 60).convert("RGB").resize((1600, 1200))
    small.putpixel((0, 0), (chance.randrange(256), chance.randrange(256), seed % 256))
    out = io.BytesIO()
    small.save(out, "JPEG", quality=80)
    return out.getvalue() + seed.to_bytes(4)  # bytes after the end: another hash, the same picture


def _settle(database: Database, folder: Path, how_many: int) -> list[Phone]:
    """Technicians with accounts, each with two visits of today, and what their phones hold."""
    phones: list[Phone] = []
    settings = some_settings(folder, str(database.url))
    picture = _photo(0)
    with database.writing() as session:
        now = utc_now()
        turn = a_turn(session, settings, now)
        area = Area(name="张江", name_en="Zhangjiang", latitude=31.2, longitude=121.6)
        session.add(area)
        session.flush()
        for number in range(how_many):
            technician = Technician(
                code=f"B-{number:03d}", name=f"装维{number}", phone="+8613900000001", area_id=area.id
            )
            session.add(technician)
            session.flush()
            account = Account(
                login=f"b{number}", name=technician.name, role="technician", technician_id=technician.id,
                language="zh", password_hash=None, created_at=now,
            )  # fmt: skip
            session.add(account)
            session.flush()
            phone = Phone(give_token(session, SYSTEM, account, "benchmark", now))
            for each in range(VISITS):
                start = now + timedelta(minutes=30 + 90 * each)
                visit = a_booking(turn, technician, Window(start, start + timedelta(hours=1))).visit
                photos = [picture[:-4] + (number * 10 + each * 5 + n).to_bytes(4) for n in range(PHOTOS_A_VISIT)]
                shas = [hashlib.sha256(photo).hexdigest() for photo in photos]
                story = Story(
                    seed=number * VISITS + each, arrived=now, customer="王芳", technician=technician.name, photos=shas,
                    symptoms=["晚高峰卡顿"],
                )  # fmt: skip
                _pack(phone, visit.id, play(by_key(visit.checklist), story))
                phone.photos += photos
            phones.append(phone)
    return phones


def _pack(phone: Phone, visit_id: UUID, entries: list[Any]) -> None:
    phone.entries += len(entries)
    for first in range(0, len(entries), ENTRIES_A_PARCEL):
        told = [
            {
                "id": str(e.id), "step": e.step, "key": e.key, "value": e.value,
                "at": min(e.at, utc_now()).isoformat(), "blobs": list(e.blobs),
            }
            for e in entries[first : first + ENTRIES_A_PARCEL]
        ]  # fmt: skip
        body = {"visit_id": str(visit_id), "device_id": "benchmark", "entries": told}
        phone.parcels.append((uuid4(), json.dumps(body, ensure_ascii=False).encode()))


async def _hand_in(phones: list[Phone], address: str, seconds: float, photos: bool) -> Came:
    """All phones, each one thing after the other; what a worker is too busy for is tried again, as the phone does."""
    came = Came()
    limits = httpx.Limits(max_connections=len(phones), max_keepalive_connections=len(phones))
    async with httpx.AsyncClient(base_url=address, timeout=PATIENCE, limits=limits) as client:

        async def put(phone: Phone, path: str, body: bytes, kind: str) -> dict[str, Any] | None:
            headers = {"Authorization": f"Bearer {phone.token}", "Content-Type": kind}
            for _ in range(20):
                begun = time.perf_counter()
                try:
                    answer = await client.put(path, content=body, headers=headers)
                except httpx.TransportError:
                    came.broken += 1
                    continue
                came.took.append(time.perf_counter() - begun)
                if answer.status_code in (200, 201):
                    return dict(answer.json())
                came.refused += 1
                if answer.status_code not in (429, 503):
                    raise SystemExit(f"{path}: {answer.status_code} {answer.text[:300]}")
                await asyncio.sleep(float(answer.headers.get("Retry-After", 1)))
            return None

        async def sync(number: int, phone: Phone) -> None:
            await asyncio.sleep(seconds * number / len(phones))
            if photos:
                for photo in phone.photos:
                    sha256 = hashlib.sha256(photo).hexdigest()
                    if await put(phone, f"/api/v1/blobs/{sha256}", photo, "image/jpeg"):
                        came.acknowledged.add(sha256)
                return
            for parcel_id, body in phone.parcels:
                receipt = await put(phone, f"/api/v1/parcels/{parcel_id}", body, "application/json")
                if receipt and receipt["sha256"] == hashlib.sha256(body).hexdigest():
                    came.acknowledged |= {entry["id"] for entry in receipt["entries"]}

        await asyncio.gather(*(sync(number, phone) for number, phone in enumerate(phones)))
    return came


def _processor_seconds(pids: list[int]) -> float:
    total = 0
    for pid in pids:
        told = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        total += int(told[11]) + int(told[12])
    return total / TICK


def _web_workers(product: RunningProduct) -> list[int]:
    assert product.process is not None
    return [
        pid
        for pid in family_of(product.process.pid)
        if b"mobile_api.commands.children\0web" in Path(f"/proc/{pid}/cmdline").read_bytes()
    ]


def _bare(source: Database, copy: Database) -> float:
    """Processor seconds a parcel of inserting the same rows, a transaction for each parcel."""
    tables = [Parcel.__table__, EntryRow.__table__, EntryBlob.__table__]
    with source.engine.connect() as connection:
        parcels = [dict(row._mapping) for row in connection.execute(sa.select(tables[0]))]
        entries: dict[UUID, list[dict[str, Any]]] = {}
        owner: dict[UUID, UUID] = {}
        for row in connection.execute(sa.select(tables[1])):
            entries.setdefault(row.parcel_id, []).append(dict(row._mapping))
            owner[row.id] = row.parcel_id
        blobs: dict[UUID, list[dict[str, Any]]] = {}
        for row in connection.execute(sa.select(tables[2])):
            blobs.setdefault(owner[row.entry_id], []).append(dict(row._mapping))
    engine = copy.engine.execution_options(sqlite_begin="BEGIN IMMEDIATE")
    begun = time.process_time()
    for parcel in parcels:
        with engine.begin() as connection:
            connection.execute(sa.insert(tables[0]), parcel)
            connection.execute(sa.insert(tables[1]), entries[parcel["id"]])
            if parcel["id"] in blobs:
                connection.execute(sa.insert(tables[2]), blobs[parcel["id"]])
    return (time.process_time() - begun) / len(parcels)


def _lost(database: Database, entries: set[str], blobs: set[str]) -> tuple[int, int]:
    """How many acknowledged entries and photos are not there."""
    with database.reading() as session:
        kept = {str(one) for one in session.scalars(sa.select(EntryRow.id))}
        pictures = set(session.scalars(sa.select(Blob.sha256)))
    return len(entries - kept), len(blobs - pictures)


@contextmanager
def _databases(engine: str, folder: Path) -> Iterator[tuple[str, str, Any]]:
    """Addresses of the product's database and of its copy, and how to make the copy."""
    if engine == "sqlite":
        first, second = folder / "doorstep.db", folder / "bare.db"
        yield f"sqlite:///{first}", f"sqlite:///{second}", lambda: shutil.copy(first, second)
        return
    with running_postgres(durable=True) as server:
        asked = sa.create_engine(server, isolation_level="AUTOCOMMIT")
        own = [
            sa.make_url(server).set(database=name).render_as_string(hide_password=False) for name in ("product", "bare")
        ]

        def say(statement: str) -> None:
            with asked.connect() as connection:
                connection.execute(sa.text(statement))

        say("CREATE DATABASE product")
        yield own[0], own[1], lambda: say("CREATE DATABASE bare TEMPLATE product")
        asked.dispose()


def _told(kind: str, came: Came, seconds: float) -> str:
    shown = sorted(came.took)
    p50, p99 = statistics.median(shown), shown[min(len(shown) - 1, int(len(shown) * 0.99))]
    return (
        f"  {kind}: {len(shown)} requests in {seconds:.1f} s ({len(shown) / seconds:.0f}/s), "
        f"p50 {p50 * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms, {came.refused} told to come again, "
        f"{came.broken} connections lost"
    )


def run(engine: str, how_many: int, seconds: float) -> int:
    """One engine; returns what was lost."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        (folder / "var").mkdir()
        address, bare_address, make_copy = stack.enter_context(_databases(engine, folder))
        database = Database(address, data_key=DATA_KEY)
        migrate(database)
        phones = _settle(database, folder / "var", how_many)
        if engine == "sqlite":
            with database.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        database.dispose()
        make_copy()
        product = RunningProduct(folder / "var", address)
        product.start()
        stack.callback(product.kill)
        workers = _web_workers(product)
        entries, per_phone = sum(phone.entries for phone in phones), phones[0].entries
        print(f"{engine}: {how_many} phones, {entries} entries (about {per_phone} each), {len(workers)} web workers")
        lines, acknowledged, cost = [], [], 0.0
        for kind, photos in (("parcels", False), ("photos", True)):
            before, begun = _processor_seconds(workers), time.perf_counter()
            came = asyncio.run(_hand_in(phones, product.address, seconds, photos))
            lines.append(_told(kind, came, time.perf_counter() - begun))
            acknowledged.append(came.acknowledged)
            if not photos:
                cost = (_processor_seconds(workers) - before) / sum(len(phone.parcels) for phone in phones)
        product.kill()  # -9: what was acknowledged has to be there all the same
        bare = _bare(database, Database(bare_address, data_key=DATA_KEY))
        lost = _lost(database, *acknowledged)
        print("\n".join(lines))
        print(
            f"  processor time a parcel: {cost * 1000:.1f} ms, bare insert {bare * 1000:.2f} ms, "
            f"ratio {cost / bare:.1f}"
        )
        print(
            f"  acknowledged {len(acknowledged[0])} entries and {len(acknowledged[1])} photos; "
            f"lost {lost[0]} and {lost[1]}"
        )
        if len(acknowledged[0]) != entries:
            raise SystemExit(f"{engine}: only {len(acknowledged[0])} of {entries} entries were acknowledged")
        database.dispose()
        return sum(lost)


def main(how_many: int, engines: list[str], seconds: float) -> None:
    """Every engine; ends badly if anything acknowledged is not there."""
    if sum([run(engine, how_many, seconds) for engine in engines]):
        raise SystemExit("acknowledged and lost")


if __name__ == "__main__":
    which = sys.argv[2] if len(sys.argv) > 2 else "both"
    main(
        int(sys.argv[1]) if len(sys.argv) > 1 else 20,
        ["sqlite", "postgresql"] if which == "both" else [which],
        float(sys.argv[3]) if len(sys.argv) > 3 else 0.0,
    )

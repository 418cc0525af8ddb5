"""How fast two workers say what is owed, against a bare httpx loop on the same gateway: notices a second, the ratio.

python -m benchmarks.drain_notices [notices] [sqlite|postgresql|both]

The gateway answers after 20 ms. The bare loop is two processes as well, each with as many calls in flight as a sender
has threads, posting the same bodies: it words nothing, claims nothing, and writes nothing down.
"""

import asyncio
import json
import multiprocessing
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import httpx
from sqlalchemy import func, insert, select

import dispatch.tables  # noqa: F401 - every table known, as in the jobs process
from dispatch.clock import utc_now
from dispatch.customers.tables import Customer
from dispatch.database import Database
from dispatch.migrating import migrate
from dispatch.notices.channels.http import HttpChannel
from dispatch.notices.rounds import AT_ONCE, Sender
from dispatch.notices.tables import Notice
from dispatch.settings import Settings
from tests.postgres import running_postgres

ANSWERS_AFTER = 0.02  # seconds
WORKERS = 2
LINK = "https://example.net/c/0123456789abcdef0123456789abcdef"


class _Gateway(asyncio.Protocol):
    """Takes every message, as cheaply as Python can: it must not be what is measured."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._kept = b""

    def data_received(self, data: bytes) -> None:
        self._kept += data
        head, found, body = self._kept.partition(b"\r\n\r\n")
        if not found:
            return
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        if len(body) >= length:
            self._kept = body[length:]
            asyncio.get_running_loop().call_later(ANSWERS_AFTER, self._answer)

    def _answer(self) -> None:
        said = b'{"state": "queued"}'
        head = b"HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(said)
        self._transport.write(head + said)  # type: ignore[attr-defined]


def _run_gateway(port: "multiprocessing.Queue[int]") -> None:
    async def serve() -> None:
        server = await asyncio.get_running_loop().create_server(_Gateway, "127.0.0.1", 0, backlog=256)
        port.put(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(serve())


def _send_all(database_url: str, gateway_url: str, begin: "multiprocessing.Event") -> None:  # type: ignore[valid-type]
    database = Database(database_url)
    settings = Settings(_env_file=None, quiet_from=0, quiet_until=0, sms_per_number_hour=0)  # type: ignore[call-arg]
    sender = Sender(database, settings, {"sms": HttpChannel(gateway_url, 5.0)}, lambda notice: LINK)
    begin.wait()  # type: ignore[attr-defined]
    while sender.round(database.now):
        pass
    sender.close()


def _post_all(how_many: int, gateway_url: str, begin: "multiprocessing.Event") -> None:  # type: ignore[valid-type]
    text = "【装维上门】尊敬的王芳，您好！您预约的宽带维修服务已安排在11月23日（周一）09:00–10:00。" + LINK

    async def post() -> None:
        left = iter(range(how_many))
        limits = httpx.Limits(max_connections=AT_ONCE, max_keepalive_connections=AT_ONCE)
        async with httpx.AsyncClient(timeout=5.0, limits=limits) as client:

            async def one_after_another() -> None:
                for _ in left:
                    notice_id = str(uuid4())
                    body = json.dumps({"id": notice_id, "to": "+8613800000001", "text": text}).encode()
                    headers = {"Idempotency-Key": notice_id, "Content-Type": "application/json"}
                    answer = await client.post(gateway_url, content=body, headers=headers)
                    answer.raise_for_status()

            await asyncio.gather(*(one_after_another() for _ in range(AT_ONCE)))

    begin.wait()  # type: ignore[attr-defined]
    asyncio.run(post())


def _owe(database: Database, how_many: int) -> None:
    now = utc_now()
    window = {"start": now.isoformat(), "end": (now + timedelta(hours=1)).isoformat()}
    facts = {
        "customer": "王芳",
        "work": {"zh": "宽带维修", "en": "broadband repair"},
        "window": window,
        "technician": "赵翀",
        "technician_code": "SH-101",
        "link_id": "abc",
    }
    with database.writing() as session:
        customer = Customer(name="王芳", phone="+8613800000001", created_at=now)
        session.add(customer)
        session.flush()
        rows = [
            {
                "id": uuid4(),
                "dedupe_key": f"booked:{number}",
                "kind": "booked",
                "customer_id": customer.id,
                "visit_id": uuid4(),
                "visit_version": 1,
                "to": customer.phone,
                "medium": "sms",
                "routes": ["call"],
                "language": "zh",
                "facts": facts,
                "owed_at": now,
                "not_before": now,
            }
            for number in range(how_many)
        ]
        session.execute(insert(Notice), rows)


def _timed(target: object, arguments: list[tuple[object, ...]]) -> float:
    """Seconds from the word go until every process has ended well."""
    begin = multiprocessing.Event()
    processes = [multiprocessing.Process(target=target, args=(*given, begin)) for given in arguments]  # type: ignore[arg-type]
    for process in processes:
        process.start()
    time.sleep(2.0)  # everything imported and connected
    begun = time.perf_counter()
    begin.set()
    for process in processes:
        process.join()
        if process.exitcode != 0:
            raise SystemExit("a worker failed")
    return time.perf_counter() - begun


def main(how_many: int, engines: list[str]) -> None:
    """Bare first, then the product on each engine, then bare once more: the better of the bare runs counts."""
    multiprocessing.set_start_method("spawn")
    port: multiprocessing.Queue[int] = multiprocessing.Queue()
    gateway = multiprocessing.Process(target=_run_gateway, args=(port,), daemon=True)
    gateway.start()
    url = f"http://127.0.0.1:{port.get()}/messages"
    share = [(how_many // WORKERS, url)] * WORKERS
    bare = [how_many / _timed(_post_all, list(share))]
    ours: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        for engine in engines:
            address = f"sqlite:///{Path(folder) / 'doorstep.db'}"
            if engine == "postgresql":
                address = stack.enter_context(running_postgres(durable=True))
            database = Database(address)
            migrate(database)
            _owe(database, how_many)
            ours[engine] = how_many / _timed(_send_all, [(address, url)] * WORKERS)
            with database.reading() as session:
                accepted = session.scalar(select(func.count()).where(Notice.state == "accepted"))
            if accepted != how_many:
                raise SystemExit(f"{engine}: {accepted} of {how_many} accepted")
            database.dispose()
        bare.append(how_many / _timed(_post_all, list(share)))
    gateway.terminate()
    print(f"bare httpx loop, {WORKERS} processes x {AT_ONCE} in flight: {max(bare):,.0f} messages/s")
    for engine, rate in ours.items():
        print(f"{engine}: {how_many} notices, {rate:,.0f}/s, ratio {rate / max(bare):.2f}")


if __name__ == "__main__":
    which = sys.argv[2] if len(sys.argv) > 2 else "both"
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000, ["sqlite", "postgresql"] if which == "both" else [which])

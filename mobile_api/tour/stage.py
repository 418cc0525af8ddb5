"""Where the tour plays: a server of its own, its people, and hands that speak HTTP."""

import json
import os
import re
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from dispatch.accounts.actions import give_token, open_account
from dispatch.accounts.viewer import SYSTEM
from dispatch.clock import utc_now
from dispatch.house import House
from dispatch.technicians.tables import Area, Shift, Technician

READY_WITHIN = 45.0
TOLD_WITHIN = 25.0
LINK = re.compile(r"https?://\S+?/c/[A-Za-z0-9_-]+")


class TourFailed(Exception):
    """A step did not do what it promises; the message says which and what came instead."""


@dataclass(frozen=True)
class Stage:
    """The running server with a hand for each role."""

    address: str
    folder: Path
    house: House
    desk: httpx.Client
    supervisor: httpx.Client
    phone: httpx.Client
    customer: httpx.Client
    technician_id: str
    technician_name: str

    def expect(self, answer: httpx.Response, *statuses: int) -> Any:
        """The answer's JSON, or TourFailed when its status is none of `statuses`."""
        if answer.status_code not in statuses:
            raise TourFailed(f"{answer.request.method} {answer.request.url}: {answer.status_code} {answer.text[:400]}")
        return answer.json() if "json" in answer.headers.get("content-type", "") else None

    def accepted(self, visit_id: str, kind: str) -> dict[str, Any]:
        """Wait until the jobs process has sent the visit's notice of this kind; returns it."""
        until = time.monotonic() + TOLD_WITHIN
        while time.monotonic() < until:
            items = self.expect(self.desk.get("/api/v1/notices", params={"visit_id": visit_id}), 200)["items"]
            for notice in items:
                if notice["kind"] == kind and notice["state"] in ("accepted", "delivered"):
                    found: dict[str, Any] = notice
                    return found
            time.sleep(0.2)
        raise TourFailed(f"no {kind} notice was sent within {TOLD_WITHIN:.0f} s")

    def link_in(self, notice_id: str) -> str:
        """The customer's link, read where the customer reads it: in the message."""
        message = json.loads((self.messages / f"{notice_id}.json").read_text())
        found = LINK.search(message["text"])
        if found is None:
            raise TourFailed(f"the message {notice_id} has no link")
        return found.group(0)

    @property
    def messages(self) -> Path:
        """Where the files channel writes."""
        return self.folder / "messages"


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


def hire(house: House) -> tuple[str, str, dict[str, str]]:
    """An area, a technician on shift, an account each; returns the technician's id and name, and tokens by role."""
    mark, now = secrets.token_hex(3), utc_now()
    with house.database.writing() as session:
        area = Area(name=f"张江-{mark}", name_en=f"Zhangjiang-{mark}", latitude=31.2041, longitude=121.5937)
        session.add(area)
        session.flush()
        technician = Technician(code=f"T-{mark}", name="赵翀㛃", phone="+8613900000001", area_id=area.id)
        session.add(technician)
        session.flush()
        midnight = datetime(now.year, now.month, now.day, tzinfo=UTC)
        for day in range(4):
            start = midnight + timedelta(days=day)
            session.add(Shift(technician_id=technician.id, starts_at=start, ends_at=start + timedelta(hours=14)))
        tokens = {}
        for role in ("dispatcher", "supervisor", "technician"):
            account = open_account(
                session,
                SYSTEM,
                login=f"tour-{role}-{mark}",
                name=f"tour {role}",
                role=role,
                password=None,
                now=now,
                technician_id=technician.id if role == "technician" else None,
            )
            tokens[role] = give_token(session, SYSTEM, account, "tour", now, days=1)
        return str(technician.id), technician.name, tokens


@contextmanager
def running(house: House, port: int) -> Iterator[Stage]:
    """`doorstep serve` in a process of its own, ended when the tour ends."""
    address = f"http://127.0.0.1:{port}"
    technician_id, name, tokens = hire(house)
    house.database.dispose()
    command = [sys.executable, "-m", "mobile_api.cli", "serve", "--host", "127.0.0.1", "--port", str(port)]
    log = (house.settings.data_dir / "serve.log").open("wb")
    process = subprocess.Popen(command, env=os.environ, stdout=log, stderr=log)  # noqa: S603 - our own command

    def hand(role: str) -> httpx.Client:
        return httpx.Client(base_url=address, headers={"Authorization": f"Bearer {tokens[role]}"}, timeout=30)

    customer = httpx.Client(base_url=address, headers={"Origin": address, "Sec-Fetch-Site": "same-origin"}, timeout=30)
    try:
        with hand("dispatcher") as desk, hand("supervisor") as supervisor, hand("technician") as phone, customer:
            _wait_until_ready(desk, process, log.name)
            yield Stage(address, house.settings.data_dir, house, desk, supervisor, phone, customer, technician_id, name)
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
        log.close()


def _wait_until_ready(client: httpx.Client, process: subprocess.Popen[bytes], log: str) -> None:
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until and process.poll() is None:
        try:
            if client.get("/readyz").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise TourFailed("the server did not start:\n" + Path(log).read_text()[-2000:])

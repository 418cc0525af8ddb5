"""The whole product as an operator runs it (`doorstep serve`), to be raced, killed and started again."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx

COMMAND = str(Path(sys.executable).parent / "doorstep")
READY_WITHIN = 60.0


def free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


@dataclass
class RunningProduct:
    """Web and jobs in a process group of their own."""

    folder: Path
    database_url: str
    workers: int = 2
    more: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        environment = {
            **os.environ,
            "DOORSTEP_DATA_DIR": str(self.folder),
            "DOORSTEP_DATABASE_URL": self.database_url,
            "DOORSTEP_PUBLIC_URL": self.address,
            "DOORSTEP_LOG_LEVEL": "warning",
            **self.more,
        }
        log = (self.folder.parent / "serve.log").open("ab")
        command = [COMMAND, "serve", "--port", str(self.port), "--workers", str(self.workers)]
        self.process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
        until = time.monotonic() + READY_WITHIN
        while time.monotonic() < until:
            try:
                if httpx.get(f"{self.address}/readyz", timeout=5).status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.05)
        raise AssertionError((self.folder.parent / "serve.log").read_text()[-3000:])

    def kill(self) -> None:
        """kill -9 of everything at once: parent, web workers and jobs, each in the middle of what it does."""
        if self.process is None:
            return
        family = family_of(self.process.pid)
        for pid in family:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()
        self.process = None
        until = time.monotonic() + READY_WITHIN
        while any(Path(f"/proc/{pid}").exists() for pid in family) and time.monotonic() < until:
            time.sleep(0.02)


def family_of(pid: int) -> list[int]:
    """The process and all that it began, directly or not."""
    parents: dict[int, list[int]] = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = status.read_text().rsplit(")", 1)[1].split()
            parents.setdefault(int(fields[1]), []).append(int(status.parent.name))
    family, found = [], [pid]
    while found:
        family += found
        found = [child for one in found for child in parents.get(one, [])]
    return family

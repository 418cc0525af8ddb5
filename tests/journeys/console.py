"""The real `doorstep` command, in processes of its own."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

COMMAND = Path(sys.executable).parent / "doorstep"
ADDRESS = re.compile(r"(?:Ready: |Listening on )(https?://\S+)")


def environment(folder: Path, **settings: object) -> dict[str, str]:
    """Nothing of ours but what is given; `_` settings become DOORSTEP_…"""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DOORSTEP_")}
    given = {"data_dir": folder / "var"} | settings
    return kept | {f"DOORSTEP_{name.upper()}": str(value) for name, value in given.items()}


@dataclass(frozen=True)
class Said:
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str


def doorstep(folder: Path, *arguments: str, stdin: str = "", **settings: object) -> Said:
    """Run one command to its end, in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    ended = subprocess.run(
        [str(COMMAND), *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        cwd=folder,
        env=environment(folder, **settings),
        timeout=110,
        check=False,
    )
    assert "Traceback" not in ended.stderr, ended.stderr
    return Said(ended.returncode, ended.stdout, ended.stderr)


@dataclass
class Serving:
    """A running `doorstep serve`. `log` grows while it runs."""

    process: subprocess.Popen[str]
    address: str = ""
    out: list[str] = field(default_factory=list)
    log: list[str] = field(default_factory=list)

    def children(self) -> dict[str, int]:
        """Its processes, by what they do: `web` (the last one found) and `jobs`."""
        found: dict[str, int] = {}
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                told = (entry / "stat").read_text().rsplit(")", 1)[1].split()
                command = (entry / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if int(told[1]) == self.process.pid and b"mobile_api.commands.children" in command:
                role = command[command.index(b"mobile_api.commands.children") + 1].decode()
                found[f"{role}{sum(name.startswith(role) for name in found) or ''}"] = int(entry.name)
        return found

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(60)


def is_running(pid: int) -> bool:
    """Whether the process is there and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def eventually(true: object, seconds: float = 40) -> bool:
    """Whether `true()` comes true within `seconds`."""
    assert callable(true)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if true():
            return True
        time.sleep(0.1)
    return bool(true())


@contextmanager
def serving(folder: Path, *arguments: str, **settings: object) -> Iterator[Serving]:
    """`doorstep serve` on a free port, ready; ended afterwards whatever happens."""
    folder.mkdir(parents=True, exist_ok=True)
    process = subprocess.Popen(
        [str(COMMAND), "serve", "--port", "0", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=folder,
        env=environment(folder, **settings),
    )
    running = Serving(process)
    assert process.stdout is not None
    assert process.stderr is not None
    pumps = [
        threading.Thread(target=lambda: running.out.extend(iter(process.stdout.readline, "")), daemon=True),  # type: ignore[union-attr]
        threading.Thread(target=lambda: running.log.extend(iter(process.stderr.readline, "")), daemon=True),  # type: ignore[union-attr]
    ]
    for pump in pumps:
        pump.start()
    try:
        ready = eventually(lambda: ADDRESS.search("".join(running.out)) or process.poll() is not None, 100)
        found = ADDRESS.search("".join(running.out))
        assert ready, "".join(running.log)
        assert found, "".join(running.log)
        running.address = found[1]
        yield running
    finally:
        left = list(running.children().values())
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(40)
            except subprocess.TimeoutExpired:
                process.kill()
        for pid in left:
            if is_running(pid):
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    continue
        for pump in pumps:
            pump.join(5)

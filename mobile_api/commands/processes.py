"""Several processes under one roof: each is started again when it dies, and none outlives the one that started it."""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import FrameType

log = logging.getLogger("doorstep.serve")

GRACE_SECONDS = 15.0
LOOK_EVERY_SECONDS = 0.2
STEADY_SECONDS = 10.0  # a process that ran this long did start well
LONGEST_PAUSE_SECONDS = 10.0
MOST_FALSE_STARTS = 5


class CannotStart(Exception):
    """A process ends again and again as soon as it is started."""


@dataclass
class Child:
    """One process to keep running. `arguments` follow `python -m mobile_api.commands.children`."""

    name: str
    arguments: tuple[str, ...]
    shares: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    false_starts: int = 0
    not_before: float = field(default=0.0)


class Supervisor:
    """Starts children, starts them again when they die, ends them when told to.

    Children hold the reading end of a pipe whose writing end only this process has. When this process is gone, however
    it went, they read the end of it and stop: nothing is left running that nobody looks after.
    """

    def __init__(self, children: Sequence[Child]) -> None:
        self.children = list(children)
        self._asked_to_stop = threading.Event()
        self._reading, self._writing = os.pipe()

    def heed_signals(self) -> None:
        """Stop on SIGTERM, SIGINT and SIGHUP."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._on_signal)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        self._asked_to_stop.set()

    @property
    def stopping(self) -> bool:
        """Whether somebody asked to stop."""
        return self._asked_to_stop.is_set()

    def run(self) -> None:
        """Keep every child running until asked to stop. Raises CannotStart for one that never stays up."""
        try:
            while not self._asked_to_stop.is_set():
                self.look()
                self._asked_to_stop.wait(LOOK_EVERY_SECONDS)
        finally:
            self._end_all()

    def look(self) -> None:
        """Start what is not running."""
        now = time.monotonic()
        for child in self.children:
            if child.process is not None and child.process.poll() is not None:
                self._note_end(child, now)
            if child.process is None and now >= child.not_before:
                self._start(child, now)

    def _start(self, child: Child, now: float) -> None:
        command = [
            sys.executable,
            "-m",
            "mobile_api.commands.children",
            *child.arguments,
            "--parent",
            str(self._reading),
        ]
        child.process = subprocess.Popen(  # noqa: S603 - our own module
            command,
            stdin=subprocess.DEVNULL,
            pass_fds=(self._reading, *child.shares),
            start_new_session=True,  # Ctrl-C reaches us only, and we end them in order
        )
        child.started = now

    def _note_end(self, child: Child, now: float) -> None:
        assert child.process is not None
        code = child.process.returncode
        steady = now - child.started >= STEADY_SECONDS
        child.false_starts = 0 if steady else child.false_starts + 1
        child.process = None
        if child.false_starts >= MOST_FALSE_STARTS:
            raise CannotStart(child.name)
        pause = 0.0 if steady else min(0.5 * 2 ** (child.false_starts - 1), LONGEST_PAUSE_SECONDS)
        child.not_before = now + pause
        log.error("%s ended (%s) and is started again", child.name, code)

    def _end_all(self) -> None:
        """Ask all to end, wait, then end those that do not."""
        running = [child for child in self.children if child.process is not None and child.process.poll() is None]
        for child in running:
            assert child.process is not None
            child.process.terminate()
        until = time.monotonic() + GRACE_SECONDS
        for child in running:
            assert child.process is not None
            try:
                child.process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                log.error("%s does not end and is killed", child.name)
                child.process.kill()
                child.process.wait()
        os.close(self._writing)
        os.close(self._reading)


def end_with_parent(reading: int) -> None:
    """In a child: end when the parent is gone, first as if asked to, then for certain."""

    def watch() -> None:
        while True:
            try:
                if os.read(reading, 1) == b"":
                    break
            except InterruptedError:
                continue
            except OSError:
                break
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(GRACE_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, name="parent", daemon=True).start()

"""The jobs process: runs until it is told to stop."""

import signal
import threading
from types import FrameType

from dispatch.house import House
from dispatch.jobs import run_jobs


def work(house: House) -> None:
    """Run the jobs until SIGTERM or SIGINT."""
    stop = threading.Event()

    def on_signal(number: int, frame: FrameType | None) -> None:
        del number, frame
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, on_signal)
    run_jobs(house, stop)
    house.database.dispose()

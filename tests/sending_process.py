"""A sender in a process of its own, to be killed: sends what is due at a clock that is `seconds` ahead of ours.

`naive` is the control: it never asks, and so resends whatever it is not sure of.
"""

import sys
import threading
import time
from datetime import datetime, timedelta

import dispatch.tables  # noqa: F401 - every table known, as in the jobs process
from dispatch.clock import utc_now
from dispatch.database import Database
from dispatch.notices.channels.http import HttpChannel
from dispatch.notices.channels.protocol import Outcome, Sent
from dispatch.notices.rounds import Sender
from dispatch.notices.watching import watch
from dispatch.settings import Settings


class NaiveChannel(HttpChannel):
    """Believes that what was not confirmed was not sent."""

    def ask(self, sent: Sent) -> Outcome:
        """It does not."""
        return Outcome("never_seen")


def main(database_url: str, gateway_url: str, seconds: float, policy: str) -> None:
    database = Database(database_url)
    settings = Settings(_env_file=None, quiet_from=0, quiet_until=0, sms_per_number_hour=0)  # type: ignore[call-arg]
    channel = (NaiveChannel if policy == "naive" else HttpChannel)(gateway_url, 2.0)
    sender = Sender(database, settings, {"sms": channel}, lambda notice: "https://example.net/c/x")

    def now() -> datetime:
        return utc_now() + timedelta(seconds=seconds)

    def keep_watching() -> None:
        while True:
            watch(database, now())
            time.sleep(0.2)

    threading.Thread(target=keep_watching, daemon=True).start()
    print("sending", flush=True)
    while True:
        sender.round(now)
        time.sleep(0.05)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]), sys.argv[4])

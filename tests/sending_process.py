"""A sender in a process of its own, to be killed: sends what is due at a clock that is `seconds` ahead of ours."""

import sys
from datetime import timedelta

import dispatch.tables  # noqa: F401 - every table known, as in the jobs process
from dispatch.clock import utc_now
from dispatch.database import Database
from dispatch.notices.channels.http import HttpChannel
from dispatch.notices.rounds import Sender
from dispatch.settings import Settings


def main(database_url: str, gateway_url: str, seconds: float) -> None:
    database = Database(database_url)
    settings = Settings(_env_file=None)  # type: ignore[call-arg]
    sender = Sender(
        database, settings, {"sms": HttpChannel(gateway_url, 2.0)}, lambda notice: "https://example.net/c/x"
    )
    print("sending", flush=True)
    while True:
        sender.round(lambda: utc_now() + timedelta(seconds=seconds))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]))

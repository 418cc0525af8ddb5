"""What runs in the processes that `doorstep serve` starts: a web worker on the shared socket, or the jobs."""

import argparse
import logging.config
import socket
import sys

import uvicorn

from dispatch.house import open_house
from dispatch.settings import Settings
from mobile_api.app import create_app
from mobile_api.commands.processes import end_with_parent
from mobile_api.commands.serving import work
from mobile_api.commands.speaking import plainly
from mobile_api.logs import log_config

GRACE_SECONDS = 10


def main() -> None:
    """`web --socket N` or `jobs`, each with `--parent N`, the pipe that closes when the parent is gone."""
    parser = argparse.ArgumentParser()
    parser.add_argument("role", choices=("web", "jobs"))
    parser.add_argument("--socket", type=int)
    parser.add_argument("--parent", type=int, required=True)
    asked = parser.parse_args()
    end_with_parent(asked.parent)
    settings = Settings()
    if asked.role == "web":
        serve_on(socket.socket(fileno=asked.socket), settings)
    else:
        logging.config.dictConfig(log_config(settings.log_level))
        work(open_house(settings))


def serve_on(listening: socket.socket, settings: Settings) -> None:
    """Serve the web application on an open socket until told to stop."""
    trusted = settings.trusted_proxies.replace(",", " ").split()
    config = uvicorn.Config(
        create_app(settings),
        log_config=log_config(settings.log_level),
        log_level=settings.log_level,
        proxy_headers=bool(trusted),
        forwarded_allow_ips=trusted,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        lifespan="on",
    )
    uvicorn.Server(config).run(sockets=[listening])


if __name__ == "__main__":
    try:
        with plainly():
            main()
    except KeyboardInterrupt:
        sys.exit(130)

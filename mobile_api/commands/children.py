"""What runs in the processes that `doorstep serve` starts: a web worker on the shared socket, or the jobs."""

import argparse
import logging.config
import socket
import sys

from dispatch.house import open_house
from dispatch.settings import Settings
from mobile_api.commands.processes import end_with_parent
from mobile_api.commands.speaking import plainly
from mobile_api.logs import log_config


def main() -> None:
    """`web --socket N` or `jobs`, each with `--parent N`, the pipe that closes when the parent is gone."""
    parser = argparse.ArgumentParser()
    parser.add_argument("role", choices=("web", "jobs"))
    parser.add_argument("--socket", type=int)
    parser.add_argument("--parent", type=int, required=True)
    asked = parser.parse_args()
    end_with_parent(asked.parent)
    settings = Settings()
    # each process loads only what it needs: the jobs know no pages
    if asked.role == "web":
        from mobile_api.commands.web_worker import serve_on

        serve_on(socket.socket(fileno=asked.socket), settings)
    else:
        from mobile_api.commands.jobs_worker import work

        logging.config.dictConfig(log_config(settings.log_level))
        work(open_house(settings))


if __name__ == "__main__":
    try:
        with plainly():
            main()
    except KeyboardInterrupt:
        sys.exit(130)

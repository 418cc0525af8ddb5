"""The product's server in a process of its own, started from one that has imported everything already.

Importing takes two seconds of a core and the planner's machine code another; hundreds of tests and restarts need a
server.
"""

import multiprocessing
import os
import sys
from multiprocessing.process import BaseProcess

import uvicorn

import mobile_api.pages as pages
from mobile_api.app import create_app

_imported = multiprocessing.get_context("forkserver")
_imported.set_forkserver_preload(["tests.browser.warm"])


def serve_apart(environment: dict[str, str], build: str = "") -> BaseProcess:
    """Serve with these settings until the process is killed; another `build` is a deployment of other static files."""
    process = _imported.Process(target=_serve, args=(environment, build), daemon=True)
    process.start()
    return process


def _serve(environment: dict[str, str], build: str) -> None:
    os.environ.update(environment)
    if build:
        known = pages.static_version
        for module in [one for name, one in sys.modules.items() if name.startswith("mobile_api")]:
            if getattr(module, "static_version", None) is known:
                module.static_version = lambda: build
    uvicorn.run(
        create_app(),
        host="127.0.0.1",
        port=int(environment["DOORSTEP_PORT"]),
        log_level="warning",
        ssl_certfile=environment.get("DOORSTEP_TLS_CERTIFICATE"),
        ssl_keyfile=environment.get("DOORSTEP_TLS_KEY"),
    )

"""One web process: the application on the socket that `doorstep serve` opened."""

import socket

import uvicorn
from fastapi import FastAPI

from dispatch.planning.rounds import warm_up_behind
from dispatch.settings import Settings
from mobile_api.app import create_app
from mobile_api.logs import log_config

GRACE_SECONDS = 10
KEPT_OPEN_SECONDS = 75  # longer than proxies keep theirs (60): whoever closes first must be the one who sends


def serve_on(listening: socket.socket, settings: Settings) -> None:
    """Serve until told to stop; what is under way is answered first. Forwarded addresses only from trusted proxies."""
    trusted = settings.trusted_proxies.replace(",", " ").split()
    app = create_app(settings)
    config = uvicorn.Config(
        app,
        log_config=log_config(settings.log_level),
        log_level=settings.log_level,
        proxy_headers=bool(trusted),
        forwarded_allow_ips=trusted,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        timeout_keep_alive=KEPT_OPEN_SECONDS,
        lifespan="on",
        ssl_certfile=settings.tls_certificate,
        ssl_keyfile=str(settings.tls_key) if settings.tls_key else None,
    )
    warm_up_behind()  # free windows are reckoned here
    _Server(config, app).run(sockets=[listening])


class _Server(uvicorn.Server):
    """Ends the desk's open streams before it waits for what is under way: they would never end by themselves."""

    def __init__(self, config: uvicorn.Config, app: FastAPI) -> None:
        super().__init__(config)
        self._app = app

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Send the watchers off, then stop as ever."""
        if live := getattr(self._app.state, "live", None):
            live.end()
        await super().shutdown(sockets)

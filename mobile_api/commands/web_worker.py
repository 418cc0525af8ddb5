"""One web process: the application on the socket that `doorstep serve` opened."""

import socket

import uvicorn

from dispatch.planning.rounds import warm_up_behind
from dispatch.settings import Settings
from mobile_api.app import create_app
from mobile_api.logs import log_config

GRACE_SECONDS = 10
KEPT_OPEN_SECONDS = 75  # longer than proxies keep theirs (60): whoever closes first must be the one who sends


def serve_on(listening: socket.socket, settings: Settings) -> None:
    """Serve until told to stop; what is under way is answered first. Forwarded addresses only from trusted proxies."""
    trusted = settings.trusted_proxies.replace(",", " ").split()
    config = uvicorn.Config(
        create_app(settings),
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
    uvicorn.Server(config).run(sockets=[listening])

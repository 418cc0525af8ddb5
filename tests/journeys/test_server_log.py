"""What the running server writes into its log, with the configuration that it is started with."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx

from tests.journeys.conftest import Product
from tests.journeys.customer_stages import a_guest

SERVE = (
    "import sys, uvicorn; from mobile_api.app import create_app; from mobile_api.logs import log_config; "
    "uvicorn.run(create_app(), host='127.0.0.1', port=int(sys.argv[1]), log_config=log_config('debug'))"
)


def test_the_access_log_of_the_running_server_holds_no_secret(product: Product, tmp_path: Path) -> None:
    guest = a_guest(product.house, product.cast.technician_id)
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
    environment = os.environ | {
        "DOORSTEP_DATA_DIR": str(product.settings.data_dir),
        "DOORSTEP_DATABASE_URL": product.settings.database_url,
    }
    log = tmp_path / "server.log"
    with log.open("wb") as out:
        server = subprocess.Popen(
            [sys.executable, "-c", SERVE, str(port)], env=environment, stdout=out, stderr=subprocess.STDOUT
        )
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=20) as browser:
            for _ in range(200):
                try:
                    browser.get("/healthz")
                    break
                except httpx.TransportError:
                    time.sleep(0.1)
            opened = browser.get(guest.path + "?lang=en")
            browser.head(guest.path)
            browser.get(f"/c/{guest.token[:-1]}")
            browser.get(f"/c/%20{guest.token}/more")
            browser.get(opened.headers["location"])
            browser.post(f"/hooks/aliyun/{guest.token}", json=[])
    finally:
        server.terminate()
        server.wait(20)
    written = log.read_text()
    assert opened.status_code == 303
    assert written.count('"GET /c/…') == 3
    assert written.count('"HEAD /c/…') == 1
    assert f'"GET {guest.home}' in written
    assert '"POST /hooks/aliyun/…' in written
    assert guest.token[:20] not in written

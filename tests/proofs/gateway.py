"""A message gateway on loopback that misbehaves as real ones do. It remembers how often each message was taken."""

import json
import random
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class UnreliableGateway:
    """`POST /` takes a message, `GET /ID` tells its state. A share of answers is lost after the message was taken."""

    def __init__(self, *, faults: float = 0.1, seed: int = 7, delay: float = 0.02) -> None:
        self.taken: Counter[str] = Counter()
        self.faults = faults
        self.delay = delay
        self._chance = random.Random(seed)
        self._lock = threading.Lock()
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: Any) -> None:
                """Quiet."""

            def _answer(self, status: int, body: bytes, **headers: str) -> None:
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                for name, value in headers.items():
                    self.send_header(name.replace("_", "-"), value)
                self.end_headers()
                self.wfile.write(body)

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                gateway.take(self, body)

            def do_GET(self) -> None:
                known = gateway.taken[self.path.rsplit("/", 1)[-1]] > 0
                self._answer(200 if known else 404, b'{"state": "accepted"}' if known else b"{}")

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/sms"

    def take(self, handler: Any, body: dict[str, Any]) -> None:
        """A phone buzzes when a message is taken; what the sender learns of it is another matter."""
        with self._lock:
            fate = self._chance.random() / self.faults if self.faults else 9.0
        if fate < 0.3:
            handler._answer(503, b"busy", Retry_After="1")
            return
        time.sleep(self.delay)
        with self._lock:
            self.taken[body["id"]] += 1
        time.sleep(self.delay)
        if fate < 0.6:
            handler._answer(504, b"")  # taken, but the answer is lost
        elif fate < 0.8:
            handler._answer(200, b"<html>welcome</html>")
        elif fate < 1.0:
            handler.close_connection = True
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")  # cut
        else:
            handler._answer(202, b'{"state": "accepted"}')

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()

"""A message gateway on loopback that misbehaves as real ones do. It counts what reached a customer.

It is not idempotent, as real ones are not: handing the same notice over twice makes the phone buzz twice.
"""

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Behaviour = Callable[[str, int], str]


@dataclass
class Gateway:
    """What happened so far: `buzzed` counts messages that reached a phone, by notice."""

    behaviour: Behaviour = lambda notice_id, attempt: "fine"
    buzzed: Counter[str] = field(default_factory=Counter)
    tried: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    keys: dict[str, str | None] = field(default_factory=dict)
    release: threading.Event = field(default_factory=threading.Event)
    pause: float = 0.0
    knows_nothing: bool = False
    url: str = ""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, notice_id: str) -> None:
        with self._lock:
            self.buzzed[notice_id] += 1


def _handler(gateway: Gateway) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:
            pass

        def answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
            self.send_response(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def hang_up(self) -> None:
            self.close_connection = True
            self.connection.close()

        def do_GET(self) -> None:
            notice_id = self.path.rsplit("/", 1)[-1]
            gateway.asked[notice_id] += 1
            if gateway.knows_nothing:
                self.answer(500, b"<html>")
            elif gateway.buzzed[notice_id]:
                self.answer(200, b'{"state": "accepted"}')
            else:
                self.answer(404, b"{}")

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            notice_id = body["id"]
            gateway.tried[notice_id] += 1
            gateway.keys[notice_id] = self.headers["Idempotency-Key"]
            time.sleep(gateway.pause)
            match gateway.behaviour(notice_id, gateway.tried[notice_id]).split(":"):
                case ["fine"]:
                    gateway.take(notice_id)
                    time.sleep(gateway.pause)  # taken, not yet answered: where a killed sender is in doubt
                    self.answer(202, b'{"state": "queued"}')
                case ["twice"]:
                    gateway.take(notice_id)
                    self.answer(202, b'{"state": "queued"}{"state": "queued"}')
                case ["status", status, *wait]:
                    self.answer(int(status), b"{}", {"Retry-After": wait[0]} if wait else None)
                case ["lost"]:
                    gateway.take(notice_id)
                    self.hang_up()
                case ["lost_504"]:
                    gateway.take(notice_id)
                    self.answer(504, b"")
                case ["html"]:
                    gateway.take(notice_id)
                    self.answer(200, b"<!doctype html><title>Welcome</title>", {"Content-Type": "text/html"})
                case ["cut"]:
                    gateway.take(notice_id)
                    self.send_response(200)
                    self.send_header("Content-Length", "400")
                    self.end_headers()
                    self.wfile.write(b'{"state": ')
                    self.wfile.flush()
                    self.hang_up()
                case ["hang"]:
                    gateway.release.wait(60)
                    self.hang_up()
                case ["take_and_hang"]:
                    gateway.take(notice_id)
                    gateway.release.wait(60)
                    self.hang_up()
                case ["drip"]:
                    gateway.take(notice_id)
                    self.drip()
                case ["flood"]:
                    gateway.take(notice_id)
                    self.flood()
                case other:
                    raise AssertionError(other)

        def drip(self) -> None:
            """A byte now and then, for ever: every single read succeeds."""
            self.send_response(200)
            self.send_header("Content-Length", "100000")
            self.end_headers()
            while not gateway.release.wait(0.1):
                try:
                    self.wfile.write(b" ")
                    self.wfile.flush()
                except OSError:
                    break
            self.hang_up()

        def flood(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(10**9))
            self.end_headers()
            try:
                while not gateway.release.is_set():
                    self.wfile.write(b" " * 65536)
            except OSError:
                pass
            self.hang_up()

    return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever asks may be killed at any time: that is no error of ours."""


@contextmanager
def running_gateway() -> Iterator[Gateway]:
    """A gateway on a free loopback port."""
    gateway = Gateway()
    server = _Server(("127.0.0.1", 0), _handler(gateway))
    gateway.url = f"http://127.0.0.1:{server.server_address[1]}/messages"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield gateway
    finally:
        gateway.release.set()
        server.shutdown()
        server.server_close()

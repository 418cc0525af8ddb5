"""An HTTP server on a loopback port: what it got is kept as it came over the wire, and it can misbehave."""

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Asked:
    """One request, unread. Header names in lower case."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    def but(self, **changes: Any) -> "Asked":
        return replace(self, **changes)

    def but_header(self, name: str, value: str) -> "Asked":
        return replace(self, headers={**self.headers, name: value})


@dataclass
class Server:
    """`behaviours` are used up one a request; then it behaves."""

    behaviours: list[str] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    release: threading.Event = field(default_factory=threading.Event)
    url: str = ""

    def answer(self, asked: Asked) -> tuple[int, bytes]:
        """The provider's own answer."""
        raise NotImplementedError

    def again(self, asked: Asked) -> tuple[int, bytes]:
        """Send a request over the wire, byte for byte as given."""
        parts = urlsplit(self.url)
        assert parts.hostname
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=10)
        connection.putrequest(asked.method, asked.target, skip_host=True, skip_accept_encoding=True)
        for name, value in asked.headers.items():
            if name != "content-length":
                connection.putheader(name, value)
        connection.putheader("content-length", str(len(asked.body)))
        connection.endheaders(asked.body)
        answer = connection.getresponse()
        said = answer.status, answer.read()
        connection.close()
        return said


def _handler(server: Server) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def log_message(self, format: str, *args: object) -> None:
            pass

        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(self.command, self.path, headers, self.rfile.read(length))
            server.asked.append(asked)
            behaviour = server.behaviours.pop(0) if server.behaviours else "fine"
            match behaviour.split(":", 2):
                case ["fine"]:
                    self.say(*server.answer(asked))
                case ["lost"]:  # taken, but the answer never comes
                    server.answer(asked)
                    self.hang_up()
                case ["html"]:  # taken, and something in between answers
                    server.answer(asked)
                    self.say(200, b"<!doctype html><title>Welcome</title>")
                case ["hang"]:
                    server.answer(asked)
                    server.release.wait(30)
                    self.hang_up()
                case ["cut"]:
                    status, body = server.answer(asked)
                    self.send_response(status)
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body[: len(body) // 2])
                    self.wfile.flush()
                    self.hang_up()
                case ["say", status, body]:  # not taken; this instead
                    self.say(int(status), body.encode())
                case other:
                    raise AssertionError(other)

        do_POST = do_GET

        def say(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def hang_up(self) -> None:
            self.close_connection = True
            self.connection.close()

    return Handler


S = TypeVar("S", bound=Server)


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Who hangs up on us does so on purpose."""


@contextmanager
def running(server: S) -> Iterator[S]:
    listening = _Quiet(("127.0.0.1", 0), _handler(server))
    server.url = f"http://127.0.0.1:{listening.server_address[1]}"
    threading.Thread(target=listening.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield server
    finally:
        server.release.set()
        listening.shutdown()
        listening.server_close()

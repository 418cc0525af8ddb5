"""JSON as the standard means it. What Python's own reader lets through is refused before anything sees it:
NaN and infinities (also as 1e999), duplicate keys, lone surrogates, a depth that no form of ours has."""

import json
import math
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import HTTPException, Request, Response
from fastapi.routing import APIRoute

DEEPEST = 40
LONGEST_NUMBER = 1000  # digits; reading a number takes time with the square of them


class BadJson(HTTPException):
    """The body is not JSON that we take; answered 400 without repeating any of it."""

    def __init__(self) -> None:
        super().__init__(status_code=400, detail="bad-json")


def _no_constant(_text: str) -> float:
    raise ValueError("not a number")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError("too large")
    return value


def _bounded(text: str) -> int:
    if len(text) > LONGEST_NUMBER:
        raise ValueError("too long a number")
    return int(text)


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("duplicate key")
    return made


def _depth(value: Any, deeper_than: int = DEEPEST) -> bool:
    if deeper_than < 0:
        return True
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(_depth(part, deeper_than - 1) for part in inside)


def read_json(body: bytes) -> Any:
    """The value of `body` (UTF-8). Raises BadJson."""
    try:
        text = body.decode("utf-8")
        value = json.loads(
            text,
            parse_constant=_no_constant,
            parse_float=_finite,
            parse_int=_bounded,
            object_pairs_hook=_no_duplicates,
        )
        json.dumps(value, ensure_ascii=False).encode("utf-8")  # a lone surrogate fails here
    except (ValueError, RecursionError) as error:
        raise BadJson from error
    if _depth(value):
        raise BadJson
    return value


class StrictRequest(Request):
    """A request whose JSON is read by `read_json`."""

    async def json(self) -> Any:
        """The body's value; raises BadJson."""
        if not hasattr(self, "_json"):
            self._json = read_json(await self.body())
        return self._json


class StrictRoute(APIRoute):
    """A route whose request is a StrictRequest."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's handler, given our request."""
        handle = super().get_route_handler()

        async def strictly(request: Request) -> Response:
            return await handle(StrictRequest(request.scope, request.receive))

        return strictly

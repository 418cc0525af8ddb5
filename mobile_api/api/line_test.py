"""The line test's other end: bytes down, bytes up, and a ping; for technicians, a few at a time.

None of it holds a database connection while bytes move, and a test that lasts too long is ended: tests must not starve
the product. How the numbers are reckoned stands in checklists/line_test.py.
"""

import asyncio
import os
import time
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import Depends, HTTPException, Query, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from starlette.concurrency import run_in_threadpool
from starlette.types import Receive, Scope, Send

from checklists.line_test import LONGEST_SECONDS, MOST_BYTES_DOWN
from checklists.words import Words
from dispatch.accounts.rules import TooManyTries
from dispatch.accounts.viewer import Viewer
from dispatch.errors import Forbidden, Refusal
from mobile_api.api.routing import api_router, refusals
from mobile_api.dependencies import SignInNeeded, house_of, viewer_asking
from mobile_api.gates import TooLarge

router = api_router("line test")
PIECE = 64 * 1024
PATIENCE = LONGEST_SECONDS + 5.0  # seconds after which a test is ended from our side
BUSY_FOR = 5
NOT_KEPT = {"Cache-Control": "no-store, no-transform", "Content-Encoding": "identity"}  # identity: never compressed
_noise = os.urandom(PIECE * 4)  # cannot be compressed; made once, because making it would be what is measured


class LineTestsBusy(TooManyTries):
    """As many tests run as may."""

    name = "line-tests-busy"
    title = Words("测速繁忙", "Busy testing")

    def __init__(self) -> None:
        Refusal.__init__(
            self,
            Words("测速人数较多，请几秒后再试。", "Others are testing just now. Try again in a few seconds."),
            facts={"retry_after": BUSY_FOR},
        )


class Slots:
    """How many tests may run in this process, each for a while: one whose end is never told frees itself."""

    def __init__(self) -> None:
        self._until: dict[object, float] = {}

    def take(self, most: int) -> object:
        """A slot, until it is given back. Refuses with LineTestsBusy."""
        now = time.monotonic()
        self._until = {slot: until for slot, until in self._until.items() if until > now}
        if len(self._until) >= most:
            raise LineTestsBusy
        slot = object()
        self._until[slot] = now + PATIENCE
        return slot

    def give_back(self, slot: object) -> None:
        """The test has ended."""
        self._until.pop(slot, None)


slots = Slots()


async def technician_testing(request: Request) -> Viewer:
    """The technician who asks. Place and connection are given back before a byte moves."""

    def who() -> Viewer:
        house = house_of(request)
        with house.database.reading() as session:
            viewer = viewer_asking(session, request, house.settings)
        if viewer is None:
            raise SignInNeeded
        request.state.viewer = viewer
        if viewer.role != "technician":
            raise Forbidden
        return viewer

    async with request.app.state.places:
        return await run_in_threadpool(who)


Tester = Annotated[Viewer, Depends(technician_testing)]


class _Download(StreamingResponse):
    """Noise, whose slot is given back however the sending ends."""

    def __init__(self, size: int, slot: object) -> None:
        self._slot = slot
        super().__init__(
            _pieces(size),
            media_type="application/octet-stream",
            headers={**NOT_KEPT, "Content-Length": str(size)},
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                await super().__call__(scope, receive, send)
        except TimeoutError:
            pass  # cut: the length that was promised tells the page that it is not whole
        finally:
            slots.give_back(self._slot)


async def _pieces(size: int) -> AsyncIterator[bytes]:
    at = 0
    while at < size:
        begin = at % (len(_noise) - PIECE)
        yield _noise[begin : begin + min(PIECE, size - at)]
        at += PIECE
        await asyncio.sleep(0)  # others get their turn between any two pieces


@router.get(
    "/line-test/down",
    summary="Bytes to download",
    response_class=Response,
    responses={
        200: {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}},
        **refusals(429),
    },
)
async def get_down(
    request: Request, viewer: Tester, size: Annotated[int, Query(alias="bytes", ge=1, le=MOST_BYTES_DOWN)] = 8_000_000
) -> Response:
    """So many bytes that nothing can compress. Ended after twenty seconds: what came until then is the result."""
    del viewer
    return _Download(size, slots.take(house_of(request).settings.line_tests_at_once))


@router.post(
    "/line-test/up",
    summary="Bytes to upload",
    responses=refusals(429),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)
async def post_up(request: Request, viewer: Tester) -> JSONResponse:
    """Counted and thrown away; `seconds` by the server's clock from the first byte to the last."""
    del viewer
    slot = slots.take(house_of(request).settings.line_tests_at_once)
    seen, begun = 0, time.perf_counter()
    whole = True
    try:
        async with asyncio.timeout(PATIENCE):
            async for piece in request.stream():
                seen += len(piece)
    except TimeoutError:
        whole = False
    except TooLarge as error:
        raise HTTPException(413) from error
    finally:
        slots.give_back(slot)
    answer: dict[str, Any] = {"bytes": seen, "seconds": round(time.perf_counter() - begun, 4), "whole": whole}
    return JSONResponse(answer, headers=NOT_KEPT)


@router.get("/line-test/ping", summary="A round trip")
async def get_ping(request: Request, viewer: Tester) -> JSONResponse:
    """As little as can be said; `server_ms` is what the server took of the round trip, to be left out."""
    del viewer
    begun = getattr(request.state, "begun", None)
    took = (time.perf_counter() - begun) * 1000 if begun is not None else 0.0
    return JSONResponse({"server_ms": round(took, 3)}, headers=NOT_KEPT)

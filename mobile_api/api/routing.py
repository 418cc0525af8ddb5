"""How API rooms make their routes: strict JSON, and the refusals that every route may answer with, described."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from dispatch.accounts.answered_once import answered_once, fingerprint
from dispatch.accounts.turn import Turn
from mobile_api.shapes import Shape
from mobile_api.strict_json import StrictRoute

PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {
            "type": "string",
            "description": "Stable name of the refusal.",
            "examples": ["/problems/too-late-to-move"],
        },
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What is wrong and what to do instead, in the reader's language."},
    },
}

REFUSALS = {
    400: "Not JSON, or not a request that can be read.",
    401: "Nobody known is asking.",
    403: "The role does not do this, or the request was forged.",
    404: "There is no such thing, or it is not yours.",
    409: "The present state, or another booking, forbids it.",
    412: "Somebody changed it since: look again.",
    413: "Too large.",
    422: "It cannot be, whatever the state.",
    429: "Too many; wait as Retry-After says.",
    503: "Busy: nothing was stored, try again.",
}


def refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """OpenAPI responses for these statuses, all problem+json."""
    return {
        status: {"description": REFUSALS[status], "content": {"application/problem+json": {"schema": PROBLEM}}}
        for status in statuses
    }


def api_router(tag: str) -> APIRouter:
    """A room of the API under /api/v1."""
    return APIRouter(
        prefix="/api/v1", tags=[tag], route_class=StrictRoute, responses=refusals(400, 401, 403, 404, 413, 422, 503)
    )


def answered(status: int, body: dict[str, Any]) -> JSONResponse:
    """An answer whose body may be one kept from before; a version becomes an ETag."""
    version = body.get("version")
    headers = {"ETag": f'"{version}"'} if isinstance(version, int) else {}
    return JSONResponse(body, status, headers)


def once(
    turn: Turn, key: str | None, what: str, shape: Shape | None, do: Callable[[], dict[str, Any]], status: int = 200
) -> JSONResponse:
    """Do it, or answer what was answered before to this key with the same request."""
    request = fingerprint(what, shape.model_dump(mode="json") if shape else None)
    return answered(*answered_once(turn.session, turn.viewer, key, request, lambda: (status, do()), turn.now))

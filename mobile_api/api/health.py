"""Is the server there, and can it work."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from dispatch.migrating import SchemaMismatch, require_current
from mobile_api.dependencies import house_of

router = APIRouter(tags=["health"])


@router.get("/healthz", summary="The process answers")
def healthz() -> dict[str, str]:
    """Says nothing about the database."""
    return {"state": "ok"}


@router.get("/readyz", summary="The database answers and has our schema", responses={503: {"description": "Not ready"}})
def readyz(request: Request) -> JSONResponse:
    """503 while the database is away or has another schema."""
    try:
        require_current(house_of(request).database)
    except SchemaMismatch:
        return JSONResponse({"state": "schema"}, 503)
    except Exception:
        return JSONResponse({"state": "database"}, 503)
    return JSONResponse({"state": "ready"})

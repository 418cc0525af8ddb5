"""Blobs: pictures under the SHA-256 of the bytes that the phone sent."""

from typing import Annotated, Any

from fastapi import Path, Request, Response
from fastapi.responses import JSONResponse

from dispatch.accounts.viewer import PLANNERS, Role
from dispatch.errors import Forbidden
from dispatch.records.blobs import picture_seen_by, take_blob
from mobile_api.api.parcels import RawBody
from mobile_api.api.routing import api_router, refusals
from mobile_api.dependencies import Reading, house_of

router = api_router("on site")

SENDERS: frozenset[Role] = PLANNERS | {"technician"}
Hash = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$", description="SHA-256 of the bytes, in hex.")]
BINARY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            kind: {"schema": {"type": "string", "format": "binary"}}
            for kind in ("image/jpeg", "image/png", "image/webp")
        },
    }
}


@router.put(
    "/blobs/{sha256}",
    summary="Hand in a picture",
    status_code=201,
    responses={200: {"description": "It was here already."}, **refusals(409, 413)},
    openapi_extra=BINARY,
)
def put_blob(sha256: Hash, turn: Reading, body: RawBody, request: Request) -> JSONResponse:
    """JPEG, PNG or WebP. It is drawn anew without metadata; the original bytes are not kept."""
    if turn.viewer.role not in SENDERS:
        raise Forbidden
    turn.session.rollback()  # cleaning takes a while, and keeping it needs a connection of its own: hold none
    house = house_of(request)
    taken = take_blob(
        house.database,
        house.objects,
        sha256=sha256,
        content=body,
        pixel_limit=turn.settings.pixel_limit,
        account_id=turn.viewer.account_id,
        now=turn.now,
    )
    return JSONResponse({"sha256": taken.sha256, "size": taken.size}, 201 if taken.is_new else 200)


@router.get(
    "/blobs/{sha256}",
    summary="A picture of a visit",
    response_class=Response,
    responses={200: {"content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}}}},
)
def get_blob(sha256: Hash, turn: Reading, request: Request) -> Response:
    """The clean JPEG, for who may see a visit that speaks of it."""
    content = picture_seen_by(turn.session, house_of(request).objects, turn.viewer, sha256)
    return Response(content, media_type="image/jpeg", headers={"Cache-Control": "private, max-age=86400"})

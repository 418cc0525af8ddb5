"""Parcels: entries from phones, kept under the id that the phone made."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request, Response
from fastapi.responses import JSONResponse

from checklists.words import Words
from dispatch.phones.actions import phone_seen
from dispatch.records.intake import take_parcel
from dispatch.records.own_phone.taking import join_waiting
from mobile_api.api.routing import api_router, refusals
from mobile_api.dependencies import Writing
from mobile_api.errors import problem
from mobile_api.phone_exports import parcel_of
from mobile_api.shapes import ParcelShape

router = api_router("on site")

DIFFERS = Words(
    "该编号已用于另一份内容，两份都已保留，请等待调度核对。",
    "This id was used for other content. Both are kept; the desk will look at them.",
)


async def raw_body(request: Request) -> bytes:
    """The body's bytes as sent."""
    return await request.body()


RawBody = Annotated[bytes, Depends(raw_body)]


@router.put("/parcels/{parcel_id}", summary="Hand in a parcel of entries", responses=refusals(409))
def put_parcel(parcel_id: UUID, shape: ParcelShape, turn: Writing, body: RawBody, request: Request) -> Response:
    """The receipt names the id and the SHA-256 of the bytes received: only then may the phone delete its copy.

    Nothing is refused for its content: faulty entries are kept and flagged. The same id with the same content gets
    the first receipt again; with other content 409, and both are kept.
    """
    phone_seen(turn, shape.device_id)
    taken = take_parcel(turn, parcel_of(parcel_id, shape, body))
    if taken.conflict:
        return problem(request, 409, "parcel-differs", Words("内容不一致", "Other content"), DIFFERS)
    join_waiting(turn, shape.visit_id)
    answer: dict[str, Any] = taken.receipt
    return JSONResponse(answer)

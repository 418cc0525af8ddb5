"""Exports: everything about one line or one customer, in one ZIP."""

from typing import Any
from uuid import UUID

from fastapi import Request, Response
from fastapi.responses import StreamingResponse

from dispatch.health_files.exporting import Export, export_customer, export_line, zipped
from mobile_api.api.routing import api_router
from mobile_api.dependencies import Writing, house_of
from mobile_api.pages import language_of

router = api_router("exports")
ZIP: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}}}
}


def streamed(request: Request, made: Export) -> Response:
    """The export as it is packed; the transaction that listed it has ended by then."""
    headers = {"Content-Disposition": f'attachment; filename="{made.name}"', "Cache-Control": "no-store"}
    return StreamingResponse(zipped(house_of(request), made), media_type="application/zip", headers=headers)


@router.post("/lines/{line_id}/export", summary="Everything about one line", response_class=Response, responses=ZIP)
def post_line_export(line_id: UUID, turn: Writing, request: Request) -> Response:
    """Health file, orders, records as sealed and signed, photos; an index to read. For supervisors; audited."""
    return streamed(request, export_line(turn, line_id, language_of(request)))


@router.post(
    "/customers/{customer_id}/export", summary="Everything about one customer", response_class=Response, responses=ZIP
)
def post_customer_export(customer_id: UUID, turn: Writing, request: Request) -> Response:
    """Their data, what they were told, calls, and all of the above for each of their lines."""
    return streamed(request, export_customer(turn, customer_id, language_of(request)))

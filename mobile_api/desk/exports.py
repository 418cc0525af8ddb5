"""Exporting a line's or a customer's whole file from the desk."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from dispatch.health_files.exporting import export_customer, export_line
from mobile_api.api.exports import streamed
from mobile_api.desk.doors import DeskWriting
from mobile_api.pages import language_of

router = APIRouter()


@router.post("/desk/lines/{line_id}/export")
def export_line_file(request: Request, turn: DeskWriting, line_id: UUID) -> Response:
    """Everything about one line as a ZIP; who took it is written down."""
    return streamed(request, export_line(turn, line_id, language_of(request)))


@router.post("/desk/customers/{customer_id}/export")
def export_customer_file(request: Request, turn: DeskWriting, customer_id: UUID) -> Response:
    """The same for one customer with all of their lines."""
    return streamed(request, export_customer(turn, customer_id, language_of(request)))

"""The customer has looked: told by a small script once the page was visible, never by the address being fetched."""

from fastapi import APIRouter, Response

from dispatch.notices.actions import mark_read
from mobile_api.customer.appointment import own_visit
from mobile_api.customer.forms import SentFields, form_key_in
from mobile_api.dependencies import CustomerWriting

router = APIRouter(include_in_schema=False)


@router.post("/v/{link_id}/seen")
def seen(link_id: str, turn: CustomerWriting, fields: SentFields) -> Response:
    """What this customer was told about the visit until now is read."""
    form_key_in(turn.settings, link_id, fields)
    mark_read(turn, own_visit(turn).id)
    return Response(status_code=204)

"""Notices of a visit, and the gateway's receipts."""

import hashlib
import hmac
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import JSONResponse

from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import SYSTEM
from dispatch.clock import utc_now
from dispatch.errors import Forbidden
from dispatch.notices.queries import notices_of_visit
from dispatch.notices.receipts import take_receipt
from dispatch.visits.queries import visit_seen_by
from mobile_api.api import shown
from mobile_api.api.routing import api_router, refusals
from mobile_api.dependencies import Reading, house_of
from mobile_api.shapes import Shape, ShortLine
from mobile_api.strict_json import read_json

router = api_router("notices")
hooks = APIRouter(tags=["notices"])

STATES = {
    "accepted": "accepted",
    "queued": "accepted",
    "sent": "accepted",
    "delivered": "delivered",
    "failed": "failed",
}


@router.get("/notices", summary="What the customer of a visit was told")
def get_notices(visit_id: Annotated[UUID, Query()], turn: Reading) -> dict[str, Any]:
    """First owed first. The texts are shown to the desk only."""
    visit_seen_by(turn.session, turn.viewer, visit_id)
    rows = notices_of_visit(turn.session, visit_id)
    return {"items": [shown.notice(row, turn.viewer) for row in rows]}


class ReceiptShape(Shape):
    """What a gateway tells: our id, and its word for the state."""

    id: ShortLine
    state: ShortLine


def signature(secret: str, body: bytes) -> str:
    """Hex HMAC-SHA256 of the body, as the gateway sends it in X-Doorstep-Signature."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


@hooks.post(
    "/hooks/sms",
    summary="The gateway's receipt",
    responses=refusals(400, 403, 413, 422),
    openapi_extra={
        "requestBody": {"required": True, "content": {"application/json": {"schema": ReceiptShape.model_json_schema()}}}
    },
)
async def post_receipt(
    request: Request, x_doorstep_signature: Annotated[str, Header(max_length=200)] = ""
) -> JSONResponse:
    """Signed with HMAC-SHA256 over the body; anything unsigned is refused. Twice and out of order is fine."""
    house = house_of(request)
    body = await request.body()
    wanted = signature(house.settings.sms_secret, body)
    given = x_doorstep_signature.removeprefix("sha256=").encode("ascii", "replace")
    if not house.settings.sms_secret or not hmac.compare_digest(wanted.encode(), given):
        raise Forbidden
    shape = ReceiptShape.model_validate(read_json(body))
    try:
        notice_id = UUID(shape.id)
    except ValueError:
        notice_id = None
    with house.database.writing() as session:
        turn = Turn(session, SYSTEM, utc_now(), house.settings)
        known = take_receipt(
            turn, notice_id, STATES.get(shape.state, shape.state), {"id": shape.id, "state": shape.state}
        )
    return JSONResponse({"known": known is not None})

"""Signatures from customers' own phones, for the technician's phone and the desk."""

from typing import Any
from uuid import UUID

from dispatch.records.own_phone.taking import signatures_of
from mobile_api.api import shown
from mobile_api.api.routing import api_router
from mobile_api.dependencies import Reading

router = api_router("on site")


@router.get("/visits/{visit_id}/own-phone-signatures", summary="What the customer said on their own phone")
def get_signatures(visit_id: UUID, turn: Reading) -> dict[str, Any]:
    """How each stands: waiting for its content, joined, replaced by a later one, or about something else."""
    return {
        "items": [
            {
                "id": str(one.id),
                "decision": one.decision,
                "state": one.state,
                "content_sha256": one.content_sha256,
                "signed_at": shown.moment(one.signed_at),
                "joined_at": shown.moment(one.joined_at),
            }
            for one in signatures_of(turn.session, turn.viewer, visit_id)
        ]
    }

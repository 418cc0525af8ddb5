"""Notices of a visit."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query

from dispatch.notices.queries import notices_of_visit
from dispatch.visits.queries import visit_seen_by
from mobile_api.api import shown
from mobile_api.api.routing import api_router
from mobile_api.dependencies import Reading

router = api_router("notices")


@router.get("/notices", summary="What the customer of a visit was told")
def get_notices(visit_id: Annotated[UUID, Query()], turn: Reading) -> dict[str, Any]:
    """First owed first. The texts are shown to the desk only."""
    visit_seen_by(turn.session, turn.viewer, visit_id)
    rows = notices_of_visit(turn.session, visit_id)
    return {"items": [shown.notice(row, turn.viewer) for row in rows]}

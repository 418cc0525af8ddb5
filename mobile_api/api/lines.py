"""Lines: the health file."""

from typing import Any
from uuid import UUID

from dispatch.accounts.audit import note_look
from dispatch.health_files.queries import health_file_seen_by
from mobile_api.api.routing import api_router
from mobile_api.dependencies import Reading

router = api_router("lines")


@router.get("/lines/{line_id}/health-file", summary="One line over time")
def get_health_file(line_id: UUID, turn: Reading) -> dict[str, Any]:
    """Baseline, every later visit with its measurements and repair, and what moved since the line was healthy."""
    told = health_file_seen_by(turn.session, turn.viewer, line_id)
    note_look(turn.session, turn.viewer, "line", line_id, turn.now)
    return told

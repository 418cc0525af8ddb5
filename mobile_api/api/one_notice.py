"""One notice with its whole story, and sending it once more by hand."""

from typing import Any
from uuid import UUID

from fastapi.responses import JSONResponse
from sqlalchemy.orm import Session

from dispatch.accounts.audit import note_look
from dispatch.accounts.viewer import Viewer
from dispatch.notices.actions import resend
from dispatch.notices.queries import moments_of, notice_seen_by, verdict
from dispatch.notices.tables import Notice
from mobile_api.api import shown
from mobile_api.api.routing import api_router, once, refusals
from mobile_api.dependencies import IdempotencyKey, Reading, Writing
from mobile_api.shapes import GivenReason, Shape

router = api_router("notices")


class ResendShape(Shape):
    """Why the same words are sent once more."""

    reason: GivenReason


def _whole(session: Session, notice: Notice, viewer: Viewer, **more: Any) -> dict[str, Any]:
    return {
        **shown.notice(notice, viewer),
        "medium": notice.medium,
        "routes": notice.routes,
        "parts": notice.parts,
        "call_by": shown.moment(notice.call_by),
        "useful_until": shown.moment(notice.useful_until),
        "read_at": shown.moment(notice.read_at),
        "phoned_at": shown.moment(notice.phoned_at),
        "breached_at": shown.moment(notice.breached_at),
        "resend_of": str(notice.resend_of) if notice.resend_of else None,
        "timeline": [
            {"at": shown.moment(one.at), "what": one.what, "channel": one.channel, "detail": one.detail}
            for one in moments_of(session, notice)
        ],
        **more,
    }


@router.get("/notices/{notice_id}", summary="One notice with its story")
def get_notice(notice_id: UUID, turn: Reading) -> dict[str, Any]:
    """For the desk. `verdict` says whether it was in time: told, told_late, waiting, late, closed or never."""
    notice = notice_seen_by(turn, notice_id)
    note_look(turn.session, turn.viewer, "notice", notice.id, turn.now)
    return _whole(turn.session, notice, turn.viewer, verdict=verdict(notice, turn.now))


@router.post("/notices/{notice_id}/resend", summary="Send a notice again", status_code=201, responses=refusals(409))
def post_resend(
    notice_id: UUID, shape: ResendShape, turn: Writing, idempotency_key: IdempotencyKey = None
) -> JSONResponse:
    """Owes the same words once more, to where the customer can be reached now.

    409 `notice-under-way` while the first may still arrive, `notice-not-true` when a newer one speaks.
    """

    def again() -> dict[str, Any]:
        notice = resend(turn, notice_id, shape.reason)
        return _whole(turn.session, notice, turn.viewer, verdict=verdict(notice, turn.now))

    return once(turn, idempotency_key, f"resend {notice_id}", shape, again, 201)

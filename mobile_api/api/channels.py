"""How the telling goes, in figures, and stopping a channel whose gateway is in trouble."""

from typing import Annotated, Any

from fastapi import Path, Request
from fastapi.responses import JSONResponse

from dispatch.accounts.viewer import OVERRIDERS
from dispatch.notices.actions import pause_channel, resume_channel
from dispatch.notices.calls import CALLERS
from dispatch.notices.channel_figures import channel_figures
from dispatch.notices.figures import figures
from dispatch.notices.tables import STATES, ChannelState
from mobile_api.api import shown
from mobile_api.api.routing import api_router, once
from mobile_api.channels_in_use import channels_in_use, must_be_in_use
from mobile_api.dependencies import IdempotencyKey, Reading, Writing
from mobile_api.shapes import GivenReason, Shape

router = api_router("notices")
Name = Annotated[str, Path(max_length=12, pattern="^[a-z]+$", examples=["http"])]


class PauseShape(Shape):
    """Why nothing more is to be sent by this channel."""

    reason: GivenReason


@router.get("/notices/figures", summary="How the telling goes")
def get_figures(request: Request, turn: Reading) -> dict[str, Any]:
    """For the desk: notices by state, what is due and at risk, calls, breaches; and each channel in use."""
    turn.viewer.must_be(CALLERS)
    found = figures(turn.session, turn.now)
    return {
        "by_state": {state: found.by_state.get(state, 0) for state in STATES},
        "due": found.due,
        "oldest_due_seconds": found.oldest_due_seconds,
        "at_risk": found.at_risk,
        "breaches": found.breaches,
        "calls_open": found.calls_open,
        "calls_overdue": found.calls_overdue,
        "channels": [
            {
                "name": one.name,
                "medium": one.medium,
                "due": one.due,
                "oldest_due_seconds": one.oldest_due_seconds,
                "at_risk": one.at_risk,
                "sent_in_24_hours": one.sent,
                "failed": one.failed,
                "in_doubt": one.in_doubt,
                "paused_at": shown.moment(one.paused_at),
                "reason": one.reason,
                "busy_until": shown.moment(one.busy_until),
            }
            for one in channel_figures(turn.session, channels_in_use(request), turn.now)
        ],
    }


def _state(state: ChannelState) -> dict[str, Any]:
    return {"name": state.name, "paused_at": shown.moment(state.paused_at), "reason": state.reason}


@router.post("/channels/{name}/pause", summary="Pause a channel")
def post_pause(
    request: Request, name: Name, shape: PauseShape, turn: Writing, idempotency_key: IdempotencyKey = None
) -> JSONResponse:
    """What is owed waits, goes another way, or is called before its deadline. For supervisors."""
    turn.viewer.must_be(OVERRIDERS)
    must_be_in_use(request, name)
    return once(turn, idempotency_key, f"pause {name}", shape, lambda: _state(pause_channel(turn, name, shape.reason)))


@router.post("/channels/{name}/resume", summary="Resume a channel")
def post_resume(request: Request, name: Name, turn: Writing, idempotency_key: IdempotencyKey = None) -> JSONResponse:
    """Sends by it again. Resuming one that was not paused is fine."""
    turn.viewer.must_be(OVERRIDERS)
    must_be_in_use(request, name)
    return once(turn, idempotency_key, f"resume {name}", None, lambda: _state(resume_channel(turn, name)))

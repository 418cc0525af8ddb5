"""The channels that notices leave by: how each does, and stopping one while its gateway is in trouble."""

from fastapi import APIRouter, Request, Response

from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import OVERRIDERS
from dispatch.errors import Refusal
from dispatch.notices.actions import pause_channel, resume_channel
from dispatch.notices.channel_figures import channel_figures
from dispatch.notices.figures import figures
from mobile_api.channels_in_use import channels_in_use, must_be_in_use
from mobile_api.desk.doors import DeskReading, DeskWriting, may
from mobile_api.desk.forms import Form, FormShape, Sent, attempt, read_form
from mobile_api.desk.telling_words import MEDIUM_WORDS, channel_words
from mobile_api.desk.words import flashes, who
from mobile_api.errors import status_of
from mobile_api.pages import page
from mobile_api.shapes import GivenReason

router = APIRouter()


class PauseShape(FormShape):
    """Why a channel is stopped."""

    reason: GivenReason


class ResumeShape(FormShape):
    """Nothing but the key."""


@router.get("/desk/channels")
def show_channels(request: Request, turn: DeskReading, done: str = "") -> Response:
    """Every channel in use with its figures."""
    return _draw(request, turn, Form(), done=done)


@router.post("/desk/channels/{channel}/pause")
def pause(request: Request, turn: DeskWriting, sent: Sent, channel: str) -> Response:
    """Send nothing more by it."""
    turn.viewer.must_be(OVERRIDERS)
    must_be_in_use(request, channel)
    read = read_form(PauseShape, sent)
    if read.shape is None:
        return _draw(request, turn, read.again(), at=channel)
    shape = read.shape

    def do() -> str:
        pause_channel(turn, channel, shape.reason)
        return "/desk/channels?done=paused"

    answer = attempt(turn, shape, f"pause {channel}", do)
    return answer if isinstance(answer, Response) else _draw(request, turn, read.again(), refusal=answer, at=channel)


@router.post("/desk/channels/{channel}/resume")
def resume(request: Request, turn: DeskWriting, sent: Sent, channel: str) -> Response:
    """Send by it again."""
    turn.viewer.must_be(OVERRIDERS)
    must_be_in_use(request, channel)
    read = read_form(ResumeShape, sent)
    if read.shape is None:
        return _draw(request, turn, read.again(), at=channel)

    def do() -> str:
        resume_channel(turn, channel)
        return "/desk/channels?done=resumed"

    answer = attempt(turn, read.shape, f"resume {channel}", do)
    return answer if isinstance(answer, Response) else _draw(request, turn, read.again(), refusal=answer, at=channel)


def _draw(
    request: Request, turn: Turn, form: Form, *, refusal: Refusal | None = None, at: str = "", done: str = ""
) -> Response:
    return page(
        request,
        "desk/channels.html",
        status=status_of(refusal) if refusal else 422 if form.errors else 200,
        channels=channel_figures(turn.session, channels_in_use(request), turn.now),
        figures=figures(turn.session, turn.now),
        form=form,
        refusal=refusal,
        at=at,
        fresh=Form,
        media=MEDIUM_WORDS,
        channel_words=channel_words,
        who=who,
        flashes=flashes(done),
        may=may(turn.viewer),
    )

"""The daily log at the desk: what happened, and what the next shift takes over."""

from datetime import timedelta
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import StringConstraints

from dispatch.accounts.turn import Turn
from dispatch.care.day_log.actions import lines_of_day, take_over, write_line
from dispatch.errors import Refusal
from mobile_api.desk.care.words import flashes, may
from mobile_api.desk.doors import DeskReading, DeskWriting
from mobile_api.desk.forms import Form, FormShape, Sent, attempt, day_from, read_form
from mobile_api.desk.words import who
from mobile_api.errors import status_of
from mobile_api.pages import page

router = APIRouter()


class LineShape(FormShape):
    """A line, or something for the next shift."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=1000)]
    handover: Literal["yes"] | None = None


class TakeShape(FormShape):
    """Nothing but the key."""


@router.get("/desk/day-log")
def show_log(request: Request, turn: DeskReading, day: str = "", done: str = "") -> Response:
    """The log of a day, and what was left open before it."""
    return _draw(request, turn, day, Form(), done=done)


@router.post("/desk/day-log")
def write(request: Request, turn: DeskWriting, sent: Sent) -> Response:
    """A line of today."""
    read = read_form(LineShape, sent)
    if read.shape is None:
        return _draw(request, turn, "", read.again())
    shape = read.shape

    def do() -> str:
        write_line(turn, shape.text, handover=shape.handover is not None)
        return "/desk/day-log?done=noted"

    answer = attempt(turn, shape, "day log", do)
    return answer if isinstance(answer, Response) else _draw(request, turn, "", read.again(), answer)


@router.post("/desk/day-log/{line_id}/take")
def take(request: Request, turn: DeskWriting, sent: Sent, line_id: UUID) -> Response:
    """The next shift knows of it."""
    read = read_form(TakeShape, sent)
    if read.shape is None:
        return _draw(request, turn, "", Form())

    def do() -> str:
        take_over(turn, line_id)
        return "/desk/day-log?done=noted"

    answer = attempt(turn, read.shape, f"take over {line_id}", do)
    return answer if isinstance(answer, Response) else _draw(request, turn, "", Form(), answer)


def _draw(
    request: Request, turn: Turn, day: str, form: Form, refusal: Refusal | None = None, done: str = ""
) -> Response:
    chosen = day_from(day, turn.now.astimezone(turn.settings.zone).date())
    return page(
        request,
        "desk/care/day_log.html",
        status=status_of(refusal) if refusal else 422 if form.errors else 200,
        lines=lines_of_day(turn.session, turn.viewer, f"{chosen}"),
        day=chosen,
        day_before=chosen - timedelta(days=1),
        day_after=chosen + timedelta(days=1),
        form=form,
        fresh=Form,
        refusal=refusal,
        who=who,
        flashes=flashes(done),
        may=may(turn.viewer),
    )

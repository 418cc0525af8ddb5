"""Day's end at the desk: what was done, late, missed and told too late, and what the next shift takes over."""

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import StringConstraints

from dispatch.accounts.audit import note_look
from dispatch.accounts.turn import Turn
from dispatch.care.day_log.actions import write_line
from dispatch.clock import local_day
from dispatch.day_end.queries import day_end, draft_of_handover
from dispatch.day_end.rules import OUTCOME_WORDS
from dispatch.errors import Refusal
from dispatch.exceptions.queries import matters_for
from mobile_api.desk.doors import DeskReading, DeskWriting, may
from mobile_api.desk.forms import Form, FormShape, Sent, attempt, day_from, read_form
from mobile_api.desk.words import KIND_WORDS, flashes, who
from mobile_api.errors import status_of
from mobile_api.pages import language_of, page

router = APIRouter()


class HandOverShape(FormShape):
    """What the next shift is to know."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=1000)]


@router.get("/desk/day-end")
def show_day_end(request: Request, turn: DeskReading, day: str = "", done: str = "") -> Response:
    """The page; that its names and addresses were looked at is written down."""
    return _draw(request, turn, day, None, done=done)


@router.post("/desk/day-end/hand-over")
def hand_over(request: Request, turn: DeskWriting, sent: Sent) -> Response:
    """A line of today's log, open until the next shift takes it over."""
    read = read_form(HandOverShape, sent)
    if read.shape is None:
        return _draw(request, turn, "", read.again())
    shape = read.shape

    def do() -> str:
        write_line(turn, shape.text, handover=True)
        return "/desk/day-end?done=handed_over"

    answer = attempt(turn, shape, "hand over", do)
    return answer if isinstance(answer, Response) else _draw(request, turn, "", read.again(), answer)


def _draw(
    request: Request, turn: Turn, day: str, form: Form | None, refusal: Refusal | None = None, done: str = ""
) -> Response:
    zone = turn.settings.zone
    today = local_day(turn.now, zone)
    chosen = day_from(day, today)
    note_look(turn.session, turn.viewer, "day", chosen, turn.now)
    end = day_end(turn.session, turn.viewer, chosen, zone, turn.now)
    matters = len(matters_for(turn.session, turn.viewer, zone, turn.now)) if chosen == today else 0
    facts: dict[str, Any] = {
        "day": chosen,
        "is_today": chosen == today,
        "before": chosen - timedelta(days=1),
        "after": chosen + timedelta(days=1),
        "end": end,
        "matters": matters,
        "outcomes": OUTCOME_WORDS,
        "kind_words": KIND_WORDS,
        "form": form or Form({"text": draft_of_handover(end, matters).to(language_of(request))[:1000]}),
        "fresh": Form,
        "refusal": refusal,
        "who": who,
        "flashes": flashes(done),
        "may": may(turn.viewer),
    }
    status = status_of(refusal) if refusal else 422 if form and form.errors else 200
    return page(request, "desk/day_end.html", status=status, **facts)

"""From the page of a visit: tell the customer of a late arrival, and promise a call after a completed visit."""

from datetime import datetime, time, timedelta
from uuid import UUID

from fastapi import APIRouter, Request, Response

from dispatch.accounts.viewer import PLANNERS
from dispatch.clock import local_day
from dispatch.records.asking import announce_return_call
from dispatch.visits.queries import visit_seen_by
from dispatch.visits.under_way import run_late
from mobile_api.desk.doors import DeskWriting
from mobile_api.desk.forms import FormShape, Sent, attempt, read_form
from mobile_api.desk.moves import Day
from mobile_api.desk.visit import draw_visit
from mobile_api.desk.windows import window_said
from mobile_api.shapes import GivenReason

router = APIRouter()
FIELD_OF_LATE = {"arrival-in-the-past": "time", "too-late-to-come": "time", "not-late": "time"}
FIELD_OF_RETURN = {
    "window-ends-before-it-starts": "end",
    "window-length": "end",
    "window-quiet": "begin",
    "window-in-the-past": "day",
    "window-too-far": "day",
}


class LateShape(FormShape):
    """When the technician will be there, on the promised day, and why they are late."""

    version: int
    time: time
    reason: GivenReason


class ReturnCallShape(FormShape):
    """Between when the customer will be called."""

    day: Day
    begin: time
    end: time


@router.post("/desk/visits/{visit_id}/late")
def tell_of_late(request: Request, turn: DeskWriting, sent: Sent, visit_id: UUID) -> Response:
    """The customer is told the new arrival and the reason; saying the same again tells nothing more."""
    turn.viewer.must_be(PLANNERS)
    visit = visit_seen_by(turn.session, turn.viewer, visit_id)
    read = read_form(LateShape, sent)
    if read.shape is None:
        return draw_visit(request, turn, visit, late=read.again())
    shape, zone = read.shape, turn.settings.zone

    def do() -> str:
        day = local_day(visit.window.start, zone)
        predicted = datetime.combine(day, shape.time, zone)
        if predicted < visit.window.start - timedelta(hours=12):  # a window that runs past midnight
            predicted += timedelta(days=1)
        _, notice = run_late(turn, visit_id, predicted=predicted, reason=shape.reason, expected_version=shape.version)
        return f"/desk/visits/{visit_id}?done={'late_told' if notice else 'late_kept'}"

    answer = attempt(turn, shape, f"late {visit_id}", do)
    if isinstance(answer, Response):
        return answer
    field = FIELD_OF_LATE.get(answer.name)
    form = read.again(**({field: answer.words} if field else {}))
    return draw_visit(request, turn, visit_seen_by(turn.session, turn.viewer, visit_id), late=form, refusal=answer)


@router.post("/desk/visits/{visit_id}/return-call")
def promise_call(request: Request, turn: DeskWriting, sent: Sent, visit_id: UUID) -> Response:
    """The customer of a completed visit is told when we call, and the call stands among those to make."""
    visit = visit_seen_by(turn.session, turn.viewer, visit_id)
    read = read_form(ReturnCallShape, sent)
    if read.shape is None:
        return draw_visit(request, turn, visit, returning=read.again())
    shape = read.shape

    def do() -> str:
        announce_return_call(turn, visit_id, window_said(shape.day, shape.begin, shape.end, turn.settings.zone))
        return f"/desk/visits/{visit_id}?done=return_call"

    answer = attempt(turn, shape, f"return call {visit_id}", do)
    if isinstance(answer, Response):
        return answer
    field = FIELD_OF_RETURN.get(answer.name)
    form = read.again(**({field: answer.words} if field else {}))
    return draw_visit(request, turn, visit_seen_by(turn.session, turn.viewer, visit_id), returning=form, refusal=answer)

"""Moving a visit: another window, technician or planned time, under the two-hour rule."""

from datetime import date, time
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import Field

from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import PLANNERS
from dispatch.clock import local_day
from dispatch.errors import Refusal, Stale
from dispatch.technicians.queries import technicians_seen_by
from dispatch.visits.booking import Booked, reschedule_visit
from dispatch.visits.queries import changes_of, visit_seen_by
from dispatch.visits.tables import Visit
from dispatch.visits.windows import Window
from mobile_api.desk.choices import technicians_for
from mobile_api.desk.doors import DeskReading, DeskWriting, may
from mobile_api.desk.forms import Form, FormShape, Read, Sent, attempt, read_form
from mobile_api.desk.late_changes import ChangeShape, late_call, override_of
from mobile_api.desk.story import story_of
from mobile_api.desk.windows import moment_said, quick_picks, said, window_said
from mobile_api.desk.words import KIND_WORDS, OUTCOME_WORDS
from mobile_api.errors import status_of
from mobile_api.pages import language_of, page

router = APIRouter()

Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 12, 31))]

FIELD_OF_REFUSAL = {
    "window-ends-before-it-starts": "end",
    "window-length": "end",
    "window-in-the-past": "day",
    "window-too-far": "day",
    "planned-outside-window": "planned",
    "unknown-technician": "technician",
    "reason-missing": "reason",
    "technician-busy": "technician",
}


class MoveShape(ChangeShape):
    """Where a visit is to go. No technician: unassigned; no planned start: the earliest free time."""

    day: Day
    begin: time
    end: time
    technician: UUID | None = None
    planned: time | None = None


class AssignShape(FormShape):
    """Who is to go; the promised window stays."""

    version: int
    technician: UUID | None = None


def draw_move(
    request: Request,
    turn: Turn,
    visit: Visit,
    form: Form,
    *,
    refusal: Refusal | None = None,
    new: Window | None = None,
    seen: int | None = None,
) -> Response:
    """The moving form; after a refusal with what to do about it, after a stale version with what has changed."""
    language, zone = language_of(request), turn.settings.zone
    changed = None
    if isinstance(refusal, Stale) and seen is not None:
        technicians = {one.id: one for one in technicians_seen_by(turn.session, turn.viewer)}
        newer = [change for change in changes_of(turn.session, visit) if change.version > seen]
        changed = story_of(newer, technicians, zone, language)
    day = local_day((new or visit.window).start, zone)
    today = local_day(turn.now, zone)
    status = 200
    if refusal is not None or form.errors:
        status = status_of(refusal) if refusal else 422
    return page(
        request,
        "desk/move.html",
        status=status,
        visit=visit,
        order=visit.work_order,
        kind_words=KIND_WORDS,
        form=form,
        refusal=refusal,
        changed=changed,
        late=late_call(refusal, turn, visit, new),
        outcomes=OUTCOME_WORDS,
        choices=technicians_for(turn, visit.work_order, day),
        picks=quick_picks(today, turn.now, visit.work_order.wanted, zone),
        may=may(turn.viewer),
    )


@router.get("/desk/visits/{visit_id}/move")
def ask_move(
    request: Request, turn: DeskReading, visit_id: UUID, day: str = "", begin: str = "", end: str = "", asked: str = ""
) -> Response:
    """The form, with the present window in it or with a quick pick."""
    turn.viewer.must_be(PLANNERS)
    visit = visit_seen_by(turn.session, turn.viewer, visit_id)
    values = {**said(visit.window, turn.settings.zone), "technician": str(visit.technician_id or "")}
    values |= {name: text for name, text in (("day", day), ("begin", begin), ("end", end)) if text}
    values["asked_by"] = "customer" if asked == "customer" else "company"
    return draw_move(request, turn, visit, Form(values))


@router.post("/desk/visits/{visit_id}/move")
def move(request: Request, turn: DeskWriting, sent: Sent, visit_id: UUID) -> Response:
    """Move it, or draw the form again with the refusal."""
    turn.viewer.must_be(PLANNERS)
    visit = visit_seen_by(turn.session, turn.viewer, visit_id)
    read: Read[MoveShape] = read_form(MoveShape, sent)
    override = override_of(read, turn)  # type: ignore[arg-type]  # a MoveShape is a ChangeShape
    if read.shape is None or read.errors:
        return draw_move(request, turn, visit, read.again())
    shape, zone = read.shape, turn.settings.zone
    new: list[Window] = []

    def do() -> str:
        told = (shape.day.isoformat(), f"{shape.begin:%H:%M}", f"{shape.end:%H:%M}")
        if told == tuple(said(visit.window, zone).values()):
            window = visit.window  # what the form cannot say (seconds, a window across midnight) is no change
        else:
            window = window_said(shape.day, shape.begin, shape.end, zone)
        new.append(window)
        done = reschedule_visit(
            turn,
            visit_id,
            window,
            asked_by=shape.asked_by,
            reason=shape.reason,
            technician_id=shape.technician,
            planned_start=moment_said(shape.day, shape.planned, zone),
            override=override,
            expected_version=shape.version,
        )
        return f"/desk/visits/{visit_id}?done={_done(done)}"

    answer = attempt(turn, shape, f"move {visit_id}", do)
    if isinstance(answer, Response):
        return answer
    return refused(request, turn, visit_id, read, answer, new[0] if new else None)


@router.post("/desk/visits/{visit_id}/assign")
def assign(request: Request, turn: DeskWriting, sent: Sent, visit_id: UUID) -> Response:
    """Give it to somebody, or to nobody; what the customer was promised stays."""
    turn.viewer.must_be(PLANNERS)
    visit = visit_seen_by(turn.session, turn.viewer, visit_id)
    read = read_form(AssignShape, sent)
    if read.shape is None:
        return draw_move(request, turn, visit, Form({**said(visit.window, turn.settings.zone)}, read.errors))
    shape = read.shape

    def do() -> str:
        current = visit_seen_by(turn.session, turn.viewer, visit_id)
        reschedule_visit(
            turn,
            visit_id,
            current.window,
            asked_by="company",
            reason="",
            technician_id=shape.technician,
            expected_version=shape.version,
        )
        return f"/desk/visits/{visit_id}?done=assigned"

    answer = attempt(turn, shape, f"assign {visit_id}", do)
    if isinstance(answer, Response):
        return answer
    read.values.update(said(visit.window, turn.settings.zone), asked_by="company")
    return refused(request, turn, visit_id, read, answer, None)


def refused(
    request: Request,
    turn: Turn,
    visit_id: UUID,
    read: Read[MoveShape] | Read[AssignShape],
    refusal: Refusal,
    new: Window | None,
) -> Response:
    """The moving form again, over the state that the visit is in now."""
    visit = visit_seen_by(turn.session, turn.viewer, visit_id)
    field = FIELD_OF_REFUSAL.get(refusal.name)
    form = read.again(**({field: refusal.words} if field else {}))
    seen = read.shape.version if read.shape else None
    return draw_move(request, turn, visit, form, refusal=refusal, new=new, seen=seen)


def _done(done: Booked) -> str:
    if done.breach:
        return "breach"
    return "moved" if done.notice and done.notice.kind == "moved" else "planned"

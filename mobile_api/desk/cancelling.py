"""Cancelling a visit, under the same two-hour rule."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import PLANNERS
from dispatch.errors import Refusal, Stale
from dispatch.technicians.queries import technicians_seen_by
from dispatch.visits.booking import cancel_visit
from dispatch.visits.queries import changes_of, visit_seen_by
from dispatch.visits.tables import Visit
from mobile_api.desk.doors import DeskReading, DeskWriting, may
from mobile_api.desk.forms import Form, Sent, attempt, read_form
from mobile_api.desk.late_changes import ChangeShape, late_call, override_of
from mobile_api.desk.moves import FIELD_OF_REFUSAL
from mobile_api.desk.story import story_of
from mobile_api.desk.words import KIND_WORDS, OUTCOME_WORDS
from mobile_api.errors import status_of
from mobile_api.pages import language_of, page

router = APIRouter()


def _draw(
    request: Request, turn: Turn, visit: Visit, form: Form, refusal: Refusal | None = None, seen: int | None = None
) -> Response:
    changed = None
    if isinstance(refusal, Stale) and seen is not None:
        technicians = {one.id: one for one in technicians_seen_by(turn.session, turn.viewer)}
        newer = [change for change in changes_of(turn.session, visit) if change.version > seen]
        changed = story_of(newer, technicians, turn.settings.zone, language_of(request))
    status = status_of(refusal) if refusal else 422 if form.errors else 200
    return page(
        request,
        "desk/cancel.html",
        status=status,
        visit=visit,
        order=visit.work_order,
        kind_words=KIND_WORDS,
        form=form,
        refusal=refusal,
        changed=changed,
        late=late_call(refusal, turn, visit, None),
        outcomes=OUTCOME_WORDS,
        may=may(turn.viewer),
    )


@router.get("/desk/visits/{visit_id}/cancel")
def ask_cancel(request: Request, turn: DeskReading, visit_id: UUID) -> Response:
    """Asks before anything is done."""
    turn.viewer.must_be(PLANNERS)
    visit = visit_seen_by(turn.session, turn.viewer, visit_id)
    return _draw(request, turn, visit, Form({"asked_by": "company"}))


@router.post("/desk/visits/{visit_id}/cancel")
def cancel(request: Request, turn: DeskWriting, sent: Sent, visit_id: UUID) -> Response:
    """Cancel it, or draw the form again with the refusal."""
    turn.viewer.must_be(PLANNERS)
    visit = visit_seen_by(turn.session, turn.viewer, visit_id)
    read = read_form(ChangeShape, sent)
    override = override_of(read, turn)
    if read.shape is None or read.errors:
        return _draw(request, turn, visit, read.again())
    shape = read.shape

    def do() -> str:
        done = cancel_visit(
            turn,
            visit_id,
            asked_by=shape.asked_by,
            reason=shape.reason,
            override=override,
            expected_version=shape.version,
        )
        return f"/desk/visits/{visit_id}?done={'breach' if done.breach else 'cancelled'}"

    answer = attempt(turn, shape, f"cancel {visit_id}", do)
    if isinstance(answer, Response):
        return answer
    field = FIELD_OF_REFUSAL.get(answer.name)
    form = read.again(**({field: answer.words} if field else {}))
    return _draw(request, turn, visit_seen_by(turn.session, turn.viewer, visit_id), form, answer, shape.version)

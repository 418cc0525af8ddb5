"""Conflicts at the desk: what phones said against what counts, until a person has looked after each."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from dispatch.accounts.audit import note_look
from dispatch.accounts.turn import Turn
from dispatch.errors import Refusal
from dispatch.records.conflict_queries import conflict_at, conflicts_of_visit, conflicts_seen_by
from dispatch.records.conflict_rules import COUNTS_WORDS, KIND_WORDS
from dispatch.records.conflicts import look_after
from dispatch.visits.queries import visit_seen_by
from mobile_api.desk.doors import DeskReading, DeskWriting, may
from mobile_api.desk.forms import Form, FormShape, Sent, attempt, read_form
from mobile_api.desk.words import flashes, who
from mobile_api.errors import status_of
from mobile_api.pages import page
from mobile_api.shapes import Note

router = APIRouter()


class LookedAfterShape(FormShape):
    """What was done about a conflict."""

    note: Note


@router.get("/desk/conflicts")
def show_conflicts(request: Request, turn: DeskReading, done: str = "") -> Response:
    """The open ones, the oldest first; below them the last that were looked after."""
    note_look(turn.session, turn.viewer, "conflicts", "all", turn.now)
    return page(
        request,
        "desk/conflicts.html",
        open=conflicts_seen_by(turn.session, turn.viewer, looked_after=False),
        settled=conflicts_seen_by(turn.session, turn.viewer, looked_after=True, limit=50),
        kind_words=KIND_WORDS,
        who=who,
        flashes=flashes(done),
        may=may(turn.viewer),
    )


@router.get("/desk/conflicts/{conflict_id}")
def show_conflict(request: Request, turn: DeskReading, conflict_id: UUID) -> Response:
    """Both versions side by side, and the form to say what was done."""
    return _draw(request, turn, conflict_id, Form())


@router.post("/desk/conflicts/{conflict_id}")
def settle(request: Request, turn: DeskWriting, sent: Sent, conflict_id: UUID) -> Response:
    """A person has looked after it."""
    read = read_form(LookedAfterShape, sent)
    if read.shape is None:
        return _draw(request, turn, conflict_id, read.again())
    shape = read.shape

    def do() -> str:
        look_after(turn, conflict_id, shape.note)
        return "/desk/conflicts?done=conflict"

    answer = attempt(turn, shape, f"conflict {conflict_id}", do)
    return answer if isinstance(answer, Response) else _draw(request, turn, conflict_id, read.again(), answer)


def _draw(request: Request, turn: Turn, conflict_id: UUID, form: Form, refusal: Refusal | None = None) -> Response:
    visit = visit_seen_by(turn.session, turn.viewer, conflict_at(turn.session, conflict_id).visit_id)
    note_look(turn.session, turn.viewer, "visit", visit.id, turn.now)
    shown = next(
        one for one in conflicts_of_visit(turn.session, visit, turn.settings.zone) if one.conflict.id == conflict_id
    )
    return page(
        request,
        "desk/conflict.html",
        status=status_of(refusal) if refusal else 422 if form.errors else 200,
        visit=visit,
        shown=shown,
        conflict_words=KIND_WORDS,
        counts_words=COUNTS_WORDS,
        who=who,
        form=form,
        refusal=refusal,
        may=may(turn.viewer),
    )

"""One plan at the desk: how far it is, what it would change, and taking it up, whole or in part."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from checklists.words import Words
from dispatch.accounts.audit import note_look
from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import PLANNERS
from dispatch.errors import Refusal
from dispatch.planning.accepting import accept_plan
from dispatch.planning.actions import cancel_plan
from dispatch.planning.queries import plan_seen_by
from dispatch.technicians.tables import Area
from mobile_api.desk.doors import DeskReading, DeskWriting, may
from mobile_api.desk.forms import Form, FormShape, ManySent, Sent, attempt, read_form
from mobile_api.desk.plan_view import CHANGE_WORDS, RUN_KIND_WORDS, STATE_WORDS, events_said, view_of
from mobile_api.desk.words import KIND_WORDS, flashes, who
from mobile_api.errors import status_of
from mobile_api.pages import page

router = APIRouter()
NOTHING_TICKED = Words("请至少勾选一项，或采纳全部。", "Tick at least one, or take all up.")


class AcceptShape(FormShape):
    """Which version was looked at; `all` takes everything up, else the visits that are ticked."""

    version: int
    all: str | None = None
    visit: list[UUID] = []


class CancelShape(FormShape):
    """Which version was looked at."""

    version: int


@router.get("/desk/plans/{plan_id}")
def show_plan(request: Request, turn: DeskReading, plan_id: UUID, done: str = "") -> Response:
    """The whole page; that names and addresses were looked at is written down."""
    note_look(turn.session, turn.viewer, "plan", plan_id, turn.now)
    return page(request, "desk/plan.html", **_facts(turn, plan_id), flashes=flashes(done))


@router.get("/desk/plans/{plan_id}/live")
def refresh_plan(request: Request, turn: DeskReading, plan_id: UUID, seen: str = "") -> Response:
    """The same part of the page anew, or 204 when it is as far as `seen` (state and percent)."""
    run = plan_seen_by(turn.session, turn.viewer, plan_id)
    if seen == f"{run.state}-{run.part}":
        return Response(status_code=204)
    return page(request, "desk/plan_live.html", **_facts(turn, plan_id))


@router.post("/desk/plans/{plan_id}/accept")
def accept(request: Request, turn: DeskWriting, sent: ManySent, plan_id: UUID) -> Response:
    """Make what is ticked, or everything, as far as it can still be made."""
    turn.viewer.must_be(PLANNERS)
    plan_seen_by(turn.session, turn.viewer, plan_id)
    read = read_form(AcceptShape, sent)
    if read.shape is None:
        return _again(request, turn, plan_id, read.again())
    shape = read.shape
    if not shape.all and not shape.visit:
        return _again(request, turn, plan_id, read.again(visit=NOTHING_TICKED))

    def do() -> str:
        visits = None if shape.all else [str(one) for one in shape.visit]
        came = accept_plan(turn, plan_id, visits, shape.version)
        done = "plan_taken" if not came.refused else "plan_in_part" if came.taken else "plan_refused"
        return f"/desk/plans/{plan_id}?done={done}"

    answer = attempt(turn, shape, f"accept plan {plan_id}", do)
    return answer if isinstance(answer, Response) else _again(request, turn, plan_id, read.again(), answer)


@router.post("/desk/plans/{plan_id}/cancel")
def cancel(request: Request, turn: DeskWriting, sent: Sent, plan_id: UUID) -> Response:
    """Call it off, or put the proposal away."""
    turn.viewer.must_be(PLANNERS)
    plan_seen_by(turn.session, turn.viewer, plan_id)
    read = read_form(CancelShape, sent)
    if read.shape is None:
        return _again(request, turn, plan_id, read.again())
    shape = read.shape

    def do() -> str:
        cancel_plan(turn, plan_id, shape.version)
        return f"/desk/plans/{plan_id}"

    answer = attempt(turn, shape, f"cancel plan {plan_id}", do)
    return answer if isinstance(answer, Response) else _again(request, turn, plan_id, read.again(), answer)


def _again(request: Request, turn: Turn, plan_id: UUID, form: Form, refusal: Refusal | None = None) -> Response:
    status = status_of(refusal) if refusal else 422
    facts = _facts(turn, plan_id) | {"form": form, "refusal": refusal}
    return page(request, "desk/plan.html", status=status, **facts, flashes=[])


def _facts(turn: Turn, plan_id: UUID) -> dict[str, Any]:
    run = plan_seen_by(turn.session, turn.viewer, plan_id)
    return {
        "run": run,
        "asked": run.wanted,
        "events": events_said(turn.session, run.wanted.events),
        "area": turn.session.get_one(Area, run.area_id),
        "view": view_of(turn.session, run),
        "state_words": STATE_WORDS,
        "run_kinds": RUN_KIND_WORDS,
        "change_words": CHANGE_WORDS,
        "kind_words": KIND_WORDS,
        "form": Form(),
        "fresh": Form,
        "refusal": None,
        "who": who,
        "may": may(turn.viewer),
    }

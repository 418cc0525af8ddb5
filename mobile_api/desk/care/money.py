"""The ledger of compensation at the desk: what is proposed with its proof, decided by a person, handed to billing."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import StringConstraints

from dispatch.accounts.audit import note_look
from dispatch.accounts.turn import Turn
from dispatch.care.compensation.ledger import approve, compensation_seen_by, compensations_listed, decline
from dispatch.care.compensation.table import limit_of, rule_words, spoken_amount
from dispatch.customers.queries import customers_by_id
from dispatch.errors import NotFound, Refusal
from mobile_api.desk.care.words import flashes, may
from mobile_api.desk.doors import DeskReading, DeskWriting
from mobile_api.desk.forms import Form, FormShape, Sent, attempt, read_form
from mobile_api.desk.words import who
from mobile_api.errors import status_of
from mobile_api.pages import page

router = APIRouter()
STATES = ("proposed", "approved", "declined")


class DecideShape(FormShape):
    """Which version was looked at, and a note (needed to decline)."""

    version: int
    note: Annotated[str, StringConstraints(max_length=500)] = ""


@router.get("/desk/compensations")
def show_ledger(request: Request, turn: DeskReading, state: str = "proposed", done: str = "") -> Response:
    """Rows of the ledger."""
    return _draw(request, turn, state if state in STATES else "proposed", done=done)


@router.post("/desk/compensations/{compensation_id}/{what}")
def decide(request: Request, turn: DeskWriting, sent: Sent, compensation_id: UUID, what: str) -> Response:
    """A person says yes or no."""
    compensation_seen_by(turn.session, turn.viewer, compensation_id)
    if what not in ("approve", "decline"):
        raise NotFound
    read = read_form(DecideShape, sent)
    if read.shape is None:
        return _draw(request, turn, "proposed", form=read.again())
    shape = read.shape

    def do() -> str:
        if what == "approve":
            approve(turn, compensation_id, shape.version, shape.note)
        else:
            decline(turn, compensation_id, shape.note, shape.version)
        return f"/desk/compensations?done={what}d" if what == "approve" else "/desk/compensations?done=declined"

    answer = attempt(turn, shape, f"compensation {compensation_id} {what}", do)
    if isinstance(answer, Response):
        return answer
    turn.session.expire_all()
    return _draw(request, turn, "proposed", refusal=answer)


def _draw(
    request: Request,
    turn: Turn,
    state: str,
    form: Form | None = None,
    refusal: Refusal | None = None,
    done: str = "",
) -> Response:
    rows = compensations_listed(turn.session, turn.viewer, state=state)
    note_look(turn.session, turn.viewer, "compensations", state, turn.now)
    return page(
        request,
        "desk/care/money.html",
        status=status_of(refusal) if refusal else 422 if form and form.errors else 200,
        rows=rows,
        state=state,
        state_names=STATES,
        customers=customers_by_id(turn.session, {one.customer_id for one in rows}),
        limit=limit_of(turn.viewer.role),
        amount=spoken_amount,
        rule_words=rule_words,
        form=form or Form(),
        fresh=Form,
        refusal=refusal,
        who=who,
        flashes=flashes(done),
        may=may(turn.viewer),
    )

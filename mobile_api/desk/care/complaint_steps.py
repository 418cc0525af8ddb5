"""What is done about a complaint, each a form on its page: answer, find out, offer, settle, tell, close, appeal."""

from collections.abc import Callable
from datetime import datetime, time
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import Field, StringConstraints

from dispatch.accounts.turn import Turn
from dispatch.care.complaints.appealing import unhappy
from dispatch.care.complaints.evidence import gather
from dispatch.care.complaints.handling import (
    Offer,
    answer,
    assign,
    close,
    found_out,
    grade,
    offer,
    settle,
    tell_result,
    to_handle,
    withdraw,
)
from dispatch.care.complaints.queries import complaint_seen_by
from dispatch.care.complaints.telling import write_step
from dispatch.care.tasks.actions import make_task
from dispatch.care.who import an_owner
from dispatch.errors import NotFound
from mobile_api.desk.care.complaints import draw_complaint
from mobile_api.desk.doors import DeskWriting
from mobile_api.desk.forms import FormShape, Sent, attempt, read_form
from mobile_api.desk.moves import Day

router = APIRouter()
Said = Annotated[str, StringConstraints(max_length=1000)]
Yuan = Annotated[float, Field(ge=0, le=100_000, allow_inf_nan=False)]


class StepShape(FormShape):
    """Which version was looked at."""

    version: int


class SaidShape(StepShape):
    """Words that the customer reads, or a reason."""

    said: Said = ""


class FoundShape(StepShape):
    """What was found out."""

    cause: str = ""
    finding: Annotated[str, StringConstraints(max_length=4000)] = ""
    said: Said = ""


class OfferShape(StepShape):
    """Up to three solutions; those without a remedy are none. Amounts in yuan."""

    remedy_a: str = ""
    words_a: Said = ""
    yuan_a: Yuan = 0
    remedy_b: str = ""
    words_b: Said = ""
    yuan_b: Yuan = 0
    remedy_c: str = ""
    words_c: Said = ""
    yuan_c: Yuan = 0

    def offers(self) -> list[Offer]:
        """What is offered, in order."""
        told = [(getattr(self, f"remedy_{n}"), getattr(self, f"words_{n}"), getattr(self, f"yuan_{n}")) for n in "abc"]
        return [Offer(remedy, words, round(yuan * 100)) for remedy, words, yuan in told if remedy]


class ChoiceShape(StepShape):
    """Which solution."""

    letter: Annotated[str, StringConstraints(pattern="^[ABC]$")]


class UnhappyShape(SaidShape):
    """Why, and who looks at it anew (nobody named: whoever has least to do)."""

    owner: UUID | None = None


class OwnerShape(StepShape):
    """Who owns it from now on."""

    owner: UUID


class GradeShape(StepShape):
    """How grave it is."""

    severity: Annotated[int, Field(ge=1, le=3)]


class PreventShape(StepShape):
    """What is done so that it does not happen again: by whom, until when."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    owner: UUID
    day: Day


def _prevent(turn: Turn, complaint_id: UUID, shape: Any) -> object:
    complaint = to_handle(turn, complaint_id, shape.version)
    an_owner(turn.session, shape.owner)
    due = datetime.combine(shape.day, time(18), turn.settings.zone)
    task = make_task(turn, "prevention", shape.text, due, owner_id=shape.owner, complaint_id=complaint_id)
    return write_step(turn, complaint, "prevented", task.text, due=due.isoformat())


def _gather(turn: Turn, complaint_id: UUID, shape: Any) -> object:
    complaint = to_handle(turn, complaint_id, shape.version)
    gather(turn, complaint)
    return write_step(turn, complaint, "gathered")


Do = Callable[[Turn, UUID, Any], object]
STEPS: dict[str, tuple[type[StepShape], Do, str]] = {
    "answer": (SaidShape, lambda turn, id, shape: answer(turn, id, shape.said, shape.version), "step"),
    "found": (
        FoundShape,
        lambda turn, id, shape: found_out(turn, id, shape.cause, shape.finding, shape.said, shape.version),
        "step",
    ),
    "offer": (OfferShape, lambda turn, id, shape: offer(turn, id, shape.offers(), shape.version), "step"),
    "settle": (ChoiceShape, lambda turn, id, shape: settle(turn, id, shape.letter, shape.version), "step"),
    "tell": (SaidShape, lambda turn, id, shape: tell_result(turn, id, shape.said, shape.version), "step"),
    "close": (SaidShape, lambda turn, id, shape: close(turn, id, shape.said, shape.version), "step"),
    "unhappy": (
        UnhappyShape,
        lambda turn, id, shape: unhappy(turn, id, shape.said, shape.owner, shape.version),
        "step",
    ),
    "withdraw": (SaidShape, lambda turn, id, shape: withdraw(turn, id, shape.said, shape.version), "step"),
    "assign": (OwnerShape, lambda turn, id, shape: assign(turn, id, shape.owner, shape.version), "noted"),
    "grade": (GradeShape, lambda turn, id, shape: grade(turn, id, shape.severity, shape.version), "noted"),
    "prevent": (PreventShape, _prevent, "noted"),
    "gather": (StepShape, _gather, "noted"),
}
FIELD_OF_REFUSAL = {
    "reply-impolite": "said", "reply-missing": "said", "reply-long": "said", "reason-missing": "said",
    "cause-unknown": "cause", "finding-missing": "finding", "appeal-same-person": "owner",
}  # fmt: skip


@router.post("/desk/complaints/{complaint_id}/{what}")
def take_step(request: Request, turn: DeskWriting, sent: Sent, complaint_id: UUID, what: str) -> Response:
    """Do it once; the page of the complaint says what comes next."""
    complaint = complaint_seen_by(turn.session, turn.viewer, complaint_id)
    if what not in STEPS:
        raise NotFound
    shape_of, do_it, done = STEPS[what]
    read = read_form(shape_of, sent)
    if read.shape is None:
        return draw_complaint(request, turn, complaint, read.again())
    shape = read.shape

    def do() -> str:
        do_it(turn, complaint_id, shape)
        return f"/desk/complaints/{complaint_id}?done={done}"

    made = attempt(turn, shape, f"complaint {complaint_id} {what}", do)
    if isinstance(made, Response):
        return made
    turn.session.expire_all()
    field = FIELD_OF_REFUSAL.get(made.name)
    form = read.again(**({field: made.words} if field else {}))
    return draw_complaint(request, turn, complaint_seen_by(turn.session, turn.viewer, complaint_id), form, refusal=made)

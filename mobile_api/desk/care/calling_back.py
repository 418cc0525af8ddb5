"""Return calls at the desk: which to make now, and one call with its script, its tries and the customer's answers."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import Field, StringConstraints

from checklists.words import Words
from dispatch.accounts.audit import note_look
from dispatch.accounts.turn import Turn
from dispatch.care.return_calls.actions import ask_by_link, keep_answers, note_try
from dispatch.care.return_calls.queries import return_call_seen_by, return_calls_listed, tally
from dispatch.care.return_calls.rules import Answers, is_decent
from dispatch.care.return_calls.tables import ReturnCall
from dispatch.customers.phones import masked_phone
from dispatch.customers.queries import customer_seen_by, customers_by_id
from dispatch.errors import NotFound, Refusal
from dispatch.notices.tables import CallTask
from dispatch.visits.call_scripts import script_of
from dispatch.visits.finding import visits_by_id
from mobile_api.desk.care.words import flashes, may
from mobile_api.desk.doors import DeskReading, DeskWriting
from mobile_api.desk.forms import Form, FormShape, Sent, attempt, read_form
from mobile_api.desk.words import KIND_WORDS, who
from mobile_api.errors import status_of
from mobile_api.pages import page

router = APIRouter()
OUTCOME_WORDS: dict[str, Words] = {
    "reached": Words("已接通", "Reached"),
    "no_answer": Words("无人接听", "No answer"),
    "busy": Words("占线", "Busy"),
    "dropped": Words("通话中断", "Dropped"),
    "refused": Words("客户不愿回访", "Would rather not"),
    "wrong_number": Words("号码有误", "Wrong number"),
}
STATE_WORDS: dict[str, tuple[str, str, Words]] = {
    "due": ("plan", "clock", Words("待回访", "To call")),
    "done": ("good", "check", Words("已回访", "Done")),
    "unreached": ("off", "nobody", Words("未能接通", "Not reached")),
    "by_link": ("off", "message", Words("改为链接评价", "By link instead")),
    "void": ("off", "cross", Words("已取消", "Not needed")),
}


class TryShape(FormShape):
    """A try that came to nothing."""

    version: int
    outcome: Literal["no_answer", "busy", "dropped", "refused", "wrong_number"]
    note: Annotated[str, StringConstraints(max_length=500)] = ""


class AnswersShape(FormShape):
    """What the customer said."""

    version: int
    fixed: Literal["yes", "partly", "no"]
    conduct: Annotated[int | None, Field(ge=1, le=5)] = None
    overall: Annotated[int | None, Field(ge=1, le=5)] = None
    recommend: Annotated[int | None, Field(ge=0, le=10)] = None
    demanded: Literal["yes", "no"]
    demanded_what: Annotated[str, StringConstraints(max_length=500)] = ""
    comment: Annotated[str, StringConstraints(max_length=1000)] = ""
    complain: Literal["yes"] | None = None


class LinkShape(FormShape):
    """Which version was looked at."""

    version: int


@router.get("/desk/return-calls")
def show_calls(request: Request, turn: DeskReading, show: str = "due", done: str = "") -> Response:
    """Which to make now, or those that were made."""
    calls = return_calls_listed(turn.session, turn.viewer, state="due" if show == "due" else "other")
    note_look(turn.session, turn.viewer, "return_calls", show, turn.now)
    return page(
        request,
        "desk/care/return_calls.html",
        calls=calls,
        show=show,
        tally=tally(calls),
        customers=customers_by_id(turn.session, {one.customer_id for one in calls}),
        decent=is_decent(turn.now, turn.settings.zone),
        states=STATE_WORDS,
        outcomes=OUTCOME_WORDS,
        flashes=flashes(done),
        may=may(turn.viewer),
    )


@router.get("/desk/return-calls/{call_id}")
def show_call(request: Request, turn: DeskReading, call_id: UUID, done: str = "") -> Response:
    """One return call."""
    return _draw(request, turn, return_call_seen_by(turn.session, turn.viewer, call_id), Form(), done=done)


@router.post("/desk/return-calls/{call_id}/{what}")
def note(request: Request, turn: DeskWriting, sent: Sent, call_id: UUID, what: str) -> Response:
    """A try, the answers, or by link instead; or the whole number, which is written down."""
    call = return_call_seen_by(turn.session, turn.viewer, call_id)
    if what == "number":
        customer = customer_seen_by(turn.session, turn.viewer, call.customer_id)
        note_look(turn.session, turn.viewer, "customer_phone", customer.id, turn.now)
        if request.headers.get("hx-request"):
            return page(request, "desk/number.html", number=customer.phone)
        return _draw(request, turn, call, Form(), number=customer.phone)
    shapes: dict[str, type[FormShape]] = {"try": TryShape, "answers": AnswersShape, "link": LinkShape}
    if what not in shapes:
        raise NotFound
    read = read_form(shapes[what], sent)
    if read.shape is None:
        return _draw(request, turn, call, read.again())
    shape = read.shape

    def do() -> str:
        if isinstance(shape, TryShape):
            kept = note_try(turn, call_id, shape.outcome, shape.note, shape.version)
            return (
                f"/desk/return-calls/{call_id}?done=again" if kept.state == "due" else "/desk/return-calls?done=called"
            )
        if isinstance(shape, AnswersShape):
            kept = keep_answers(turn, call_id, _answers(shape), shape.version)
            return f"/desk/return-calls?done={'unhappy' if kept.complaint_id else 'called'}"
        assert isinstance(shape, LinkShape)
        ask_by_link(turn, call_id, shape.version)
        return "/desk/return-calls?done=called"

    answer = attempt(turn, shape, f"return call {call_id} {what}", do)
    if isinstance(answer, Response):
        return answer
    turn.session.expire_all()
    more = {"demanded_what": answer.words} if answer.name == "demanded-what" else {}
    return _draw(request, turn, return_call_seen_by(turn.session, turn.viewer, call_id), read.again(**more), answer)


def _answers(shape: AnswersShape) -> Answers:
    return Answers(
        shape.fixed, shape.conduct, shape.overall, shape.recommend, shape.demanded == "yes", shape.demanded_what,
        shape.comment, shape.complain is not None,
    )  # fmt: skip


def _draw(
    request: Request,
    turn: Turn,
    call: ReturnCall,
    form: Form,
    refusal: Refusal | None = None,
    number: str | None = None,
    done: str = "",
) -> Response:
    customer = customer_seen_by(turn.session, turn.viewer, call.customer_id)
    visit = visits_by_id(turn.session, turn.viewer, {call.visit_id}).get(call.visit_id)
    note_look(turn.session, turn.viewer, "return_call", call.id, turn.now)
    asking = CallTask(kind="return_call", why="", phone=customer.phone, language=customer.language)
    return page(
        request,
        "desk/care/return_call.html",
        status=status_of(refusal) if refusal else 422 if form.errors else 200,
        call=call,
        customer=customer,
        masked=masked_phone(customer.phone),
        number=number,
        visit=visit,
        say_this=script_of(asking, customer, None, visit, {}, turn.settings),
        decent=is_decent(turn.now, turn.settings.zone),
        form=form,
        fresh=Form,
        refusal=refusal,
        states=STATE_WORDS,
        outcomes=OUTCOME_WORDS,
        kind_words=KIND_WORDS,
        who=who,
        flashes=flashes(done),
        may=may(turn.viewer),
    )

"""My tasks in care: what was promised and is due, my complaints, return calls to make now; and one task."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import StringConstraints

from dispatch.accounts.audit import note_look
from dispatch.accounts.turn import Turn
from dispatch.care.complaints.clocks import CLOCK_WORDS, pressing
from dispatch.care.complaints.queries import clocks_of, complaints_listed, names_of, rounds_of
from dispatch.care.return_calls.queries import return_calls_listed
from dispatch.care.tasks.actions import do_task
from dispatch.care.tasks.queries import task_seen_by, tasks_listed
from dispatch.care.tasks.tables import CareTask
from dispatch.customers.queries import customers_by_id
from dispatch.errors import Refusal
from mobile_api.desk.care.words import COMPLAINT_STATES, TASK_WORDS, flashes, may
from mobile_api.desk.doors import DeskReading, DeskWriting
from mobile_api.desk.forms import Form, FormShape, Sent, attempt, read_form
from mobile_api.desk.words import who
from mobile_api.errors import status_of
from mobile_api.pages import page

router = APIRouter()


class DoneShape(FormShape):
    """It is done, with the answer."""

    version: int
    answer: Annotated[str, StringConstraints(max_length=1000)] = ""


@router.get("/desk/care")
def show_mine(request: Request, turn: DeskReading, done: str = "") -> Response:
    """What waits for this person; supervisors see what escalated as well."""
    session = turn.session
    tasks = tasks_listed(session, turn.viewer, mine=not may(turn.viewer)["lead"])
    complaints = complaints_listed(session, turn.viewer, mine=True)
    rounds = rounds_of(session, [one.id for one in complaints])
    clocks = {one.id: pressing(clocks_of(one, rounds[one.id][-1]), turn.now) for one in complaints}
    calls = [one for one in return_calls_listed(session, turn.viewer) if one.next_at <= turn.now]
    people = {one.customer_id for one in tasks if one.customer_id}
    people |= {one.customer_id for one in complaints} | {one.customer_id for one in calls}
    note_look(session, turn.viewer, "care", "mine", turn.now)
    return page(
        request,
        "desk/care/home.html",
        tasks=tasks,
        complaints=complaints,
        clocks=clocks,
        clock_words=CLOCK_WORDS,
        calls=calls[:20],
        calls_in_all=len(calls),
        customers=customers_by_id(session, people),
        owners=names_of(session, [one.owner_id for one in tasks]),
        task_words=TASK_WORDS,
        states=COMPLAINT_STATES,
        flashes=flashes(done),
        may=may(turn.viewer),
    )


@router.get("/desk/care/tasks/{task_id}")
def show_task(request: Request, turn: DeskReading, task_id: UUID, done: str = "") -> Response:
    """One task."""
    return _draw(request, turn, task_seen_by(turn.session, turn.viewer, task_id), Form(), done=done)


@router.post("/desk/care/tasks/{task_id}")
def finish(request: Request, turn: DeskWriting, sent: Sent, task_id: UUID) -> Response:
    """It is done."""
    task = task_seen_by(turn.session, turn.viewer, task_id)
    read = read_form(DoneShape, sent)
    if read.shape is None:
        return _draw(request, turn, task, read.again())
    shape = read.shape

    def do() -> str:
        do_task(turn, task_id, shape.answer, shape.version)
        return "/desk/care?done=kept"

    answer = attempt(turn, shape, f"care task {task_id}", do)
    if isinstance(answer, Response):
        return answer
    turn.session.expire_all()
    more = {"answer": answer.words} if answer.name == "answer-missing" else {}
    return _draw(request, turn, task_seen_by(turn.session, turn.viewer, task_id), read.again(**more), answer)


def _draw(
    request: Request, turn: Turn, task: CareTask, form: Form, refusal: Refusal | None = None, done: str = ""
) -> Response:
    note_look(turn.session, turn.viewer, "care_task", task.id, turn.now)
    people = customers_by_id(turn.session, [task.customer_id]) if task.customer_id else {}
    return page(
        request,
        "desk/care/task.html",
        status=status_of(refusal) if refusal else 422 if form.errors else 200,
        task=task,
        customer=people.get(task.customer_id) if task.customer_id else None,
        owners=names_of(turn.session, [task.owner_id]),
        form=form,
        refusal=refusal,
        task_words=TASK_WORDS,
        who=who,
        flashes=flashes(done),
        may=may(turn.viewer),
    )

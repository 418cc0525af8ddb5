"""Verbs of what care owes: make a task, do it, let it escalate when its time is over."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select

from checklists.words import Words
from dispatch.accounts.turn import Turn
from dispatch.care.tasks.queries import task_seen_by
from dispatch.care.tasks.tables import KINDS, CareTask
from dispatch.care.who import CARERS
from dispatch.errors import Invalid, NotAllowed, Stale

FARTHEST = timedelta(days=366)
SECOND_LEVEL = timedelta(days=1)
MOST_LEVEL = 2


def make_task(
    turn: Turn,
    kind: str,
    text: str,
    due_at: datetime,
    *,
    owner_id: UUID | None = None,
    customer_id: UUID | None = None,
    contact_id: UUID | None = None,
    complaint_id: UUID | None = None,
) -> CareTask:
    """A promise, an open question or a preventive action with its deadline. Refuses a time that is over."""
    turn.viewer.must_be(CARERS)
    assert kind in KINDS
    text = " ".join(text.split())[:500]
    if not text:
        raise Invalid(Words("请写明要做什么。", "Say what is to be done."), name="text-missing")
    if not turn.now < due_at <= turn.now + FARTHEST:
        raise Invalid(Words("请选择将来一年内的时限。", "Choose a time within the coming year."), name="due-odd")
    task = CareTask(
        kind=kind,
        text=text,
        due_at=due_at,
        owner_id=owner_id or turn.viewer.account_id,
        customer_id=customer_id,
        contact_id=contact_id,
        complaint_id=complaint_id,
        made_at=turn.now,
        made_by=turn.by,
    )
    turn.session.add(task)
    turn.session.flush()
    turn.audit(f"make_{kind}", "care_task", task.id)
    return task


def do_task(turn: Turn, task_id: UUID, answer: str, version: int | None = None) -> CareTask:
    """It is done; a question is done only with its answer."""
    task = task_seen_by(turn.session, turn.viewer, task_id, to_change=True)
    if version is not None and version != task.version:
        raise Stale(task.version)
    if task.state != "open":
        raise NotAllowed(Words("该任务已结束。", "This task has ended already."), name="task-ended")
    if task.kind == "question" and not answer.strip():
        raise Invalid(Words("请填写给客户的答复。", "Write down the answer."), name="answer-missing")
    task.state, task.version = "done", task.version + 1
    task.done_at, task.done_by, task.answer = turn.now, turn.by, answer.strip()[:1000]
    turn.audit("do_care_task", "care_task", task.id)
    return task


def escalate(turn: Turn) -> int:
    """Overdue tasks go up: to the supervisors at once, and once more a day later; returns how many."""
    again = (CareTask.level == 1) & (CareTask.due_at <= turn.now - SECOND_LEVEL)
    tasks = turn.session.scalars(
        select(CareTask)
        .where(CareTask.state == "open", CareTask.due_at <= turn.now, or_(CareTask.level == 0, again))
        .limit(500)
        .with_for_update()
    ).all()
    for task in tasks:
        task.level = MOST_LEVEL if task.due_at <= turn.now - SECOND_LEVEL else 1
        task.escalated_at, task.version = turn.now, task.version + 1
        turn.audit("escalate_care_task", "care_task", task.id, level=task.level)
    return len(tasks)

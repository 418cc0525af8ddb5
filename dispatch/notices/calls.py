"""Call tasks: a person must phone a customer, by when, and how it went. Nothing that matters expires silently."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from checklists.words import Words
from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import PLANNERS, Role
from dispatch.errors import NotAllowed, NotFound, Stale
from dispatch.notices.tables import CALL_OUTCOMES, CallTask, Notice

CALLERS: frozenset[Role] = PLANNERS | {"care_agent"}
ENOUGH_TRIES = 2
REACHED = frozenset({"reached_agreed", "reached_disagreed"})


class Called(Protocol):
    """Whom a call task is about: what `actions.Reader` tells."""

    @property
    def customer_id(self) -> UUID: ...
    @property
    def phone(self) -> str: ...
    @property
    def language(self) -> str: ...


def open_call(
    turn: Turn,
    kind: str,
    *,
    reader: Called,
    due_at: datetime,
    dedupe: str,
    visit_id: UUID | None = None,
    notice_id: UUID | None = None,
    why: str = "",
) -> CallTask:
    """A task for the desk: phone this customer by `due_at`. The same `dedupe` key gives the same task again."""
    known = turn.session.scalar(select(CallTask).where(CallTask.dedupe_key == dedupe))
    if known is not None:
        return known
    task = CallTask(
        dedupe_key=dedupe,
        kind=kind,
        notice_id=notice_id,
        visit_id=visit_id,
        customer_id=reader.customer_id,
        phone=reader.phone,
        language=reader.language,
        why=why[:200],
        opened_at=turn.now,
        due_at=due_at,
    )
    turn.session.add(task)
    turn.session.flush()
    return task


def call_for_notice(session: Session, notice: Notice, why: str, now: datetime) -> CallTask:
    """The call that must be made because this notice cannot be delivered, or is about to miss its deadline."""
    known = session.scalar(select(CallTask).where(CallTask.dedupe_key == f"notice:{notice.id}"))
    if known is not None:
        if known.state == "void":  # it had gone through after all, and then it had not
            known.state, known.closed_at, known.closed_by = "open", None, None
            known.version += 1
        return known
    task = CallTask(
        dedupe_key=f"notice:{notice.id}",
        kind="untold",
        notice_id=notice.id,
        visit_id=notice.visit_id,
        customer_id=notice.customer_id,
        phone=notice.to,
        language=notice.language,
        why=why[:200],
        opened_at=now,
        due_at=notice.call_by or now,
        breached_at=notice.breached_at,
    )
    session.add(task)
    session.flush()
    return task


def void_calls(turn: Turn, notice_ids: Iterable[UUID]) -> int:
    """Close the calls about these notices: they went through after all, or are not true any more."""
    return void_calls_about(turn.session, notice_ids, turn.now)


def void_calls_about(session: Session, notice_ids: Iterable[UUID], now: datetime) -> int:
    """As `void_calls`, for the sender, which has no viewer."""
    ids = list(notice_ids)
    if not ids:
        return 0
    tasks = session.scalars(
        select(CallTask).where(CallTask.notice_id.in_(ids), CallTask.state == "open", CallTask.kind == "untold")
    ).all()
    for task in tasks:
        task.state, task.closed_at, task.closed_by = "void", now, "system"
        task.version += 1
    return len(tasks)


def note_call(turn: Turn, task_id: UUID, outcome: str, note: str, expected_version: int | None = None) -> CallTask:
    """How a call went. Reached: the task is done, and the notice behind it is told by phone.

    Not reached: the task stays, until it is overdue and was tried twice. A wrong number ends it: nobody can be reached
    by it. Neither tells the customer, so a missed deadline remains a breach.
    """
    turn.viewer.must_be(CALLERS)
    task = turn.session.scalar(select(CallTask).where(CallTask.id == task_id).with_for_update())
    if task is None:
        raise NotFound(Words("没有这项致电任务。", "There is no such call task."))
    if expected_version is not None and expected_version != task.version:
        raise Stale(task.version)
    if task.state != "open":
        raise NotAllowed(
            Words("该致电任务已结束，无需再致电。", "This call task is closed; no call is needed any more."),
            name="call-closed",
        )
    assert outcome in CALL_OUTCOMES
    task.tries = [*task.tries, {"at": turn.now.isoformat(), "by": turn.by, "outcome": outcome, "note": note[:500]}]
    task.version += 1
    turn.audit("call", "customer", task.customer_id, task=str(task.id), outcome=outcome)
    if outcome == "not_reached" and (turn.now < task.due_at or len(task.tries) < ENOUGH_TRIES):
        return task
    task.state, task.outcome, task.note = "done", outcome, note[:500]
    task.closed_at, task.closed_by = turn.now, turn.by
    if outcome in REACHED and task.notice_id is not None and task.kind == "untold":
        _told_by_phone(turn, task.notice_id)
    return task


def _told_by_phone(turn: Turn, notice_id: UUID) -> None:
    notice = turn.session.scalar(select(Notice).where(Notice.id == notice_id).with_for_update())
    if notice is None or notice.state in ("accepted", "delivered", "phoned", "superseded"):
        return
    notice.state, notice.phoned_at, notice.last_problem = "phoned", turn.now, None
    if notice.deadline is not None and turn.now > notice.deadline:
        notice.breached_at = notice.breached_at or turn.now


def open_calls(
    session: Session, *, visit_ids: Iterable[UUID] | None = None, state: str | None = "open", most: int = 200
) -> list[CallTask]:
    """Call tasks, the most urgent first. The caller has checked that the viewer may see them."""
    query = select(CallTask).order_by(CallTask.due_at, CallTask.id).limit(most)
    if state is not None:
        query = query.where(CallTask.state == state)
    if visit_ids is not None:
        query = query.where(CallTask.visit_id.in_(list(visit_ids)))
    return list(session.scalars(query))


def call_seen_by(turn: Turn, task_id: UUID) -> CallTask:
    """One task, for those who call. Refuses with NotFound."""
    turn.viewer.must_be(CALLERS)
    task = turn.session.get(CallTask, task_id)
    if task is None:
        raise NotFound(Words("没有这项致电任务。", "There is no such call task."))
    return task

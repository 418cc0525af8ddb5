"""Questions about what care owes: one's own tasks, and for supervisors everybody's that escalated."""

from uuid import UUID

from sqlalchemy import Select, false, or_, select
from sqlalchemy.orm import Session

from dispatch.accounts.viewer import Viewer
from dispatch.care.tasks.tables import CareTask
from dispatch.care.who import LEADERS
from dispatch.errors import NotFound

MOST = 300


def tasks_for(viewer: Viewer) -> Select[CareTask]:
    """The tasks that this viewer may know of: their own; supervisors see all."""
    everything = select(CareTask)
    if viewer.role in LEADERS or viewer.role == "system":
        return everything
    if viewer.account_id is None or not viewer.at_desk:
        return everything.where(false())
    return everything.where(or_(CareTask.owner_id == viewer.account_id, CareTask.owner_id.is_(None)))


def task_seen_by(session: Session, viewer: Viewer, task_id: UUID, *, to_change: bool = False) -> CareTask:
    """One task; NotFound for what is not the viewer's."""
    query = tasks_for(viewer).where(CareTask.id == task_id)
    task = session.scalar(query.with_for_update() if to_change else query)
    if task is None:
        raise NotFound
    return task


def tasks_listed(session: Session, viewer: Viewer, *, state: str = "open", mine: bool = False) -> list[CareTask]:
    """Tasks by when they are due; those that are done, the last done first."""
    query = tasks_for(viewer).where(CareTask.state == state)
    if mine:
        query = query.where(CareTask.owner_id == viewer.account_id)
    order = CareTask.due_at if state == "open" else CareTask.done_at.desc()
    return list(session.scalars(query.order_by(order, CareTask.id).limit(MOST)))


def tasks_of_complaint(session: Session, complaint_id: UUID) -> list[CareTask]:
    """What is to be done because of a complaint. The caller has checked that the viewer may see it."""
    return list(
        session.scalars(select(CareTask).where(CareTask.complaint_id == complaint_id).order_by(CareTask.due_at))
    )


def tasks_of_contact(session: Session, contact_id: UUID) -> list[CareTask]:
    """What was promised or asked in a contact. The caller has checked that the viewer may see it."""
    return list(session.scalars(select(CareTask).where(CareTask.contact_id == contact_id).order_by(CareTask.due_at)))

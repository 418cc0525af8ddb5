"""Questions about plans: what was asked, what is proposed. For the desk; nobody else knows that there are any."""

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.accounts.viewer import DESK, Viewer
from dispatch.errors import NotFound
from dispatch.planning.tables import PlanRun


def plan_seen_by(session: Session, viewer: Viewer, run_id: UUID, *, to_change: bool = False) -> PlanRun:
    """One run, for the desk; NotFound for everybody else. `to_change` locks it."""
    query = select(PlanRun).where(PlanRun.id == run_id)
    if to_change:
        query = query.with_for_update().execution_options(populate_existing=True)
    run = session.scalar(query) if viewer.at_desk else None
    if run is None:
        raise NotFound
    return run


def plans_on(session: Session, viewer: Viewer, day: date, *, limit: int = 50) -> list[PlanRun]:
    """The runs of a day, the newest first, without “what if”."""
    viewer.must_be(DESK)
    query = select(PlanRun).where(PlanRun.day == day.isoformat(), PlanRun.kind != "what_if")
    return list(session.scalars(query.order_by(PlanRun.asked_at.desc(), PlanRun.id).limit(limit)))


def plans_of_batch(session: Session, viewer: Viewer, batch: UUID) -> list[PlanRun]:
    """Runs that were asked together, in the order of asking; NotFound when there are none for this viewer."""
    query = select(PlanRun).where(PlanRun.batch == batch).order_by(PlanRun.asked_at, PlanRun.seed, PlanRun.id)
    runs = list(session.scalars(query)) if viewer.at_desk else []
    if not runs:
        raise NotFound
    return runs

"""Taking runs of the planner and writing down what came of them: rows are the queue, leases and attempts the fence.

Any number of machines may claim; each row is held by one at a time. Who stops telling how far it is loses the run when
the lease runs out, and what it writes afterwards is not taken.
"""

import os
import socket
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from checklists.words import Words
from dispatch.planning.tables import PlanRun

LEASE = timedelta(seconds=30)
MOST_ATTEMPTS = 3  # a run that has ended its machine so often will do so again; a stop counts, too
ME = f"{socket.gethostname()}:{os.getpid()}"
GIVEN_UP = Words(
    "排程多次中断，未能完成。请缩小范围后重试，或联系管理员。",
    "This plan was interrupted several times. Try a smaller part of the day, or tell the administrator.",
)


@dataclass(frozen=True)
class Claim:
    """A run held for one attempt."""

    run_id: UUID
    attempt: int


def something_waits(session: Session, now: datetime) -> bool:
    """A cheap look, so that idle machines do not take SQLite's write lock each second."""
    return bool(session.scalar(select(func.count()).select_from(PlanRun).where(_due(now)).limit(1)))


def _due(now: datetime) -> Any:
    lost = and_(PlanRun.state == "running", PlanRun.lease_until < now)
    return or_(PlanRun.state == "waiting", lost)


def claim(session: Session, now: datetime, most: int = 1) -> list[Claim]:
    """Take up to `most` runs that wait or whose machine has fallen silent; re-plans before plans before “what if”."""
    urgency = {"replan": 0, "plan": 1, "what_if": 2}
    rows = session.scalars(
        select(PlanRun).where(_due(now)).order_by(PlanRun.asked_at, PlanRun.id).with_for_update(skip_locked=True)
    ).all()
    found: list[Claim] = []
    for row in sorted(rows, key=lambda one: urgency[one.kind]):
        if row.stop_asked:
            _end(row, "cancelled", now)
        elif row.attempts >= MOST_ATTEMPTS:
            row.trouble_zh, row.trouble_en = GIVEN_UP.zh, GIVEN_UP.en
            _end(row, "failed", now)
        elif len(found) < most:
            row.state, row.attempts, row.claimed_by = "running", row.attempts + 1, ME
            row.begun_at, row.lease_until, row.part = now, now + LEASE, 0
            found.append(Claim(row.id, row.attempts))
    session.flush()
    return found


def still_ours(session: Session, held: Claim, now: datetime, part: int) -> bool:
    """Tell how far it is and hold on to it; False when it is to stop: called off, or claimed by another."""
    row = _held(session, held)
    if row is None or row.stop_asked:
        return False
    row.part, row.lease_until = max(0, min(99, part)), now + LEASE
    return True


def finish(
    session: Session, held: Claim, now: datetime, *, problem: str, sha256: str, proposal: dict[str, Any]
) -> bool:
    """Keep the proposal; False when the run is another's by now. Called off meanwhile, it stays called off."""
    row = _held(session, held)
    if row is None:
        return False
    if row.stop_asked:
        _end(row, "cancelled", now)
        return True
    row.problem, row.problem_sha256, row.proposal, row.part = problem, sha256, proposal, 100
    _end(row, "done", now)
    return True


def fail(session: Session, held: Claim, now: datetime, words: Words) -> bool:
    """Say why there is no proposal; False when the run is another's by now."""
    row = _held(session, held)
    if row is None:
        return False
    row.trouble_zh, row.trouble_en = words.zh[:500], words.en[:500]
    _end(row, "cancelled" if row.stop_asked else "failed", now)
    return True


def let_go(session: Session, held: Claim) -> None:
    """Give it back undone, for the next machine: this one is told to stop."""
    row = _held(session, held)
    if row is not None:
        row.state, row.claimed_by, row.lease_until, row.part = "waiting", None, None, 0


def _held(session: Session, held: Claim) -> PlanRun | None:
    return session.scalar(
        select(PlanRun)
        .where(PlanRun.id == held.run_id, PlanRun.state == "running", PlanRun.attempts == held.attempt)
        .with_for_update()
    )


def _end(row: PlanRun, state: str, now: datetime) -> None:
    row.state, row.ended_at, row.lease_until = state, now, None
    row.version += 1

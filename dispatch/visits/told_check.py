"""`doorstep notices check`: for any period, every booking has its confirmation, every change its notice in time, its
call, or its breach. What has none of these is listed.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.notices.calls import REACHED
from dispatch.notices.tables import CallTask, Notice
from dispatch.visits.tables import VisitChange
from dispatch.visits.told_rules import FINDINGS, Told, Verdict, judge

AT_ONCE = 400  # visits looked at together; SQLite binds a limited number of values
NOTICE_OF = {
    "booked": "booked",
    "moved": "moved",
    "cancelled": "cancelled",
    "no_access": "no_access",
    "running_late": "running_late",
}


@dataclass(frozen=True)
class Judged:
    """One change of one visit, and whether its customer was told."""

    visit_id: UUID
    version: int
    what: str
    at: datetime
    verdict: Verdict


@dataclass(frozen=True)
class Checked:
    """All changes of a period: how many of each verdict, and those that must not be."""

    verdicts: Counter[Verdict] = field(default_factory=Counter)
    findings: list[Judged] = field(default_factory=list)

    @property
    def is_proved(self) -> bool:
        """Whether nothing was found. A period without any change proves nothing, and is no failure either."""
        return not self.findings


def check_period(session: Session, since: datetime, until: datetime, now: datetime) -> Checked:
    """Hold every change of visits made in [since, until) against what its customer was told by `now`."""
    checked = Checked()
    touched = list(
        session.scalars(select(VisitChange.visit_id).where(VisitChange.at >= since, VisitChange.at < until).distinct())
    )
    for begin in range(0, len(touched), AT_ONCE):
        for judged in _judge_visits(session, touched[begin : begin + AT_ONCE], now):
            if since <= judged.at < until:
                checked.verdicts[judged.verdict] += 1
                if judged.verdict in FINDINGS:
                    checked.findings.append(judged)
    checked.findings.sort(key=lambda one: (one.at, one.version))
    return checked


def _judge_visits(session: Session, visit_ids: list[UUID], now: datetime) -> Iterator[Judged]:
    notices: dict[tuple[UUID | None, int | None, str], Notice] = {}
    for notice in session.scalars(
        select(Notice).where(Notice.visit_id.in_(visit_ids), Notice.resend_of.is_(None)).order_by(Notice.owed_at)
    ):
        notices.setdefault((notice.visit_id, notice.visit_version, notice.kind), notice)
    calls = {
        task.notice_id: task.state
        for task in session.scalars(select(CallTask).where(CallTask.visit_id.in_(visit_ids)))
        if task.notice_id is not None
    }
    changes: dict[UUID, list[VisitChange]] = defaultdict(list)
    for change in session.scalars(
        select(VisitChange).where(VisitChange.visit_id.in_(visit_ids)).order_by(VisitChange.version)
    ):
        changes[change.visit_id].append(change)
    for visit_id in visit_ids:
        known: Any = None
        technician: Any = None
        for change in changes[visit_id]:
            kind = _kind_of(change, technician)
            technician = change.facts.get("technician_id", technician)
            if kind is None:
                continue
            its_own = notices.get((visit_id, change.version, kind))
            # what had not left yet is owed anew in the same words, with the new name or the old time: it says all
            again = (notices.get((visit_id, change.version, other)) for other in ("moved", "booked"))
            found = its_own or next(filter(None, again), None)
            told = _told(found, calls.get(found.id, "none")) if found else None
            owed = not (kind == "moved" and change.facts.get("window") == known)
            verdict = judge(told, owed=owed, breach=change.breach, now=now)
            if _is_known(change, kind, found):
                known = change.facts.get("window", known)
            yield Judged(visit_id, change.version, kind, change.at, verdict)


def _is_known(change: VisitChange, kind: str, notice: Notice | None) -> bool:
    """Whether the customer surely knew the window of this change: agreed, asked for, heard on the phone, or told."""
    override = change.facts.get("override") or {}
    heard = override.get("call_outcome") in REACHED
    told = notice is not None and (notice.accepted_at or notice.phoned_at) is not None
    return kind == "booked" or change.asked_by == "customer" or heard or told


def _kind_of(change: VisitChange, technician_before: Any) -> str | None:
    """Which notice a change calls for; None for one that the customer need not know of."""
    if change.what != "moved":
        return NOTICE_OF.get(change.what)
    if change.facts.get("window") != change.facts.get("old_window"):
        return "moved"
    after = change.facts.get("technician_id")
    return "technician_changed" if after and technician_before and after != technician_before else None


def _told(notice: Notice, call: str) -> Told:
    states: dict[str, Literal["none", "open", "done", "void"]] = {"open": "open", "done": "done", "void": "void"}
    return Told(
        state=notice.state,
        owed_at=notice.owed_at,
        accepted_at=notice.accepted_at,
        phoned_at=notice.phoned_at,
        deadline=notice.deadline,
        call_by=notice.call_by,
        breached_at=notice.breached_at,
        call=states.get(call, "none"),
    )

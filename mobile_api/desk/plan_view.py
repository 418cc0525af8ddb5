"""A plan for the eye: its changes with the names of people and places, and its reasons without ids in them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from checklists.words import Words
from dispatch.planning.asked import Event
from dispatch.planning.proposal import Change, ChangeKind, Figures, Proposal, Spot
from dispatch.planning.tables import PlanRun
from dispatch.technicians.tables import Technician
from dispatch.visits.tables import Visit, WorkOrder
from dispatch.visits.windows import Window

AN_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\+?[0-9]*")
STATE_WORDS: dict[str, tuple[str, str, Words]] = {
    "waiting": ("plan", "clock", Words("等待排程", "Waiting")),
    "running": ("move", "half", Words("排程中", "Planning")),
    "done": ("good", "check", Words("方案待采纳", "To be taken up")),
    "failed": ("bad", "cross", Words("未能排程", "Not planned")),
    "cancelled": ("off", "cross", Words("已取消", "Called off")),
    "accepted": ("seal", "check", Words("已采纳", "Taken up")),
    "accepted_in_part": ("seal", "half", Words("已采纳一部分", "Taken up in part")),
}
RUN_KIND_WORDS: dict[str, Words] = {
    "plan": Words("全天排程", "The whole day"),
    "replan": Words("重新排程", "After something happened"),
    "what_if": Words("假设比较", "What if"),
}
CHANGE_WORDS: dict[ChangeKind, tuple[str, str, Words]] = {
    "unassigned": ("bad", "nobody", Words("无人可去", "Nobody can come")),
    "waiting": ("bad", "nobody", Words("仍无人可去", "Still nobody")),
    "not_booked": ("warn", "nobody", Words("排不进", "Cannot be booked")),
    "technician": ("warn", "people", Words("换人", "Someone else")),
    "booked": ("move", "plus", Words("新预约", "A new visit")),
    "assigned": ("move", "person", Words("派单", "Assigned")),
    "time": ("plan", "clock", Words("时段内调整", "Within the window")),
}
EVENT_WORDS: dict[str, Words] = {
    "sick": Words("人员请假或生病", "A technician is away"),
    "late": Words("人员晚到", "A technician is late"),
    "longer": Words("上门用时超出计划", "A visit takes longer"),
    "no_access": Words("未能入户", "No access"),
    "cancelled": Words("上门取消", "A visit is cancelled"),
    "urgent": Words("紧急工单", "An urgent order"),
    "slower": Words("道路变慢", "The roads are slower"),
}


@dataclass(frozen=True)
class Line:
    """One change with who and where. `visit_id` leads to its page; `order_id` to that of an order to be booked."""

    change: Change
    customer: str
    address: str
    kind: str
    window: Window
    before: tuple[str | None, datetime] | None
    after: tuple[str | None, datetime] | None
    why: Words | None
    refused: Words | None

    @property
    def href(self) -> str:
        """The page of the visit, or of the order."""
        return f"/desk/{'orders' if self.change.is_order else 'visits'}/{self.change.visit}"


@dataclass(frozen=True)
class View:
    """A proposal for the eye: what needs a person, what customers hear of, and what moves without a word."""

    proposal: Proposal
    pressing: tuple[Line, ...]
    told: tuple[Line, ...]
    quiet: tuple[Line, ...]

    @property
    def to_accept(self) -> int:
        """How many changes could be made."""
        return sum(change.to_accept for change in self.proposal.changes)

    @property
    def figures(self) -> tuple[Figures, Figures]:
        """Before and after."""
        return self.proposal.before, self.proposal.after


def view_of(session: Session, run: PlanRun) -> View | None:
    """What the run proposes, with names; None when it proposes nothing."""
    if run.proposal is None:
        return None
    proposal = Proposal.kept(run.proposal)
    names = technician_names(session)
    orders = _orders(session, proposal.changes)
    refused = {one["visit"]: Words(one["zh"], one["en"]) for one in (run.outcome or {}).get("refused", ())}
    lines = [
        _line(change, orders.get(change.visit), names, refused.get(change.visit))
        for change in proposal.changes
        if change.visit in orders
    ]
    return View(
        proposal,
        tuple(one for one in lines if one.change.kind in ("unassigned", "waiting", "not_booked")),
        tuple(one for one in lines if one.change.kind in ("technician", "booked", "assigned")),
        tuple(one for one in lines if one.change.kind == "time"),
    )


def technician_names(session: Session) -> dict[str, str]:
    """Name and code of every technician, by id."""
    rows = session.execute(select(Technician.id, Technician.name, Technician.code))
    return {str(row.id): f"{row.name} {row.code}" for row in rows}


def _orders(session: Session, changes: Sequence[Change]) -> dict[str, WorkOrder]:
    """The work order behind each change, with customer and site."""
    visits = [UUID(change.visit) for change in changes if not change.is_order]
    orders = [UUID(change.visit) for change in changes if change.is_order]
    about = (joinedload(WorkOrder.customer), joinedload(WorkOrder.site))
    found = {
        str(order.id): order
        for order in session.scalars(select(WorkOrder).where(WorkOrder.id.in_(orders)).options(*about))
    }
    rows = session.scalars(
        select(Visit)
        .where(Visit.id.in_(visits))
        .options(
            joinedload(Visit.work_order).joinedload(WorkOrder.customer),
            joinedload(Visit.work_order).joinedload(WorkOrder.site),
        )
    )
    return found | {str(visit.id): visit.work_order for visit in rows}


def _line(change: Change, order: WorkOrder | None, names: Mapping[str, str], refused: Words | None) -> Line:
    assert order is not None
    why = Words(change.why_zh, change.why_en) if change.why_zh else None
    return Line(
        change=change,
        customer=order.customer.name,
        address=order.site.address,
        kind=order.kind,
        window=Window(change.window_start, change.window_end),
        before=_seen(change.before, names),
        after=_seen(change.after, names),
        why=named(why, names) if why else None,
        refused=named(refused, names) if refused else None,
    )


def _seen(spot: Spot | None, names: Mapping[str, str]) -> tuple[str | None, datetime] | None:
    if spot is None:
        return None
    return (names.get(spot.technician, "?") if spot.technician else None, spot.start)


def named(words: Words, names: Mapping[str, str]) -> Words:
    """The same with names for ids; an id of no technician is a visit's, and is shortened."""

    def name(found: re.Match[str]) -> str:
        return names.get(found[0], f"“{found[0][:8]}”")

    return Words(AN_ID.sub(name, words.zh), AN_ID.sub(name, words.en))


def events_said(session: Session, events: Sequence[Event]) -> list[dict[str, Any]]:
    """What had happened, in words: the kind, whom or what it is about, how much."""
    names = technician_names(session)
    found = []
    for event in events:
        about = names.get(str(event.about), "") if event.about else ""
        if event.kind in ("longer", "no_access", "cancelled") and event.about:
            visit = session.scalar(
                select(Visit)
                .where(Visit.id == event.about)
                .options(joinedload(Visit.work_order).joinedload(WorkOrder.customer))
            )
            about = visit.work_order.customer.name if visit else ""
        if event.kind == "urgent" and event.about:
            order = session.scalar(
                select(WorkOrder).where(WorkOrder.id == event.about).options(joinedload(WorkOrder.customer))
            )
            about = order.customer.name if order else ""
        found.append(
            {"words": EVENT_WORDS[event.kind], "about": about, "minutes": event.minutes, "percent": event.percent}
        )
    return found

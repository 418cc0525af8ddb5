"""Looking through what happened lately for what the table grants, and proposing it with the rows that prove it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from dispatch.accounts.turn import Turn
from dispatch.care.compensation.evidence_rules import Granted, OrderFacts, VisitFacts, of_order, of_visit
from dispatch.care.compensation.ledger import Due, propose
from dispatch.care.compensation.table import money
from dispatch.care.compensation.tables import Compensation
from dispatch.customers.tables import Site
from dispatch.notices.tables import Notice
from dispatch.technicians.tables import Area
from dispatch.visits.life import Status
from dispatch.visits.tables import Visit, VisitChange, WorkOrder

LOOKED_BACK = timedelta(days=14)
AT_ONCE = 400
CUSTOMERS_DOING = frozenset({Status.NO_ACCESS})
PUT_OFF = frozenset({"moved", "cancelled"})  # that they confirmed, or wished something, puts nothing off


def propose_from_evidence(turn: Turn) -> int:
    """Propose what visits and orders of the last two weeks grant; returns how many are new."""
    session, since = turn.session, turn.now - LOOKED_BACK
    visits = session.scalars(
        select(Visit)
        .where(Visit.window_end > since, Visit.window_end < turn.now)
        .options(joinedload(Visit.work_order))
        .order_by(Visit.window_end.desc(), Visit.id)
        .limit(5000)
    ).all()
    known = set(session.scalars(select(Compensation.dedupe_key).where(Compensation.proposed_at > since - LOOKED_BACK)))
    ids = [one.id for one in visits]
    changes, told_late = _changes(session, ids), _told_late(session, ids)
    made = 0
    for visit in visits:
        mine = changes.get(visit.id, [])
        facts = VisitFacts(
            visit.window,
            visit.arrived_at,
            visit.status,
            Status(visit.status) in CUSTOMERS_DOING,
            len(told_late.get(visit.id, [])),
        )
        for one in of_visit(facts, money(), now=turn.now):
            key = f"{one.rule}:{visit.id}"
            if key in known:
                continue
            proof = _visit_proof(visit, one, mine, told_late.get(visit.id, []))
            order = visit.work_order
            due = Due(key, one.rule, order.customer_id, one.fen, proof, visit.id, order.id)
            made += propose(turn, due) is not None
            if made >= AT_ONCE:
                return made
    return made + _of_orders(turn, visits, changes, known)


def _of_orders(turn: Turn, visits: Sequence[Visit], changes: dict[UUID, list[VisitChange]], known: set[str]) -> int:
    made = 0
    by_order: dict[UUID, list[Visit]] = {}
    for visit in visits:
        by_order.setdefault(visit.work_order_id, []).append(visit)
    for listed in by_order.values():
        order = listed[0].work_order
        ended = [one.ended_at for one in listed if one.status == Status.SEALED and one.ended_at is not None]
        theirs = any(_put_off_by_customer(one, changes.get(one.id, [])) for one in listed)
        done = max(ended) if ended else None
        facts = OrderFacts(order.kind, order.reported_at, order.deadline, done, _area(turn.session, order), theirs)
        granted = of_order(facts, money())
        if granted is None or f"{granted.rule}:{order.id}" in known:
            continue
        proof = [
            {"what": "work_order", "id": str(order.id), "says": f"{_iso(order.reported_at)} → {_iso(done)}"},
            *({"what": "visit", "id": str(one.id), "says": one.status} for one in listed),
        ]
        due = Due(f"{granted.rule}:{order.id}", granted.rule, order.customer_id, granted.fen, proof, None, order.id)
        made += propose(turn, due) is not None
    return made


def _put_off_by_customer(visit: Visit, changes: Sequence[VisitChange]) -> bool:
    """Whether the order took longer at the customer's wish. A visit that was missed after it was moved is ours."""
    asked = any(one.asked_by == "customer" and one.what in PUT_OFF for one in changes)
    return asked or Status(visit.status) in CUSTOMERS_DOING


def _visit_proof(
    visit: Visit, granted: Granted, changes: Sequence[VisitChange], late: Sequence[Notice]
) -> list[dict[str, Any]]:
    if granted.rule == "late_notice":
        return [
            {"what": "notice", "id": str(one.id), "says": f"{one.kind}: {_iso(one.deadline)} / {_iso(one.accepted_at)}"}
            for one in late
        ]
    window = f"{_iso(visit.window_start)}/{_iso(visit.window_end)}"
    rows = [{"what": "visit", "id": str(visit.id), "says": f"{window}, {_iso(visit.arrived_at) or visit.status}"}]
    rows += [{"what": "change", "id": str(one.id), "says": f"{one.what} {_iso(one.at)}"} for one in changes]
    return rows


def _changes(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[VisitChange]]:
    found: dict[UUID, list[VisitChange]] = {}
    for begin in range(0, len(ids), AT_ONCE):
        part = ids[begin : begin + AT_ONCE]
        rows = select(VisitChange).where(VisitChange.visit_id.in_(part)).order_by(VisitChange.version)
        for row in session.scalars(rows):
            found.setdefault(row.visit_id, []).append(row)
    return found


def _told_late(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[Notice]]:
    """Changes by the company that reached the customer after their deadline, or never."""
    found: dict[UUID, list[Notice]] = {}
    for begin in range(0, len(ids), AT_ONCE):
        rows = select(Notice).where(
            Notice.visit_id.in_(ids[begin : begin + AT_ONCE]),
            Notice.kind.in_(("moved", "cancelled")),
            Notice.breached_at.is_not(None),
        )
        for row in session.scalars(rows):
            if row.visit_id is not None:
                found.setdefault(row.visit_id, []).append(row)
    return found


def _area(session: Session, order: WorkOrder) -> str | None:
    query = select(Area.name).join(Site, Site.area_id == Area.id).where(Site.id == order.site_id)
    return session.scalar(query)


def _iso(moment: datetime | None) -> str:
    return moment.isoformat(timespec="minutes") if moment else ""

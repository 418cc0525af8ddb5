"""Matters of the work itself: orders near their deadline, rows left out, conflicts, signatures that wait."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from checklists.words import Words
from dispatch.accounts.viewer import Viewer
from dispatch.care.compensation.table import money, repair_time
from dispatch.clock import local_day
from dispatch.customers.tables import Customer, Site
from dispatch.exceptions.rules import (
    DEADLINE_SOON,
    DEADLINE_WORDS,
    DRAWN_WITHIN,
    JOINED_WITHIN,
    Matter,
    deadline_risk,
    due_at,
)
from dispatch.records.conflict_queries import conflicts_seen_by
from dispatch.records.conflict_rules import KIND_WORDS
from dispatch.records.own_phone.tables import OwnPhoneSignature
from dispatch.records.tables import Document, DocumentTry, Record
from dispatch.technicians.tables import Area
from dispatch.visits.left_out import left_out_waiting
from dispatch.visits.life import OPEN
from dispatch.visits.tables import LeftOutRows, Visit, VisitChange, WorkOrder

MOST = 200
LINES_NAMED = 10
STAMPS = Words(
    "记录已封存，时间戳服务没有响应，已试 {n} 次，会继续自动重试。",
    "Sealed; the time-stamp service does not answer. Tried {n} times, and tried again by itself.",
)
NOT_DRAWN = Words(
    "记录已封存，签名文件尚未生成，请检查后台任务是否在运行。",
    "Sealed, but the signed document is not there. Check that the jobs are running.",
)
NOT_JOINED = Words(
    "客户已在自己的手机上签名，装维人员的手机还没有交来对应内容，请联系装维人员联网。",
    "Signed on the customer's own phone; the technician's has not handed in what was signed. Ask them to go online.",
)


def orders_near_deadline(session: Session, zone: ZoneInfo, now: datetime) -> list[Matter]:
    """Open orders that will miss their deadline, or may, the soonest first."""
    ends, soon = func.coalesce(Visit.planned_end, Visit.window_end), now + DEADLINE_SOON
    repaired = repair_time(money())
    unsaid = WorkOrder.deadline.is_(None) & (WorkOrder.kind == "repair")
    rows = session.execute(
        select(WorkOrder, Customer.name, Site.area_id, Area.name, Visit.id, ends, _chosen().label("chosen"))
        .join(Customer, Customer.id == WorkOrder.customer_id)
        .join(Site, Site.id == WorkOrder.site_id)
        .outerjoin(Area, Area.id == Site.area_id)
        .outerjoin(Visit, (Visit.work_order_id == WorkOrder.id) & Visit.status.in_(OPEN))
        .where(
            WorkOrder.state == "open",
            or_(
                WorkOrder.deadline <= soon,
                ends > WorkOrder.deadline,
                unsaid & (WorkOrder.reported_at <= soon - repaired.urban),
                unsaid & (ends > soon),  # else its visit ends before any deadline that is not near
            ),
        )
        .order_by(func.coalesce(WorkOrder.deadline, WorkOrder.reported_at), WorkOrder.id)
        .limit(MOST)
    )
    found = []
    for order, name, area, area_name, visit, until, chosen in rows:
        within = repaired.within(area_name)
        deadline = due_at(order.kind, order.deadline, order.reported_at, repaired_within=within)
        theirs = chosen or (order.wanted is not None and deadline is not None and order.wanted.end > deadline)
        risk = deadline_risk(deadline, until, now=now, as_they_asked=theirs) if deadline is not None else None
        if risk is None or deadline is None:
            continue
        reported = order.reported_at
        begins = {"overdue": deadline, "unbooked": deadline - DEADLINE_SOON, "booked_late": reported}[risk]
        refs = {"order": str(order.id), "area": str(area) if area else "", "day": local_day(now, zone).isoformat()}
        if visit is not None:
            refs |= {"visit": str(visit)}
        since = max(begins, reported)
        found.append(Matter("deadline", order.id, name, DEADLINE_WORDS[risk], since=since, until=deadline, refs=refs))
    return found


def _chosen() -> ColumnElement[bool]:
    """Whether the customer asked for the time at which the visit stands."""
    theirs = VisitChange.what == "moved", VisitChange.asked_by == "customer"
    return select(VisitChange.id).where(VisitChange.visit_id == Visit.id, *theirs).exists()


def rows_left_out(session: Session, viewer: Viewer) -> list[Matter]:
    """Imports that left rows out which nobody has seen to."""
    return [
        Matter(
            "import",
            row.id,
            row.name or "—",
            _left_out(row),
            since=row.at,
            refs={"import": str(row.id)} | ({"file": row.sha256, "name": row.name} if row.sha256 else {}),
        )
        for row in left_out_waiting(session, viewer)
    ]


def _left_out(row: LeftOutRows) -> Words:
    named, more = row.lines[:LINES_NAMED], row.rows > LINES_NAMED
    zh, en = "、".join(map(str, named)), ", ".join(map(str, named))
    return Words(
        f"有 {row.rows} 行没有导入：第 {zh} 行{'等' if more else ''}。",
        f"{row.rows} rows were left out: lines {en}{', …' if more else ''}.",
    )


def open_conflicts(session: Session, viewer: Viewer) -> list[Matter]:
    """What phones handed in against what counts, and nobody has looked after."""
    return [
        Matter(
            "conflict",
            conflict.id,
            visit.work_order.customer.name,
            Words(*(f"{said}{stop}" for said, stop in zip(KIND_WORDS[conflict.kind], "。.", strict=True))),  # type: ignore[index]
            since=conflict.opened_at,
            refs={"conflict": str(conflict.id), "visit": str(visit.id)},
        )
        for conflict, visit in conflicts_seen_by(session, viewer, looked_after=False)
    ]


def signatures_waiting(session: Session, now: datetime) -> list[Matter]:
    """Sealed records without their signed document, and signatures from customers' phones without their answers."""
    sealed = session.execute(
        select(Record.id, Record.visit_id, Record.number, Record.sealed_at, DocumentTry)
        .outerjoin(Document, Document.record_id == Record.id)
        .outerjoin(DocumentTry, DocumentTry.record_id == Record.id)
        .where(
            Document.record_id.is_(None),
            or_(DocumentTry.record_id.is_not(None), Record.sealed_at < now - DRAWN_WITHIN),
        )
        .order_by(Record.sealed_at)
        .limit(MOST)
    )
    found = [
        Matter(
            "signature",
            record,
            number,
            STAMPS.with_facts(n=tried.tries) if tried is not None else NOT_DRAWN,
            since=tried.first_at if tried is not None else at,
            refs={"visit": str(visit)},
        )
        for record, visit, number, at, tried in sealed
    ]
    waiting = session.execute(
        select(OwnPhoneSignature.id, OwnPhoneSignature.visit_id, OwnPhoneSignature.signed_at, Customer.name)
        .join(Visit, Visit.id == OwnPhoneSignature.visit_id)
        .join(WorkOrder, WorkOrder.id == Visit.work_order_id)
        .join(Customer, Customer.id == WorkOrder.customer_id)
        .where(
            OwnPhoneSignature.state == "waiting",
            OwnPhoneSignature.signed_at < now - JOINED_WITHIN,
            Visit.status.in_(OPEN),
        )
        .order_by(OwnPhoneSignature.signed_at)
        .limit(MOST)
    )
    found += [
        Matter("signature", id, name, NOT_JOINED, since=at, refs={"visit": str(visit)})
        for id, visit, at, name in waiting
    ]
    return found

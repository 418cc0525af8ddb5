"""What a supervisor looks at first: what needs a person, which clocks run out, who has too much."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select

from checklists.words import Words
from dispatch.accounts.tables import Account
from dispatch.accounts.turn import Turn
from dispatch.care.compensation.table import money, repair_time
from dispatch.care.compensation.tables import Compensation
from dispatch.care.complaints.clocks import CLOCK_WORDS
from dispatch.care.complaints.queries import clocks_of, complaints_listed, rounds_of
from dispatch.care.complaints.tables import Complaint
from dispatch.care.day_log.tables import LogLine
from dispatch.care.tasks.tables import CareTask
from dispatch.care.who import LEADERS
from dispatch.clock import day_bounds, local_day
from dispatch.customers.tables import Customer, Site
from dispatch.kpis.case_rules import order_limit
from dispatch.kpis.surge_rules import Day
from dispatch.notices.figures import is_at_risk
from dispatch.notices.tables import CallTask, Notice
from dispatch.planning.tables import PlanRun
from dispatch.records.tables import Conflict
from dispatch.technicians.queries import shifts_on
from dispatch.technicians.tables import Area, Technician
from dispatch.visits.life import OCCUPYING, Status
from dispatch.visits.tables import Visit, WorkOrder

AHEAD = timedelta(hours=24)
MOST_CLOCKS = 40


@dataclass(frozen=True)
class Need:
    """Something that waits for a person: how many, and where to look."""

    key: str
    words: Words
    count: int
    href: str


@dataclass(frozen=True)
class Running:
    """A clock: what is owed, of what, by when, and where to look."""

    words: Words
    name: str
    due: datetime
    href: str


@dataclass(frozen=True)
class Loaded:
    """A technician's day."""

    technician: Technician
    area: Area | None
    day: Day


@dataclass(frozen=True)
class Owner:
    """How many complaints somebody looks after, and how many of them are over a deadline."""

    name: str
    open: int
    overdue: int


def needs(turn: Turn) -> list[Need]:
    """What waits for a person now; what nobody waits for is left out."""
    turn.viewer.must_be(LEADERS)
    now, zone = turn.now, turn.settings.zone
    today = local_day(now, zone)
    begin, end = day_bounds(today, zone)
    this_day = (Visit.window_start >= begin, Visit.window_start < end)
    waits = Visit.status.in_((Status.BOOKED, Status.EN_ROUTE))
    asked = (
        ("calls_overdue", "超时未打的电话", "Calls that are overdue", "/desk/calls",
         select(func.count()).select_from(CallTask).where(CallTask.state == "open", CallTask.due_at < now)),
        ("at_risk", "45 分钟内须人工告知的通知", "Notices that need a call within 45 min", "/desk/notices",
         select(func.count()).select_from(Notice).where(is_at_risk(now))),
        ("late", "已过约定时间未到", "Past the promise, not arrived", f"/desk/day?day={today}",
         select(func.count()).select_from(Visit).where(*this_day, waits, Visit.window_end < now)),
        ("unassigned", "今天未派人的上门", "Visits today without a technician", f"/desk/day?day={today}",
         select(func.count()).select_from(Visit).where(*this_day, waits, Visit.technician_id.is_(None))),
        ("conflicts", "未处理的内容冲突", "Conflicts of what phones sent", "/desk/conflicts",
         select(func.count()).select_from(Conflict).where(Conflict.looked_after_at.is_(None))),
        ("escalated", "已升级的任务", "Tasks that escalated", "/desk/care",
         select(func.count()).select_from(CareTask).where(CareTask.state == "open", CareTask.level > 0)),
        ("compensation", "待批准的补偿", "Compensation to approve", "/desk/compensations",
         select(func.count()).select_from(Compensation).where(Compensation.state == "proposed")),
        ("plans", "待采纳的排程", "Plans to take up", f"/desk/plan?day={today}",
         select(func.count()).select_from(PlanRun).where(
             PlanRun.state == "done", PlanRun.kind != "what_if", PlanRun.day >= f"{today}")),
        ("handover", "未接班的交接", "Hand-overs nobody took", "/desk/day-log",
         select(func.count()).select_from(LogLine).where(LogLine.kind == "handover", LogLine.taken_at.is_(None))),
    )  # fmt: skip
    found = [Need(key, Words(zh, en), turn.session.scalar(query) or 0, href) for key, zh, en, href, query in asked]
    return [one for one in found if one.count]


def clocks(turn: Turn) -> list[Running]:
    """Deadlines that are over or run out within a day, the most pressing first."""
    turn.viewer.must_be(LEADERS)
    session, until = turn.session, turn.now + AHEAD
    found = [*_complaint_clocks(turn, until), *_order_clocks(turn, until)]
    tasks = select(CareTask).where(CareTask.state == "open", CareTask.due_at <= until).order_by(CareTask.due_at)
    for task in session.scalars(tasks.limit(MOST_CLOCKS)):
        found.append(
            Running(Words("客服任务", "Care task"), task.text[:40], task.due_at, f"/desk/care/tasks/{task.id}")
        )
    calls = (
        select(CallTask.id, CallTask.due_at, Customer.name)
        .join(Customer, Customer.id == CallTask.customer_id)
        .where(CallTask.state == "open", CallTask.due_at <= until)
        .order_by(CallTask.due_at)
    )
    for call in session.execute(calls.limit(MOST_CLOCKS)):
        found.append(Running(Words("须致电客户", "Call a customer"), call.name, call.due_at, f"/desk/calls/{call.id}"))
    return sorted(found, key=lambda one: (one.due, one.href))[:MOST_CLOCKS]


def _complaint_clocks(turn: Turn, until: datetime) -> list[Running]:
    listed = complaints_listed(turn.session, turn.viewer)
    rounds = rounds_of(turn.session, [one.id for one in listed])
    return [
        Running(CLOCK_WORDS[clock.name], one.number, clock.due, f"/desk/complaints/{one.id}")
        for one in listed
        for clock in clocks_of(one, rounds[one.id][-1])
        if clock.done is None and clock.due <= until
    ]


def _order_clocks(turn: Turn, until: datetime) -> list[Running]:
    """Open orders whose 48 or 72 hours, or published deadline, are over or nearly."""
    repaired = repair_time(money())
    query = (
        select(
            WorkOrder.id, WorkOrder.external_id, WorkOrder.kind, WorkOrder.reported_at, WorkOrder.deadline, Area.name
        )
        .join(Site, Site.id == WorkOrder.site_id)
        .outerjoin(Area, Area.id == Site.area_id)
        .where(WorkOrder.state == "open")
    )
    found = []
    for row in turn.session.execute(query):
        limit = order_limit(row.kind, row.reported_at, row.deadline, repaired_within=repaired.within(row.name))
        if limit is not None and limit <= until:
            words = (
                Words("修障时限", "Repair limit") if row.kind == "repair" else Words("装机期限", "Installation limit")
            )
            found.append(Running(words, row.external_id or str(row.id)[:8], limit, f"/desk/orders/{row.id}"))
    return sorted(found, key=lambda one: one.due)[:MOST_CLOCKS]


def loads(turn: Turn) -> list[Loaded]:
    """Everybody with a shift or a visit today, the fullest day first. Minutes of work and break, without the way."""
    turn.viewer.must_be(LEADERS)
    session, zone = turn.session, turn.settings.zone
    today = local_day(turn.now, zone)
    begin, end = day_bounds(today, zone)
    shifts = shifts_on(session, today, zone)
    planned: Counter[UUID] = Counter()
    visits: Counter[UUID] = Counter()
    rows = session.execute(
        select(Visit.technician_id, Visit.planned_start, Visit.planned_end).where(
            Visit.technician_id.is_not(None),
            Visit.status.in_(OCCUPYING),
            Visit.planned_start >= begin,
            Visit.planned_start < end,
        )
    )
    for row in rows:
        planned[row.technician_id] += int((row.planned_end - row.planned_start).total_seconds() // 60)
        visits[row.technician_id] += 1
    areas = {one.id: one for one in session.scalars(select(Area))}
    found = []
    for technician in session.scalars(select(Technician).where(Technician.active)):
        shift = shifts.get(technician.id)
        if shift is None and not visits[technician.id]:
            continue
        minutes = (shift.ends_at - shift.starts_at).total_seconds() / 60 - shift.lunch_minutes if shift else 0.0
        day = Day(minutes, planned[technician.id], visits[technician.id])
        found.append(Loaded(technician, areas.get(technician.area_id) if technician.area_id else None, day))
    return sorted(found, key=lambda one: (one.day.share is not None, -(one.day.share or 0), one.technician.code))


def complaint_owners(turn: Turn) -> list[Owner]:
    """Who looks after open complaints, the most first."""
    turn.viewer.must_be(LEADERS)
    query = (
        select(Account.name, func.count(), func.count().filter(Complaint.final_by < turn.now))
        .join(Complaint, Complaint.owner_id == Account.id)
        .where(Complaint.ended_at.is_(None))
        .group_by(Account.id, Account.name)
    )
    found = [Owner(row[0], row[1], row[2]) for row in turn.session.execute(query)]
    return sorted(found, key=lambda one: (-one.open, one.name))

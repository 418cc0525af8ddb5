"""A day as it ended: each visit with what became of it, who was told too late, and what the next shift takes over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from checklists.words import Words
from dispatch.accounts.viewer import Viewer
from dispatch.care.day_log.actions import lines_of_day
from dispatch.care.day_log.tables import LogLine
from dispatch.clock import day_bounds
from dispatch.day_end.rules import Outcome, Tally, late_by, outcome_of, tally
from dispatch.notices.tables import Notice
from dispatch.technicians.tables import Technician
from dispatch.visits.finding import visits_by_id
from dispatch.visits.life import Status
from dispatch.visits.queries import visits_on
from dispatch.visits.tables import Visit, VisitChange

MOST = 5000
NAMED = 5  # customers that the draft of a hand-over names of one kind
AT_ONCE = 300


@dataclass(frozen=True)
class Ended:
    """One visit and what became of it. `late` is how much after the promise somebody arrived."""

    visit: Visit
    outcome: Outcome
    late: timedelta


@dataclass(frozen=True)
class ToldLate:
    """A customer who was told too late: by a notice that missed its deadline, or by a change that was overridden."""

    visit: Visit
    at: datetime
    why: Words


@dataclass(frozen=True)
class DayEnd:
    """The whole day. `crew` has everybody with visits, by code; `lines` are those of the daily log."""

    everybody: Tally
    crew: tuple[tuple[Technician | None, Tally], ...]
    ended: tuple[Ended, ...]
    told_late: tuple[ToldLate, ...]
    lines: tuple[LogLine, ...]

    def of(self, *outcomes: Outcome) -> list[Ended]:
        """The visits with one of these outcomes."""
        return [one for one in self.ended if one.outcome in outcomes]

    @property
    def late(self) -> list[Ended]:
        """Visits that somebody came late to, the latest first."""
        return sorted((one for one in self.ended if one.late), key=lambda one: -one.late)


def day_end(session: Session, viewer: Viewer, day: date, zone: ZoneInfo, now: datetime) -> DayEnd:
    """What became of `day`; nothing for who is not at the desk."""
    visits = visits_on(session, viewer, zone=zone, day=day, limit=MOST) if viewer.at_desk else []
    start, end = day_bounds(day, zone)
    visits = [visit for visit in visits if start <= (visit.planned or visit.window).start < end]
    ended = tuple(
        Ended(visit, outcome_of(Status(visit.status), visit.window, now=now), late_by(visit.window, visit.arrived_at))
        for visit in visits
    )
    crew: dict[UUID | None, list[Ended]] = {}
    people: dict[UUID | None, Technician | None] = {}
    for one in ended:
        who = one.visit.technician
        crew.setdefault(who.id if who else None, []).append(one)
        people[who.id if who else None] = who
    order = sorted(crew, key=lambda id: (id is None, _code(people[id])))
    return DayEnd(
        everybody=_tally(ended),
        crew=tuple((people[id], _tally(crew[id])) for id in order),
        ended=ended,
        told_late=tuple(_told_late(session, viewer, day, zone)) if viewer.at_desk else (),
        lines=tuple(lines_of_day(session, viewer, day.isoformat())),
    )


def _code(technician: Technician | None) -> str:
    return technician.code if technician else ""


def _tally(ended: Sequence[Ended]) -> Tally:
    return tally((one.outcome, bool(one.late)) for one in ended)


def _told_late(session: Session, viewer: Viewer, day: date, zone: ZoneInfo) -> list[ToldLate]:
    """Breaches of that day: by notices that missed their deadline, and by changes that a supervisor let through."""
    start, end = day_bounds(day, zone)
    found: list[tuple[UUID, datetime, Words]] = [
        (visit_id, at, Words("通知超过时限", "the notice missed its deadline"))
        for visit_id, at in session.execute(
            select(Notice.visit_id, Notice.breached_at)
            .where(Notice.breached_at >= start, Notice.breached_at < end, Notice.visit_id.is_not(None))
            .limit(AT_ONCE)
        )
        if visit_id is not None and at is not None
    ]
    found += [
        (visit_id, at, Words(f"主管放行：{reason}", f"overridden: {reason}"))
        for visit_id, at, reason in session.execute(
            select(VisitChange.visit_id, VisitChange.at, VisitChange.reason)
            .where(VisitChange.breach, VisitChange.at >= start, VisitChange.at < end)
            .limit(AT_ONCE)
        )
    ]
    visits = visits_by_id(session, viewer, {visit_id for visit_id, _, _ in found[:AT_ONCE]})
    told = [ToldLate(visits[id], at, why) for id, at, why in found if id in visits]
    return sorted(told, key=lambda one: (one.at, one.visit.id))


def draft_of_handover(end: DayEnd, matters: int) -> Words:
    """A first draft for the next shift: what is left, in a person's words to be corrected. `matters` need a person."""
    zh, en = [], []
    for outcome, said in (
        ("not_done", Words("没有上门", "nobody came")),
        ("missed", Words("未能入户，待重新预约", "nobody met, to be booked again")),
        ("under_way", Words("仍在进行", "still under way")),
    ):
        some = end.of(outcome)  # type: ignore[arg-type]
        if some:
            names = [one.visit.work_order.customer.name for one in some[:NAMED]]
            more = len(some) - len(names)
            zh.append(f"{said.zh} {len(some)} 个（{'、'.join(names)}{'等' if more else ''}）")
            en.append(f"{said.en}: {len(some)} ({', '.join(names)}{', …' if more else ''})")
    if end.told_late:
        zh.append(f"告知超时 {len(end.told_late)} 个")
        en.append(f"told too late: {len(end.told_late)}")
    if matters:
        zh.append(f"待处理事项 {matters} 项")
        en.append(f"matters that need a person: {matters}")
    done = end.everybody
    begin = Words(
        f"当天 {done.visits} 个上门，完成 {done.done} 个，迟到 {done.late} 个。",
        f"{done.visits} visits, {done.done} done, {done.late} late. ",
    )
    if not zh:
        return Words(f"{begin.zh}没有遗留事项。", f"{begin.en}Nothing is left over.")
    return Words(f"{begin.zh}{'；'.join(zh)}。", f"{begin.en}{'; '.join(en)}.")

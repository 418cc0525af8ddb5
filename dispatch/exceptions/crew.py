"""Matters of the crew: phones that are silent while work is due, and vans that will run out of kit."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from checklists.words import Words
from dispatch.accounts.viewer import Viewer
from dispatch.clock import day_bounds, local_day
from dispatch.customers.tables import Customer
from dispatch.exceptions.rules import Matter
from dispatch.phones.queries import last_seen
from dispatch.technicians.queries import shifts_on
from dispatch.technicians.tables import KitDraw, KitTopUp, Technician
from dispatch.visits.life import OPEN, Status
from dispatch.visits.queries import visits_of
from dispatch.visits.silent_phones import DUE_WITHIN, is_silent
from dispatch.visits.tables import Visit, WorkOrder
from dispatch.visits.vans import ShortVan, short_vans
from dispatch.visits.windows import Window


def silent_phones(session: Session, viewer: Viewer, zone: ZoneInfo, now: datetime) -> list[Matter]:
    """Technicians of today whose phones are silent beyond their plan, each with the visit that is due."""
    start, end = day_bounds(local_day(now, zone), zone)
    due = (Visit.status != Status.BOOKED) | (Visit.planned_start <= now + DUE_WITHIN)
    rows = session.execute(
        visits_of(viewer)
        .with_only_columns(Visit.id, Visit.status, Visit.planned_start, Visit.planned_end, Technician, Customer.name)
        .join(Technician, Technician.id == Visit.technician_id)
        .join(WorkOrder, WorkOrder.id == Visit.work_order_id)
        .join(Customer, Customer.id == WorkOrder.customer_id)
        .where(Visit.status.in_(OPEN), due, Visit.planned_start >= start, Visit.planned_start < end)
        .order_by(Visit.planned_start, Visit.id)
    ).all()
    shifts = shifts_on(session, local_day(now, zone), zone)
    seen = last_seen(session, {technician.id for _, _, _, _, technician, _ in rows})
    found: dict[UUID, Matter] = {}
    for visit, status, begins, ends, technician, customer in rows:
        shift = shifts.get(technician.id)
        planned = Window(begins, ends) if begins and ends else None
        if shift is None or technician.id in found:
            continue
        stretch, heard = Window(shift.starts_at, shift.ends_at), seen.get(technician.id)
        if not is_silent(Status(status), planned, stretch, heard, now=now):
            continue
        since = max(shift.starts_at, heard or shift.starts_at)
        minutes = int((now - since).total_seconds() // 60)
        found[technician.id] = Matter(
            "silent",
            technician.id,
            f"{technician.name} {technician.code}",
            Words(
                f"已 {minutes} 分钟没有手机消息，正应前往或服务{customer}。",
                f"Nothing heard for {minutes} min, while {customer} is due or being served.",
            ),
            since=since,
            refs=_about(technician, local_day(now, zone)) | {"visit": str(visit)},
        )
    return [*found.values()]


def vans_short_of_kit(session: Session, viewer: Viewer, zone: ZoneInfo, now: datetime) -> list[Matter]:
    """Vans that will run out before the end of their booked visits of today, or of tomorrow."""
    today = local_day(now, zone)
    found: dict[UUID, Matter] = {}
    for day, words in ((today, Words("今天", "today")), (today + timedelta(days=1), Words("明天", "tomorrow"))):
        vans = [van for van in short_vans(session, viewer, day, zone, now) if van.technician_id not in found]
        known = _technicians(session, [van.technician_id for van in vans])
        since = _changed(session, [van.technician_id for van in vans])
        for van in vans:
            technician = known[van.technician_id]
            found[van.technician_id] = Matter(
                "kit",
                van.technician_id,
                f"{technician.name} {technician.code}",
                _short(van, words),
                since=since.get(van.technician_id, now),
                refs=_about(technician, day),
            )
    return [*found.values()]


def _about(technician: Technician, day: date) -> dict[str, str]:
    return {
        "technician": str(technician.id),
        "area": str(technician.area_id) if technician.area_id else "",
        "day": day.isoformat(),
    }


def _short(van: ShortVan, day: Words) -> Words:
    zh = "、".join(f"{need.item.label.zh}有 {need.held}，需 {need.needed}" for need in van.needs)
    en = "; ".join(f"{need.item.label.en}: {need.held} of {need.needed}" for need in van.needs)
    return Words(f"{day.zh}的 {van.visits} 次上门不够用：{zh}。", f"Not enough for {van.visits} visits {day.en}. {en}.")


def _technicians(session: Session, ids: Sequence[UUID]) -> dict[UUID, Technician]:
    return {one.id: one for one in session.scalars(select(Technician).where(Technician.id.in_(ids)))}


def _changed(session: Session, ids: Sequence[UUID]) -> dict[UUID, datetime]:
    """Since when a van's stock and its visits stand as they do: the last piece that came, went, or was booked away."""
    found: dict[UUID, datetime] = {}
    for who, at in (
        (KitDraw.technician_id, KitDraw.at),
        (KitTopUp.technician_id, KitTopUp.at),
        (Visit.technician_id, Visit.created_at),
    ):
        for technician, latest in session.execute(select(who, func.max(at)).where(who.in_(ids)).group_by(who)):
            if technician is not None and latest is not None:
                found[technician] = max(latest, found.get(technician, latest))
    return found

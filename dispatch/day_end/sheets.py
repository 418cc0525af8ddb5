"""Day sheets of technicians: rows become what the drawing of records puts on paper."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from checklists.words import Words
from dispatch.accounts.turn import Turn
from dispatch.clock import local_day
from dispatch.customers.phones import masked_phone
from dispatch.health_files.signs import symptom_words
from dispatch.records.drawing.day_sheet import Sheet, SheetVisit, draw_day_sheets
from dispatch.technicians.queries import kit_stocks, shifts_on, technicians_seen_by
from dispatch.technicians.rules import KitNeed, kit_for_the_day
from dispatch.technicians.tables import Shift, Technician
from dispatch.visits.life import Status
from dispatch.visits.numbers import number_on_the_day
from dispatch.visits.queries import visits_on
from dispatch.visits.tables import Visit
from dispatch.visits.telling import WORK_WORDS

MOST = 5000
NO_AREA = Words("未分片区", "no area")


@dataclass(frozen=True)
class Sheets:
    """What is to be drawn, and whose data and whole numbers stand on it (for the trail of who looked)."""

    sheets: tuple[Sheet, ...]
    visits: tuple[UUID, ...]
    whole_numbers_of: tuple[UUID, ...]


def sheets_of(turn: Turn, day: date, technicians: Sequence[Technician]) -> Sheets:
    """The sheets of these technicians. Numbers are whole on the day itself only, as on the phone."""
    visits = [
        visit
        for visit in visits_on(turn.session, turn.viewer, zone=turn.settings.zone, day=day, limit=MOST)
        if visit.status != Status.CANCELLED and visit.technician_id in {one.id for one in technicians}
    ]
    shifts, stocks = shifts_on(turn.session, day, turn.settings.zone), kit_stocks(turn.session)
    whole: list[UUID] = []
    sheets = [
        _sheet(turn, one, day, [v for v in visits if v.technician_id == one.id], shifts.get(one.id), stocks, whole)
        for one in technicians
    ]
    return Sheets(tuple(sheets), tuple(visit.id for visit in visits), tuple(whole))


def draw(turn: Turn, sheets: Sheets, language: str) -> bytes:
    """The sheets as one PDF. Asks the database nothing: it may have been let go of."""
    settings = turn.settings
    pdf, _ = draw_day_sheets(
        sheets.sheets, language=language, zone=settings.zone, company=settings.company, at=turn.now
    )
    return pdf


def who_has_a_day(turn: Turn, day: date, area: UUID | None = None) -> list[tuple[Technician, Shift | None, int]]:
    """Technicians with a shift or visits that day, by code, with how many visits; of one area, or of all."""
    counted: dict[UUID, int] = {}
    for visit in visits_on(turn.session, turn.viewer, zone=turn.settings.zone, day=day, limit=MOST):
        if visit.technician_id is not None and visit.status != Status.CANCELLED:
            counted[visit.technician_id] = counted.get(visit.technician_id, 0) + 1
    shifts = shifts_on(turn.session, day, turn.settings.zone)
    people = [
        one
        for one in technicians_seen_by(turn.session, turn.viewer)
        if (one.id in shifts or one.id in counted) and (area is None or one.area_id == area)
    ]
    return [(one, shifts.get(one.id), counted.get(one.id, 0)) for one in sorted(people, key=lambda each: each.code)]


def _sheet(
    turn: Turn,
    technician: Technician,
    day: date,
    visits: list[Visit],
    shift: Shift | None,
    stocks: dict[UUID, dict[str, int]],
    whole: list[UUID],
) -> Sheet:
    area = technician.area
    needs = kit_for_the_day(stocks.get(technician.id, {}), len(visits))
    visits.sort(key=lambda one: (one.planned or one.window).start)
    return Sheet(
        technician=technician.name,
        code=technician.code,
        area=Words(area.name, area.name_en) if area else NO_AREA,
        day=day,
        shift=_span(turn, shift.starts_at, shift.ends_at) if shift else "",
        lunch=_span(turn, shift.lunch_from, shift.lunch_until) if shift else "",
        kit=_kit(needs),
        visits=tuple(_visit(turn, one, whole) for one in visits),
    )


def _kit(needs: Sequence[KitNeed]) -> Words:
    """What the day takes of each item that is used up; what the van lacks is said."""
    zh, en = [], []
    for need in needs:
        if not need.item.goes_down:
            continue
        lacks = need.needed - (need.held or 0) if need.runs_out else 0
        zh.append(f"{need.item.label.zh} {need.needed}{f'（缺 {lacks}）' if lacks else ''}")
        en.append(f"{need.item.label.en} {need.needed}{f' ({lacks} short)' if lacks else ''}")
    return Words("，".join(zh), ", ".join(en))


def _visit(turn: Turn, visit: Visit, whole: list[UUID]) -> SheetVisit:
    order = visit.work_order
    number = number_on_the_day(visit, local_day(turn.now, turn.settings.zone), turn.settings.zone)
    if number:
        whole.append(order.customer_id)
    told = visit.window
    symptoms = [symptom_words(one) for one in order.symptoms]
    return SheetVisit(
        planned=_span(turn, visit.planned_start, visit.planned_end) or "—",
        told=_clock(turn, told.start) if told.is_exact else _span(turn, told.start, told.end),
        customer=order.customer.name,
        phone=number.removeprefix("+86") if number else masked_phone(order.customer.phone),
        address=order.site.address,
        work=WORK_WORDS[order.kind],
        order=order.external_id or "",
        minutes=order.minutes,
        symptoms=Words("，".join(one.zh for one in symptoms), ", ".join(one.en for one in symptoms)),
        note=order.note,
    )


def _clock(turn: Turn, at: datetime) -> str:
    return f"{at.astimezone(turn.settings.zone):%H:%M}"


def _span(turn: Turn, start: datetime | None, end: datetime | None) -> str:
    return f"{_clock(turn, start)}–{_clock(turn, end)}" if start and end else ""

"""From visits to cases: how a fault looks now, and what a sealed record says that it was."""

from datetime import timedelta
from typing import Any, cast, get_args
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from checklists.measurement_limits import Access, MeasuringContext
from dispatch.accounts.turn import Turn
from dispatch.customers.tables import Line
from dispatch.database import one_at_a_time
from dispatch.health_files.filing import NewCase, file_cases, reindex
from dispatch.health_files.places import Place, place_of
from dispatch.health_files.ranking import UNKNOWN
from dispatch.health_files.said import ACCESS, NOTE, OUTCOME, Said
from dispatch.health_files.said_queries import said_on
from dispatch.health_files.signs import Looks, Value
from dispatch.health_files.tables import RepairCase
from dispatch.health_files.words_index import unindexed
from dispatch.records.baseline import baseline_of
from dispatch.records.entries import ACCESS_ON_SITE
from dispatch.records.queries import body_of, records_of_line
from dispatch.records.tables import Record
from dispatch.visits.life import Status
from dispatch.visits.tables import Visit, WorkOrder

AT_ONCE = 100
LOOK_BACK = timedelta(days=2)  # sealed in another process while we looked, or corrected since


def measuring_context(line: Line, said: Said | None = None) -> MeasuringContext:
    """What the judge has to know about a line; the access that was found on site counts before the order's."""
    found = said.text(ACCESS) if said else ""
    access = cast(Access, found) if found in get_args(Access) else ACCESS_ON_SITE.get(line.access)
    return MeasuringContext(access, line.subscribed_down, line.subscribed_up)


def looks_of_visit(session: Session, visit: Visit) -> tuple[Looks, Place]:
    """How the fault of a repair looks by all that is known now (the visit's story is loaded), and where."""
    order = visit.work_order
    earlier = records_of_line(session, order.line_id)
    said = said_on(session, [visit.id, *(record.visit_id for record in earlier)])
    model = latest_model(said, [record.visit_id for record in earlier if record.visit_id != visit.id])
    return _looks(order, said[visit.id], [body_of(r) for r in earlier if r.visit_id != visit.id], model, order.line), (
        place_of(session, order.line_id)
    )


def _looks(order: WorkOrder, said: Said, earlier: list[dict[str, Any]], device_model: str | None, line: Line) -> Looks:
    return Looks(
        symptoms=list(dict.fromkeys([*order.symptoms, *said.symptoms])),
        dial_codes=said.dial_codes,
        found=said.found,
        baseline=plain_baseline(baseline_of(earlier)),
        context=measuring_context(line, said),
        device_model=device_model,
    )


def plain_baseline(baseline: dict[str, Value]) -> dict[str, Value]:
    """Without what belongs to one room: `wifi_rssi/主卧/5` has no one value before a repair."""
    return {key: value for key, value in baseline.items() if "/" not in key}


def latest_model(said: dict[UUID, Said], visits: list[UUID]) -> str | None:
    """The model of the device that stood there: the last one that a visit left."""
    models = [device.get("model") for visit_id in visits if (device := said[visit_id].device)]
    return next((model for model in reversed(models) if model), None)


def file_sealed(turn: Turn) -> int:
    """File the sealed repairs that have no case yet, or were corrected since, oldest first; returns how many."""
    one_at_a_time(turn.session, "file repairs")
    newest = turn.session.scalar(select(func.max(RepairCase.at)))
    newer, case = aliased(Record), aliased(RepairCase)
    asked = (
        select(Record, WorkOrder, Line)
        .join(Visit, Visit.id == Record.visit_id)
        .join(WorkOrder, WorkOrder.id == Visit.work_order_id)
        .join(Line, Line.id == Record.line_id)
        .where(WorkOrder.kind == "repair", Visit.status == Status.SEALED)
        .where(~select(case.number).where(case.visit_id == Record.visit_id, case.record == Record.number).exists())
        .where(~select(newer.id).where(newer.visit_id == Record.visit_id, newer.revision > Record.revision).exists())
    )
    if newest is not None:
        asked = asked.where(Record.sealed_at >= newest - LOOK_BACK)
    found = turn.session.execute(asked.order_by(Record.sealed_at, Record.id).limit(AT_ONCE)).all()
    return file_cases(turn.session, [_case(turn.session, *row) for row in found])


def _case(session: Session, record: Record, order: WorkOrder, line: Line) -> NewCase:
    body = body_of(record)
    earlier = [one for one in records_of_line(session, line.id) if one.visit_id != record.visit_id]
    earlier = [one for one in earlier if one.sealed_at <= record.sealed_at]
    said = said_on(session, [record.visit_id, *(one.visit_id for one in earlier)])
    model = latest_model(said, [one.visit_id for one in earlier])
    here = place_of(session, line.id)
    repair = body.get("repair") or {}
    actions = repair.get("actions")
    return NewCase(
        visit_id=record.visit_id,
        record=record.number,
        at=record.sealed_at,
        place=Place(line.id, here.splitter, here.building, model),
        looks=_looks(order, said[record.visit_id], [body_of(one) for one in earlier], model, line),
        cause=_short(repair.get("fault_cause")) or UNKNOWN,
        actions=[one for one in actions if isinstance(one, str)] if isinstance(actions, list) else [],
        fault_type=_short(repair.get("fault_type")),
        outcome=said[record.visit_id].text(OUTCOME)[:20] or "unknown",
        note=said[record.visit_id].text(NOTE),
    )


def _short(value: object) -> str | None:
    return value[:40] if isinstance(value, str) and value else None


def index_unindexed(turn: Turn) -> int:
    """Make findable what no search finds (after a restore); returns how many. A batch a call."""
    one_at_a_time(turn.session, "file repairs")
    numbers = unindexed(turn.session)
    if numbers:
        reindex(turn.session, turn.session.scalars(select(RepairCase).where(RepairCase.number.in_(numbers))))
    return len(numbers)

"""What was measured on a visit, flat, each value judged by the line's limits: for records and health files."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast, get_args

from checklists.answers import AnswerContext, flaws
from checklists.definition import Checklist, Field
from checklists.measurements import MEASUREMENTS, Access, Band, Verdict, judge
from checklists.progress import Entry, Folded, fold, is_asked
from checklists.words import Words


@dataclass(frozen=True, slots=True)
class Finding:
    """One measured value in the catalogue's unit, where and how it was measured, and what it means on this line."""

    step: str
    key: str
    name: str
    label: Words
    value: float | int | str
    unit: str
    verdict: Verdict
    at: datetime
    room: str | None = None
    band: Band | None = None
    instrument: str | None = None
    method: str | None = None
    runs: tuple[float, ...] = ()


def findings(checklist: Checklist, entries: Iterable[Entry], context: AnswerContext | None = None) -> list[Finding]:
    """Every well-formed measurement that is asked, in the checklist's order.

    The access technology that the technician found on site counts before the one in `context`.
    """
    folded = fold(entries)
    context = _with_access(folded, context or AnswerContext())
    found: list[Finding] = []
    for step, field in checklist.fields():
        entry = folded.get((step.key, field.key))
        if entry is None or field.measurement is None or not is_asked(checklist, step, field, folded):
            continue
        if flaws(field, entry.value, context):
            continue
        values = entry.value if isinstance(entry.value, list) else [entry.value] if entry.value else []
        found += [_finding(step.key, field, value, entry.at, context) for value in values]
    return found


def _finding(step: str, field: Field, value: dict[str, Any], at: datetime, context: AnswerContext) -> Finding:
    measurement = MEASUREMENTS[field.measurement or ""]
    band, runs = value.get("band"), tuple(value.get("runs", ()))
    verdict = judge(measurement.name, value["value"], replace(context.measuring, band=band, runs=runs))
    return Finding(
        step, field.key, measurement.name, field.label, value["value"], value["unit"], verdict, at,
        room=value.get("room"), band=band, instrument=value.get("instrument"), method=value.get("method"), runs=runs,
    )  # fmt: skip


def _with_access(folded: Folded, context: AnswerContext) -> AnswerContext:
    entry = folded.get(("work", "access_technology"))
    if entry is None or not isinstance(entry.value, str) or entry.value not in get_args(Access):
        return context
    return replace(context, measuring=replace(context.measuring, access=cast(Access, entry.value)))

"""The account of a visit as one value: gathered from rows and entries, ready to be sealed. Pure.

Its shape is `doorstep-record/1`; the document is drawn from it alone, and the health file reads it back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from checklists.answers import flaws, taken_back
from checklists.definition import Checklist
from checklists.findings import Finding, findings
from checklists.progress import Entry, Folded, fold, is_asked, is_late
from checklists.words import Words
from dispatch.customers.phones import masked_phone
from dispatch.records import account_parts as parts
from dispatch.records.account_parts import SIGNATURES, iso, moment_of, value_of, words
from dispatch.records.baseline import Baseline, measured_at
from dispatch.records.entries import checklist_of, context_of, counted
from dispatch.records.spoken_values import NOTHING, same, spoken_value
from dispatch.records.tables import EntryRow
from dispatch.settings import Settings
from dispatch.visits.life import Status
from dispatch.visits.punctuality import punctuality
from dispatch.visits.tables import Visit

FORMAT = "doorstep-record/1"


@dataclass(frozen=True)
class Around:
    """What the account needs to know beyond the visit and its entries."""

    number: str
    language: str
    sealed_at: datetime
    told_at: datetime | None
    baseline: Baseline
    settings: Settings


def account_of(visit: Visit, rows: Sequence[EntryRow], around: Around) -> dict[str, Any]:
    """The record of `visit` (its story loaded) from its entries."""
    checklist, context = checklist_of(visit), context_of(visit)
    entries = counted(list(rows), visit.technician_id)
    folded = fold(entries)
    by_id = {str(row.id): row for row in rows}
    order, line, technician = visit.work_order, visit.work_order.line, visit.technician
    found = findings(checklist, entries, context)
    times = _times(visit, folded, around)
    nobody_met = visit.status == Status.NO_ACCESS
    return {
        "format": FORMAT,
        "number": around.number,
        "revision": 1,
        "corrects": None,
        "language": around.language,
        "sealed_at": iso(around.sealed_at),
        "time_zone": around.settings.time_zone,
        "company": words(around.settings.company),
        "outcome": "no_access" if nobody_met else "completed",
        "customer": {
            "id": str(order.customer_id),
            "name": order.customer.name,
            "phone_masked": masked_phone(order.customer.phone),
        },
        "site": {
            "id": str(order.site_id),
            "address": order.site.address,
            "area": technician.area.name if technician and technician.area else None,
        },
        "line": {
            "id": str(line.id),
            "account_masked": f"{line.account_name[:3]}****" if line.account_name else None,
            "product": line.product,
            "access": line.access,
            "subscribed_down_mbps": line.subscribed_down,
            "subscribed_up_mbps": line.subscribed_up,
        },
        "work_order": {
            "id": str(order.id),
            "kind": order.kind,
            "reference": order.external_id,
            "symptoms": list(order.symptoms),
            "reported_at": iso(order.reported_at),
        },
        "visit": {
            "id": str(visit.id),
            "window": {"start": iso(visit.window_start), "end": iso(visit.window_end)},
            "checklist": visit.checklist,
        },
        "technician": {
            "id": str(visit.technician_id),
            "name": technician.name if technician else None,
            "code": technician.code if technician else None,
            "area": technician.area.name if technician and technician.area else None,
        },
        "times": {key: iso(value) for key, value in times.items()},
        "punctuality": punctuality(visit.window, times["arrived"]),
        "steps": _steps(checklist, entries, folded, by_id, around.settings.zone, context),
        "kit": parts.kit(folded),
        "measurements": [_measurement(one, around.baseline) for one in found],
        "photos": parts.photos(checklist, folded),
        "open_questions": parts.open_questions(folded),
        "alteration": parts.alteration(folded),
        "rating": parts.rating(folded),
        "repair": parts.repair(checklist, folded, around.settings.zone),
        "is_baseline": value_of(folded, "file", "baseline") is True,
        "signatures": parts.signatures(folded),
        "missed_visit": parts.missed_visit(visit, folded, around.settings, times)
        if visit.status == Status.NO_ACCESS
        else None,
    }


def strokes_of(rows: Sequence[EntryRow], technician_id: UUID | None) -> dict[str, Any]:
    """The pens of customer and technician, kept beside the record and not inside its JSON."""
    folded = fold(counted(list(rows), technician_id))
    found: dict[str, Any] = {}
    for who, key in SIGNATURES:
        value = value_of(folded, "leave", key)
        if isinstance(value, dict) and value.get("strokes"):
            found[who] = {part: value[part] for part in ("width", "height", "strokes")}
    return found


def _times(visit: Visit, folded: Folded, around: Around) -> dict[str, datetime | None]:
    call = folded.get(("appointment", "call_outcome"))
    return {
        "booked": visit.created_at,
        "told": around.told_at,
        "called": call.at if call else None,
        "announced": moment_of(folded, "appointment", "announced_arrival"),
        "departed": visit.departed_at,
        "arrived": moment_of(folded, "appointment", "arrived_at") or visit.arrived_at,
        "begun": moment_of(folded, "work", "begun_at"),
        "ended": moment_of(folded, "proof", "ended_at"),
        "left": moment_of(folded, "leave", "left_at") or moment_of(folded, "talk", "left_door_at"),
    }


def _steps(
    checklist: Checklist,
    entries: list[Entry],
    folded: Folded,
    by_id: dict[str, EntryRow],
    zone: ZoneInfo,
    context: Any,
) -> list[dict[str, Any]]:
    told = []
    for step in checklist.steps:
        shown: list[dict[str, Any]] = []
        last: datetime | None = None
        for field in step.fields:
            entry = folded.get((step.key, field.key))
            if entry is None or taken_back(entry.value) or not is_asked(checklist, step, field, folded):
                continue
            last = max(last, entry.at) if last else entry.at
            sound = not flaws(field, entry.value, context)
            text = spoken_value(field, entry.value, zone) if sound else _as_sent(entry.value)
            shown.append(
                {
                    "key": field.key,
                    "label": words(field.label),
                    "type": field.type,
                    "text": words(text),
                    "by": by_id[entry.id].by,
                    "at": iso(entry.at),
                    "late": is_late(checklist, entry, entries),
                    "flags": [{"zh": flag["zh"], "en": flag["en"]} for flag in by_id[entry.id].flags],
                }
            )

        told.append(
            {"key": step.key, "number": step.number, "title": words(step.title), "done_at": iso(last), "entries": shown}
        )
    return told


def _as_sent(value: Any) -> Words:
    """A value with flaws, shown as it was sent but shortened: nothing is hidden."""
    return same(str(value)[:200])


def _measurement(one: Finding, baseline: Baseline) -> dict[str, Any]:
    place = Words(f"（{one.room}）", f" ({one.room})") if one.room else Words("", "")
    band = f" {one.band} GHz" if one.band else ""
    return {
        "name": one.name,
        "label": {"zh": f"{one.label.zh}{place.zh}{band}", "en": f"{one.label.en}{place.en}{band}"},
        "value": one.value,
        "unit": one.unit,
        "room": one.room,
        "band": one.band,
        "baseline": baseline.get(measured_at(one.name, one.room, one.band)),
        "verdict": one.verdict.verdict,
        "limit": words(one.verdict.wanted or NOTHING),
        "limit_low": one.verdict.bounds[0],
        "limit_high": one.verdict.bounds[1],
        "method": one.method,
        "instrument": one.instrument,
        "at": iso(one.at),
    }

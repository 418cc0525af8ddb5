"""The account of a visit as one value: gathered from rows and entries, ready to be sealed. Pure.

Its shape is `doorstep-record/1`; the document is drawn from it alone, and the health file reads it back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from checklists.answers import flaws, read_moment, taken_back
from checklists.definition import Checklist, Field
from checklists.findings import Finding, findings
from checklists.kit_v1 import KIT_V1
from checklists.progress import Entry, Folded, fold, is_asked, is_late
from checklists.words import Words
from dispatch.customers.phones import masked_phone
from dispatch.records.baseline import Baseline, measured_at
from dispatch.records.canonical import canonical_json, sha256_hex
from dispatch.records.entries import checklist_of, context_of, counted
from dispatch.records.spoken_values import NOTHING, same, spoken_value
from dispatch.records.tables import EntryRow
from dispatch.settings import Settings
from dispatch.visits.life import Status
from dispatch.visits.punctuality import punctuality
from dispatch.visits.tables import Visit

FORMAT = "doorstep-record/1"
CONSENT_VERSION = "2026-11"
CONSENT = Words(
    "本人确认上述服务内容、测量结果与现场情况属实，已收到说明；签名仅用于本次服务记录。",
    "I confirm that the work, the measurements and the state of the site are as written above and were explained to "
    "me. My signature is used for this service record only.",
)
SIGNATURES = (("customer", "customer_signature"), ("technician", "technician_signature"))


@dataclass(frozen=True)
class Around:
    """What the account needs to know beyond the visit and its entries."""

    number: str
    language: str
    sealed_at: datetime
    told_at: datetime | None
    baseline: Baseline
    settings: Settings


def words(text: Words) -> dict[str, str]:
    """Words as the record keeps them."""
    return {"zh": text.zh, "en": text.en}


def iso(instant: datetime | None) -> str | None:
    """An instant as the record keeps it: UTC, whole seconds."""
    return instant.isoformat(timespec="seconds").replace("+00:00", "Z") if instant else None


def account_of(visit: Visit, rows: Sequence[EntryRow], around: Around) -> dict[str, Any]:
    """The record of `visit` (its story loaded) from its entries."""
    checklist, context = checklist_of(visit), context_of(visit)
    entries = counted(list(rows))
    folded = fold(entries)
    by_id = {str(row.id): row for row in rows}
    order, line, technician = visit.work_order, visit.work_order.line, visit.technician
    found = findings(checklist, entries, context)
    times = _times(visit, folded, around)
    return {
        "format": FORMAT,
        "number": around.number,
        "revision": 1,
        "corrects": None,
        "language": around.language,
        "sealed_at": iso(around.sealed_at),
        "time_zone": around.settings.time_zone,
        "company": words(around.settings.company),
        "outcome": "no_access" if visit.status == Status.NO_ACCESS else "completed",
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
        "kit": _kit(folded),
        "measurements": [_measurement(one, around.baseline) for one in found],
        "photos": _photos(checklist, folded),
        "open_questions": _questions(folded),
        "alteration": _alteration(folded),
        "rating": _rating(folded),
        "repair": _repair(checklist, folded, around.settings.zone),
        "is_baseline": _value(folded, "file", "baseline") is True,
        "signatures": _signatures(folded),
        "missed_visit": _missed(visit, folded, around.settings, times) if visit.status == Status.NO_ACCESS else None,
    }


def strokes_of(rows: Sequence[EntryRow]) -> dict[str, Any]:
    """The pens of customer and technician, kept beside the record and not inside its JSON."""
    folded = fold(counted(list(rows)))
    found: dict[str, Any] = {}
    for who, key in SIGNATURES:
        value = _value(folded, "leave", key)
        if isinstance(value, dict) and value.get("strokes"):
            found[who] = {part: value[part] for part in ("width", "height", "strokes")}
    return found


def strokes_hash(value: dict[str, Any]) -> str:
    """What the record says of a signature's pen: the SHA-256 of its canonical strokes."""
    return sha256_hex(canonical_json({part: value[part] for part in ("width", "height", "strokes")}))


def _value(folded: Folded, step: str, key: str) -> Any:
    entry = folded.get((step, key))
    return None if entry is None or taken_back(entry.value) else entry.value


def _moment(folded: Folded, step: str, key: str) -> datetime | None:
    value = _value(folded, step, key)
    return read_moment(value) if isinstance(value, str) else None


def _times(visit: Visit, folded: Folded, around: Around) -> dict[str, datetime | None]:
    call = folded.get(("appointment", "call_outcome"))
    return {
        "booked": visit.created_at,
        "told": around.told_at,
        "called": call.at if call else None,
        "announced": _moment(folded, "appointment", "announced_arrival"),
        "departed": visit.departed_at,
        "arrived": _moment(folded, "appointment", "arrived_at") or visit.arrived_at,
        "begun": _moment(folded, "work", "begun_at"),
        "ended": _moment(folded, "proof", "ended_at"),
        "left": _moment(folded, "leave", "left_at") or _moment(folded, "talk", "left_door_at"),
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


def _kit(folded: Folded) -> list[dict[str, Any]]:
    carried = {item.get("item"): item for item in _items(folded, "appointment", "kit_check")}
    used = {item.get("item"): item for item in _items(folded, "leave", "kit_used")}
    return [
        {
            "key": item.key,
            "name": words(item.label),
            "carried": bool(carried.get(item.key, {}).get("carried", False)),
            "used": int(used.get(item.key, {}).get("used", 0) or 0),
            "condition": used.get(item.key, {}).get("condition") or carried.get(item.key, {}).get("condition"),
            "reason": carried.get(item.key, {}).get("reason"),
        }
        for item in KIT_V1
    ]


def kit_used(rows: Sequence[EntryRow]) -> dict[str, int]:
    """How many of each kit item this visit took."""
    items = _items(fold(counted(list(rows))), "leave", "kit_used")
    return {item["item"]: int(item["used"]) for item in items if isinstance(item.get("used"), int) and item["used"] > 0}


def _items(folded: Folded, step: str, key: str) -> list[dict[str, Any]]:
    value = _value(folded, step, key)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


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
        "method": one.method,
        "instrument": one.instrument,
        "at": iso(one.at),
    }


def _photos(checklist: Checklist, folded: Folded) -> list[dict[str, Any]]:
    shown = []
    for step, field in checklist.fields():
        entry = folded.get((step.key, field.key))
        if field.type != "photo" or entry is None or not isinstance(entry.value, list):
            continue
        shown += [
            {"sha256": sha256, "caption": words(field.label), "at": iso(entry.at)}
            for sha256 in entry.value
            if isinstance(sha256, str)
        ]
    return shown


def _questions(folded: Folded) -> list[dict[str, Any]]:
    return [
        {"text": str(item.get("text", "")), "answer_by": item.get("answer_by"), "answered_by": None}
        for item in _items(folded, "work", "open_questions")
    ]


def _alteration(folded: Folded) -> dict[str, Any] | None:
    if _value(folded, "work", "alters_home") is not True:
        return None
    agreement = folded.get(("work", "alteration_agreement"))
    signed = isinstance(agreement.value, dict) and bool(agreement.value.get("strokes")) if agreement else False
    return {
        "what": str(_value(folded, "work", "alteration_what") or ""),
        "agreed_at": iso(agreement.at) if agreement else None,
        "signed": signed,
        "strokes_sha256": strokes_hash(agreement.value) if agreement and signed else None,
    }


def _rating(folded: Folded) -> dict[str, Any]:
    def stars(key: str) -> int | None:
        value = _value(folded, "leave", key)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    return {
        "conduct": stars("conduct_rating"),
        "overall": stars("overall_rating"),
        "recommend": None,
        "comment": str(_value(folded, "leave", "comment") or ""),
    }


def _repair(checklist: Checklist, folded: Folded, zone: ZoneInfo) -> dict[str, Any] | None:
    if checklist.kind != "repair":
        return None
    told: dict[str, Any] = {}
    for key in ("fault_type", "fault_cause", "actions"):
        value = _value(folded, "file", key)
        field: Field | None = checklist.field("file", key) if checklist.has("file", key) else None
        told[key] = value
        told[f"{key}_text"] = words(spoken_value(field, value, zone)) if field and value else None
    return told


def _signatures(folded: Folded) -> list[dict[str, Any]]:
    signed = []
    for who, key in SIGNATURES:
        entry = folded.get(("leave", key))
        if entry is None or not isinstance(entry.value, dict):
            continue
        value = entry.value
        signed.append(
            {
                "who": who,
                "name": value.get("name"),
                "at": iso(entry.at),
                "strokes_sha256": strokes_hash(value) if value.get("strokes") else None,
                "reservation": value.get("reservation"),
                "refused_reason": value.get("reason") if value.get("refused") else None,
                "consent": {"version": CONSENT_VERSION, "text": words(CONSENT)},
            }
        )
    return signed


def _missed(visit: Visit, folded: Folded, settings: Settings, times: dict[str, datetime | None]) -> dict[str, Any]:
    note = folded.get(("talk", "missed_note"))
    return {
        "note_left_at": iso(note.at) if note else iso(visit.ended_at),
        "arrived_at": iso(times["arrived"]),
        "left_at": iso(times["left"] or visit.ended_at),
        "contact": visit.technician.name if visit.technician else settings.company_zh,
        "phone": settings.company_phone,
    }

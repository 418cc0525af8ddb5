"""The parts of a record's account, each read from the entries alone. Pure."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from checklists.answer_lists import MOST_USED
from checklists.answers import read_moment, taken_back
from checklists.definition import Checklist, Field
from checklists.kit_v1 import KIT_V1
from checklists.progress import Folded, fold
from checklists.words import Words
from dispatch.records.canonical import canonical_json, sha256_hex
from dispatch.records.entries import counted
from dispatch.records.spoken_values import spoken_value
from dispatch.records.tables import EntryRow
from dispatch.settings import Settings
from dispatch.visits.tables import Visit

CONSENT_VERSION = "2026-11"
CONSENT = Words(
    "本人确认上述服务内容、测量结果与现场情况属实，已收到说明；签名仅用于本次服务记录。",
    "I confirm that the work, the measurements and the state of the site are as written above and were explained to "
    "me. My signature is used for this service record only.",
)
SIGNATURES = (("customer", "customer_signature"), ("technician", "technician_signature"))


def words(text: Words) -> dict[str, str]:
    """Words as the record keeps them."""
    return {"zh": text.zh, "en": text.en}


def iso(instant: datetime | None) -> str | None:
    """An instant as the record keeps it: UTC, whole seconds."""
    return instant.isoformat(timespec="seconds").replace("+00:00", "Z") if instant else None


def strokes_hash(value: dict[str, Any]) -> str:
    """What the record says of a signature's pen: the SHA-256 of its canonical strokes."""
    return sha256_hex(canonical_json({part: value[part] for part in ("width", "height", "strokes")}))


def value_of(folded: Folded, step: str, key: str) -> Any:
    """The answer that counts for one field; None where there is none."""
    entry = folded.get((step, key))
    return None if entry is None or taken_back(entry.value) else entry.value


def moment_of(folded: Folded, step: str, key: str) -> datetime | None:
    """The same for a field that holds a time."""
    value = value_of(folded, step, key)
    return read_moment(value) if isinstance(value, str) else None


def kit(folded: Folded) -> list[dict[str, Any]]:
    """The 5+3, item by item: carried, used, in what condition, and why one was missing."""
    carried = {item.get("item"): item for item in items(folded, "appointment", "kit_check")}
    used = {item.get("item"): item for item in items(folded, "leave", "kit_used")}
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


def kit_used(rows: Sequence[EntryRow], technician_id: UUID | None) -> dict[str, int]:
    """How many of each kit item this visit took, as far as what was said can be."""
    used = items(fold(counted(list(rows), technician_id)), "leave", "kit_used")
    return {
        item["item"]: item["used"]
        for item in used
        if isinstance(item.get("item"), str) and type(item.get("used")) is int and 0 < item["used"] <= MOST_USED
    }


def items(folded: Folded, step: str, key: str) -> list[dict[str, Any]]:
    """The dicts of a list-valued answer."""
    value = value_of(folded, step, key)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def photos(checklist: Checklist, folded: Folded) -> list[dict[str, Any]]:
    """Every photo with its caption, in the order in which they are asked for."""
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


def open_questions(folded: Folded) -> list[dict[str, Any]]:
    """What was asked and not promised."""
    return [
        {"text": str(item.get("text", "")), "answer_by": item.get("answer_by"), "answered_by": None}
        for item in items(folded, "work", "open_questions")
    ]


def alteration(folded: Folded) -> dict[str, Any] | None:
    """What was altered in the home and how it was agreed; None where nothing was."""
    if value_of(folded, "work", "alters_home") is not True:
        return None
    agreement = folded.get(("work", "alteration_agreement"))
    signed = isinstance(agreement.value, dict) and bool(agreement.value.get("strokes")) if agreement else False
    return {
        "what": str(value_of(folded, "work", "alteration_what") or ""),
        "agreed_at": iso(agreement.at) if agreement else None,
        "signed": signed,
        "strokes_sha256": strokes_hash(agreement.value) if agreement and signed else None,
    }


def rating(folded: Folded) -> dict[str, Any]:
    """What the customer said of the visit; None for what was left out."""

    def stars(key: str) -> int | None:
        value = value_of(folded, "leave", key)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    return {
        "conduct": stars("conduct_rating"),
        "overall": stars("overall_rating"),
        "recommend": None,
        "comment": str(value_of(folded, "leave", "comment") or ""),
    }


def repair(checklist: Checklist, folded: Folded, zone: ZoneInfo) -> dict[str, Any] | None:
    """Fault, cause and what was done; None for an installation."""
    if checklist.kind != "repair":
        return None
    told: dict[str, Any] = {}
    for key in ("fault_type", "fault_cause", "actions"):
        value = value_of(folded, "file", key)
        field: Field | None = checklist.field("file", key) if checklist.has("file", key) else None
        told[key] = value
        told[f"{key}_text"] = words(spoken_value(field, value, zone)) if field and value else None
    return told


def signatures(folded: Folded) -> list[dict[str, Any]]:
    """Who signed, or why not, and the hash of the pen."""
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


def missed_visit(visit: Visit, folded: Folded, settings: Settings, times: dict[str, datetime | None]) -> dict[str, Any]:
    """The note that was left where nobody was home."""
    note = folded.get(("talk", "missed_note"))
    return {
        "note_left_at": iso(note.at) if note else iso(visit.ended_at),
        "arrived_at": iso(times["arrived"]),
        "left_at": iso(times["left"] or visit.ended_at),
        "contact": visit.technician.name if visit.technician else settings.company_zh,
        "phone": settings.company_phone,
    }

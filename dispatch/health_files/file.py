"""One line over time: baseline, every later visit, and what moved since it was healthy. Pure: records in, file out."""

from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import Any
from uuid import UUID

from checklists.drift import LEVEL_WORDS, WORST_FIRST, Level, drift
from checklists.measurement_limits import MeasuringContext
from checklists.measurements import MEASUREMENTS, limit_for
from checklists.words import Words
from dispatch.health_files.said import Said
from dispatch.health_files.signs import symptom_words
from dispatch.records.baseline import baseline_record, measured_at, values_of

FORMAT = "doorstep-health-file/2"


def health_file(
    line: dict[str, Any],
    records: Sequence[dict[str, Any]],
    said: Mapping[UUID, Said] | None = None,
    context: MeasuringContext | None = None,
) -> dict[str, Any]:
    """The line's health file from its sealed records, oldest first.

    `said`: what else was answered on these visits. A record that another corrects is listed, and counts nowhere else.
    """
    said, context = said or {}, context or MeasuringContext()
    corrected = {record["corrects"] for record in records if record.get("corrects")}
    counted = [record for record in records if record["number"] not in corrected]
    base = baseline_record(counted)
    comparison = _comparison(base, counted, context)
    return {
        "format": FORMAT,
        "line": line,
        "state": _state(base, comparison),
        "baseline": _baseline(base) if base else None,
        "comparison": comparison,
        "series": _series(base, counted, context),
        "visits": [_visit(record, said) for record in counted],
        "devices": _devices(counted, said),
        "password_changes": _password_changes(counted, said),
        "open_questions": _open_questions(counted),
        "records": [_record(record, record["number"] in corrected) for record in records],
    }


def _said(record: dict[str, Any], said: Mapping[UUID, Said]) -> Said:
    return said.get(UUID(record["visit"]["id"]), Said())


def _baseline(record: dict[str, Any]) -> dict[str, Any]:
    return {"record": record["number"], "at": record["sealed_at"], "measurements": _measured(record)}


def _measured(record: dict[str, Any]) -> list[dict[str, Any]]:
    before = _before_work(record)
    return [
        {part: one.get(part) for part in ("name", "label", "room", "band", "value", "unit", "verdict", "limit", "at")}
        | {"before_work": (one["label"]["zh"], one["at"]) in before}
        for one in record.get("measurements", [])
    ]


def _before_work(record: dict[str, Any]) -> set[tuple[str, str]]:
    """Which measurements were taken before anybody touched the line: those of the third step."""
    return {
        (entry["label"]["zh"], entry["at"])
        for step in record.get("steps", [])
        if step["key"] == "work"
        for entry in step["entries"]
        if entry["type"] == "measurement"
    }


def _visit(record: dict[str, Any], said: Mapping[UUID, Said]) -> dict[str, Any]:
    told = _said(record, said)
    symptoms = list(dict.fromkeys([*record["work_order"].get("symptoms", []), *told.symptoms]))
    return {
        "record": record["number"],
        "visit_id": record["visit"]["id"],
        "sealed_at": record["sealed_at"],
        "kind": record["work_order"]["kind"],
        "outcome": record["outcome"],
        "technician": record["technician"]["code"],
        "symptoms": symptoms,
        "symptom_words": [_words(symptom_words(one)) for one in symptoms],
        "dial_codes": told.dial_codes,
        "repair": record.get("repair"),
        "result": told.text(("proof", "outcome")) or None,
        "note": told.text(("file", "repair_note")) or told.text(("file", "line_note")) or None,
        "measurements": _measured(record),
    }


def _record(record: dict[str, Any], corrected: bool) -> dict[str, Any]:
    return {
        "number": record["number"],
        "visit_id": record["visit"]["id"],
        "kind": record["work_order"]["kind"],
        "outcome": record["outcome"],
        "sealed_at": record["sealed_at"],
        "corrects": record.get("corrects"),
        "corrected": corrected,
    }


def _devices(records: Sequence[dict[str, Any]], said: Mapping[UUID, Said]) -> list[dict[str, Any]]:
    """Every device that was put in, newest last; the last one is in use."""
    found = []
    for record in records:
        device = _said(record, said).device
        if device:
            found.append({**device, "since": record["sealed_at"], "record": record["number"]})
    return found


def _password_changes(records: Sequence[dict[str, Any]], said: Mapping[UUID, Said]) -> list[dict[str, Any]]:
    """When the customer changed the account's password, as they said on each visit. Dates, never the password."""
    told = [
        {"at": when.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"), "record": record["number"]}
        for record in records
        if (when := _said(record, said).password_changed) is not None
    ]
    return sorted({one["at"]: one for one in told}.values(), key=lambda one: str(one["at"]))


def _open_questions(records: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {**question, "asked_at": record["sealed_at"], "record": record["number"]}
        for record in records
        for question in record.get("open_questions", [])
    ]


def _later(base: dict[str, Any], records: Sequence[dict[str, Any]]) -> Sequence[dict[str, Any]]:
    numbers = [record["number"] for record in records]
    return records[numbers.index(base["number"]) + 1 :]  # by place: times may be the same second


def _comparison(
    base: dict[str, Any] | None, records: Sequence[dict[str, Any]], context: MeasuringContext
) -> list[dict[str, Any]]:
    """The latest value of everything that the baseline has, beside it, the worst first."""
    if base is None:
        return []
    latest: dict[str, dict[str, Any]] = {}
    for record in _later(base, records):
        for one in record.get("measurements", []):
            if one.get("verdict") != "implausible":
                latest[measured_at(one["name"], one.get("room"), one.get("band"))] = one
    labels = {measured_at(one["name"], one.get("room"), one.get("band")): one for one in base.get("measurements", [])}
    compared = []
    for key, value in values_of(base).items():
        now, then = latest.get(key), labels[key]
        moved = drift(then["name"], value, now["value"], _at(context, then)) if now else None
        compared.append(
            {
                "key": key,
                "name": then["name"],
                "label": then["label"],
                "unit": then["unit"],
                "baseline": value,
                "latest": now["value"] if now else None,
                "latest_at": now["at"] if now else None,
                "verdict": now["verdict"] if now else None,
                "limit": then.get("limit"),
                "change": moved.change if moved else None,
                "room_used": moved.used if moved else None,
                "drift": moved.level if moved else None,
                "drift_words": {"zh": LEVEL_WORDS[moved.level].zh, "en": LEVEL_WORDS[moved.level].en}
                if moved
                else None,
            }
        )
    return sorted(compared, key=lambda one: WORST_FIRST.index(one["drift"]) if one["drift"] else len(WORST_FIRST))


def _words(text: Words) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _at(context: MeasuringContext, measured: dict[str, Any]) -> MeasuringContext:
    return MeasuringContext(
        context.access, context.subscribed_down, context.subscribed_up, band=measured.get("band") or None
    )


def _state(base: dict[str, Any] | None, comparison: list[dict[str, Any]]) -> dict[str, Any]:
    """How the line is by its last visit, in one word, and what makes it so: what is read in the first seconds."""
    if base is None:
        return {"level": "no_baseline", "moved": []}
    compared = [one for one in comparison if one["drift"] is not None]
    if not compared:
        return {"level": "only_baseline", "moved": []}
    worst: Level = min((one["drift"] for one in compared), key=WORST_FIRST.index)
    level = worst if worst in ("fail", "warn", "moved") else "steady"
    return {"level": level, "moved": [one["key"] for one in compared if one["drift"] in ("fail", "warn", "moved")]}


def _series(
    base: dict[str, Any] | None, records: Sequence[dict[str, Any]], context: MeasuringContext
) -> list[dict[str, Any]]:
    """Every number over time, by what was measured where: what a chart draws."""
    found: dict[str, dict[str, Any]] = {}
    healthy = values_of(base) if base else {}
    for record in records:
        for one in _measured(record):
            known = MEASUREMENTS.get(one["name"])
            if one["verdict"] == "implausible" or known is None or known.kind != "number":
                continue
            key = measured_at(one["name"], one.get("room"), one.get("band"))
            series = found.setdefault(key, _new_series(key, one, healthy.get(key), context))
            series["points"].append(
                {
                    "at": one["at"],
                    "value": one["value"],
                    "verdict": one["verdict"],
                    "before_work": one["before_work"],
                    "record": record["number"],
                    "kind": record["work_order"]["kind"],
                }
            )
    for series in found.values():
        series["points"].sort(key=lambda point: point["at"])
    return list(found.values())


def _new_series(key: str, one: dict[str, Any], healthy: object, context: MeasuringContext) -> dict[str, Any]:
    limit = limit_for(MEASUREMENTS[one["name"]], _at(context, one))
    place = f"（{one['room']}）" if one.get("room") else ""
    place_en = f" ({one['room']})" if one.get("room") else ""
    band = f" {one['band']} GHz" if one.get("band") else ""
    label = MEASUREMENTS[one["name"]].label
    return {
        "key": key,
        "name": one["name"],
        "label": {"zh": f"{label.zh}{place}{band}", "en": f"{label.en}{place_en}{band}"},
        "unit": one["unit"],
        "baseline": healthy,
        "good_from": limit.pass_min if limit else None,
        "good_to": limit.pass_max if limit else None,
        "usable_from": limit.warn_min if limit else None,
        "usable_to": limit.warn_max if limit else None,
        "points": [],
    }

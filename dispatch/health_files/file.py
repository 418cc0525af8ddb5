"""One line over time: baseline, every later visit, and what moved since it was healthy. Pure: records in, file out."""

from collections.abc import Sequence
from typing import Any

from dispatch.records.baseline import baseline_record, measured_at, values_of


def health_file(line: dict[str, Any], records: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The line's health file from its sealed records, oldest first."""
    base = baseline_record(records)
    return {
        "line": line,
        "baseline": _baseline(base) if base else None,
        "visits": [_visit(record) for record in records],
        "comparison": _comparison(base, records),
    }


def _baseline(record: dict[str, Any]) -> dict[str, Any]:
    return {"record": record["number"], "at": record["sealed_at"], "measurements": _measured(record)}


def _measured(record: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {part: one.get(part) for part in ("name", "label", "room", "band", "value", "unit", "verdict", "at")}
        for one in record.get("measurements", [])
    ]


def _visit(record: dict[str, Any]) -> dict[str, Any]:
    return {
        "record": record["number"],
        "visit_id": record["visit"]["id"],
        "sealed_at": record["sealed_at"],
        "kind": record["work_order"]["kind"],
        "outcome": record["outcome"],
        "technician": record["technician"]["code"],
        "symptoms": record["work_order"].get("symptoms", []),
        "repair": record.get("repair"),
        "measurements": _measured(record),
    }


def _comparison(base: dict[str, Any] | None, records: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The latest value of everything that the baseline has, beside it; `change` only where both are numbers."""
    if base is None:
        return []
    later = records[
        [record["number"] for record in records].index(base["number"]) + 1 :
    ]  # times may be the same second
    latest: dict[str, dict[str, Any]] = {}
    for record in later:
        for one in record.get("measurements", []):
            if one.get("verdict") != "implausible":
                latest[measured_at(one["name"], one.get("room"), one.get("band"))] = one
    labels = {measured_at(one["name"], one.get("room"), one.get("band")): one for one in base.get("measurements", [])}
    compared = []
    for key, value in values_of(base).items():
        now = latest.get(key)
        compared.append(
            {
                "name": labels[key]["name"],
                "label": labels[key]["label"],
                "unit": labels[key]["unit"],
                "baseline": value,
                "latest": now["value"] if now else None,
                "latest_at": now["at"] if now else None,
                "verdict": now["verdict"] if now else None,
                "change": _change(value, now["value"]) if now else None,
            }
        )
    return compared


def _change(before: object, after: object) -> float | None:
    numbers = (int, float)
    if isinstance(before, bool) or isinstance(after, bool):
        return None
    if isinstance(before, numbers) and isinstance(after, numbers):
        return round(after - before, 3)
    return None

"""The baseline of a line: what was measured when it was healthy. Read from sealed records, oldest first. Pure."""

from collections.abc import Iterable
from typing import Any

Baseline = dict[str, float | int | str]


def measured_at(name: str, room: str | None, band: str | None) -> str:
    """One key for one thing that is measured at one place: `wifi_rssi/主卧/5`."""
    return "/".join([name, *(part for part in (room, band) if part)])


def values_of(record: dict[str, Any]) -> Baseline:
    """What a record measured, by key; implausible values are left out."""
    return {
        measured_at(one["name"], one.get("room"), one.get("band")): one["value"]
        for one in record.get("measurements", [])
        if one.get("verdict") != "implausible"
    }


def baseline_record(records: Iterable[dict[str, Any]]) -> dict[str, Any] | None:
    """The record that set the baseline: the latest one that says so; none, if none does."""
    said = [record for record in records if record.get("is_baseline") and record.get("outcome") == "completed"]
    return said[-1] if said else None


def baseline_of(records: Iterable[dict[str, Any]]) -> Baseline:
    """The line's baseline values, by key; empty for a line without one."""
    record = baseline_record(records)
    return values_of(record) if record else {}

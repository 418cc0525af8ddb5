"""Whether a sealed record was complete when it was handed in: pure, from its body (doorstep-record/1)."""

from functools import lru_cache
from typing import Any

from checklists.kit_v1 import KIT_V1
from checklists.published import CHECKLISTS
from dispatch.kpis.visit_rules import Handed, Said


@lru_cache(maxsize=32)
def always_asked(checklist: str) -> frozenset[tuple[str, str]]:
    """(step, key) of every entry that this checklist wants from each completed visit, whatever else is answered."""
    known = CHECKLISTS.get(checklist)
    if known is None:
        return frozenset()
    return frozenset(
        (step.key, field.key)
        for step, field in known.fields()
        if field.blocks and field.shown_if is None and step.skipped_if is None
    )


def handed_in(body: dict[str, Any]) -> Handed:
    """What the record says of checklist, kit and itself.

    Checklist: every entry that is always asked is there, and none is flagged as odd. Kit: all of the 5+3 were carried.
    Record: both signed, something was measured, and a repair names fault, cause and what was done.
    """
    entries = [(step["key"], entry) for step in body["steps"] for entry in step["entries"]]
    answered = {(step, entry["key"]) for step, entry in entries}
    signed = {one["who"] for one in body["signatures"] if one.get("strokes_sha256")}
    repair = body.get("repair")
    named = repair is None or all(repair.get(key) for key in ("fault_type", "fault_cause", "actions"))
    return Handed(
        checklist=always_asked(body["visit"]["checklist"]) <= answered
        and not any(entry.get("flags") for _, entry in entries),
        kit={one["key"] for one in body["kit"] if one["carried"]} >= {item.key for item in KIT_V1},
        record={"customer", "technician"} <= signed and bool(body["measurements"]) and named,
    )


def said_on_site(body: dict[str, Any]) -> Said:
    """The points that the customer gave beside the signature."""
    rating = body.get("rating") or {}
    return Said(overall=rating.get("overall"), conduct=rating.get("conduct"))

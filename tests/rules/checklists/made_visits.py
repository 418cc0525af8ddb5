"""Made answers: a complete installation and a complete repair, entry by entry, to be changed by each test."""

from datetime import UTC, datetime, timedelta
from typing import Any

from checklists.definition import Checklist
from checklists.progress import Entry
from checklists.visit_install_v2 import VISIT_INSTALL_V2
from checklists.visit_repair_v2 import VISIT_REPAIR_V2

INSTALL, REPAIR = VISIT_INSTALL_V2, VISIT_REPAIR_V2
NINE = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
KIT_ITEMS = (
    "shoe_covers", "drop_cloth", "cleaning_cloth", "rubbish_bag", "record_form", "service_card", "user_guide",
    "sticky_note",
)  # fmt: skip

SIGNED = {
    "strokes": [[{"x": 20, "y": 30, "t": 0, "p": 0.5}, {"x": 180, "y": 60, "t": 120}]],
    "width": 300,
    "height": 120,
    "name": "王芳",
}
KIT_CARRIED = [{"item": item, "carried": True} for item in KIT_ITEMS]
KIT_USED = [{"item": "shoe_covers", "used": 1}, {"item": "rubbish_bag", "used": 1}]
DEVICE = {"manufacturer": "HW", "model": "HG8245", "serial": "HWTC12345678"}
MOMENT = "2026-11-23T09:00:00+08:00"


def measured(value: float | str, unit: str) -> dict[str, Any]:
    return {"value": value, "unit": unit, "method": "instrument"}


_ENTERED: dict[tuple[str, str], Any] = {
    ("appointment", "background_read"): True,
    ("appointment", "kit_check"): KIT_CARRIED,
    ("appointment", "call_outcome"): "reached",
    ("appointment", "announced_arrival"): MOMENT,
    ("appointment", "arrived_at"): MOMENT,
    ("appointment", "punctuality"): "on_time",
    ("talk", "access"): "let_in",
    ("talk", "entering"): ["introduced", "asked_leave", "service_card"],
    ("talk", "shoe_covers"): "worn",
    ("talk", "explained"): ["rules", "coverage", "record"],
    ("talk", "inside_wiring"): "good",
    ("talk", "customer_equipment"): ["router", "tv"],
}
_LEFT: dict[tuple[str, str], Any] = {
    ("guide", "experience"): "everyday",
    ("guide", "guided_everyday"): ["dialling", "self_help"],
    ("guide", "guide_handed"): "paper",
    ("guide", "sticky_note"): "contact_only",
    ("remind", "reminded"): ["account_safe", "protection"],
    ("remind", "timed_tariff"): False,
    ("leave", "cleaned"): ["put_back", "waste_taken"],
    ("leave", "photo_agreed"): False,
    ("leave", "kit_used"): KIT_USED,
    ("leave", "conduct_rating"): 5,
    ("leave", "overall_rating"): 4,
    ("leave", "customer_signature"): SIGNED,
    ("leave", "technician_signature"): SIGNED,
    ("leave", "copy_given"): "link",
    ("leave", "left_at"): MOMENT,
}
INSTALL_ANSWERS: dict[tuple[str, str], Any] = {
    **_ENTERED,
    ("work", "access_technology"): "gpon_b",
    ("work", "go_ahead"): "agreed",
    ("work", "placement_agreed"): ["device_position", "cable_route", "power_source"],
    ("work", "alters_home"): False,
    ("work", "begun_at"): MOMENT,
    ("work", "protection"): ["asked_first", "settings_untouched", "phone_silent"],
    ("proof", "login"): "connected",
    ("proof", "rx_power"): measured(-18.5, "dBm"),
    ("proof", "download"): measured(940, "Mbit/s"),
    ("proof", "upload"): measured(95, "Mbit/s"),
    ("proof", "outcome"): "works",
    ("proof", "ended_at"): MOMENT,
    ("file", "filed_when"): "on_site",
    ("file", "device"): DEVICE,
    ("file", "onu_state"): measured("O5", ""),
    ("file", "link_rate"): measured(1000, "Mbit/s"),
    ("file", "packet_loss"): measured(0, "%"),
    ("file", "baseline"): True,
    **_LEFT,
}
REPAIR_ANSWERS: dict[tuple[str, str], Any] = {
    **_ENTERED,
    ("appointment", "symptoms_by_phone"): ["no_internet"],
    ("talk", "symptoms"): ["no_internet", "灯一直闪"],
    ("work", "begun_at"): MOMENT,
    ("work", "access_technology"): "gpon_b",
    ("work", "moves_anything"): False,
    ("work", "protection"): ["asked_first", "settings_untouched", "phone_silent"],
    ("work", "device_replaced"): False,
    ("proof", "login"): "connected",
    ("proof", "symptoms_watched"): [
        {"symptom": "no_internet", "result": "gone", "watched_minutes": 10},
        {"symptom": "灯一直闪", "result": "gone"},
    ],
    ("proof", "outcome"): "fixed",
    ("proof", "ended_at"): MOMENT,
    ("file", "filed_when"): "on_site",
    ("file", "fault_type"): "weak_light",
    ("file", "fault_cause"): "connector",
    ("file", "actions"): ["cleaned"],
    ("file", "rx_power"): measured(-19, "dBm"),
    ("file", "download"): measured(940, "Mbit/s"),
    **_LEFT,
}
ANSWERS: dict[str, dict[tuple[str, str], Any]] = {INSTALL.key: INSTALL_ANSWERS, REPAIR.key: REPAIR_ANSWERS}


def an_entry(step: str, key: str, value: Any, minute: int = 0, id: str | None = None) -> Entry:
    return Entry(id or f"{step}.{key}.{minute}", step, key, value, NINE + timedelta(minutes=minute))


def a_visit(checklist: Checklist, changed: dict[tuple[str, str], Any] | None = None) -> list[Entry]:
    """The complete visit, with some answers changed; `...` leaves one out."""
    answers = {**ANSWERS[checklist.key], **(changed or {})}
    return [
        an_entry(step, key, value, minute)
        for minute, ((step, key), value) in enumerate(answers.items())
        if value is not ...
    ]

"""What a phone of the demo city sends from a home: the answers of a visit, entry by entry, in plausible values."""

import math
import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from checklists.kit_v1 import KIT_V1
from dispatch.records.canonical import canonical_json, sha256_hex
from dispatch.records.entries import ARRIVED, DEPARTED
from dispatch.records.intake import SentParcel
from dispatch.records.reading import SentEntry
from dispatch.visits.tables import Visit

Answers = dict[tuple[str, str], Any]
LAST_STEP_BEFORE_WORK = "talk"


@dataclass(frozen=True)
class Stay:
    """When the technician set out, arrived and left, aware."""

    departed: datetime
    arrived: datetime
    left: datetime


@dataclass(frozen=True)
class Light:
    """How well the line does: received power in dBm, and the share of the subscribed rate that arrives."""

    rx_power: float = -18.5
    share: float = 0.95


HEALTHY = Light()
WEAKER = Light(-22.4, 0.91)


def answers_of(chance: random.Random, visit: Visit, stay: Stay, light: Light) -> Answers:
    """Every answer of a whole visit, in the order of the steps. The visit's story must be loaded."""
    order = visit.work_order
    customer, technician = order.customer.name, visit.technician
    assert technician is not None
    down, up = order.line.subscribed_down or 500.0, order.line.subscribed_up or 50.0
    late = stay.arrived > visit.window_end
    answers: Answers = {
        DEPARTED: True,
        ("appointment", "background_read"): True,
        ("appointment", "kit_check"): [{"item": item.key, "carried": True} for item in KIT_V1],
        ("appointment", "call_outcome"): "reached",
        ("appointment", "announced_arrival"): _moment(stay.arrived),
        ARRIVED: _moment(stay.arrived),
        ("appointment", "punctuality"): "late_told" if late else "on_time",
        ("talk", "access"): "let_in",
        ("talk", "entering"): ["introduced", "asked_leave", "service_card"],
        ("talk", "shoe_covers"): "worn",
        ("talk", "explained"): ["rules", "coverage", "record"],
        ("talk", "inside_wiring"): chance.choice(["good", "good", "usable"]),
        ("talk", "customer_equipment"): ["router", "tv"],
    }
    if order.kind == "repair":
        symptoms = list(order.symptoms)
        answers[("appointment", "symptoms_by_phone")] = symptoms
        answers[("talk", "symptoms")] = symptoms
        answers |= _repair(chance, symptoms, stay, light, down)
    else:
        answers |= _installation(chance, visit, stay, light, down, up)
    return answers | {
        ("guide", "experience"): "everyday",
        ("guide", "guided_everyday"): ["dialling", "self_help"],
        ("guide", "guide_handed"): "paper",
        ("guide", "sticky_note"): "contact_only",
        ("remind", "reminded"): ["account_safe", "protection"],
        ("remind", "timed_tariff"): False,
        ("leave", "cleaned"): ["put_back", "waste_taken"],
        ("leave", "photo_agreed"): False,
        ("leave", "kit_used"): [
            {"item": item.key, "used": item.used_by_a_visit} for item in KIT_V1 if item.used_by_a_visit
        ],
        ("leave", "conduct_rating"): chance.choice([5, 5, 5, 4]),
        ("leave", "overall_rating"): chance.choice([5, 5, 4, 4, 3]),
        ("leave", "customer_signature"): signed(chance, customer),
        ("leave", "technician_signature"): signed(chance, technician.name),
        ("leave", "copy_given"): "link",
        ("leave", "left_at"): _moment(stay.left),
    }


def _installation(chance: random.Random, visit: Visit, stay: Stay, light: Light, down: float, up: float) -> Answers:
    serial = f"HWTC{chance.getrandbits(32):08X}"
    return {
        ("work", "access_technology"): "gpon_b",
        ("work", "go_ahead"): "agreed",
        ("work", "placement_agreed"): ["device_position", "cable_route", "power_source"],
        ("work", "alters_home"): False,
        ("work", "begun_at"): _moment(stay.arrived + timedelta(minutes=10)),
        ("work", "protection"): ["asked_first", "settings_untouched", "phone_silent"],
        ("proof", "login"): "connected",
        ("proof", "rx_power"): _measured(_near(chance, light.rx_power, 0.4), "dBm"),
        ("proof", "download"): _measured(_near(chance, down * light.share, down * 0.01), "Mbit/s"),
        ("proof", "upload"): _measured(_near(chance, up * light.share, up * 0.01), "Mbit/s"),
        ("proof", "outcome"): "works",
        ("proof", "ended_at"): _moment(stay.left - timedelta(minutes=12)),
        ("file", "filed_when"): "on_site",
        ("file", "device"): {"manufacturer": "示例通信", "model": "DM-8245", "serial": serial},
        ("file", "onu_state"): _measured("O5", ""),
        ("file", "link_rate"): _measured(1000, "Mbit/s"),
        ("file", "packet_loss"): _measured(0, "%"),
        ("file", "baseline"): True,
    }


def _repair(chance: random.Random, symptoms: list[str], stay: Stay, light: Light, down: float) -> Answers:
    cause, done = chance.choice(
        [("connector", "cleaned"), ("fibre_bent", "reterminated"), ("inside_wiring", "patch_cord")]
    )
    return {
        ("work", "access_technology"): "gpon_b",
        ("work", "rx_before"): _measured(_near(chance, light.rx_power - 5.5, 0.6), "dBm"),
        ("work", "moves_anything"): False,
        ("work", "begun_at"): _moment(stay.arrived + timedelta(minutes=8)),
        ("work", "protection"): ["asked_first", "settings_untouched", "phone_silent"],
        ("work", "device_replaced"): False,
        ("proof", "login"): "connected",
        ("proof", "symptoms_watched"): [
            {"symptom": symptom, "result": "gone", "watched_minutes": 10} for symptom in symptoms
        ],
        ("proof", "outcome"): "fixed",
        ("proof", "ended_at"): _moment(stay.left - timedelta(minutes=10)),
        ("file", "filed_when"): "on_site",
        ("file", "fault_type"): "weak_light",
        ("file", "fault_cause"): cause,
        ("file", "actions"): [done],
        ("file", "rx_power"): _measured(_near(chance, light.rx_power, 0.3), "dBm"),
        ("file", "download"): _measured(_near(chance, down * light.share, down * 0.01), "Mbit/s"),
    }


def a_parcel(
    chance: random.Random, visit: Visit, answers: Answers, stay: Stay, steps: Iterable[str] | None = None
) -> SentParcel:
    """The answers as a phone would send them; `steps` keeps only those steps, for a visit that is under way."""
    chosen = [(place, value) for place, value in answers.items() if steps is None or place[0] in steps]
    pause = (stay.left - stay.arrived) / (len(answers) + 1)
    entries: list[SentEntry] = []
    for number, ((step, key), value) in enumerate(chosen):
        at = stay.departed if (step, key) == DEPARTED else stay.arrived + pause * number
        entries.append(SentEntry(_id(chance), step, key, value, at))
    parcel_id = _id(chance)
    body: dict[str, Any] = {
        "visit_id": str(visit.id),
        "device_id": "demo-phone",
        "entries": [
            {"id": str(e.id), "step": e.step, "key": e.key, "value": e.value, "at": e.at.isoformat(), "blobs": []}
            for e in entries
        ],
    }
    return SentParcel(parcel_id, visit.id, "demo-phone", tuple(entries), body, sha256_hex(canonical_json(body)))


def signed(chance: random.Random, name: str) -> dict[str, Any]:
    """A signature of three flowing strokes on a 300 x 120 pad."""
    strokes: list[list[dict[str, float]]] = []
    for stroke in range(3):
        left, height = 25 + stroke * 85, chance.uniform(12, 28)
        strokes.append(
            [
                {
                    "x": round(left + 3.2 * step, 1),
                    "y": round(60 + height * math.sin(step / chance.uniform(2.6, 3.4) + stroke), 1),
                    "t": stroke * 500 + step * 16,
                    "p": 0.5,
                }
                for step in range(24)
            ]
        )
    return {"strokes": strokes, "width": 300, "height": 120, "name": name}


def _measured(value: float | str, unit: str) -> dict[str, Any]:
    return {"value": value, "unit": unit, "method": "instrument"}


def _near(chance: random.Random, value: float, spread: float) -> float:
    return round(value + chance.uniform(-spread, spread), 1)


def _moment(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _id(chance: random.Random) -> UUID:
    return UUID(int=chance.getrandbits(128), version=4)

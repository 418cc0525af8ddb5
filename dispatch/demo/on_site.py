"""What a phone of the demo city sends from a home: a plausible visit, coloured by the line that it is about."""

import random
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from checklists.published import by_key
from dispatch.demo.visit_story import Story, play
from dispatch.records.canonical import canonical_json, sha256_hex
from dispatch.records.entries import context_of
from dispatch.records.intake import SentParcel
from dispatch.records.reading import SentEntry
from dispatch.visits.tables import Visit

PHONE = "demo-phone"
_CAUSES = (
    ("weak_light", "connector", "cleaned"),
    ("weak_light", "fibre_bent", "reterminated"),
    ("drops", "inside_wiring", "patch_cord"),
    ("sign_in", "settings", "provisioned"),
)
_ASKED = ("客户询问能否加装一个子路由，待主管答复", "客户希望把光猫移到弱电箱，需核实是否收费")


@dataclass(frozen=True)
class Light:
    """How well the line does when the technician leaves: received power in dBm, share of the subscribed rate."""

    rx_power: float = -18.5
    share: float = 0.95


HEALTHY = Light()
WEAKER = Light(-22.4, 0.91)


def entries_of(chance: random.Random, visit: Visit, arrived: datetime, light: Light) -> list[SentEntry]:
    """Every entry of a whole visit whose technician stood at the door at `arrived`. The visit's story is loaded.

    The work takes about as long as planned.
    """
    order, technician = visit.work_order, visit.technician
    assert technician is not None
    down, up = order.line.subscribed_down or 500.0, order.line.subscribed_up or 50.0
    story = Story(
        arrived=arrived,
        customer=order.customer.name,
        technician=technician.name,
        symptoms=list(order.symptoms),
        context=context_of(visit),
        subscribed_down=down,
        subscribed_up=up,
        seed=chance.getrandbits(31),
        answers=_answers(chance, light, down, up),
    )
    entries = play(by_key(visit.checklist), story)
    planned = timedelta(minutes=order.minutes)
    return _at_leisure(entries, arrived, planned * chance.uniform(0.8, 0.98))


def _at_leisure(entries: list[SentEntry], arrived: datetime, length: timedelta) -> list[SentEntry]:
    """The same entries with what was done after arriving spread over `length`."""
    factor = length / (max(entry.at for entry in entries) - arrived)

    def later(entry: SentEntry) -> SentEntry:
        if entry.at <= arrived:
            return entry
        at = arrived + (entry.at - arrived) * factor
        return replace(entry, at=at, value=at.isoformat() if entry.value == entry.at.isoformat() else entry.value)

    return [later(entry) for entry in entries]


def _answers(chance: random.Random, light: Light, down: float, up: float) -> dict[tuple[str, str], Any]:
    """What this line and this customer make different from any other visit."""
    fault, cause, done = chance.choice(_CAUSES)
    power = _measured(light.rx_power + chance.uniform(-0.4, 0.4), "dBm")
    rate = _measured(down * (light.share + chance.uniform(-0.01, 0.01)), "Mbit/s")
    asked = [{"text": chance.choice(_ASKED)}] if chance.random() < 0.15 else None
    return {
        ("work", "moves_anything"): False,
        ("work", "device_replaced"): False,
        ("work", "requests"): None,
        ("work", "open_questions"): asked,
        ("work", "rx_before"): _measured(light.rx_power - 5.5 + chance.uniform(-0.6, 0.6), "dBm"),
        ("proof", "rx_power"): power,
        ("proof", "download"): rate,
        ("proof", "upload"): _measured(up * (light.share + chance.uniform(-0.01, 0.01)), "Mbit/s"),
        ("file", "rx_power"): power,
        ("file", "download"): rate,
        ("file", "fault_type"): fault,
        ("file", "fault_cause"): cause,
        ("file", "actions"): [done],
        ("file", "device"): {
            "manufacturer": "示例通信",
            "model": "DM-8245",
            "serial": f"DEMO{chance.getrandbits(32):08X}",
        },
        ("leave", "conduct_rating"): chance.choice((5, 5, 5, 4)),
        ("leave", "overall_rating"): chance.choice((5, 5, 4, 4, 3)),
        ("leave", "comment"): chance.choice((None, None, "师傅很专业，讲解清楚。", "很快就修好了，谢谢！")),
    }


def a_parcel(chance: random.Random, visit: Visit, entries: list[SentEntry]) -> SentParcel:
    """The entries as a phone would send them."""
    body: dict[str, Any] = {
        "visit_id": str(visit.id),
        "device_id": PHONE,
        "entries": [
            {"id": str(e.id), "step": e.step, "key": e.key, "value": e.value, "at": e.at.isoformat(), "blobs": []}
            for e in entries
        ],
    }
    made_on_phone = UUID(int=chance.getrandbits(128), version=4)
    return SentParcel(made_on_phone, visit.id, PHONE, tuple(entries), body, sha256_hex(canonical_json(body)))


def _measured(value: float, unit: str) -> dict[str, Any]:
    return {"value": round(value, 1), "unit": unit, "method": "instrument"}

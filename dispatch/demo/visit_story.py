"""A plausible visit: answers to every question that a checklist asks, in the order of the steps.

For demo data, the tour and tests. Real phones make their own; this one never sees a screen.
"""

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from checklists.answers import AnswerContext
from checklists.definition import Checklist, Field
from checklists.kit_v1 import KIT_V1
from checklists.measurements import MEASUREMENTS
from checklists.progress import Entry, fold, is_asked
from dispatch.records.reading import SentEntry

MINUTE = timedelta(minutes=1)


@dataclass
class Story:
    """What is known of the visit before it begins. `arrived` is the technician's time at the door."""

    arrived: datetime
    customer: str
    technician: str
    symptoms: Sequence[str] = ()
    context: AnswerContext = field(default_factory=AnswerContext)
    photos: Sequence[str] = ()
    subscribed_down: float = 1000.0
    subscribed_up: float = 100.0
    access: str = "gpon_b"
    alters_home: bool = False
    seed: int = 1
    answers: dict[tuple[str, str], Any] = field(default_factory=dict)
    """Answers to give instead of ours, by (step, key)."""


def scribble(seed: int, strokes: int = 3) -> dict[str, Any]:
    """A signature's pen on a pad of 600 x 240: loops that look written."""
    chance = random.Random(seed)  # noqa: S311 - a drawing, not a secret
    made, left, clock = [], 60.0, 0
    for number in range(strokes):
        width, height, turn = chance.uniform(50, 90), chance.uniform(30, 60), chance.uniform(5, 9)
        points = []
        for step in range(40):
            u = step / 39
            clock += 8
            x = left + u * 120 + width * 0.3 * math.sin(turn * u + number)
            y = 120 + height * math.cos(turn * u) * (1 - 0.3 * u)
            points.append({"x": round(x, 1), "y": round(y, 1), "t": clock, "p": round(0.5 + 0.3 * math.sin(9 * u), 2)})
        made.append(points)
        left += 130
        clock += 150
    return {"strokes": made, "width": 600, "height": 240}


def play(checklist: Checklist, story: Story) -> list[SentEntry]:
    """Entries for every field that is asked, each a little later than the one before."""
    chance = random.Random(story.seed)  # noqa: S311
    at = story.arrived - 45 * MINUTE
    told: list[Entry] = []
    made: list[SentEntry] = []

    def say(step: str, key: str, value: Any, when: datetime, blobs: tuple[str, ...] = ()) -> None:
        entry_id = UUID(int=chance.getrandbits(128), version=4)
        made.append(SentEntry(entry_id, step, key, value, when, blobs))
        told.append(Entry(str(entry_id), step, key, value, when))

    say("visit", "departed", story.arrived.isoformat(), story.arrived - 25 * MINUTE)
    for step in checklist.steps:
        if step.number == 2:
            at = max(at, story.arrived)
        for asked in step.fields:
            if not is_asked(checklist, step, asked, fold(told)):
                continue
            at += timedelta(seconds=chance.randint(20, 75))
            key = (step.key, asked.key)
            when = story.arrived if key == ("appointment", "arrived_at") else at
            value = story.answers[key] if key in story.answers else answer(asked, step.key, story, when, chance)
            if value is None:
                continue
            blobs = tuple(value) if asked.type == "photo" else ()
            say(step.key, asked.key, value, when, blobs)
    return made


def answer(asked: Field, step: str, story: Story, when: datetime, chance: random.Random) -> Any:
    """A good answer to one field; None to leave it out."""
    if asked.key in _BY_KEY:
        return _BY_KEY[asked.key](asked, story, when, chance)
    return _BY_TYPE[asked.type](asked, story, when, chance)


Answering = Callable[[Field, Story, datetime, random.Random], Any]


def _measured(name: str, story: Story, chance: random.Random) -> dict[str, Any]:
    values: dict[str, float | str] = {
        "onu_rx_power": round(-19.5 + chance.uniform(-1.5, 1.5), 1),
        "onu_tx_power": round(2.2 + chance.uniform(-0.5, 0.5), 1),
        "onu_state": "O5",
        "dl_rate": round(story.subscribed_down * chance.uniform(0.94, 0.99), 1),
        "ul_rate": round(story.subscribed_up * chance.uniform(0.94, 0.99), 1),
        "ppp_auth_time": round(chance.uniform(1.2, 4.5), 1),
        "ping_avg": round(chance.uniform(3, 9), 1),
        "jitter": round(chance.uniform(0.3, 1.5), 1),
        "loss": 0,
        "eth_link_rate": 1000,
        "dsl_snr_margin": 14.0,
        "dsl_attenuation": 32.0,
        "dsl_crc": 0,
    }
    return {"value": values[name], "unit": MEASUREMENTS[name].unit, "method": "instrument", "instrument": "PON-3A 0217"}


def _measurement(asked: Field, story: Story, when: datetime, chance: random.Random) -> Any:
    return _measured(asked.measurement or "", story, chance)


def _rooms(asked: Field, story: Story, when: datetime, chance: random.Random) -> Any:
    return [
        {"room": room, "band": "5", "value": level, "unit": "dBm", "method": "page"}
        for room, level in (("客厅", -48), ("主卧", -58), ("书房", -63))
    ]


def _kit(asked: Field, story: Story, when: datetime, chance: random.Random) -> Any:
    if asked.kit_part == "carried":
        return [{"item": item.key, "carried": True} for item in KIT_V1]
    return [{"item": item.key, "used": item.used_by_a_visit} for item in KIT_V1 if item.goes_down]


def _signature(asked: Field, story: Story, when: datetime, chance: random.Random) -> Any:
    name = story.technician if asked.filled_by == "technician" else story.customer
    return {**scribble(story.seed * 7 + len(asked.key)), "name": name}


_BY_TYPE: dict[str, Answering] = {
    "yes_no": lambda asked, story, when, chance: True,
    "choice": lambda asked, story, when, chance: asked.options[0].value,
    "multi_choice": lambda asked, story, when, chance: [
        option.value for option in asked.options if option.value != "none"
    ],
    "text": lambda asked, story, when, chance: "情况正常" if asked.blocks else None,
    "number": lambda asked, story, when, chance: {"value": 12, "unit": asked.unit or ""},
    "measurement": _measurement,
    "room_measurements": _rooms,
    "photo": lambda asked, story, when, chance: list(story.photos)[: asked.max_count or 6] or None,
    "signature": _signature,
    "moment": lambda asked, story, when, chance: when.isoformat(),
    "rating": lambda asked, story, when, chance: 5,
    "kit": _kit,
    "open_questions": lambda asked, story, when, chance: [{"text": "客户询问能否加装一个子路由，待主管答复"}],
    "symptoms": lambda asked, story, when, chance: list(story.symptoms) or [asked.options[0].value],
    "symptom_watch": lambda asked, story, when, chance: [
        {"symptom": name, "result": "gone", "watched_minutes": 10} for name in dict.fromkeys(story.symptoms)
    ],
    "dial_code": lambda asked, story, when, chance: 691,
    "device": lambda asked, story, when, chance: {
        "manufacturer": "华为",
        "model": "HG8245Q2",
        "serial": "HWTC12345678",
    },
}
_BY_KEY: dict[str, Answering] = {
    "access_technology": lambda asked, story, when, chance: story.access,
    "alters_home": lambda asked, story, when, chance: story.alters_home,
    "alteration_what": lambda asked, story, when, chance: "客厅弱电箱旁打孔一处，直径 8 毫米",
    "timed_tariff": lambda asked, story, when, chance: False,
    "photo_agreed": lambda asked, story, when, chance: bool(story.photos),
    "announced_arrival": lambda asked, story, when, chance: story.arrived.isoformat(),
    "missed_note_photo": lambda asked, story, when, chance: None,
    "comment": lambda asked, story, when, chance: "师傅很专业，讲解清楚。",
    "line_note": lambda asked, story, when, chance: "二级分光器 3 号端口，沿踢脚线走线",
    "ended_at": lambda asked, story, when, chance: when.isoformat(),
}

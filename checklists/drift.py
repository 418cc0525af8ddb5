"""How far a value has moved since the line was healthy, in the terms of the limit that it is judged by.

A level that fell from -19 to -22 dBm is still good, yet most of the room between the healthy line and the limit may be
gone. So drift is told as the share of that room that is used up, and small changes that any instrument shows from one
day to the next are no drift at all.
"""

from dataclasses import dataclass
from typing import Literal

from checklists.measurement_limits import Limit, MeasuringContext, Outcome
from checklists.measurements import MEASUREMENTS, judge, limit_for
from checklists.words import Words

Level = Literal["steady", "moved", "warn", "fail", "better", "plain"]

HALF_THE_ROOM = 0.5
"""From here on a change that is still inside the limit is told: half of the room is gone (our proposal, P)."""

SMALLEST_CHANGE: dict[str, float] = {
    "onu_rx_power": 1.0,
    "onu_tx_power": 1.0,
    "dsl_snr_margin": 2.0,
    "dsl_attenuation": 2.0,
    "wifi_rssi": 5.0,
    "wifi_noise": 5.0,
    "ppp_auth_time": 2.0,
    "ping_avg": 5.0,
    "jitter": 2.0,
}
"""What two measurements of an unchanged line may differ by, in the measurement's unit (P); rates: see `_smallest`."""
RATE_SHARE = 0.05

LEVEL_WORDS: dict[Level, Words] = {
    "steady": Words("与健康时一致", "as it was"),
    "better": Words("比健康时更好", "better than it was"),
    "moved": Words("已明显偏移", "has moved"),
    "warn": Words("已偏离合格范围", "outside the good range"),
    "fail": Words("已不合格", "not good any more"),
    "plain": Words("已记录", "kept"),
}
WORST_FIRST: tuple[Level, ...] = ("fail", "warn", "moved", "steady", "better", "plain")


@dataclass(frozen=True, slots=True)
class Drift:
    """What became of one measurement since the baseline.

    `change`: now minus then, in its unit; None for what is no number. `used`: share of the room between the baseline
    and the limit that the change took, 0 and more (1: at the limit); None where there is no limit on that side.
    """

    level: Level
    change: float | None = None
    used: float | None = None


def drift(
    name: str, baseline: float | int | str, value: float | int | str, context: MeasuringContext | None = None
) -> Drift:
    """The drift of the measurement `name` from `baseline` to `value`. KeyError: there is no such measurement."""
    context = context or MeasuringContext()
    outcome = judge(name, value, context).verdict
    if not _is_number(value) or not _is_number(baseline):
        return Drift(_by_outcome(outcome, "steady" if value == baseline else "moved"))
    assert not isinstance(value, str)
    assert not isinstance(baseline, str)
    change = round(float(value) - float(baseline), 3)
    limit = limit_for(MEASUREMENTS[name], context)
    if limit is None:
        return Drift("plain", change)
    used = _used(limit, float(baseline), float(value))
    if outcome in ("warn", "fail"):
        return Drift(_by_outcome(outcome, "moved"), change, used)
    if change == 0 or abs(change) < _smallest(name, float(baseline)):
        return Drift("steady", change, used)
    if used is None or used <= 0:
        return Drift("better" if used is not None else "steady", change, used)
    return Drift("moved" if used >= HALF_THE_ROOM else "steady", change, used)


def _by_outcome(outcome: Outcome, otherwise: Level) -> Level:
    if outcome == "fail":
        return "fail"
    return "warn" if outcome == "warn" else otherwise


def _used(limit: Limit, baseline: float, value: float) -> float | None:
    """Share of the room towards the bound that the value moved to; negative: away from the only bound there is."""
    down, up = limit.pass_min, limit.pass_max
    if down is not None and up is not None:
        bound = down if value < baseline else up
    elif down is not None:
        bound = down
    elif up is not None:
        bound = up
    else:
        return None
    room, moved = abs(bound - baseline), (value - baseline) * (1 if bound >= baseline else -1)
    if room == 0:  # the healthy line was at its limit already
        return 0.0 if value == baseline else None
    return round(moved / room, 2)


def _smallest(name: str, baseline: float) -> float:
    if name.endswith("_rate"):
        return abs(baseline) * RATE_SHARE
    return SMALLEST_CHANGE.get(name, 0.0)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)

"""Is a measured value good? The catalogue of what is measured, and the judge that reads it.

Values are in the catalogue's unit; a device's raw reading is converted once, at the edge, by `from_raw`. Comparisons
are made in decimals, so a value that is exactly on a border is on it. A value that cannot be, or that is ten or a
thousand times off, is called implausible and comes with the value that was probably meant.
"""

import math
import re
from dataclasses import replace
from decimal import Decimal

from checklists.measurement_catalogue import MEASUREMENTS, SPLITTER_LOSS
from checklists.measurement_limits import (
    Access,
    Band,
    Limit,
    Measurement,
    MeasuringContext,
    Outcome,
    RawName,
    Verdict,
)
from checklists.verdict_words import REASONS, range_words
from checklists.words import Words

__all__ = [
    "MEASUREMENTS", "SPLITTER_LOSS", "Access", "Band", "Limit", "Measurement", "MeasuringContext", "Outcome", "RawName",
    "Verdict", "from_raw", "judge", "limit_for", "plain_serial",
]  # fmt: skip

TOO_FAST_TO_BE_TRUE = 3  # times the subscribed rate: no plan is over-provided so far, a unit has slipped
SNR_WANTED = 20  # dB
_SERIAL = re.compile(r"[A-Z]{4}[0-9A-F]{8}")
_SERIAL_IN_HEX = re.compile(r"[0-9A-F]{16}")

PLAIN = REASONS["plain"]


def from_raw(name: str, path: str, raw: float) -> float:
    """A raw reading of `name` at the TR-181 `path`, in the catalogue's unit. KeyError: no such name or path."""
    for known in MEASUREMENTS[name].raw:
        if known.path == path:
            return float(_exact(raw) * _exact(known.factor))
    raise KeyError(path)


def plain_serial(text: str) -> str | None:
    """An ONU's serial as 4 letters and 8 hexadecimal digits, or None when it is none.

    Some devices show the four letters as hexadecimal too (`48575443...` for `HWTC...`): both are read.
    """
    serial = re.sub(r"[\s\-:]", "", text).upper()
    if _SERIAL_IN_HEX.fullmatch(serial):
        serial = "".join(chr(int(serial[i : i + 2], 16)) for i in range(0, 8, 2)).upper() + serial[8:]
    return serial if _SERIAL.fullmatch(serial) else None


def limit_for(measurement: Measurement, context: MeasuringContext) -> Limit | None:
    """The limit that holds there with its bounds in the measurement's unit; None when there is nothing to judge by."""
    for limit in measurement.limits:
        if limit.access and context.access not in limit.access:
            continue
        if limit.band and context.band not in limit.band:
            continue
        if limit.plan_above is not None and not (context.subscribed_down or 0) > limit.plan_above:
            continue
        if limit.share_of is None:
            return limit
        rate: float | None = getattr(context, limit.share_of)
        if rate is None or rate <= 0:
            continue
        return replace(limit, pass_min=_share(limit.pass_min, rate), warn_min=_share(limit.warn_min, rate))
    return None


def judge(name: str, value: float | int | str, context: MeasuringContext | None = None) -> Verdict:
    """What `value` of the measurement `name` means on that line. KeyError: there is no such measurement.

    Never raises for a value, whatever it is: what cannot be is implausible.
    """
    return judge_measured(MEASUREMENTS[name], value, context or MeasuringContext())


def judge_measured(measurement: Measurement, value: float | int | str, context: MeasuringContext) -> Verdict:
    """The same for a measurement that may differ from the catalogue's."""
    if measurement.kind == "choice":
        return _judge_choice(measurement, value)
    if measurement.kind == "text":
        return _judge_text(measurement, value, context)
    if isinstance(value, str):
        special = dict(measurement.special).get(value)
        if special is not None:
            said = REASONS["special"]
            return Verdict("fail", Words(said.zh.format(meaning=special.zh), said.en.format(meaning=special.en)))
        return Verdict("implausible", REASONS["number"])
    if isinstance(value, bool) or not isinstance(value, int | float) or not _finite(value):
        return Verdict("implausible", REASONS["number"])
    return _judge_number(measurement, _exact(value), context)


def _judge_choice(measurement: Measurement, value: object) -> Verdict:
    if not isinstance(value, str) or value not in measurement.allowed:
        return Verdict("implausible", Words("没有这个选项，请重新选择。", "There is no such state. Choose again."))
    wanted = "/".join(measurement.good)
    return _spoken("pass" if value in measurement.good else "fail", Words(wanted, wanted))


def _judge_text(measurement: Measurement, value: object, context: MeasuringContext) -> Verdict:
    if not isinstance(value, str) or not value.strip():
        return Verdict("implausible", Words("这里应填写文字。", "This should be a text."))
    if measurement.name != "onu_serial":
        return Verdict("plain", PLAIN)
    serial = plain_serial(value)
    if serial is None:
        return Verdict(
            "implausible",
            Words(
                "序列号应为 4 个字母加 8 位十六进制数，请核对标签。",
                "A serial has 4 letters and 8 hexadecimal digits. Check the label.",
            ),
        )
    if context.ordered_serial is None:
        return Verdict("plain", PLAIN)
    if serial == plain_serial(context.ordered_serial):
        return Verdict("pass", Words("与工单设备一致。", "It is the ordered device."))
    return Verdict(
        "fail", Words("与工单设备不一致，请核对设备。", "It is not the ordered device. Check which one this is.")
    )


def _judge_number(measurement: Measurement, value: Decimal, context: MeasuringContext) -> Verdict:
    low, high = measurement.plausible
    elsewhere = measurement.only_for and context.access is not None and context.access not in measurement.only_for
    limit = None if elsewhere else limit_for(measurement, context)
    too_fast = _too_fast(limit, value, context)
    if _outside(value, low, high) or too_fast:
        reason = _ranged("impossible", range_words(low, high, measurement.unit))
        if too_fast:
            reason = REASONS["too_fast"]
        meant = _meant(measurement, limit, value, context, all_slips=True)
        return _with_hint("implausible", reason, meant, measurement)
    if elsewhere:
        return Verdict("plain", measurement.note or PLAIN)
    if measurement.name == "wifi_noise":
        return _judge_noise(value, context)
    if limit is None:
        return Verdict("plain", PLAIN)
    outcome = _by_limit(limit, value, context.runs)
    verdict = replace(_spoken(outcome, _limit_range(limit, measurement.unit)), bounds=(limit.pass_min, limit.pass_max))
    if outcome != "fail":
        return verdict
    meant = _meant(measurement, limit, value, context, all_slips=False)
    return replace(_with_hint("fail", verdict.reason, meant, measurement), wanted=verdict.wanted, bounds=verdict.bounds)


def _judge_noise(value: Decimal, context: MeasuringContext) -> Verdict:
    if context.signal is None or not _finite(context.signal):
        return Verdict("plain", PLAIN)
    wanted = Words(f"信噪比 ≥ {SNR_WANTED} dB", f"signal to noise ≥ {SNR_WANTED} dB")
    return _spoken("pass" if _exact(context.signal) - value >= SNR_WANTED else "fail", wanted)


def _by_limit(limit: Limit, value: Decimal, runs: tuple[float, ...] = ()) -> Outcome:
    above_pass = limit.pass_max is not None and (
        value > _exact(limit.pass_max) or (limit.pass_max_open and value == _exact(limit.pass_max))
    )
    below_pass = limit.pass_min is not None and value < _exact(limit.pass_min)
    single = None if limit.single_max is None else _exact(limit.single_max)
    if single is not None and any(_exact(run) > single for run in runs):
        return "fail"
    if not above_pass and not below_pass:
        return "pass"
    if single is not None:
        # One try alone may take that long; an average of several may not.
        return "warn" if len(runs) < 2 and value <= single else "fail"
    if below_pass and limit.warn_min is not None:
        floor = _exact(limit.warn_min)
        return "warn" if value > floor or (value == floor and not limit.warn_min_open) else "fail"
    if above_pass and limit.warn_max is not None:
        return "warn" if value <= _exact(limit.warn_max) else "fail"
    return "fail"


def _too_fast(limit: Limit | None, value: Decimal, context: MeasuringContext) -> bool:
    rate = _rate(limit, context)
    return rate is not None and value > TOO_FAST_TO_BE_TRUE * rate


def _rate(limit: Limit | None, context: MeasuringContext) -> Decimal | None:
    """The subscribed rate that a share is taken of (a room's minimum is no upper bound for anything)."""
    if limit is None or limit.share_of is None or limit.share_of == "room_minimum":
        return None
    rate: float | None = getattr(context, limit.share_of)
    return None if rate is None else _exact(rate)


def _meant(
    measurement: Measurement, limit: Limit | None, value: Decimal, context: MeasuringContext, *, all_slips: bool
) -> float | None:
    """The value that was probably meant: the first usual slip that lands where a value would be good or usable.

    A value that could well be real is doubted only for a lost digit or unit (factor 8 and more), never for being bad.
    """
    low, high = measurement.plausible
    rate = _rate(limit, context)
    for slip in measurement.slips:
        if not all_slips and abs(slip) < 8:
            continue
        meant = value * _exact(slip)
        if _outside(meant, low, high) or (rate is not None and meant > rate * Decimal("1.2")):
            continue
        if limit is None or _by_limit(limit, meant) != "fail":
            return float(meant)
    return None


def _with_hint(outcome: Outcome, reason: Words, hint: float | None, measurement: Measurement) -> Verdict:
    if hint is None:
        return Verdict(outcome, reason)
    asked = REASONS["meant"].with_facts(shown=f"{hint:g} {measurement.unit}".strip())
    return Verdict(outcome, Words(reason.zh + asked.zh, reason.en + asked.en), hint)


def _spoken(outcome: Outcome, wanted: Words) -> Verdict:
    return Verdict(outcome, _ranged(outcome, wanted), wanted=wanted)


def _ranged(name: str, spoken: Words) -> Words:
    said = REASONS[name]
    return Words(said.zh.format(range=spoken.zh), said.en.format(range=spoken.en))


def _limit_range(limit: Limit, unit: str) -> Words:
    return range_words(limit.pass_min, limit.pass_max, unit, high_open=limit.pass_max_open)


def _share(per_cent: float | None, rate: float) -> float | None:
    return None if per_cent is None else float(_exact(per_cent) * _exact(rate) / 100)


def _outside(value: Decimal, low: float | None, high: float | None) -> bool:
    return (low is not None and value < _exact(low)) or (high is not None and value > _exact(high))


def _exact(value: float | int) -> Decimal:
    """The number as it was written: 0.1 is a tenth, not the binary fraction next to it."""
    return Decimal(repr(value))


def _finite(value: float | int) -> bool:
    # An integer of more digits than any instrument shows would be slow to print and overflows a float.
    return abs(value) < 10**15 if isinstance(value, int) else math.isfinite(value)

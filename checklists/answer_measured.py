"""Are measured values, counted values and device labels well-formed?"""

from dataclasses import replace
from decimal import Decimal
from statistics import median
from typing import get_args

from checklists.answer_shapes import (
    AnswerContext,
    Check,
    Flaw,
    flaw,
    form_flaws,
    is_number,
    list_flaws,
    one_line,
    one_of,
    yes_no,
)
from checklists.definition import Field
from checklists.measurements import MEASUREMENTS, Band, Measurement, MeasuringContext, judge
from checklists.words import Words

NOT_THE_MEDIAN = Words(
    "结果应为各次的中位数，请重新测试。", "The result should be the median of the single runs. Test again."
)
NOT_THE_AVERAGE = Words(
    "平均值与各次结果不符，请核对。", "The average does not agree with the single results. Check them."
)
METHODS = ("instrument", "page", "read_off")
BANDS: tuple[Band, ...] = get_args(Band)
_MAC = one_line(17)


def number_flaws(field: Field, value: object, context: AnswerContext) -> list[Flaw]:
    """A plain number in the field's unit and range."""
    del context
    found = form_flaws(
        value,
        {"value": _number, "unit": _unit(field.unit or "")},
        {"instrument": one_line(100), "method": one_of(METHODS)},
    )
    if found or not isinstance(value, dict):
        return found
    low, high = field.min_value, field.max_value
    if (low is not None and value["value"] < low) or (high is not None and value["value"] > high):
        return flaw("out_of_range", "value")
    return []


def measurement_flaws(field: Field, value: object, context: AnswerContext) -> list[Flaw]:
    """One measurement of the catalogue: its unit, plausible unless confirmed, its runs agreeing with their average."""
    return _measured(MEASUREMENTS[field.measurement or ""], value, context.measuring, "", {})


def room_flaws(field: Field, value: object, context: AnswerContext) -> list[Flaw]:
    """Measurements by room; one for each room and band."""
    measurement = MEASUREMENTS[field.measurement or ""]
    needs_band = any(limit.band for limit in measurement.limits)
    where: dict[str, Check] = {"room": one_line(40)} | ({"band": one_of(BANDS)} if needs_band else {})

    def check(item: object, part: str) -> list[Flaw]:
        return _measured(measurement, item, context.measuring, part, where)

    found = list_flaws(value, check, fewest=field.min_count or 0, most=field.max_count or 20)
    if found or not isinstance(value, list):
        return found
    places = [(item["room"].strip(), item.get("band")) for item in value]
    return flaw("twice") if len(set(places)) < len(places) else []


def device_flaws(field: Field, value: object, context: AnswerContext) -> list[Flaw]:
    """What the label of a device says: maker, model, serial; perhaps software and MAC address."""
    del field, context
    line = one_line(64)
    return form_flaws(value, {"manufacturer": line, "model": line, "serial": line}, {"software": line, "mac": _MAC})


def _measured(
    measurement: Measurement, value: object, context: MeasuringContext, part: str, where: dict[str, Check]
) -> list[Flaw]:
    optional = {
        "instrument": one_line(100), "method": one_of(METHODS), "confirmed": yes_no, "runs": _runs,
    }  # fmt: skip
    required = {"value": _value(measurement), "unit": _unit(measurement.unit), **where}
    found = form_flaws(value, required, optional, part)
    if found or not isinstance(value, dict):
        return found
    prefix = f"{part}." if part else ""
    if "runs" in value and value.get("method") == "page":
        if not _median(value["runs"], value["value"], measurement.decimals):
            return flaw("not_the_median", f"{prefix}runs", NOT_THE_MEDIAN)
    elif "runs" in value and not _average(value["runs"], value["value"], measurement.decimals):
        return flaw("not_the_average", f"{prefix}runs", NOT_THE_AVERAGE)
    if value.get("confirmed") is True:
        return []
    verdict = judge(measurement.name, value["value"], replace(context, runs=()))
    return flaw("implausible", f"{prefix}value", verdict.reason) if verdict.verdict == "implausible" else []


def _number(value: object, part: str) -> list[Flaw]:
    return [] if is_number(value) else flaw("not_a_number", part)


def _runs(value: object, part: str) -> list[Flaw]:
    return list_flaws(value, _number, part, fewest=2, most=10)


def _unit(unit: str) -> Check:
    # A value is converted once, at the edge: a unit that is not the catalogue's is never guessed here.
    words = (
        Words(f"单位应为 {unit}。", f"The unit should be {unit}.")
        if unit
        else Words("此项没有单位。", "This has no unit.")
    )
    return lambda value, part: [] if value == unit else flaw("wrong_unit", part, words)


def _value(measurement: Measurement) -> Check:
    if measurement.kind == "choice":
        return one_of(measurement.allowed)
    if measurement.kind == "text":
        return one_line(64)
    special = {word for word, _ in measurement.special}
    return lambda value, part: [] if isinstance(value, str) and value in special else _number(value, part)


def _median(runs: list[float], value: object, decimals: int) -> bool:
    """Whether `value` is the run in the middle: what a test in the page keeps (see `line_test`)."""
    if not is_number(value):
        return False
    middle = median(Decimal(repr(run)) for run in runs)
    return abs(middle - Decimal(repr(value))) <= Decimal(1).scaleb(-decimals)


def _average(runs: list[float], value: object, decimals: int) -> bool:
    if not is_number(value):
        return False
    mean = sum((Decimal(repr(run)) for run in runs), Decimal(0)) / len(runs)
    return abs(mean - Decimal(repr(value))) <= Decimal(1).scaleb(-decimals)

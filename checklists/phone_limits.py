"""The judge of measured values as tables, for a phone that has to judge without a network.

The judge itself is asked at every border and between any two, so a table says what it says, on this line. What is found
on site (access technology, Wi-Fi band) picks the table.
"""

from dataclasses import replace
from itertools import pairwise, product
from typing import Any, get_args

from checklists.measurement_limits import Access, Band, Limit, Measurement, MeasuringContext
from checklists.measurements import MEASUREMENTS, TOO_FAST_TO_BE_TRUE, judge_measured, limit_for
from checklists.verdict_words import REASONS, range_words
from checklists.words import Words

_BOUNDS = ("pass_min", "pass_max", "warn_min", "warn_max", "single_max")
_LIKELY = 1.2  # times the subscribed rate: a value above it was hardly meant

Table = dict[str, Any]


def limits_of_line(name: str, context: MeasuringContext) -> list[Table]:
    """The tables of the measurement `name`, each for the `access` and `band` (None: not known) that it names.

    `bands`: what is said of a value, from the lowest up; each reaches to `to` (None: without end), which belongs to it
    when `closed`. `likely`: a value above it was hardly meant. `wanted`: what passes, in words, or None.
    """
    measurement = MEASUREMENTS[name]
    if measurement.kind != "number":
        return []
    banded = any(limit.band for limit in measurement.limits)
    tables: list[Table] = []
    for access in (None, *get_args(Access)):
        for band in (None, *(get_args(Band) if banded else ())):
            table = _table(measurement, replace(context, access=access, band=band, runs=()))
            same = next((known for known in tables if {**known, "on": None} == {**table, "on": None}), None)
            if same is None:
                tables.append(table | {"on": []})
                same = tables[-1]
            same["on"].append(f"{access or ''}/{band or ''}")
    return tables


def _table(measurement: Measurement, context: MeasuringContext) -> Table:
    elsewhere = measurement.only_for and context.access is not None and context.access not in measurement.only_for
    limit = None if elsewhere else limit_for(measurement, context)
    rate: float | None = None
    if limit is not None and limit.share_of is not None:
        rate = getattr(context, limit.share_of)
    borders = _borders(measurement, limit, rate)
    tries = [borders[0] - 1, *(middle for one, two in pairwise(borders) for middle in (one, (one + two) / 2))]
    tries += [borders[-1], borders[-1] + 1]
    said = [_says(measurement, value, context) for value in tries]
    # one value below the lowest border, then in turn: a border, and what lies behind it
    ends = [(border, closed) for border, closed in product(borders, (False, True))] + [(None, False)]
    bands: list[dict[str, Any]] = []
    for (to, closed), says in zip(ends, said, strict=True):
        if bands and bands[-1]["says"] == says:
            bands.pop()
        bands.append({"to": to, "closed": closed, "says": says})
    wanted = None
    if limit is not None:
        words = range_words(limit.pass_min, limit.pass_max, measurement.unit, high_open=limit.pass_max_open)
        wanted = {"zh": words.zh, "en": words.en}
    return {"on": None, "bands": bands, "likely": None if rate is None else rate * _LIKELY, "wanted": wanted}


def _borders(measurement: Measurement, limit: Limit | None, rate: float | None) -> list[float]:
    found = {bound for bound in measurement.plausible if bound is not None}
    if limit is not None:
        found |= {bound for part in _BOUNDS if (bound := getattr(limit, part)) is not None}
    if rate is not None:
        found.add(rate * TOO_FAST_TO_BE_TRUE)
    return sorted(found)


def _says(measurement: Measurement, value: float, context: MeasuringContext) -> str:
    """The name of what the judge says, as in `verdict_words`; `note` for the measurement's own note."""
    verdict = judge_measured(replace(measurement, slips=()), value, context)
    own: dict[Words | None, str] = {REASONS["too_fast"]: "too_fast", measurement.note: "note"}
    return own.get(verdict.reason) or ("impossible" if verdict.verdict == "implausible" else verdict.verdict)

"""The line test in the page: how its numbers are reckoned, and what they cannot say. Pure.

Download and upload are three runs each, in megabits a second; the round trip is ten exchanges, in milliseconds. The
median counts: one run that met a busy moment does not spoil the other two. Results are kept as measurements of the
method `page` with their single runs.

Sources: three runs as the product's telecom reference asks of speed tests; that the median and not the average is
taken, the shortest run and the spread that is still called steady are proposals.
"""

from collections.abc import Sequence
from statistics import median
from typing import Any, Literal

from checklists.measurements import MEASUREMENTS
from checklists.words import Words

RateName = Literal["dl_rate", "ul_rate", "room_dl_rate"]
RUNS = 3
ROUND_TRIPS = 10
SHORTEST_SECONDS = 0.5
"""A run that is shorter says more about the connection's start than about the line."""
LONGEST_SECONDS = 15.0
"""After so long a run ends, and what has arrived until then is its result."""
STEADY = 1.5
"""The best run may be so many times the worst; beyond that the result is unsteady."""
MOST_BYTES_DOWN = 64_000_000
MOST_BYTES_UP = 32_000_000
INSTRUMENT = "page test 1"

LIMITS = Words(
    "页面测速经过手机、Wi-Fi 和本系统服务器，受三者限制：结果偏低不能说明线路不达标，请用网线和测速仪复测；"
    "结果达标则线路不低于此值。",
    "A page test runs through the phone, its Wi-Fi and our server, and none of them is the line: a low result proves "
    "nothing against the line, so test again by cable and instrument. A good one proves at least that much.",
)
UNSTEADY = Words(
    "各次结果相差较大，请靠近路由器后重测。", "The runs differ widely. Move closer to the router and test again."
)
TOO_SHORT = Words("测试时间太短，结果不可靠，请重测。", "The test was too short to be trusted. Test again.")


def megabits_a_second(size: int, seconds: float) -> float | None:
    """The rate of one run of `size` bytes; None for one that was too short to say, or that moved nothing."""
    if seconds < SHORTEST_SECONDS or size <= 0:
        return None
    return size * 8 / seconds / 1_000_000


def is_steady(runs: Sequence[float]) -> bool:
    """Whether the runs agree well enough."""
    return bool(runs) and min(runs) > 0 and max(runs) <= STEADY * min(runs)


def rate_measured(name: RateName, runs: Sequence[float | None]) -> dict[str, Any] | None:
    """The three runs of a rate as a measurement's value; None unless all three are there and long enough."""
    whole = [run for run in runs if run is not None]
    return _measured(name, whole) if len(whole) == len(runs) == RUNS else None


def round_trip_measured(milliseconds: Sequence[float], server_ms: Sequence[float] = ()) -> dict[str, Any] | None:
    """Ten exchanges as a measurement's value, without the time that the server says it took for each.

    None unless all ten are there. Never below nothing: the two clocks are rounded differently.
    """
    if len(milliseconds) != ROUND_TRIPS or (server_ms and len(server_ms) != ROUND_TRIPS):
        return None
    taken = server_ms or [0.0] * ROUND_TRIPS
    return _measured("ping_avg", [max(0.0, whole - own) for whole, own in zip(milliseconds, taken, strict=True)])


def median_of(runs: Sequence[float], decimals: int) -> float:
    """The run in the middle, as it is shown."""
    return round(float(median(runs)), decimals)


def _measured(name: str, runs: list[float]) -> dict[str, Any]:
    measurement = MEASUREMENTS[name]
    shown = [round(run, measurement.decimals) for run in runs]
    return {
        "value": median_of(shown, measurement.decimals),
        "unit": measurement.unit,
        "method": "page",
        "instrument": INSTRUMENT,
        "runs": shown,
    }

"""The shapes of the measurement catalogue: a measurement, its limits, and what the judge has to know."""

from dataclasses import dataclass
from typing import Literal

from checklists.words import Words

Access = Literal["gpon_b", "gpon_c", "xgs", "adsl", "vdsl2", "ethernet"]
Band = Literal["2.4", "5", "6"]
Trust = Literal["O", "V", "S", "P"]
Kind = Literal["number", "choice", "text"]
Reference = Literal["subscribed_down", "subscribed_up", "room_minimum"]
Outcome = Literal["pass", "warn", "fail", "implausible", "plain"]

PON: tuple[Access, ...] = ("gpon_b", "gpon_c", "xgs")
GPON: tuple[Access, ...] = ("gpon_b", "gpon_c")
DSL: tuple[Access, ...] = ("adsl", "vdsl2")

TRUST_WORDS: dict[Trust, Words] = {
    "O": Words("官方文件或标准", "official text or specification"),
    "V": Words("厂商资料", "vendor's document"),
    "S": Words("二手资料", "secondary source"),
    "P": Words("本产品建议值", "our proposal"),
}


@dataclass(frozen=True, slots=True)
class RawName:
    """Where device management reads the same thing: TR-181 path without indices, and what one raw step is worth.

    `factor`: raw x factor = value in the catalogue's unit (0.001 for a level kept in thousandths of a dBm).
    """

    path: str
    factor: float = 1.0


@dataclass(frozen=True, slots=True)
class Limit:
    """Where a value passes, and where it only warns. Bounds belong to the range unless `..._open`; outside both: fail.

    `access`, `band`: the limit holds for these (empty: for all). `share_of`: the bounds are per cent of that rate.
    `plan_above`: the limit holds only when the subscribed downstream rate is above so many Mbit/s.
    `single_max`: with several runs no single one may be above it; one run alone may reach it with a warning.
    """

    trust: str
    access: tuple[Access, ...] = ()
    band: tuple[Band, ...] = ()
    pass_min: float | None = None
    pass_max: float | None = None
    pass_max_open: bool = False
    warn_min: float | None = None
    warn_min_open: bool = False
    warn_max: float | None = None
    share_of: Reference | None = None
    plan_above: float | None = None
    single_max: float | None = None


@dataclass(frozen=True, slots=True)
class Measurement:
    """One thing to measure: its name everywhere, the unit it is kept in, what is plausible, and its limits.

    `plausible`: both ends included; None: open. `slips`: factors tried when a value looks wrong, to say what was
    probably meant (-1 is a forgotten minus sign). `good`/`allowed`: for choices. `special`: words an instrument shows
    in place of a number, each with its meaning. `trust`: where the range and limits come from (O, V, S, P).
    """

    name: str
    label: Words
    unit: str
    trust: str
    kind: Kind = "number"
    plausible: tuple[float | None, float | None] = (None, None)
    decimals: int = 0
    raw: tuple[RawName, ...] = ()
    limits: tuple[Limit, ...] = ()
    slips: tuple[float, ...] = ()
    allowed: tuple[str, ...] = ()
    good: tuple[str, ...] = ()
    special: tuple[tuple[str, Words], ...] = ()
    only_for: tuple[Access, ...] = ()
    note: Words | None = None


@dataclass(frozen=True, slots=True)
class MeasuringContext:
    """What the judge has to know about the line and the place. Rates in Mbit/s, levels in dBm; None: not known.

    `signal`: received Wi-Fi level at the same place, to judge noise by. `runs`: single results behind an average.
    """

    access: Access | None = None
    subscribed_down: float | None = None
    subscribed_up: float | None = None
    room_minimum: float | None = None
    ordered_serial: str | None = None
    band: Band | None = None
    signal: float | None = None
    runs: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a value means. `reason` is for people; `hint` is the value that was probably meant, in the same unit.

    `wanted` is what passes, alone and short (`-24 to -8 dBm`); None where nothing is wanted. `bounds` are the same in
    numbers of the unit, (lowest, highest), None for an open side.
    """

    verdict: Outcome
    reason: Words
    hint: float | None = None
    wanted: Words | None = None
    bounds: tuple[float | None, float | None] = (None, None)

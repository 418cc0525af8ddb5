"""A day as it stands beside the problem that was made of it: what a proposal is compared with. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from dispatch.planning.optimiser.problem import Problem


@dataclass(frozen=True)
class Present:
    """How a visit stands now: its row's version, who has it and from when to when (seconds after midnight)."""

    version: int
    technician: str | None
    start: int | None
    end: int | None
    window: tuple[datetime, datetime]


@dataclass(frozen=True)
class DayProblem:
    """What the optimiser is asked, with the day as it stands. `present` has the rows' visits, `orders` those to book.

    `taken` is, for each technician, all that stands in their day: who changes it makes a proposal about them stale.
    """

    problem: Problem
    midnight: datetime
    present: Mapping[str, Present]
    orders: Mapping[str, tuple[tuple[datetime, datetime], ...]]
    guessed_places: int
    taken: Mapping[str, list[str]] = field(default_factory=dict)

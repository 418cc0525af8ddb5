"""Units: published files count in units of the plane, the planner in whole numbers; plans are measured in theirs."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from checklists.words import Words
from dispatch.planning.optimiser.plan import Plan
from dispatch.planning.optimiser.problem import Problem
from dispatch.planning.optimiser.published.lines import BadLine
from dispatch.planning.optimiser.reading import BadProblem
from dispatch.planning.optimiser.travel import TravelTable
from dispatch.planning.optimiser.values import DAY, LONGEST, Window

UNITS = (1_000, 100, 10, 1)  # parts of a unit that the planner may count in, the finest first
HAIR = 1e-9  # less than this is the last bit of a float, not a longer way
Points = Sequence[tuple[float, float]]


class Measure(StrEnum):
    """How far two points are from each other.

    `double`: Euclidean in double precision, as SINTEF's tables of Solomon's and of Gehring and Homberger's instances.
    `tenths`: the same cut (not rounded) to one decimal, as in the exact literature, CVRPLIB and the DIMACS challenge.
    """

    double = "double"
    tenths = "tenths"

    def between(self, one: tuple[float, float], other: tuple[float, float]) -> float:
        """The way between two points, in units of the file."""
        way = math.sqrt((one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2)
        return math.floor(10 * way + HAIR) / 10 if self is Measure.tenths else way


@dataclass(frozen=True)
class Measured:
    """How long a plan is, in units of the file: its ways, the time from leaving home to being back, who drives."""

    distance: float
    working: float
    routes: int
    left_out: int


@dataclass(frozen=True)
class Published:
    """A published instance as a problem. One unit of the file is `unit` of the planner's seconds.

    With `double`, ways are rounded up to the next part of a unit, so what the planner calls possible is possible in
    double precision too; `measured` then takes the ways as they are.
    """

    name: str
    format: str
    problem: Problem
    unit: int
    measure: Measure
    points: dict[str, tuple[float, float]]
    via: dict[str, tuple[tuple[float, float], ...]]  # points passed on the way out of a place

    def measured(self, plan: Plan) -> Measured:
        """How long this plan is."""
        distance = working = 0.0
        for route in plan.routes:
            day = self.problem.days[route.technician]
            places = [day.start, *(self.problem.visits_by_id[one].place for one in route.visits), day.end]
            distance += sum(self.way(one, other) for one, other in pairwise(places))
            working += (route.returns - route.leaves) / self.unit
        return Measured(distance, working, len(plan.routes), len(plan.left_out))

    def way(self, origin: str, destination: str) -> float:
        """The way between two places, in units of the file, by the points that lie on it."""
        passed = [self.points[origin], *self.via.get(origin, ()), self.points[destination]]
        return sum(self.measure.between(one, other) for one, other in pairwise(passed))


def unit_for(measure: Measure, latest: float, longest: float) -> int:
    """The finest unit in which a day until `latest` with ways up to `longest` can be planned. Raises `BadProblem`."""
    for unit in (10,) if measure is Measure.tenths else UNITS:
        if latest * unit <= LONGEST and (longest + 1) * unit <= DAY:
            return unit
    raise BadProblem(
        Words(
            f"时间或距离太大，无法排程：最迟 {latest:g}，最远 {longest:g}。",
            f"Times or ways are too long to be planned: until {latest:g}, as far as {longest:g}.",
        )
    )


def longest_way(points: Points) -> float:
    """A way that no two of these points exceed."""
    across = max(one[0] for one in points) - min(one[0] for one in points)
    along = max(one[1] for one in points) - min(one[1] for one in points)
    return math.sqrt(across * across + along * along)


def table_of(measure: Measure, unit: int, names: Sequence[str], points: Points) -> TravelTable:
    """Ways between points in the planner's whole numbers; in double precision rounded up, so none is cut short."""
    rows = tuple(
        tuple(math.ceil(measure.between(one, other) * unit - HAIR * unit) for other in points) for one in points
    )
    return TravelTable(places=tuple(names), seconds=rows)


def later(value: float, unit: int) -> int:
    """The first of the planner's seconds that is not before `value`."""
    return math.ceil(value * unit - HAIR)


def sooner(value: float, unit: int) -> int:
    """The last of the planner's seconds that is not after `value`."""
    return math.floor(value * unit + HAIR)


def window_of(line: int, ready: float, due: float, unit: int) -> Window:
    """When a customer can be served, in the planner's seconds. Refuses one in which no second lies, by its line."""
    start, end = later(ready, unit), sooner(due, unit)
    if end < start:
        raise BadLine(line, "时间窗太窄，无法排程。", "the window is too narrow to be planned.")
    return Window(start=start, end=end)

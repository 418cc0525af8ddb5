"""Big cities: technicians are cut into groups that lie together, each group is planned by itself, then cut anew.

Every round cuts along other lines, so that what was a border is the middle of a group next time and is repaired there.
A group's cost is exact, so the city's is their sum, and no round makes it worse.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import numpy.typing as npt

from dispatch.planning.optimiser.answering import standing_fast
from dispatch.planning.optimiser.people_and_visits import Technician, Visit
from dispatch.planning.optimiser.problem import Problem
from dispatch.planning.optimiser.search.chain import Chain
from dispatch.planning.optimiser.search.numbers import numbers_of
from dispatch.planning.optimiser.spells import (
    Bell,
    Cancelled,
    Clock,
    Progress,
    Watch,
    run_by_clock,
    run_by_count,
    run_tasks,
)
from dispatch.planning.optimiser.travel import StraightLine

Orders = dict[str, list[str]]
Places = npt.NDArray[np.float64]
VISITS_A_GROUP = 400
SHARES = (0.35, 0.17, 0.14, 0.12, 0.11, 0.11)  # of the time, for each round
LINES = ((1.0, 0.0), (0.6, 0.8), (0.0, 1.0), (-0.8, 0.6), (0.8, 0.6), (-0.6, 0.8))  # across which each round cuts


@dataclass(frozen=True)
class Effort:
    """How long to look and how hard, and who watches: as `searching.search` was asked."""

    seconds: float | None
    iterations: int | None
    seed: int
    cores: int
    watch: Watch | None
    cancelled: Cancelled | None
    clock: Clock

    def tell(self, progress: Progress, bell: Bell) -> None:
        """Tell who watches, and ring the bell if the search is called off."""
        if self.watch is not None:
            self.watch(progress)
        if self.cancelled is not None and self.cancelled():
            bell.rung = True


def improved_by_regions(problem: Problem, warm: Orders | None, effort: Effort) -> tuple[Orders, int]:
    """Orders for the whole city, and how many rounds of ruin and recreate they took."""
    begun = effort.clock()
    orders = warm or {one: [visit.id for visit in day.first] for one, day in problem.days.items()}
    places = _places(problem)
    done, gone = 0, 0.0
    for turn, share in enumerate(SHARES):
        gone += share
        cutting = _Cutting(
            problem,
            orders,
            effort,
            groups=_groups(problem, places, orders, LINES[turn % len(LINES)]),
            gentle=warm is not None or turn > 0,
            salt=turn * 10_000,
            share=share,
            until=begun + (effort.seconds or 0.0) * gone,
            before=Progress(gone - share, done, 0),
        )
        cutting.run()
        for better in cutting.ended.values():
            orders.update(better.orders)
            done += better.rounds
        if effort.cancelled is not None and effort.cancelled():
            break
    return orders, done


@dataclass(frozen=True)
class _Better:
    """What came out for one group: its orders, the rounds they took, and their price."""

    orders: Orders
    rounds: int
    cost: int


@dataclass
class _Cutting:
    """The city cut one way, and the work on its groups."""

    problem: Problem
    orders: Orders
    effort: Effort
    groups: list[tuple[list[Technician], list[Visit]]]
    gentle: bool
    salt: int
    share: float
    until: float
    before: Progress
    bell: Bell = field(default_factory=Bell)
    ended: dict[int, _Better] = field(default_factory=dict)

    def run(self) -> None:
        """Work on all groups, as many at once as there are cores."""
        run_tasks(
            [partial(self._improve, place) for place in range(len(self.groups))],
            self.effort.cores,
            self.bell,
            self._look,
        )

    def _look(self) -> None:
        ended = [*self.ended.values()]
        part = self.before.part + self.share * len(ended) / len(self.groups)
        rounds = self.before.iterations + sum(one.rounds for one in ended)
        self.effort.tell(Progress(min(1.0, part), rounds, sum(one.cost for one in ended)), self.bell)

    def _improve(self, place: int) -> None:
        technicians, visits = self.groups[place]
        number = {visit.id: v for v, visit in enumerate(visits)}
        warm = [[number[visit] for visit in self.orders[one.id]] for one in technicians] if self.gentle else None
        fast = standing_fast(self.problem, technicians, visits)
        numbers = numbers_of(self.problem, technicians, visits)
        chain = Chain(numbers, fast, self.effort.seed * 1_000_003 + self.salt + place, warm)
        if self.effort.iterations is not None:
            run_by_count(chain, round(self.effort.iterations * self.share / len(self.groups)), self.bell)
        else:
            waves = -(-(len(self.groups) - place) // self.effort.cores)
            left = (self.until - self.effort.clock()) / waves
            run_by_clock(chain, max(0.0, left), self.bell, self.effort.clock)
        days = {
            one.id: [visits[v].id for v in order] for one, order in zip(technicians, chain.best_orders(), strict=True)
        }
        self.ended[place] = _Better(days, chain.done, chain.best_cost)


def _places(problem: Problem) -> Places:
    """A position for each place, shape (places, 2): on the map, or for a table, by the ways to two far places."""
    travel = problem.travel
    if isinstance(travel, StraightLine):
        shrink = float(np.cos(np.radians(travel.points[0].latitude)))
        return np.array([(one.longitude * round(shrink, 6), one.latitude) for one in travel.points])
    ways = np.asarray(travel.seconds, np.float64)
    first = int(ways[0].argmax())
    second = int(ways[first].argmax())
    third = int(np.minimum(ways[first], ways[second]).argmax())
    return np.stack([ways[first] - ways[second], ways[third]], axis=1)


def _groups(
    problem: Problem, places: Places, orders: Orders, line: tuple[float, float]
) -> list[tuple[list[Technician], list[Visit]]]:
    """Technicians cut into groups, each with its visits: those in its days, and the absent ones that lie nearest."""
    number = problem.place_numbers
    done = {visit for visits in orders.values() for visit in visits}
    middle = np.array(
        [
            np.mean(
                [places[number[one.start]]]
                + [places[number[problem.visits_by_id[visit].place]] for visit in orders[one.id]],
                axis=0,
            )
            for one in problem.technicians
        ]
    )
    count = max(1, round(len(problem.visits) / VISITS_A_GROUP))
    cut = _cut(np.arange(len(problem.technicians)), middle, count, line)
    group_of = np.empty(len(problem.technicians), np.int64)
    for place, members in enumerate(cut):
        group_of[members] = place
    visits: list[list[Visit]] = [
        [problem.visits_by_id[visit] for k in members for visit in orders[problem.technicians[k].id]] for members in cut
    ]
    able = _Able(problem.technicians)
    for visit in problem.visits:
        if visit.id not in done:
            who = able.of(visit)
            ways = ((middle[who] - places[number[visit.place]]) ** 2).sum(axis=1)
            visits[group_of[who[int(ways.argmin())]]].append(visit)
    return [([problem.technicians[k] for k in members], visits[place]) for place, members in enumerate(cut)]


class _Able:
    """Who may do a visit, by number; worked out once for each demand."""

    def __init__(self, technicians: Sequence[Technician]) -> None:
        self._technicians = technicians
        self._known: dict[tuple[tuple[str, int], ...], npt.NDArray[np.int64]] = {}

    def of(self, visit: Visit) -> npt.NDArray[np.int64]:
        """Technicians with the skills, or the pinned one; everybody if nobody can, as somewhere it must be listed."""
        if visit.pin is not None:
            return np.array([k for k, one in enumerate(self._technicians) if one.id == visit.pin.technician])
        key = tuple(sorted(visit.skills.items()))
        if key not in self._known:
            who = [
                k
                for k, one in enumerate(self._technicians)
                if all(one.skills.get(skill, 0) >= level for skill, level in key)
            ]
            self._known[key] = np.array(who or range(len(self._technicians)))
        return self._known[key]


def _cut(
    members: npt.NDArray[np.int64], middle: Places, count: int, line: tuple[float, float]
) -> list[npt.NDArray[np.int64]]:
    """Halve across a line, then each half across its perpendicular, until there are `count` groups of like size."""
    if count <= 1 or len(members) < 2:
        return [members]
    along = middle[members, 0] * line[0] + middle[members, 1] * line[1]
    ordered = members[np.argsort(along, kind="stable")]
    half = count // 2
    at = max(1, min(len(members) - 1, round(len(members) * half / count)))
    turned = (-line[1], line[0])
    return _cut(ordered[:at], middle, half, turned) + _cut(ordered[at:], middle, count - half, turned)

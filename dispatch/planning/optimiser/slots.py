"""Which windows can truly be offered: exactly those for which somebody's planned day still keeps every rule.

A `SlotFinder` holds the planned days of the next two weeks ready; a question takes milliseconds, because every gap of
every day is tried with the search's constant-time test, and nothing is planned anew. What was promised before stays.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np
import numpy.typing as npt

from dispatch.planning.optimiser.people_and_visits import Visit, duration
from dispatch.planning.optimiser.plan import Plan
from dispatch.planning.optimiser.problem import Problem
from dispatch.planning.optimiser.search.crew import FORBIDDEN, Crew
from dispatch.planning.optimiser.search.numbers import NEVER, numbers_of
from dispatch.planning.optimiser.search.offering import cheapest_in_windows
from dispatch.planning.optimiser.search.starting import taken_over
from dispatch.planning.optimiser.travel import Point, StraightLine
from dispatch.planning.optimiser.values import Window

GUEST = "\u2009guest"  # no visit can be called this by chance


@dataclass(frozen=True)
class Offer:
    """A window that can be offered on a day: who would come, and what it adds to the price of the plan."""

    day: str
    window: Window
    technician: str
    price: int


class SlotFinder:
    """The planned days, ready for questions. Safe to ask from several threads."""

    def __init__(self, days: Mapping[str, tuple[Problem, Plan]]) -> None:
        """`days`: name of each day -> its problem and plan, in the order in which equal offers are ranked."""
        self._days = {name: _PlannedDay(problem, plan) for name, (problem, plan) in days.items()}

    def replace(self, day: str, problem: Problem, plan: Plan) -> None:
        """A day has changed: somebody booked, or it was planned anew."""
        self._days[day] = _PlannedDay(problem, plan)

    def offers(self, visit: Visit, windows: Sequence[Window], point: Point | None = None) -> list[Offer]:
        """What can be offered to this visit out of `windows`, on each day; the cheapest first.

        `visit.windows` are not looked at. `point` is where the visit is, if the travel of the days does not know its
        place yet (straight lines only).
        """
        found: list[Offer] = []
        for name, day in self._days.items():
            for window, (technician, price) in day.cheapest(visit, windows, point).items():
                found.append(Offer(name, window, technician, price))
        return sorted(found, key=lambda one: one.price)


class _PlannedDay:
    """One day's arrays, with one row to spare for whoever asks."""

    def __init__(self, problem: Problem, plan: Plan) -> None:
        self._problem = problem
        somewhere = problem.technicians[0].start
        guest = Visit(id=GUEST, place=somewhere, duration=0, windows=(Window(start=0, end=0),))
        visits = [*problem.visits, guest]
        self._guest = len(problem.visits)
        self._numbers = numbers_of(problem, problem.technicians, visits, neighbours=0)
        number = {visit.id: v for v, visit in enumerate(visits)}
        orders = {route.technician: [number[visit] for visit in route.visits] for route in plan.routes}
        self._routes = taken_over(self._numbers, [orders.get(one.id, []) for one in problem.technicians])
        self._used = {
            route.technician: [problem.visits_by_id[visit].parts for visit in route.visits] for route in plan.routes
        }
        ends = dict.fromkeys(place for one in problem.technicians for place in self._ends(one.id))
        self._nodes = np.array(
            [problem.place_numbers[one.place] for one in visits] + [problem.place_numbers[place] for place in ends]
        )
        self._crew = Crew(problem.prices, problem.technicians)
        self._speeds = sorted({one.speed for one in problem.technicians}, key=lambda speed: (speed != 100, speed))
        self._paced = [k for k, one in enumerate(problem.technicians) if one.pace]
        self._lock = Lock()

    def _ends(self, technician: str) -> tuple[str, str]:
        day = self._problem.days[technician]
        return day.start, day.end

    def cheapest(self, visit: Visit, windows: Sequence[Window], point: Point | None) -> dict[Window, tuple[str, int]]:
        """For each window that fits anywhere: the technician and the price of the cheapest place."""
        asked = [one for one in windows if one.end >= self._problem.now]
        starts = np.array([max(one.start, self._problem.now) for one in asked], np.int64)
        ends = np.array([one.end for one in asked], np.int64)
        price, technician = np.full(len(asked), NEVER, np.int64), np.full(len(asked), -1, np.int64)
        there, back = self._ways(visit, point)
        with self._lock:
            numbers, guest = self._numbers, self._guest
            for row, speed in enumerate(self._speeds):
                numbers.travel[row, :, guest] = -(-there * 100 // speed)
                numbers.travel[row, guest, :] = -(-back * 100 // speed)
                numbers.travel[row, guest, guest] = 0
            numbers.assign[guest] = self._assign(visit)
            numbers.service[guest] = visit.duration
            for k in self._paced:
                numbers.service[guest, k] = duration(self._problem.technicians[k], visit)
            numbers.deadline[guest] = NEVER if visit.deadline is None else visit.deadline
            if visit.deadline is not None:
                numbers = numbers._replace(soft=1)
            cheapest_in_windows(numbers, self._routes, guest, starts, ends, price, technician)
        return {
            window: (self._problem.technicians[int(k)].id, int(cost))
            for window, k, cost in zip(asked, technician, price, strict=True)
            if k >= 0
        }

    def _ways(self, visit: Visit, point: Point | None) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Seconds from each node to the visit, and back, at the usual speed."""
        travel = self._problem.travel
        if isinstance(travel, StraightLine):
            here = point or travel.points[self._problem.place_numbers[visit.place]]
            ways = travel.ways_from(here, self._nodes)
            return ways, ways
        table = np.asarray(travel.array)
        place = self._problem.place_numbers[visit.place]
        return table[self._nodes, place].astype(np.int64), table[place, self._nodes].astype(np.int64)

    def _assign(self, visit: Visit) -> npt.NDArray[np.int32]:
        """What it costs that each technician comes; FORBIDDEN for who may not, or whose van lacks the parts."""
        cost = self._crew.prices_of(visit)
        for part, count in visit.parts.items():
            for k, one in enumerate(self._problem.technicians):
                used = sum(parts.get(part, 0) for parts in self._used.get(one.id, ()))
                if one.stock is not None and one.stock.get(part, 0) < count + used:
                    cost[k] = FORBIDDEN
        return cost

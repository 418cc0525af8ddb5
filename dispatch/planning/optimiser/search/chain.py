"""One chain of ruin and recreate over a problem, or a region of a big city: started, run in spells, read off."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from dispatch.planning.optimiser.search.annealing import anneal, work_on
from dispatch.planning.optimiser.search.chance import chance
from dispatch.planning.optimiser.search.crew import FORBIDDEN
from dispatch.planning.optimiser.search.numbers import Numbers
from dispatch.planning.optimiser.search.routes import refresh_all
from dispatch.planning.optimiser.search.starting import first_days

Array = npt.NDArray[Any]
# Temperatures, in mean ways between neighbours. HOT where something is left out at first or it matters who comes, as
# that may turn many days over; MILD where only ways are left to be shortened; GENTLE for a warm start.
HOT, MILD, GENTLE = 8.0, 1.0, 5.0
COOL, COOLER = 0.15, 0.1  # at the end; COOLER after MILD
NEIGHBOURS = 10


class Chain:
    """Days under work. `run` goes on from where it stopped; the best days so far are in `best_orders`."""

    def __init__(
        self,
        numbers: Numbers,
        fast: Sequence[Sequence[int]],
        seed: int,
        warm: Sequence[Sequence[int]] | None = None,
    ) -> None:
        """`fast`: the visits that stand fast at the head of each day; `warm`: whole days to start from."""
        self.numbers = numbers
        self._source = chance(seed)
        self._routes = first_days(numbers, warm, fast, self._source)
        self.cost = self.best_cost = int(refresh_all(numbers, self._routes))
        self._best_order, self._best_length = self._routes.order.copy(), self._routes.length.copy()
        self._work = work_on(numbers, self._routes)
        self.done = 0
        self._unit = _mean_way(numbers)
        mild = warm is None and _only_ways_count(numbers) and bool((self._routes.technician >= 0).all())
        self._hottest = MILD if mild else HOT if warm is None else GENTLE
        self._coolest = COOLER if mild else COOL

    def run(self, iterations: int, begin: float, end: float) -> None:
        """So many rounds of the part of the whole search from `begin` to `end` (0 to 1). Lets other threads run."""
        if self.numbers.assign.shape[0] == 0:
            return
        self.cost, self.best_cost = anneal(
            self.numbers,
            self._routes,
            self._work,
            self.cost,
            self._best_order,
            self._best_length,
            self.best_cost,
            iterations,
            self._temperature(begin),
            self._temperature(end),
            self._source,
        )
        self.done += iterations

    def _temperature(self, part: float) -> int:
        return max(1, round(float(self._unit * self._hottest * (self._coolest / self._hottest) ** part)))

    def best_orders(self) -> list[list[int]]:
        """The cheapest days so far: visits in order, for each technician."""
        return [
            [int(v) for v in order[:length]] for order, length in zip(self._best_order, self._best_length, strict=True)
        ]


def _only_ways_count(numbers: Numbers) -> bool:
    """Whether it makes no difference who comes, and when."""
    priced = (numbers.assign > 0) & (numbers.assign < FORBIDDEN)
    return not (numbers.soft or numbers.unfairness or bool(priced.any()))


def _mean_way(numbers: Numbers) -> int:
    """The price of a usual way between neighbours: what a temperature is measured in."""
    near = numbers.near[:, 1 : NEIGHBOURS + 1]
    if near.size == 0:
        return 1
    ways = np.take_along_axis(numbers.travel[0][: near.shape[0]], near.astype(np.int64), axis=1)
    total = int(ways.sum(dtype=np.int64)) * numbers.travel_price
    return int(max(1, total // int(near.size)))

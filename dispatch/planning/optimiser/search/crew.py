"""Who may do a visit and what it costs that they come, for a whole crew at once; masks are worked out once each."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from dispatch.planning.optimiser.people_and_visits import Prices, Technician, Visit

Array = npt.NDArray[Any]
FORBIDDEN = 1 << 30  # the price of an assignment that no price could make good


class Crew:
    """Technicians, numbered as given. The same prices as `costs.assignment_prices`, the same people as the judge."""

    def __init__(self, prices: Prices, technicians: Sequence[Technician]) -> None:
        self._prices = prices
        self._technicians = technicians
        self._number = {one.id: k for k, one in enumerate(technicians)}
        self._able: dict[tuple[tuple[str, int], ...], Array] = {}
        self._owners: dict[str, Array] = {}

    def prices_of(self, visit: Visit) -> Array:
        """What it costs that each technician does this visit, shape (K,) int32; FORBIDDEN for who may not."""
        prices, crew = self._prices, self._technicians
        cost = np.zeros(len(crew), np.int64)
        if visit.area is not None:
            if visit.area not in self._owners:
                self._owners[visit.area] = np.array([visit.area in one.areas for one in crew])
            cost += np.where(self._owners[visit.area], 0, prices.not_area_owner)
        for who, asked in ((visit.preferred, prices.not_preferred), (visit.told, prices.changed_technician)):
            if who is not None:
                cost += asked
                if who in self._number:
                    cost[self._number[who]] -= asked
        cost[~self._may_do(visit)] = FORBIDDEN
        return cost.astype(np.int32)

    def _may_do(self, visit: Visit) -> Array:
        """Who has the skills, is not excluded, and is whom a pin names; what has begun asks only for the last."""
        count = len(self._technicians)
        if visit.pin is not None and visit.pin.begun is not None:
            return np.asarray(np.arange(count) == self._number.get(visit.pin.technician, -1))
        needed = tuple(sorted(visit.skills.items()))
        if needed not in self._able:
            self._able[needed] = np.array(
                [all(one.skills.get(skill, 0) >= level for skill, level in needed) for one in self._technicians], bool
            )
        able = self._able[needed].copy()
        if visit.pin is not None:
            able &= np.arange(count) == self._number.get(visit.pin.technician, -1)
        for who in visit.excluded:
            if who in self._number:
                able[self._number[who]] = False
        return able

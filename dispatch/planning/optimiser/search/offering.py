"""Where one more visit fits, window by window, into days that are planned already."""

from typing import Any

import numpy.typing as npt

from dispatch.planning.optimiser.search.compiled import compiled
from dispatch.planning.optimiser.search.inserting import place_in_day
from dispatch.planning.optimiser.search.numbers import NEVER, Numbers
from dispatch.planning.optimiser.search.routes import Routes

Array = npt.NDArray[Any]


@compiled
def cheapest_in_windows(
    numbers: Numbers, routes: Routes, guest: int, starts: Array, ends: Array, price: Array, technician: Array
) -> None:
    """For each window from `starts` to `ends`, the price and technician of the cheapest place of visit `guest`.

    Both are left as they are where it fits nowhere. The guest's row of `numbers` is written to.
    """
    numbers.window_count[guest] = 1
    for window in range(starts.shape[0]):
        numbers.windows[guest, 0, 0] = starts[window]
        numbers.windows[guest, 0, 1] = ends[window]
        best = NEVER
        for k in range(routes.length.shape[0]):
            cost, _ = place_in_day(numbers, routes, k, guest, best)
            if cost < best:
                best = cost
                price[window] = cost
                technician[window] = k

"""The first days: visits put in one after another, in several orders; the cheapest start is taken."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from dispatch.planning.optimiser.search.compiled import compiled
from dispatch.planning.optimiser.search.crew import FORBIDDEN
from dispatch.planning.optimiser.search.inserting import Places, best_place, no_places, put
from dispatch.planning.optimiser.search.numbers import Numbers
from dispatch.planning.optimiser.search.routes import Routes, empty_routes, keeps_time, refresh, refresh_all

Array = npt.NDArray[Any]


@compiled
def fill(numbers: Numbers, routes: Routes, places: Places, touched: Array, visits: Array, source: Array) -> None:
    """Put each absent visit of `visits`, in this order, where it fits at the least price."""
    for place in range(visits.shape[0]):
        v = int(visits[place])
        if routes.technician[v] < 0:
            k, gap = best_place(numbers, routes, places, touched, v, source)
            if k >= 0:
                put(numbers, routes, k, gap, v)


@compiled
def keep_what_fits(numbers: Numbers, routes: Routes, orders: Array, lengths: Array) -> None:
    """Take over days as they are, but for visits that do not fit any more; what stands fast is taken over as it is."""
    for k in range(lengths.shape[0]):
        for place in range(lengths[k]):
            v = int(orders[k, place])
            length = routes.length[k]
            routes.order[k, length] = v
            routes.length[k] = length + 1
            routes.technician[v] = k
            refresh(numbers, routes, k)
            if place >= numbers.locked[k] and not _possible(numbers, routes, k):
                routes.length[k] = length
                routes.technician[v] = -1
                refresh(numbers, routes, k)


@compiled
def _possible(numbers: Numbers, routes: Routes, k: int) -> bool:
    """Whether a day as it stands keeps its times, parts and skills."""
    for part in range(numbers.needs.shape[1]):
        if routes.used[k, part] > numbers.stock[k, part]:
            return False
    for place in range(routes.length[k]):
        if numbers.assign[routes.order[k, place], k] >= FORBIDDEN:
            return False
    return keeps_time(numbers, routes, k)


def _fill(numbers: Numbers, routes: Routes, way: Array, source: Array) -> None:
    visits, technicians = numbers.assign.shape
    places, touched = no_places(visits, technicians), np.ones(technicians, np.uint8)
    fill(numbers, routes, places, touched, np.ascontiguousarray(way), source)


def first_days(
    numbers: Numbers, warm: Sequence[Sequence[int]] | None, fast: Sequence[Sequence[int]], source: Array
) -> Routes:
    """The cheapest of several starts; with `warm` days, these with what is absent put in.

    `fast` are the visits that stand fast at the head of each day.
    """
    visits = numbers.assign.shape[0]
    if warm is not None:
        routes = taken_over(numbers, warm)
        _fill(numbers, routes, np.argsort(-numbers.left_out, kind="stable"), source)
        return routes
    last = numbers.windows[np.arange(visits), np.maximum(numbers.window_count - 1, 0), 1]
    able = (numbers.assign < FORBIDDEN).sum(axis=1)
    length = numbers.service.mean(axis=1) if visits else np.zeros(0)
    ways: tuple[Array, ...] = (
        np.lexsort((able, -numbers.left_out)),
        np.lexsort((last - numbers.windows[:, 0, 0], -numbers.left_out)),
        np.lexsort((length, -numbers.left_out)),
        np.argsort(last, kind="stable"),
        np.argsort(able, kind="stable"),
    )
    best: tuple[int, Routes] | None = None
    for way in ways:
        routes = taken_over(numbers, fast)
        _fill(numbers, routes, way, source)
        cost = refresh_all(numbers, routes)
        if best is None or cost < best[0]:
            best = cost, routes
    assert best is not None
    return best[1]


def taken_over(numbers: Numbers, days: Sequence[Sequence[int]]) -> Routes:
    """Days as given, but for what does not fit."""
    routes = empty_routes(numbers)
    refresh_all(numbers, routes)
    lengths = np.array([len(day) for day in days], np.int64)
    orders = np.full((len(days), max(1, int(lengths.max(initial=0)))), -1, np.int64)
    for k, day in enumerate(days):
        orders[k, : len(day)] = day
    keep_what_fits(numbers, routes, orders, lengths)
    return routes

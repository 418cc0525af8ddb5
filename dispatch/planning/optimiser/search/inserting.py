"""Recreate: where an absent visit fits at the least price. The test is exact, and takes constant time a gap."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from dispatch.planning.optimiser.search.chance import draw
from dispatch.planning.optimiser.search.compiled import compiled
from dispatch.planning.optimiser.search.crew import FORBIDDEN
from dispatch.planning.optimiser.search.numbers import NEVER, Numbers
from dispatch.planning.optimiser.search.routes import (
    Routes,
    begins,
    clock_costs,
    refresh,
    unfair_costs,
)

Array = npt.NDArray[Any]
BLINK = 100  # one day in so many is overlooked, so that the search does not always do the obvious


@compiled
def fits(
    owing: int,
    rested: int,
    late_owing: int,
    late_rested: int,
    there: int,
    onward: int,
    service: int,
    windows: Array,
    count: int,
    visit: int,
    earliest: int,
    latest: int,
    rest: int,
) -> bool:
    """Whether a visit fits into a gap: `there` and `onward` are the ways to it and from it; the times as in `routes`.

    True exactly if the day with the visit in it keeps every rule about time.
    """
    after = rested + there
    finish = NEVER
    if owing < NEVER:
        finish = begins(owing + there, windows, count, visit)
        if finish < NEVER:
            finish += service
            if finish + onward <= late_owing:
                return True
            if finish <= latest and max(finish + onward, earliest) + rest <= late_rested:
                return True
        if owing <= latest:
            after = min(after, max(owing + there, earliest) + rest)
    if after >= NEVER:
        return False
    start = begins(after, windows, count, visit)
    return start < NEVER and start + service + onward <= late_rested


@compiled
def van_holds(numbers: Numbers, routes: Routes, k: int, visit: int) -> bool:
    """Whether technician k's van still holds the parts of one more visit."""
    for part in range(numbers.needs.shape[1]):
        if routes.used[k, part] + numbers.needs[visit, part] > numbers.stock[k, part]:
            return False
    return True


@compiled
def clock_costs_with(numbers: Numbers, routes: Routes, k: int, gap: int, visit: int) -> int:
    """Lateness and overtime of technician k's day with a visit put into a gap."""
    length, line = routes.length[k], routes.line
    for j in range(gap):
        line[j] = routes.order[k, j]
    line[gap] = visit
    for j in range(gap, length):
        line[j + 1] = routes.order[k, j]
    return clock_costs(numbers, k, line, length + 1)


class Places(NamedTuple):
    """The cheapest place of each visit in each day that has not changed since, so that it is looked for only once."""

    cost: Array  # (V, K) int64; NEVER if there is none
    gap: Array  # (V, K) int32
    seen: Array  # (V, K) int64 the version of the day that was looked at
    version: Array  # (K,) of each day as it is kept; a day under ruin is not remembered


@compiled
def place_in_day(numbers: Numbers, routes: Routes, k: int, visit: int, limit: int) -> tuple[int, int]:
    """Price and gap of the cheapest place for a visit in technician k's day; NEVER if none costs less than `limit`."""
    best, best_gap = NEVER, 0
    assign = int(numbers.assign[visit, k])
    length, order, windows, price = routes.length[k], routes.order, numbers.windows, numbers.travel_price
    count = numbers.window_count[visit]
    if (
        assign >= min(limit, FORBIDDEN)
        or count == 0
        or length >= order.shape[1] - 1
        or not van_holds(numbers, routes, k, visit)
    ):
        return best, best_gap
    opens, closes = windows[visit, 0, 0], windows[visit, count - 1, 1]
    service = int(numbers.service[visit, k])
    if numbers.unfairness > 0:
        assign += unfair_costs(numbers, k, routes.load[k] + service) - unfair_costs(numbers, k, routes.load[k])
    earliest, latest, rest = numbers.break_earliest[k], numbers.break_latest[k], numbers.break_length[k]
    speed, travel = numbers.speed[k], numbers.travel
    before = numbers.locked[k]
    previous = int(numbers.start[k])
    if before > 0:
        previous = int(order[k, before - 1])
    for gap in range(before, length + 1):
        following = int(numbers.end[k])
        if gap < length:
            following = int(order[k, gap])
        origin = previous
        previous = following
        owing, rested = routes.early_owing[k, gap], routes.early_rested[k, gap]
        if min(owing, rested) > closes:
            break
        late_rested = routes.late_rested[k, gap]
        if opens + service > late_rested:
            continue
        there, onward = int(travel[speed, origin, visit]), int(travel[speed, visit, following])
        cost = there + onward
        if length > 0:
            cost -= int(travel[speed, origin, following])
        cost = cost * price + assign
        if cost >= best or cost >= limit:
            continue
        late_owing = routes.late_owing[k, gap]
        if not fits(
            owing,
            rested,
            late_owing,
            late_rested,
            there,
            onward,
            service,
            windows,
            count,
            visit,
            earliest,
            latest,
            rest,
        ):
            continue
        if numbers.soft:
            cost += clock_costs_with(numbers, routes, k, gap, visit) - routes.soft[k]
            if cost >= best or cost >= limit:
                continue
        best, best_gap = cost, gap
    return best, best_gap


@compiled
def best_place(
    numbers: Numbers, routes: Routes, places: Places, touched: Array, visit: int, source: Array
) -> tuple[int, int]:
    """Technician and gap of the cheapest place for an absent visit, or -1 if to leave it out costs no more."""
    limit = numbers.left_out[visit]
    best, best_k, best_gap = limit, -1, 0
    for k in range(touched.shape[0]):
        if numbers.assign[visit, k] >= best:
            continue
        if numbers.like_before[k] and routes.length[k] == 0 and routes.length[k - 1] == 0:
            continue
        if touched[k] == 0 and places.seen[visit, k] == places.version[k]:
            cost, gap = places.cost[visit, k], int(places.gap[visit, k])
        else:
            cost, gap = place_in_day(numbers, routes, k, visit, limit)
            if touched[k] == 0:
                places.cost[visit, k] = cost
                places.gap[visit, k] = gap
                places.seen[visit, k] = places.version[k]
        if cost < best and draw(source, BLINK) > 0:
            best, best_k, best_gap = cost, k, gap
    return best_k, best_gap


def no_places(visits: int, technicians: int) -> Places:
    """Nothing looked at yet."""
    return Places(
        np.zeros((visits, technicians), np.int64),
        np.zeros((visits, technicians), np.int32),
        np.full((visits, technicians), -1, np.int64),
        np.zeros(technicians, np.int64),
    )


@compiled
def put(numbers: Numbers, routes: Routes, k: int, gap: int, visit: int) -> None:
    """Put a visit into a gap of technician k's day."""
    length = routes.length[k]
    for j in range(length, gap, -1):
        routes.order[k, j] = routes.order[k, j - 1]
    routes.order[k, gap] = visit
    routes.length[k] = length + 1
    routes.technician[visit] = k
    refresh(numbers, routes, k)


@compiled
def take_out(numbers: Numbers, routes: Routes, k: int, first: int, count: int) -> None:
    """Take `count` visits from position `first` on out of technician k's day."""
    length = routes.length[k]
    for j in range(first, first + count):
        routes.technician[routes.order[k, j]] = -1
    for j in range(first, length - count):
        routes.order[k, j] = routes.order[k, j + count]
    routes.length[k] = length - count
    refresh(numbers, routes, k)

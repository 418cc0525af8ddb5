"""Recreate: where an absent visit fits at the least price. The test is exact, and takes constant time a gap."""

from typing import Any

import numpy as np
import numpy.typing as npt

from dispatch.planning.optimiser.search.chance import draw
from dispatch.planning.optimiser.search.compiled import compiled
from dispatch.planning.optimiser.search.numbers import NEVER, Numbers
from dispatch.planning.optimiser.search.routes import (
    Routes,
    begins,
    clock_costs,
    refresh,
    unfair_costs,
)

Array = npt.NDArray[Any]
BLINK = 100  # one gap in so many is overlooked, so that the search does not always do the obvious


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


@compiled
def best_place(numbers: Numbers, routes: Routes, visit: int, limit: int, source: Array) -> tuple[int, int, int]:
    """Price, technician and gap of the cheapest place for a visit that costs less than `limit`; technician -1: none."""
    best, best_k, best_gap = limit, -1, 0
    travel, order, windows, price = numbers.travel, routes.order, numbers.windows, numbers.travel_price
    count = numbers.window_count[visit]
    if count == 0:
        return best, best_k, best_gap
    opens, closes = windows[visit, 0, 0], windows[visit, count - 1, 1]
    most = order.shape[1] - 1
    for k in range(order.shape[0]):
        assign = np.int64(numbers.assign[visit, k])
        if assign >= best:
            continue
        length = routes.length[k]
        if length >= most or not van_holds(numbers, routes, k, visit):
            continue
        service = np.int64(numbers.service[visit, k])
        if numbers.unfairness > 0:
            assign += unfair_costs(numbers, k, routes.load[k] + service) - unfair_costs(numbers, k, routes.load[k])
        earliest, latest, rest = numbers.break_earliest[k], numbers.break_latest[k], numbers.break_length[k]
        speed = numbers.speed[k]
        before = numbers.locked[k]
        previous = numbers.start[k]
        if before > 0:
            previous = np.int64(order[k, before - 1])
        for gap in range(before, length + 1):
            following = numbers.end[k]
            if gap < length:
                following = np.int64(order[k, gap])
            origin = previous
            previous = following
            owing, rested = routes.early_owing[k, gap], routes.early_rested[k, gap]
            if min(owing, rested) > closes:
                break
            if opens + service > routes.late_rested[k, gap]:
                continue
            there, onward = np.int64(travel[speed, origin, visit]), np.int64(travel[speed, visit, following])
            added = there + onward
            if length > 0:
                added -= np.int64(travel[speed, origin, following])
            cost = added * price + assign
            if cost >= best or draw(source, BLINK) == 0:
                continue
            if not fits(
                owing,
                rested,
                routes.late_owing[k, gap],
                routes.late_rested[k, gap],
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
                if cost >= best:
                    continue
            best, best_k, best_gap = cost, k, gap
    return best, best_k, best_gap


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

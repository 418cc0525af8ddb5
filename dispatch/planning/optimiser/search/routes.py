"""The days under work, and the earliest and latest times that make an insertion test exact in constant time.

For every gap j of technician k's day (before the visit at position j; the last gap is before going home):

- `early_owing`, `early_rested`: the earliest moment to leave towards the gap, with the break still owed, or taken;
- `late_owing`, `late_rested`: the latest moment to arrive at what follows the gap such that all that follows still
  keeps its windows, the break (if still owed) finds its place, and the day ends in time.

Several windows keep this exact: to be earlier is never worse, as one may wait.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from dispatch.planning.optimiser.search.compiled import compiled
from dispatch.planning.optimiser.search.numbers import LONGEST_ROUTE, NEVER, Numbers

Array = npt.NDArray[Any]


class Routes(NamedTuple):
    """K days of at most M visits. Changed in place."""

    order: Array  # (K, M) int32 visits
    length: Array  # (K,)
    technician: Array  # (V,) int32 whose day a visit is in, -1 if absent
    early_owing: Array  # (K, M + 1)
    early_rested: Array  # (K, M + 1)
    late_owing: Array  # (K, M + 1)
    late_rested: Array  # (K, M + 1)
    cost: Array  # (K,) price of the day
    soft: Array  # (K,) the part of it that depends on the clock
    load: Array  # (K,) seconds of visits
    used: Array  # (K, D) parts
    line: Array  # (M + 1,) scratch: one day with a visit more


def empty_routes(numbers: Numbers) -> Routes:
    """Days without a visit; call `refresh_all` after filling them."""
    visits, technicians = numbers.assign.shape
    most = min(visits, LONGEST_ROUTE) + 1
    times = (technicians, most + 1)
    return Routes(
        order=np.full((technicians, most), -1, np.int32),
        length=np.zeros(technicians, np.int64),
        technician=np.full(visits, -1, np.int32),
        early_owing=np.zeros(times, np.int64),
        early_rested=np.zeros(times, np.int64),
        late_owing=np.zeros(times, np.int64),
        late_rested=np.zeros(times, np.int64),
        cost=np.zeros(technicians, np.int64),
        soft=np.zeros(technicians, np.int64),
        load=np.zeros(technicians, np.int64),
        used=np.zeros((technicians, numbers.stock.shape[1]), np.int64),
        line=np.zeros(most + 1, np.int32),
    )


@compiled
def begins(arrival: int, windows: Array, count: int, visit: int) -> int:
    """When a visit begins if one arrives at `arrival`; NEVER if all windows are over."""
    for number in range(count):
        if arrival <= windows[visit, number, 1]:
            return int(max(arrival, windows[visit, number, 0]))
    return NEVER


@compiled
def latest_arrival(finish: int, windows: Array, count: int, visit: int) -> int:
    """The latest arrival at a visit that lets it begin by `finish`; -NEVER if no window allows it."""
    for number in range(count - 1, -1, -1):
        latest = min(windows[visit, number, 1], finish)
        if latest >= windows[visit, number, 0]:
            return int(latest)
    return -NEVER


@compiled
def late_costs(numbers: Numbers, visit: int, start: int) -> int:
    """What it costs that a visit begins at `start`; as `costs.late_price`."""
    late = start - numbers.deadline[visit]
    total = 0
    if late <= 0:
        return total
    steps = numbers.late_from.shape[0]
    for number in range(steps):
        until = late
        if number + 1 < steps:
            until = min(late, numbers.late_from[number + 1])
        if until > numbers.late_from[number]:
            total += (until - numbers.late_from[number]) * numbers.late_price[number]
    return total


@compiled
def clock_costs(numbers: Numbers, k: int, line: Array, length: int) -> int:
    """Lateness and overtime of a day with the visits `line[:length]`, with the break where it costs least.

    NEVER if no place of the break makes the day possible.
    """
    best = NEVER
    travel, speed = numbers.travel, numbers.speed[k]
    first, last = 0, length
    if numbers.has_break[k] == 0:
        first, last = -1, -1
    for leg in range(first, last + 1):
        free, node, cost = numbers.opens[k], numbers.start[k], 0
        possible = True
        for j in range(length + 1):
            target = numbers.end[k]
            if j < length:
                target = int(line[j])
            arrival = free + travel[speed, node, target]
            if j == leg:
                if free > numbers.break_latest[k]:
                    possible = False
                    break
                arrival = max(arrival, numbers.break_earliest[k]) + numbers.break_length[k]
            if j == length:
                if arrival > numbers.closes[k]:
                    possible = False
                    break
                cost += max(0, arrival - numbers.shift_end[k]) * numbers.overtime[k]
            else:
                start = begins(arrival, numbers.windows, numbers.window_count[target], target)
                if start >= NEVER:
                    possible = False
                    break
                cost += late_costs(numbers, target, start)
                free = start + numbers.service[target, k]
                node = target
        if possible and cost < best:
            best = cost
    return best


@compiled
def unfair_costs(numbers: Numbers, k: int, load: int) -> int:
    """What a load above the fair share costs; as `costs.unfairness_price`."""
    excess = max(0, load - numbers.share[k])
    return int(numbers.unfairness * (excess * excess // 3_600))


@compiled
def refresh(numbers: Numbers, routes: Routes, k: int) -> None:
    """Work out times and cost of technician k's day anew, after its visits have changed."""
    length, speed = routes.length[k], numbers.speed[k]
    order, travel, windows = routes.order[k], numbers.travel, numbers.windows
    earliest, latest, rest = numbers.break_earliest[k], numbers.break_latest[k], numbers.break_length[k]
    owing, rested = NEVER, numbers.opens[k]
    if numbers.has_break[k]:
        owing, rested = numbers.opens[k], NEVER
    routes.early_owing[k, 0] = owing
    routes.early_rested[k, 0] = rested
    routes.used[k, :] = 0
    node, way, cost, load = numbers.start[k], 0, 0, 0
    for j in range(length):
        v = int(order[j])
        leg = int(travel[speed, node, v])
        way += leg
        cost += numbers.assign[v, k]
        load += numbers.service[v, k]
        for part in range(numbers.needs.shape[1]):
            routes.used[k, part] += numbers.needs[v, part]
        after = rested + leg
        if owing <= latest:
            after = min(after, max(owing + leg, earliest) + rest)
        owing = begins(owing + leg, windows, numbers.window_count[v], v)
        if owing < NEVER:
            owing += numbers.service[v, k]
        rested = begins(after, windows, numbers.window_count[v], v)
        if rested < NEVER:
            rested += numbers.service[v, k]
        routes.early_owing[k, j + 1] = owing
        routes.early_rested[k, j + 1] = rested
        node = v
    closes = numbers.closes[k]
    late_rested, late_owing = closes, -NEVER  # a break still owed at home finds no way on which to take it
    routes.late_owing[k, length] = late_owing
    routes.late_rested[k, length] = late_rested
    following = numbers.end[k]
    for j in range(length - 1, -1, -1):
        v = int(order[j])
        leg = int(travel[speed, v, following])
        leave = late_owing - leg
        if earliest + rest <= late_rested:
            leave = max(leave, min(latest, late_rested - rest - leg))
        service = int(numbers.service[v, k])
        late_owing = latest_arrival(leave - service, windows, numbers.window_count[v], v)
        late_rested = latest_arrival(late_rested - leg - service, windows, numbers.window_count[v], v)
        routes.late_owing[k, j] = late_owing
        routes.late_rested[k, j] = late_rested
        following = v
    if length > 0:
        way += int(travel[speed, node, numbers.end[k]])
    soft = 0
    if numbers.soft and length > 0:
        soft = clock_costs(numbers, k, order, length)
        if soft >= NEVER:
            soft = 0
    routes.soft[k] = soft
    routes.load[k] = load
    routes.cost[k] = cost + way * numbers.travel_price + soft
    if numbers.unfairness > 0:
        routes.cost[k] += unfair_costs(numbers, k, load)


@compiled
def keeps_time(numbers: Numbers, routes: Routes, k: int) -> bool:
    """Whether technician k's day as it stands keeps its windows, its break and its end."""
    if routes.length[k] == 0:
        return True
    leg = int(numbers.travel[numbers.speed[k], numbers.start[k], routes.order[k, 0]])
    if numbers.has_break[k] == 0:
        return bool(routes.early_rested[k, 0] + leg <= routes.late_rested[k, 0])
    leave = routes.early_owing[k, 0]
    rested = max(leave + leg, numbers.break_earliest[k]) + numbers.break_length[k]
    later = leave + leg <= routes.late_owing[k, 0]
    return bool(later or (leave <= numbers.break_latest[k] and rested <= routes.late_rested[k, 0]))


@compiled
def refresh_all(numbers: Numbers, routes: Routes) -> int:
    """Work out every day anew; the price of it all, absent visits included."""
    total = 0
    for k in range(routes.length.shape[0]):
        refresh(numbers, routes, k)
        total += routes.cost[k]
    for v in range(routes.technician.shape[0]):
        if routes.technician[v] < 0:
            total += numbers.left_out[v]
    return total

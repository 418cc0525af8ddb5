"""Ruin: strings of neighbouring visits are taken out of days that lie near one another, and near absent ones join."""

from typing import Any

import numpy.typing as npt

from dispatch.planning.optimiser.search.chance import draw
from dispatch.planning.optimiser.search.compiled import compiled
from dispatch.planning.optimiser.search.inserting import take_out
from dispatch.planning.optimiser.search.numbers import Numbers
from dispatch.planning.optimiser.search.routes import Routes

Array = npt.NDArray[Any]
LONGEST_STRING = 10
MEAN_TAKEN = 10
ABSENT_JOIN = 10


@compiled
def ruin(
    numbers: Numbers, routes: Routes, centre: int, touched: Array, loose: Array, is_loose: Array, source: Array
) -> int:
    """Loosen visits around `centre`; how many are in `loose` now. Marks the days it touched."""
    taken, mean, driven = 0, 0, 0
    for k in range(routes.length.shape[0]):
        mean += routes.length[k]
        driven += min(1, routes.length[k])
    mean = max(1, mean // max(1, driven))
    longest = min(LONGEST_STRING, mean + 1)
    most_days = 1 + draw(source, max(1, 4 * MEAN_TAKEN // (1 + longest)))
    days = 0
    for near in range(numbers.near.shape[1]):
        if days >= most_days:
            break
        v = int(numbers.near[centre, near])
        k = int(routes.technician[v])
        if k < 0 or touched[k]:
            continue
        locked = numbers.locked[k]
        free = routes.length[k] - locked
        at = locked
        while at < routes.length[k] and routes.order[k, at] != v:
            at += 1
        if at >= routes.length[k]:
            continue  # it stands fast
        count = 1 + draw(source, min(free, longest))
        spared = 0
        if count > 1 and count < free and draw(source, 2) == 0:
            spared = 1
            while count + spared < free and draw(source, 100) == 0:
                spared += 1
        span = count + spared
        first = max(locked, min(routes.length[k] - span, at - draw(source, span)))
        days += 1
        touched[k] = 1
        taken = _loosen(routes, k, first, span, spared, loose, is_loose, taken, source, numbers)
    joined = 0
    for near in range(numbers.near.shape[1]):
        v = int(numbers.near[centre, near])
        if routes.technician[v] < 0 and is_loose[v] == 0:
            loose[taken] = v
            is_loose[v] = 1
            taken += 1
            joined += 1
            if joined >= ABSENT_JOIN:
                break
    return taken


@compiled
def _loosen(
    routes: Routes,
    k: int,
    first: int,
    span: int,
    spared: int,
    loose: Array,
    is_loose: Array,
    taken: int,
    source: Array,
    numbers: Numbers,
) -> int:
    """Take a string out of one day, but for `spared` visits in its middle."""
    head = span - spared
    if spared > 0:
        head = 1 + draw(source, span - spared - 1)
    tail = span - spared - head
    after = first + span
    for j in range(head):
        loose[taken] = routes.order[k, first + j]
        is_loose[loose[taken]] = 1
        taken += 1
    for j in range(after - tail, after):
        loose[taken] = routes.order[k, j]
        is_loose[loose[taken]] = 1
        taken += 1
    if tail > 0:
        take_out(numbers, routes, k, after - tail, tail)
    take_out(numbers, routes, k, first, head)
    return taken

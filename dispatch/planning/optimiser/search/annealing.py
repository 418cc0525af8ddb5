"""Ruin and recreate again and again; what is a little worse is kept at first, and less and less as it cools down."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from dispatch.planning.optimiser.search.chance import DRAWS, PATIENCE, SCALE, draw
from dispatch.planning.optimiser.search.compiled import compiled
from dispatch.planning.optimiser.search.crew import FORBIDDEN
from dispatch.planning.optimiser.search.inserting import Places, best_place, no_places, put
from dispatch.planning.optimiser.search.numbers import Numbers
from dispatch.planning.optimiser.search.routes import Routes, keeps_time, refresh
from dispatch.planning.optimiser.search.ruining import ruin

Array = npt.NDArray[Any]


class Work(NamedTuple):
    """What the search holds between rounds: the days as kept, what is loose or absent, where each visit fits best."""

    order: Array
    length: Array
    cost: Array
    technician: Array
    touched: Array  # (K,) days changed in this round
    unsaved: Array  # (K,) days that differ from the best ones
    loose: Array  # (V + 1,) visits to put in
    is_loose: Array  # (V,)
    keys: Array  # (V + 1,)
    absent: Array  # (V,)
    able: Array  # (V,) how many technicians may do a visit
    places: Places


def work_on(numbers: Numbers, routes: Routes) -> Work:
    """Room for a search that goes on from these days."""
    visits, technicians = numbers.assign.shape
    return Work(
        order=routes.order.copy(),
        length=routes.length.copy(),
        cost=routes.cost.copy(),
        technician=routes.technician.copy(),
        touched=np.zeros(technicians, np.uint8),
        unsaved=np.ones(technicians, np.uint8),
        loose=np.zeros(visits + 1, np.int32),
        is_loose=np.zeros(visits, np.uint8),
        keys=np.zeros(visits + 1, np.int64),
        absent=np.zeros(visits, np.int32),
        able=(numbers.assign < FORBIDDEN).sum(axis=1).astype(np.int64),
        places=no_places(visits, technicians),
    )


@compiled
def anneal(
    numbers: Numbers,
    routes: Routes,
    work: Work,
    cost: int,
    best_order: Array,
    best_length: Array,
    best_cost: int,
    iterations: int,
    warm: int,
    cool: int,
    source: Array,
) -> tuple[int, int]:
    """So many rounds, from temperature `warm` to `cool`: the price now, and the best.

    `routes` is changed in place; the best days so far are in `best_order` and `best_length`.
    """
    visits, technicians = numbers.assign.shape
    kept_order, kept_length, kept_cost, kept_technician = work.order, work.length, work.cost, work.technician
    touched, unsaved, places = work.touched, work.unsaved, work.places
    loose, is_loose, absent = work.loose, work.is_loose, work.absent
    absentees = 0
    for v in range(visits):
        if routes.technician[v] < 0:
            absent[absentees] = v
            absentees += 1
    version = 0
    for k in range(technicians):
        version = max(version, int(places.version[k]))
    for done in range(iterations):
        temperature = warm + (cool - warm) * done // iterations
        touched[:] = 0
        centre = draw(source, visits)
        if absentees > 0 and draw(source, 4) == 0:
            centre = int(absent[draw(source, absentees)])
        count = ruin(numbers, routes, centre, touched, loose, is_loose, source)
        _sort(numbers, centre, loose, count, work.keys, work.able, source)
        for place in range(count):
            v = int(loose[place])
            is_loose[v] = 0
            k, gap = best_place(numbers, routes, places, touched, v, source)
            if k >= 0:
                put(numbers, routes, k, gap, v)
                touched[k] = 1
        changed = 0
        possible = True
        for k in range(technicians):
            if touched[k]:
                changed += routes.cost[k] - kept_cost[k]
                possible = possible and keeps_time(numbers, routes, k)  # tables know ways that are longer than a detour
        moved_absent = False
        for place in range(count):
            v = loose[place]
            if (routes.technician[v] < 0) != (kept_technician[v] < 0):
                moved_absent = True
                changed += numbers.left_out[v] if routes.technician[v] < 0 else -numbers.left_out[v]
        if not possible or (changed * SCALE >= temperature * PATIENCE[draw(source, DRAWS)] and changed >= 0):
            for k in range(technicians):
                if touched[k]:
                    routes.length[k] = kept_length[k]
                    for j in range(kept_length[k]):
                        routes.order[k, j] = kept_order[k, j]
                    refresh(numbers, routes, k)
            for place in range(count):
                routes.technician[loose[place]] = kept_technician[loose[place]]
            continue
        cost += changed
        for k in range(technicians):
            if touched[k]:
                unsaved[k] = 1
                version += 1
                places.version[k] = version
                kept_length[k] = routes.length[k]
                kept_cost[k] = routes.cost[k]
                for j in range(kept_length[k]):
                    kept_order[k, j] = routes.order[k, j]
        for place in range(count):
            kept_technician[loose[place]] = routes.technician[loose[place]]
        if moved_absent:
            absentees = 0
            for v in range(visits):
                if routes.technician[v] < 0:
                    absent[absentees] = v
                    absentees += 1
        if cost < best_cost:
            best_cost = cost
            for k in range(technicians):
                if unsaved[k]:
                    unsaved[k] = 0
                    best_length[k] = kept_length[k]
                    for j in range(kept_length[k]):
                        best_order[k, j] = kept_order[k, j]
    return cost, best_cost


@compiled
def _sort(numbers: Numbers, centre: int, loose: Array, count: int, keys: Array, able: Array, source: Array) -> None:
    """Put the loose visits into one of several orders, by chance: each makes room in another way."""
    way = draw(source, 100)
    for place in range(count):
        v = int(loose[place])
        if way < 25:
            keys[place] = draw(source, 1 << 20)
        elif way < 45:
            keys[place] = -numbers.left_out[v] - numbers.service[v, 0] + draw(source, 200)
        elif way < 60:  # what is dearest to leave out for the time that it takes
            keys[place] = -numbers.left_out[v] * 64 // (numbers.service[v, 0] + 600) + draw(source, 64)
        elif way < 65:
            keys[place] = -int(numbers.service[v, 0]) + draw(source, 10)
        elif way < 80:
            last = numbers.windows[v, max(0, numbers.window_count[v] - 1), 1]
            keys[place] = last - numbers.windows[v, 0, 0] + draw(source, 600)
        elif way < 90:
            keys[place] = able[v] * 64 + draw(source, 64)
        else:
            keys[place] = -int(numbers.travel[0, centre, v])
    for place in range(1, count):  # few: straight insertion
        key, v, at = keys[place], loose[place], place
        while at > 0 and keys[at - 1] > key:
            keys[at], loose[at] = keys[at - 1], loose[at - 1]
            at -= 1
        keys[at], loose[at] = key, v

"""A problem as arrays: what the search looks up a hundred million times.

Nodes of the travel matrices are first the visits, 0 to V - 1, then the places where days start and end.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from dispatch.planning.optimiser.costs import (
    fair_share,
    last_moment,
    left_out_price,
)
from dispatch.planning.optimiser.days import Day
from dispatch.planning.optimiser.people_and_visits import Technician, Visit, allowed_windows, duration
from dispatch.planning.optimiser.problem import Problem
from dispatch.planning.optimiser.search.crew import Crew

Array = npt.NDArray[Any]
NEVER = 1 << 40  # later than every moment
NEIGHBOURS = 120
LONGEST_ROUTE = 200


class Numbers(NamedTuple):
    """V visits, K technicians, P speeds, n nodes, D parts, S late steps; seconds and prices throughout."""

    travel: Array  # (P, n, n) int32
    speed: Array  # (K,) which matrix a technician goes by
    service: Array  # (V, K) int32
    assign: Array  # (V, K) int32, FORBIDDEN where not allowed
    windows: Array  # (V, W, 2) int64
    window_count: Array  # (V,)
    start: Array  # (K,) node
    end: Array  # (K,) node
    opens: Array  # (K,)
    closes: Array  # (K,)
    shift_end: Array  # (K,)
    overtime: Array  # (K,) price a second
    has_break: Array  # (K,) 0 or 1
    break_earliest: Array  # (K,)
    break_latest: Array  # (K,)
    break_length: Array  # (K,)
    needs: Array  # (V, D)
    stock: Array  # (K, D)
    left_out: Array  # (V,) price
    deadline: Array  # (V,) NEVER if none
    late_from: Array  # (S,)
    late_price: Array  # (S,)
    share: Array  # (K,) fair load
    locked: Array  # (K,) how many visits at the head of the day stand fast
    near: Array  # (V, N) the visits nearest to each visit, itself first
    like_before: Array  # (K,) 1 if nothing tells a technician from the one before: of empty days the first will do
    travel_price: int
    unfairness: int
    soft: int  # 1 if anything costs by the clock: a deadline or overtime


def numbers_of(
    problem: Problem,
    technicians: Sequence[Technician] | None = None,
    visits: Sequence[Visit] | None = None,
    neighbours: int = NEIGHBOURS,
) -> Numbers:
    """The arrays of a problem, or of some technicians and visits of it (a region of a big city).

    `neighbours` are kept of each visit; whoever only asks where visits fit needs none.
    """
    technicians = problem.technicians if technicians is None else technicians
    visits = problem.visits if visits is None else visits
    days = [problem.days[one.id] for one in technicians]
    travel, speed, start, end = _travel(problem, technicians, visits, days)
    windows, window_count = _windows(problem, visits)
    needs, stock = _parts(technicians, visits)
    assign = _assign(problem, technicians, visits)
    rests = [day.rest for day in days]
    last = last_moment(problem)
    whole = np.int64
    return Numbers(
        travel=travel,
        speed=speed,
        service=_service(technicians, visits),
        assign=assign,
        windows=windows,
        window_count=window_count,
        start=start,
        end=end,
        opens=np.array([day.opens for day in days], whole),
        closes=np.array([day.closes for day in days], whole),
        shift_end=np.array([day.shift_end for day in days], whole),
        overtime=np.array([_overtime(problem, one) for one in technicians], whole),
        has_break=np.array([rest is not None for rest in rests], whole),
        break_earliest=np.array([rest.earliest if rest else 0 for rest in rests], whole),
        break_latest=np.array([rest.latest if rest else -NEVER for rest in rests], whole),
        break_length=np.array([rest.length if rest else 0 for rest in rests], whole),
        needs=needs,
        stock=stock,
        left_out=np.array([left_out_price(problem, one, last) for one in visits], whole),
        deadline=np.array([NEVER if one.deadline is None else one.deadline for one in visits], whole),
        late_from=np.array([step.late for step in problem.prices.late], whole),
        late_price=np.array([step.price for step in problem.prices.late], whole),
        share=np.array([fair_share(problem, one) if problem.prices.unfairness else 0 for one in technicians], whole),
        locked=np.array([len(day.first) for day in days], whole),
        near=_near(travel[0], len(visits), neighbours),
        like_before=_like_before(technicians, days, assign),
        travel_price=problem.prices.travel,
        unfairness=problem.prices.unfairness,
        soft=int(any(day.closes > day.shift_end for day in days) or any(one.deadline is not None for one in visits)),
    )


def _overtime(problem: Problem, technician: Technician) -> int:
    return problem.prices.overtime if technician.overtime_price is None else technician.overtime_price


def _travel(
    problem: Problem, technicians: Sequence[Technician], visits: Sequence[Visit], days: Sequence[Day]
) -> tuple[Array, Array, Array, Array]:
    """A matrix for each speed, which one each technician goes by, and the nodes where their days start and end."""
    ends = list(dict.fromkeys(place for day in days for place in (day.start, day.end)))
    node = {place: len(visits) + number for number, place in enumerate(ends)}
    places = problem.place_numbers
    usual = problem.travel.matrix([places[one.place] for one in visits] + [places[place] for place in ends])
    speeds = sorted({one.speed for one in technicians}, key=lambda speed: (speed != 100, speed))
    matrices = [usual if speed == 100 else -(-usual.astype(np.int64) * 100 // speed) for speed in speeds]
    return (
        np.ascontiguousarray(np.stack(matrices), np.int32),
        np.array([speeds.index(one.speed) for one in technicians], np.int64),
        np.array([node[day.start] for day in days], np.int64),
        np.array([node[day.end] for day in days], np.int64),
    )


def _service(technicians: Sequence[Technician], visits: Sequence[Visit]) -> Array:
    usual = np.array([one.duration for one in visits], np.int32)
    service = np.repeat(usual[:, None], len(technicians), axis=1)
    for number, technician in enumerate(technicians):
        if technician.pace:
            service[:, number] = [duration(technician, one) for one in visits]
    return service


def _assign(problem: Problem, technicians: Sequence[Technician], visits: Sequence[Visit]) -> Array:
    crew = Crew(problem.prices, technicians)
    rows = [crew.prices_of(visit) for visit in visits]
    return np.array(rows, np.int32).reshape(len(visits), len(technicians))


def _like_before(technicians: Sequence[Technician], days: Sequence[Day], assign: Array) -> Array:
    like = np.zeros(len(technicians), np.uint8)
    for k in range(1, len(technicians)):
        one, other = (technicians[j].model_copy(update={"id": "", "areas": ()}) for j in (k - 1, k))
        alike = one == other and not days[k - 1].first and not days[k].first
        like[k] = alike and bool((assign[:, k - 1] == assign[:, k]).all())
    return like


def _windows(problem: Problem, visits: Sequence[Visit]) -> tuple[Array, Array]:
    each = [allowed_windows(one, problem.now) for one in visits]
    count = np.array([len(windows) for windows in each], np.int64)
    table = np.zeros((len(visits), max(1, int(count.max(initial=0))), 2), np.int64)
    for row, windows in enumerate(each):
        for column, window in enumerate(windows):
            table[row, column] = window.start, window.end
    return table, count


def _parts(technicians: Sequence[Technician], visits: Sequence[Visit]) -> tuple[Array, Array]:
    """What each visit needs and each van holds, for the parts that some van could run out of."""
    total: dict[str, int] = {}
    for visit in visits:
        for part, count in visit.parts.items():
            total[part] = total.get(part, 0) + count
    scarce = [
        part
        for part in sorted(total)
        if any(one.stock is not None and one.stock.get(part, 0) < total[part] for one in technicians)
    ]
    needs = np.zeros((len(visits), len(scarce)), np.int64)
    stock = np.zeros((len(technicians), len(scarce)), np.int64)
    for column, part in enumerate(scarce):
        needs[:, column] = [one.parts.get(part, 0) for one in visits]
        stock[:, column] = [NEVER if one.stock is None else one.stock.get(part, 0) for one in technicians]
    return needs, stock


def _near(travel: Array, visits: int, neighbours: int) -> Array:
    keep = min(visits, neighbours)
    if keep == 0:
        return np.zeros((visits, 0), np.int32)
    order = np.argsort(travel[:visits, :visits], axis=1, kind="stable")
    own = order != np.arange(visits)[:, None]
    others = order[own].reshape(visits, visits - 1)[:, : keep - 1]
    return np.ascontiguousarray(np.hstack([np.arange(visits)[:, None], others]), np.int32)

"""The search: a problem in, the best plan found out, at any moment that one asks for it."""

import os
import time
from collections.abc import Sequence

from dispatch.planning.optimiser.answering import plan_of, standing_fast
from dispatch.planning.optimiser.plan import Plan
from dispatch.planning.optimiser.problem import Problem
from dispatch.planning.optimiser.regions import Effort, Orders, improved_by_regions
from dispatch.planning.optimiser.search.chain import Chain
from dispatch.planning.optimiser.search.numbers import numbers_of
from dispatch.planning.optimiser.spells import (
    Bell,
    Cancelled,
    Clock,
    Progress,
    Task,
    Watch,
    run_by_clock,
    run_by_count,
    run_tasks,
)

TRIES = 2  # from an earlier plan: the end depends on luck more than on time, and the better of two half as long wins
BIG = 700  # visits from which a city is planned region by region


def search(
    problem: Problem,
    *,
    seconds: float | None = None,
    iterations: int | None = None,
    seed: int = 1,
    previous: Plan | None = None,
    cores: int = 1,
    watch: Watch | None = None,
    cancelled: Cancelled | None = None,
    clock: Clock = time.monotonic,
) -> Plan:
    """The best plan found in `seconds`, or in so many `iterations` for each chain.

    With `iterations` the same seed gives the same plan on every machine; with `seconds` a faster machine looks further.
    `previous` is a plan to start from: what still fits of it is kept at first, and the search is gentle. `watch` is
    told the progress, `cancelled` is asked whether to stop; the best plan so far is then the answer. Both are called in
    this thread. `clock` is what seconds are measured by.
    """
    if (seconds is None) == (iterations is None):
        raise ValueError("say either seconds or iterations")
    effort = Effort(seconds, iterations, seed, max(1, min(cores, os.cpu_count() or 1)), watch, cancelled, clock)
    warm = orders_kept(problem, previous) if previous is not None else None
    if len(problem.visits) > BIG and len(problem.technicians) > 1:
        orders, done = improved_by_regions(problem, warm, effort)
    else:
        orders, done = _improved_at_once(problem, warm, effort)
    return plan_of(problem, orders, seed, done)


def orders_kept(problem: Problem, previous: Plan) -> Orders:
    """The orders of an earlier plan, without what this problem does not know, after what stands fast now."""
    orders = {technician: [visit.id for visit in day.first] for technician, day in problem.days.items()}
    seen = {visit for visits in orders.values() for visit in visits}
    for route in previous.routes:
        for visit in route.visits:
            if route.technician in orders and visit in problem.visits_by_id and visit not in seen:
                seen.add(visit)
                orders[route.technician].append(visit)
    return orders


def _improved_at_once(problem: Problem, warm: Orders | None, effort: Effort) -> tuple[Orders, int]:
    """One problem, a chain for each core (from an earlier plan, one after another), the best of them."""
    begun = effort.clock()
    numbers = numbers_of(problem)
    fast = standing_fast(problem, problem.technicians, problem.visits)
    number = {visit.id: v for v, visit in enumerate(problem.visits)}
    days = [[number[visit] for visit in warm[one.id]] for one in problem.technicians] if warm is not None else None
    tries = TRIES if days is not None else 1
    chains = [Chain(numbers, fast, effort.seed * 1_000 + n, days) for n in range(effort.cores * tries)]
    bell = Bell()
    left = max(0.0, (effort.seconds or 0.0) - (effort.clock() - begun))

    def task(chain: Chain) -> Task:
        if effort.iterations is not None:
            rounds = -(-effort.iterations // tries)
            return lambda: run_by_count(chain, rounds, bell)
        return lambda: run_by_clock(chain, left / tries, bell, effort.clock)

    def look() -> None:
        done = sum(chain.done for chain in chains)
        if effort.iterations is not None:
            part = done / max(1, effort.iterations * effort.cores)
        else:
            part = (effort.clock() - begun) / max(effort.seconds or 0.0, 1e-6)
        effort.tell(Progress(min(1.0, part), done, min(chain.best_cost for chain in chains)), bell)

    run_tasks([task(chain) for chain in chains], effort.cores, bell, look)
    best = min(chains, key=lambda chain: chain.best_cost)
    return named(problem, best.best_orders()), sum(chain.done for chain in chains)


def named(problem: Problem, orders: Sequence[Sequence[int]]) -> Orders:
    """Orders by number as orders by id."""
    return {
        technician.id: [problem.visits[v].id for v in order]
        for technician, order in zip(problem.technicians, orders, strict=True)
    }


def warm_up() -> None:
    """Have the machine code ready (some seconds the first time, then kept on disk): call it outside anybody's wait."""
    from dispatch.planning.optimiser.made_days import made_day
    from dispatch.planning.optimiser.slots import SlotFinder

    problem = made_day(3, 60, 1)  # more than three can do, so that reasons are looked for too
    plan = search(problem, iterations=50)
    SlotFinder({"": (problem, plan)}).offers(problem.visits[0], problem.visits[0].windows)

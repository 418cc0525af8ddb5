"""Better days than any engine on the shelf? Ours, VROOM, PyVRP and OR-Tools on the same made-up days: prices, ratios.

python -m pip install --group bench
python -m benchmarks.plan_day [--seconds 30] [--days 5] [--technicians 50] [--visits 400]
    [--parts days,small,replan,any] [--engines vroom,pyvrp,ortools] [--curve 5,10,30,60] [--long 600]

The part `any` is the curve over time: our price after so many seconds against our own best after the long run on the
same day; each point is a run of its own, as the search cools down over the time that it is given.

All get the same CPU seconds on one core and one end (`benchmarks.planning.finishing`): what breaks a rule is taken out,
what still fits is put in, and one judge and one evaluator say what it is worth. VROOM stops by the wall clock, so it
goes first and the others get the CPU seconds that it used; OR-Tools stops by the wall clock too. Pin it to a core:
taskset -c 0 python -m benchmarks.plan_day
"""

import argparse
import math
import time

from benchmarks.planning.finishing import Finished, finish
from benchmarks.planning.peers import by_or_tools, by_pyvrp, by_vroom
from dispatch.planning.optimiser.made_days import made_day
from dispatch.planning.optimiser.searching import search, warm_up
from dispatch.planning.optimiser.timing import orders_of


def mean(ratios: list[float]) -> float:
    """The geometric mean."""
    return math.exp(sum(map(math.log, ratios)) / len(ratios))


NAMES = {"vroom": "VROOM", "pyvrp": "PyVRP", "ortools": "OR-Tools"}


def compare(technicians: int, visits: int, days: int, seconds: float, engines: list[str]) -> None:
    """Day by day, one line an engine; then the ratios."""
    ratios: dict[str, list[float]] = {name: [] for name in engines}
    left = dict.fromkeys([*engines, "ours"], 0)
    for seed in range(1, days + 1):
        problem = made_day(technicians, visits, seed)
        ends: dict[str, Finished] = {}
        given = seconds
        for name in [*engines, "ours"]:
            begun = time.process_time()
            if name == "vroom":
                orders = by_vroom(problem, seconds)
                given = max(0.5, min(seconds, time.process_time() - begun))
            elif name == "pyvrp":
                orders = by_pyvrp(problem, given)
            elif name == "ortools":
                orders = by_or_tools(problem, seconds)
            else:
                found = search(problem, seconds=given, seed=1, clock=time.process_time)
                orders = {technician: list(visits) for technician, visits in orders_of(found).items()}
            used = time.process_time() - begun
            found_any = any(orders.values())
            end = ends[name] = finish(problem, orders)
            print(
                f"  day {seed} {name:7s} cost {end.cost:8d}  left out {end.left_out:3d}  "
                f"taken out {end.taken_out:3d}  put in {end.put_in:3d}  broken {end.broken}  cpu {used:5.1f} s"
                f"{'' if found_any else '  found no plan'}",
                flush=True,
            )
            left[name] += end.left_out
        for name in engines:
            ratios[name].append(ends["ours"].cost / ends[name].cost)
    against = ", ".join(f"ours / {NAMES[name]} {mean(found):.3f}" for name, found in ratios.items())
    counted = ", ".join(f"{NAMES.get(name, name)} {count}" for name, count in left.items())
    print(f"{technicians}/{visits}, {seconds:g} s: {against}; left out: {counted}", flush=True)


def anytime(technicians: int, visits: int, days: int, curve: list[float], long: float) -> None:
    """How far the plan after each number of seconds is from our own best after `long`, on the same days."""
    ratios: dict[float, list[float]] = {seconds: [] for seconds in curve}
    for seed in range(1, days + 1):
        problem = made_day(technicians, visits, seed)
        prices = {given: search(problem, seconds=given, clock=time.process_time).cost for given in [*curve, long]}
        best = min(prices.values())
        told = "  ".join(f"{given:g} s {cost} ({cost / best:.3f})" for given, cost in prices.items())
        print(f"  {technicians}/{visits} day {seed}: {told}", flush=True)
        for seconds in curve:
            ratios[seconds].append(prices[seconds] / best)
    told = ", ".join(f"{seconds:g} s {mean(found):.3f}" for seconds, found in ratios.items())
    print(f"{technicians}/{visits} against our best after {long:g} s: {told}", flush=True)


def main() -> None:
    """Read the command line, run what was asked."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--seconds", type=float, default=30)
    asked.add_argument("--days", type=int, default=5)
    asked.add_argument("--technicians", type=int, default=50)
    asked.add_argument("--visits", type=int, default=400)
    asked.add_argument("--parts", default="days,small,replan")
    asked.add_argument("--engines", default="vroom,pyvrp,ortools")
    asked.add_argument("--curve", default="5,10,30,60")
    asked.add_argument("--long", type=float, default=600)
    given = asked.parse_args()
    engines = given.engines.split(",")
    parts = given.parts.split(",")
    warm_up()
    if "days" in parts:
        compare(given.technicians, given.visits, given.days, given.seconds, engines)
    if "small" in parts:
        compare(10, 80, given.days, min(10, given.seconds), engines)
    if "replan" in parts:
        from benchmarks.planning.disturbed import replan

        ratios = [replan(given.technicians, given.visits, seed) for seed in range(1, given.days + 1)]
        prices, changes = ([one[kind] for one in ratios] for kind in (0, 1))
        print(
            f"re-planned in 2 s / from scratch in 8 s: price {mean(prices):.3f}, changed customers {mean(changes):.2f}"
        )
    if "any" in parts:
        curve = [float(seconds) for seconds in given.curve.split(",")]
        anytime(given.technicians, given.visits, given.days, curve, given.long)


if __name__ == "__main__":
    main()

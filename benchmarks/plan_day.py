"""Better days than any engine on the shelf? Ours, VROOM and PyVRP on the same made-up days: prices, ratios.

python -m pip install --group bench
python benchmarks/plan_day.py [--seconds 30] [--days 5] [--technicians 50] [--visits 400] [--parts days,replan,any]

All get the same CPU seconds on one core and one end (`planning.finishing`): what breaks a rule is taken out, what
still fits is put in, and one judge and one evaluator say what it is worth. VROOM stops by the wall clock, so it goes
first and the others get the CPU seconds that it used. Pin it to a core: taskset -c 0 python benchmarks/plan_day.py
"""

import argparse
import math
import time

from planning.finishing import Finished, finish
from planning.peers import by_pyvrp, by_vroom

from dispatch.planning.optimiser.made_days import made_day
from dispatch.planning.optimiser.searching import search, warm_up
from dispatch.planning.optimiser.timing import orders_of


def mean(ratios: list[float]) -> float:
    """The geometric mean."""
    return math.exp(sum(map(math.log, ratios)) / len(ratios))


def compare(technicians: int, visits: int, days: int, seconds: float) -> None:
    """Day by day, one line an engine; then the ratios."""
    to_vroom, to_pyvrp, left = [], [], [0, 0, 0]
    for seed in range(1, days + 1):
        problem = made_day(technicians, visits, seed)
        ends: dict[str, Finished] = {}
        given = seconds
        for name in ("vroom", "pyvrp", "ours"):
            begun = time.process_time()
            if name == "vroom":
                orders = by_vroom(problem, seconds)
                given = max(0.5, min(seconds, time.process_time() - begun))
            elif name == "pyvrp":
                orders = by_pyvrp(problem, given)
            else:
                found = search(problem, seconds=given, seed=1, clock=time.process_time)
                orders = {technician: list(visits) for technician, visits in orders_of(found).items()}
            used = time.process_time() - begun
            end = ends[name] = finish(problem, orders)
            print(
                f"  day {seed} {name:6s} cost {end.cost:8d}  left out {end.left_out:3d}  taken out {end.taken_out:3d}  "
                f"put in {end.put_in:3d}  broken {end.broken}  cpu {used:5.1f} s",
                flush=True,
            )
        to_vroom.append(ends["ours"].cost / ends["vroom"].cost)
        to_pyvrp.append(ends["ours"].cost / ends["pyvrp"].cost)
        left = [count + ends[name].left_out for count, name in zip(left, ("ours", "vroom", "pyvrp"), strict=True)]
    print(
        f"{technicians}/{visits}, {seconds:g} s: ours / VROOM {mean(to_vroom):.3f}, ours / PyVRP {mean(to_pyvrp):.3f}; "
        f"left out: ours {left[0]}, VROOM {left[1]}, PyVRP {left[2]}",
        flush=True,
    )


def anytime(technicians: int, visits: int, seconds: float, long: float) -> None:
    """How far the plan after `seconds` is from our own best after `long`."""
    problem = made_day(technicians, visits, 1)
    soon, late = (search(problem, seconds=given, clock=time.process_time).cost for given in (seconds, long))
    print(f"{technicians}/{visits}: after {seconds:g} s {soon}, after {long:g} s {late}: {soon / min(soon, late):.3f}")


def main() -> None:
    """Read the command line, run what was asked."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--seconds", type=float, default=30)
    asked.add_argument("--days", type=int, default=5)
    asked.add_argument("--technicians", type=int, default=50)
    asked.add_argument("--visits", type=int, default=400)
    asked.add_argument("--parts", default="days,small,replan")
    given = asked.parse_args()
    parts = given.parts.split(",")
    warm_up()
    if "days" in parts:
        compare(given.technicians, given.visits, given.days, given.seconds)
    if "small" in parts:
        compare(10, 80, given.days, min(10, given.seconds))
    if "replan" in parts:
        from planning.disturbed import replan

        ratios = [replan(given.technicians, given.visits, seed) for seed in range(1, given.days + 1)]
        prices, changes = ([one[kind] for one in ratios] for kind in (0, 1))
        print(
            f"re-planned in 2 s / from scratch in 8 s: price {mean(prices):.3f}, changed customers {mean(changes):.2f}"
        )
    if "any" in parts:
        anytime(given.technicians, given.visits, given.seconds, 600)


if __name__ == "__main__":
    main()

"""How near to the best known? Published instances, ours and PyVRP in the same CPU seconds on one core.

python -m pip install --group bench
python -m benchmarks.literature FOLDER [--seconds 30] [--goal shortest|fewest] [--only R104,RC108] [--no-peer]

FOLDER holds files as published (Solomon, Gehring and Homberger, Pillac et al.), found by their endings .txt or .TXT;
the name in the file says which instance it is. Two goals, each against its own table (`planning/best_known.py`):

- `shortest` (the default): shortest distance with the file's number of vehicles, ways cut to tenths, against the
  shortest known distance;
- `fewest`: the number of vehicles is given as the fewest known, the distance in double precision is set against the
  best known with so many. A customer left out is printed and counted, and the ratio is then of no worth.

Pillac's instances have no table: their distance and working time are printed. What is planned is measured again from
the points, and judged.
"""

import argparse
import math
import time
from pathlib import Path

from benchmarks.planning.best_known import FEWEST, SHORTEST
from benchmarks.planning.peers import by_pyvrp_alike
from dispatch.planning.optimiser.judging import broken_rules
from dispatch.planning.optimiser.plan import LeftOut, Plan
from dispatch.planning.optimiser.problem import Problem
from dispatch.planning.optimiser.published.measuring import Measure, Published
from dispatch.planning.optimiser.published.reading import Format, format_of, read_published
from dispatch.planning.optimiser.published.settling import is_settled, settled
from dispatch.planning.optimiser.searching import search, warm_up
from dispatch.planning.optimiser.timing import timed_plan


def ours(problem: Problem, seconds: float, seed: int) -> tuple[Problem, Plan]:
    """Our plan in so many CPU seconds, and the problem that it is for (nobody there twice)."""

    def look(asked: Problem, previous: Plan | None, share: float) -> Plan:
        return search(asked, seconds=seconds * share, seed=seed, previous=previous, clock=time.process_time)

    return (problem, look(problem, None, 1.0)) if is_settled(problem) else settled(problem, look)


def pyvrps(problem: Problem, seconds: float) -> Plan:
    """PyVRP's plan in so many CPU seconds, with our times."""
    orders = by_pyvrp_alike(problem, seconds)
    done = {visit for visits in orders.values() for visit in visits}
    left = tuple(LeftOut(visit=one.id, why_zh="", why_en="") for one in problem.visits if one.id not in done)
    return Plan(routes=timed_plan(problem, orders), left_out=left)


def instances(folder: Path, only: set[str], goal: str) -> list[tuple[Published, float | None]]:
    """The instances of a folder, and what is best known of each."""
    read = []
    for path in sorted(folder.iterdir(), key=lambda one: (len(one.name), one.name)):
        if path.suffix.lower() != ".txt":
            continue
        raw = path.read_bytes()
        form = format_of(raw)
        measure = Measure.tenths if goal == "shortest" else Measure.double
        published = read_published(raw, form, measure=measure)
        name = published.name.upper()
        if only and name not in only:
            continue
        if form is Format.solomon and goal == "fewest" and name in FEWEST:
            published = read_published(raw, form, measure=measure, vehicles=FEWEST[name][0])
            read.append((published, FEWEST[name][1]))
        else:
            read.append((published, SHORTEST.get(name) if goal == "shortest" else None))
    return read


def main() -> None:
    """Read the command line, measure, print a line an instance and engine, then means of ratios."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("folder", type=Path, nargs="?")
    asked.add_argument("--seconds", type=float, default=30)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--goal", choices=("shortest", "fewest"), default="shortest")
    asked.add_argument("--only", default="")
    asked.add_argument("--no-peer", action="store_true")
    given = asked.parse_args()
    if given.folder is None:
        print("no folder of published instances was named: nothing measured")
        return
    warm_up()
    ratios: dict[str, list[float]] = {}
    for published, best in instances(given.folder, set(filter(None, given.only.upper().split(","))), given.goal):
        for engine in ("ours",) if given.no_peer or published.via else ("ours", "pyvrp"):
            begun = time.process_time()
            if engine == "ours":
                problem, plan = ours(published.problem, given.seconds, given.seed)
            else:
                problem, plan = published.problem, pyvrps(published.problem, given.seconds)
            used = time.process_time() - begun
            length = published.measured(plan)
            ratio = length.distance / best if best is not None and not length.left_out else math.nan
            if not math.isnan(ratio):
                ratios.setdefault(f"{engine} {len(problem.visits)}", []).append(ratio)
            print(
                f"  {published.name:9s} {engine:5s} distance {length.distance:9.2f}  best {best or math.nan:8.2f}  "
                f"ratio {ratio:.4f}  routes {length.routes:2d}  working {length.working:9.1f}  "
                f"left out {length.left_out}  broken {len(broken_rules(problem, plan))}  cpu {used:.1f} s",
                flush=True,
            )
    for which, found in ratios.items():
        average = math.exp(sum(map(math.log, found)) / len(found))
        print(
            f"{which} customers, {given.seconds:g} s, {given.goal}: mean {average:.4f} of {len(found)}, "
            f"worst {max(found):.4f}"
        )


if __name__ == "__main__":
    main()

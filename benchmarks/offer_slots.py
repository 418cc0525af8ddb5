"""How long "which windows can I offer?" takes: 50 technicians, 14 days, five windows a day; milliseconds, p50 and p99.

python -m benchmarks.offer_slots [questions]

The peer is the same question asked the plain way: each gap of one day timed anew and put before the judge.
"""

import sys
import time

import numpy as np

from dispatch.planning.optimiser.judging import judge_route
from dispatch.planning.optimiser.made_days import HOUR, SKILLS, made_day
from dispatch.planning.optimiser.people_and_visits import Visit
from dispatch.planning.optimiser.searching import search, warm_up
from dispatch.planning.optimiser.slots import SlotFinder
from dispatch.planning.optimiser.timing import orders_of, timed
from dispatch.planning.optimiser.travel import StraightLine
from dispatch.planning.optimiser.values import Window

TECHNICIANS, VISITS, DAYS = 50, 400, 14
WINDOWS = [Window(start=hour * HOUR, end=(hour + 2) * HOUR) for hour in (8, 10, 12, 14, 16)]


def main() -> None:
    """Plan a fortnight that is emptier the later it is, then ask."""
    questions = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    warm_up()
    days = {}
    for number in range(DAYS):
        problem = made_day(TECHNICIANS, int(VISITS * (1 - 0.055 * number)), 100 + number)
        days[f"day-{number:02d}"] = problem, search(problem, iterations=5_000)
    finder = SlotFinder(days)
    chance = np.random.default_rng(5)
    first = next(iter(days.values()))[0].travel
    assert isinstance(first, StraightLine)
    took, found = [], []
    wish = None
    for _ in range(questions):
        spot = first.points[int(chance.integers(len(first.points)))]
        skill = SKILLS[int(chance.integers(len(SKILLS)))]
        wish = Visit(id="wish", place="wish", duration=2_400, windows=(WINDOWS[0],), skills={skill: 1}, area="area-3")
        begun, used = time.perf_counter(), time.process_time()
        offers = finder.offers(wish, WINDOWS, spot)
        took.append((time.perf_counter() - begun, time.process_time() - used))
        found.append(len(offers))
    clock, cpu = (np.quantile([one[kind] for one in took], (0.5, 0.99)) * 1_000 for kind in (0, 1))
    print(
        f"{TECHNICIANS} technicians, {DAYS} days, {questions} questions, {np.mean(found):.1f} of "
        f"{DAYS * len(WINDOWS)} windows offered: p50 {clock[0]:.2f} ms, p99 {clock[1]:.2f} ms by the clock; "
        f"p50 {cpu[0]:.2f} ms, p99 {cpu[1]:.2f} ms of CPU"
    )
    problem, plan = days["day-09"]
    assert wish is not None
    place = problem.visits[0].place
    asked = problem.model_copy(update={"visits": (*problem.visits, wish.model_copy(update={"place": place}))})
    orders = {technician: list(visits) for technician, visits in orders_of(plan).items()}
    used = time.process_time()
    for technician in problem.technicians[:10]:
        visits = orders.get(technician.id, [])
        for gap in range(len(visits) + 1):
            judge_route(asked, timed(asked, technician.id, [*visits[:gap], "wish", *visits[gap:]]))
    plain = (time.process_time() - used) * TECHNICIANS / 10 * DAYS * len(WINDOWS) * 1_000
    print(f"the plain way, scaled up from a part of one day: {plain:.0f} ms of CPU, {plain / cpu[0]:.0f} x")


if __name__ == "__main__":
    main()

"""Running chains in spells: by the clock or by count, on one core or several, watched and stopped from one thread."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass

from dispatch.planning.optimiser.search.chain import Chain

SPELLS = 100  # looks up so often, by the clock
LONGEST_SPELL = 0.25  # seconds
ROUNDS_A_SPELL = 10_000  # by count
LOOKS = 0.05  # seconds between two looks at whether to stop

Clock = Callable[[], float]
Task = Callable[[], None]


@dataclass(frozen=True)
class Progress:
    """How far a search is: share of its time (0 to 1), rounds done, and the price of the best plan so far."""

    part: float
    iterations: int
    cost: int


Watch = Callable[[Progress], object]
Cancelled = Callable[[], bool]


class Bell:
    """Rung once, to end all spells."""

    rung = False


def run_by_count(chain: Chain, iterations: int, bell: Bell) -> None:
    """So many rounds, in spells of a length that does not depend on the machine."""
    spells = max(1, -(-iterations // ROUNDS_A_SPELL), min(20, iterations))
    for spell in range(spells):
        if bell.rung:
            return
        count = iterations * (spell + 1) // spells - iterations * spell // spells
        chain.run(count, spell / spells, (spell + 1) / spells)


def run_by_clock(chain: Chain, seconds: float, bell: Bell, clock: Clock = time.monotonic) -> None:
    """Rounds until `seconds` have gone by."""
    begun = clock()
    rate = 5_000.0  # rounds a second, until known better
    spell = min(LONGEST_SPELL, max(seconds / SPELLS, 0.005))
    gone = 0.0
    while gone < seconds and not bell.rung:
        length = min(spell, seconds - gone)
        rounds = max(1, int(rate * length))
        chain.run(rounds, gone / seconds, min(1.0, (gone + length) / seconds))
        now = clock() - begun
        rate = rounds / max(now - gone, 1e-6)
        gone = now


@contextmanager
def ringing(bell: Bell) -> Iterator[None]:
    """Whatever ends this block ends the spells: nothing runs on behind a caller that was interrupted."""
    try:
        yield
    finally:
        bell.rung = True


def run_tasks(tasks: Sequence[Task], cores: int, bell: Bell, look: Callable[[], None]) -> None:
    """Run all, at most `cores` at once; `look` is called in this thread again and again, and may ring the bell."""
    with ThreadPoolExecutor(max(1, cores)) as threads, ringing(bell):
        running = {threads.submit(task) for task in tasks}
        while running:
            done, running = wait(running, timeout=LOOKS, return_when=FIRST_COMPLETED)
            for one in done:
                one.result()
            look()

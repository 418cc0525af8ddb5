"""Is the right cause among the first three, and how quickly? A made-up city of repairs with known causes, both engines.

    .venv/bin/python -m benchmarks.similar_faults [REPAIRS] [ASKED]      (100000 and 2000 by default)

The last ASKED repairs are asked about one after the other, each as it looked before anybody came, and filed only
afterwards: what is known is what was known on that day. The ranker gets no cause, and files causes as technicians
write them, wrong ones included; it is judged by the true ones. How the city is made: tests/repair_city.py.
"""

import statistics
import sys
import tempfile
import time
from collections import Counter

from dispatch.database import Database
from dispatch.health_files.filing import file_cases
from dispatch.health_files.signs import known_symptom
from dispatch.health_files.similar import what_helped
from dispatch.migrating import migrate
from tests.postgres import running_postgres
from tests.repair_city import Repair, asked_again, repairs

BATCH = 1000
FIRST = 3


def main() -> None:
    """Print accuracy beside two naive baselines, then the times on each engine."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    asked = int(sys.argv[2]) if len(sys.argv) > 2 else 2_000
    begun = time.perf_counter()
    city = repairs(number)
    known, later = city[:-asked], city[-asked:]
    print(f"{number} repairs made in {time.perf_counter() - begun:.0f} s; asked about the last {asked}")
    wrong = sum(one.case.cause != one.truth for one in city) / number
    print(f"causes as written down that are not true: {wrong:.1%}")
    naive(known, later)
    with tempfile.TemporaryDirectory() as folder:
        measure("SQLite", f"sqlite:///{folder}/city.db", known, later)
    with running_postgres(durable=True) as url:
        measure("PostgreSQL", url, known, later)


def naive(known: list[Repair], later: list[Repair]) -> None:
    """What could be had without any of this: the usual causes, and the usual causes of the same quick picks."""
    usual = Counter(one.case.cause for one in known if one.case.cause != "unknown")
    most = [cause for cause, _ in usual.most_common(FIRST)]
    by_symptoms: dict[frozenset[str], Counter[str]] = {}
    for one in known:
        if one.case.cause != "unknown":
            by_symptoms.setdefault(_picked(one), Counter())[one.case.cause] += 1
    hits = matched = 0
    for one in later:
        hits += one.truth in most
        alike = by_symptoms.get(_picked(one), usual)
        matched += one.truth in [cause for cause, _ in alike.most_common(FIRST)]
    print(f"baseline, most frequent causes:   {hits / len(later):6.1%} among the first {FIRST}")
    print(f"baseline, same quick picks only:  {matched / len(later):6.1%} among the first {FIRST}")


def _picked(one: Repair) -> frozenset[str]:
    return frozenset(told for told in one.case.looks.symptoms if known_symptom(told))


def measure(engine: str, url: str, known: list[Repair], later: list[Repair]) -> None:
    """File what is known, then ask and file, one repair after the other."""
    database = Database(url)
    migrate(database)
    begun = time.perf_counter()
    for first in range(0, len(known), BATCH):
        with database.writing() as session:
            file_cases(session, [one.case for one in known[first : first + BATCH]])
    filed = time.perf_counter() - begun
    places: list[int] = []
    times: list[float] = []
    own: list[float] = []
    shown = near = 0
    for one in later:
        looks, place = asked_again(one)
        with database.reading() as session:
            before, busy = time.perf_counter(), time.process_time()
            answer = what_helped(session, looks, place, one.case.at)
            times.append((time.perf_counter() - before) * 1000)
            own.append((time.process_time() - busy) * 1000)
        causes = [candidate.ranked.cause for candidate in answer.candidates]
        places.append(causes.index(one.truth) + 1 if one.truth in causes else 0)
        shown += bool(answer.past)
        near += any(past.link in ("line", "splitter", "building") for past in answer.past)
        with database.writing() as session:
            file_cases(session, [one.case])
    hits = [sum(0 < place <= first for place in places) / len(places) for first in (1, FIRST)]
    cuts = statistics.quantiles(times, n=100)
    print(f"{engine}: filed {len(known)} in {filed:.0f} s")
    print(f"  right cause first {hits[0]:.1%}, among the first {FIRST} {hits[1]:.1%}")
    print(f"  answer p50 {cuts[49]:.1f} ms, p95 {cuts[94]:.1f} ms, p99 {cuts[98]:.1f} ms, longest {max(times):.1f} ms")
    print(f"  of it this process's own computing: p95 {statistics.quantiles(own, n=100)[94]:.1f} ms")
    print(f"  a past repair shown for {shown / len(later):.1%}, of this line or next door for {near / len(later):.1%}")
    by_cause = Counter(one.truth for one in later)
    found = Counter(one.truth for one, place in zip(later, places, strict=True) if 0 < place <= FIRST)
    told = ", ".join(f"{cause} {found[cause] / n:.0%} of {n}" for cause, n in by_cause.most_common())
    print(f"  by true cause: {told}")
    database.dispose()


if __name__ == "__main__":
    main()

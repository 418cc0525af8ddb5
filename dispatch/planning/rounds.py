"""Planning rounds: claim what waits, plan it beside other work, tell how far it is, and keep the proposal.

The search runs outside any transaction. A stop lets go of what is under way, so that another machine takes it at once.
"""

import hashlib
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Event, Lock, Thread

from checklists.words import Words
from dispatch.database import Database
from dispatch.errors import NotAllowed, Refusal
from dispatch.planning.asked import Asked
from dispatch.planning.claiming import Claim, claim, fail, finish, let_go, something_waits, still_ours
from dispatch.planning.day_problem import day_problem
from dispatch.planning.day_rows import day_rows
from dispatch.planning.day_standing import DayProblem
from dispatch.planning.optimiser.plan import Plan
from dispatch.planning.optimiser.spells import Progress
from dispatch.planning.optimiser.travel import StraightLine
from dispatch.planning.proposal import Proposal, present_plan, proposal_of
from dispatch.planning.tables import PlanRun
from dispatch.planning.travel import travelled
from dispatch.settings import Settings
from dispatch.technicians.tables import Area

log = logging.getLogger("doorstep.planning")
TELLS_EVERY = 1.0  # seconds
USUAL_DRIVING = timedelta(hours=11)  # after midnight: the part of the day whose traffic a day to come is planned with
NOBODY_WORKS = Words(
    "当天该片区没有人排班，无法排程。请先登记班次。",
    "Nobody has a shift in this area that day. Enter the shifts first.",
)
WENT_WRONG = Words(
    "排程时发生内部错误，已记录。请稍后重试。", "Something went wrong while planning; it was logged. Try again later."
)


def warm_up_behind() -> Thread:
    """Have the search's machine code ready, in the background: nobody waits for it, and a failure costs only time."""

    def warm() -> None:
        begun = time.monotonic()
        try:
            from dispatch.planning.optimiser.searching import warm_up  # loads the compiler: not while others wait

            warm_up()
            log.info("the planner is warm", extra={"facts": {"seconds": round(time.monotonic() - begun, 1)}})
        except Exception:
            log.exception("the planner could not be warmed up; the first plan will take longer")

    thread = Thread(target=warm, name="warm-up", daemon=True)
    thread.start()
    return thread


class Planner:
    """Plans what waits, as many runs at once as the settings allow."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings
        self._stopping = Event()
        self._lock = Lock()
        self._free = settings.plans_at_once
        self._threads = ThreadPoolExecutor(settings.plans_at_once, thread_name_prefix="plan")

    def round(self) -> int:
        """Claim what waits and begin with it; returns how many. Does not wait for their end."""
        with self._lock:
            free = 0 if self._stopping.is_set() else self._free
        if not free:
            return 0
        now = self._database.now()
        with self._database.reading() as session:
            if not something_waits(session, now):
                return 0
        with self._database.writing() as session:
            held = claim(session, now, free)
        with self._lock:
            self._free -= len(held)
        for one in held:
            self._threads.submit(self._plan_and_free, one)
        return len(held)

    def wait(self) -> None:
        """Wait for what is under way."""
        while True:
            with self._lock:
                if self._free == self._settings.plans_at_once:
                    return
            time.sleep(0.01)

    def close(self) -> None:
        """Claim nothing more; let go of what is under way."""
        self._stopping.set()
        self._threads.shutdown(wait=True)

    def _plan_and_free(self, held: Claim) -> None:
        try:
            plan_run(self._database, self._settings, held, self._stopping)
        finally:
            with self._lock:
                self._free += 1


def plan_run(database: Database, settings: Settings, held: Claim, stopping: Event | None = None) -> None:
    """Plan one claimed run to its end, whatever that is: a proposal, a refusal, called off, or let go."""
    stopping = stopping or Event()
    try:
        found = _planned(database, settings, held, stopping)
    except Refusal as refusal:
        _say(database, held, refusal.words)
        return
    except Exception:
        log.exception("plan %s: failed", held.run_id)
        _say(database, held, WENT_WRONG)
        return
    with database.writing() as session:
        if found is None:
            if stopping.is_set():
                let_go(session, held)
            else:
                fail(session, held, database.now(), Words("", ""))
            return
        day, proposal = found
        text = day.problem.model_dump_json()
        kept = finish(
            session,
            held,
            database.now(),
            problem=text,
            sha256=hashlib.sha256(text.encode()).hexdigest(),
            proposal=proposal.model_dump(mode="json"),
        )
    log.info("planned", extra={"facts": {"plan": str(held.run_id), "kept": kept, "visits": len(day.problem.visits)}})


def _planned(
    database: Database, settings: Settings, held: Claim, stopping: Event
) -> tuple[DayProblem, Proposal] | None:
    """The problem of the run's day and the proposal; None when it was called off meanwhile."""
    now = database.now()
    with database.reading() as session:
        run = session.get_one(PlanRun, held.run_id)
        asked: Asked = run.wanted
        area = session.get_one(Area, run.area_id)
        rows = day_rows(
            session,
            area,
            run.on,
            settings.zone,
            orders=list(asked.about("urgent")),
            with_waiting=asked.with_waiting,
        )
    day = day_problem(rows, asked, now=now)
    if day is None:
        raise NobodyWorks
    straight = day.problem.travel
    assert isinstance(straight, StraightLine)
    wanted = max(now, day.midnight + USUAL_DRIVING)
    ways = travelled(database, settings, straight, now=now, wanted=wanted)
    day = replace(day, problem=day.problem.model_copy(update={"travel": ways.travel}))
    watch = _Watch(database, held, stopping)
    plan = _search(day, run, watch)
    if watch.stopped:
        return None
    proposal = proposal_of(day, plan, now=database.now())
    return day, proposal.model_copy(update={"travel": ways.service, "travel_fell_back": ways.fell_back})


class NobodyWorks(NotAllowed):
    """There is no shift to plan."""

    name = "nobody-works"

    def __init__(self) -> None:
        super().__init__(NOBODY_WORKS)


def _search(day: DayProblem, run: PlanRun, watch: "_Watch") -> Plan:
    """Look for a plan. A re-plan starts from the day as it stands, and changes as little of it as pays."""
    from dispatch.planning.optimiser.searching import search

    return search(
        day.problem,
        seconds=None if run.iterations else run.seconds,
        iterations=run.iterations,
        seed=run.seed,
        previous=present_plan(day) if run.kind == "replan" else None,
        watch=watch.tell,
        cancelled=watch.is_over,
    )


class _Watch:
    """Tells once a second how far the search is, and learns whether to stop."""

    def __init__(
        self, database: Database, held: Claim, stopping: Event, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._database, self._held, self._stopping, self._clock = database, held, stopping, clock
        self._told = clock()
        self.stopped = False

    def tell(self, progress: Progress) -> None:
        """Write how far it is, if a second has passed since the last time."""
        if self._clock() - self._told < TELLS_EVERY:
            return
        self._told = self._clock()
        with self._database.writing() as session:
            if not still_ours(session, self._held, self._database.now(), int(progress.part * 100)):
                self.stopped = True

    def is_over(self) -> bool:
        """Whether to stop."""
        self.stopped = self.stopped or self._stopping.is_set()
        return self.stopped


def _say(database: Database, held: Claim, words: Words) -> None:
    with database.writing() as session:
        fail(session, held, database.now(), words)

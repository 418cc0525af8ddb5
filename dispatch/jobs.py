"""The jobs process: the only clock. It wakes up what is owed; the rows in the database are the timers.

Nothing is remembered here between two wakes, so a restart misses nothing and any number of processes may run jobs.
"""

import logging
from collections.abc import Callable
from datetime import UTC
from threading import Event

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from dispatch.accounts.batches import until_none_is_left
from dispatch.accounts.tidying import forget_old_tries
from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import SYSTEM
from dispatch.care.compensation.proposing import propose_from_evidence
from dispatch.care.complaints.telling import complaint_address
from dispatch.care.complaints.watching import note_overdue, settle_provisional
from dispatch.care.knowledge.actions import file_closed_complaints, file_known
from dispatch.care.return_calls.actions import plan_return_calls
from dispatch.care.tasks.actions import escalate
from dispatch.clock import utc_now
from dispatch.health_files.sealed_repairs import file_sealed, index_unindexed
from dispatch.house import House
from dispatch.kpis.filing import file_waiting
from dispatch.live.feed import forget_old_changes
from dispatch.notices.channels.chosen import channels_of
from dispatch.notices.own_texts import live_texts
from dispatch.notices.rounds import Sender
from dispatch.notices.sending import Claimed, LiveTexts
from dispatch.notices.watching import watch
from dispatch.outages.actions import owe_outages
from dispatch.planning.rounds import Planner, warm_up_behind
from dispatch.planning.tidying import tidy_planning
from dispatch.records.asking import owe_satisfaction
from dispatch.records.documents import draw_missing
from dispatch.records.publishing import publish_head
from dispatch.search.index import index_waiting
from dispatch.settings import Settings
from dispatch.visits.links import link_address
from dispatch.visits.reminding import owe_reminders

log = logging.getLogger("doorstep.jobs")

NOTICES_EVERY = 1  # second
DEADLINES_EVERY = 5  # seconds
REMINDERS_EVERY = 60  # seconds
QUESTIONS_EVERY = 300  # seconds
OUTAGES_EVERY = 10  # seconds
DOCUMENTS_EVERY = 3  # seconds
LEDGER_EVERY = 600  # seconds; once a day, and tried again until it went out
PLANS_EVERY = 0.5  # seconds; what it claims is planned beside
WARM_UP_PATIENCE = 5  # seconds that a stop waits for machine code that is just being made
REPAIRS_EVERY = 10  # seconds
INDEX_EVERY = 3600  # seconds; needed after a restore, and then at once
SEARCH_EVERY = 2  # seconds
CARE_EVERY = 60  # seconds
FIGURES_EVERY = 5  # seconds
TIDY_EVERY = 3600  # seconds
AT_REST = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
"""Late is better than never: a wake that was missed is made up for, once, and never runs beside itself."""


def run_jobs(house: House, stop: Event) -> None:
    """Wake what is owed until `stop` is set; then let what is under way come to its end."""
    sender = sender_of(house)
    planner, warm = Planner(house.database, house.settings), warm_up_behind()
    scheduler = BackgroundScheduler(
        executors={"default": ThreadPoolExecutor(4)}, job_defaults=AT_REST, timezone=UTC, daemon=True
    )
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # it warns of every wake that finds the last one busy
    for name, seconds, do in (
        ("send notices", NOTICES_EVERY, lambda: sender.round(house.database.now)),
        ("watch deadlines", DEADLINES_EVERY, lambda: watch(house.database, house.database.now())),
        ("owe reminders", REMINDERS_EVERY, lambda: _owe(house, owe_reminders)),
        ("owe questions", QUESTIONS_EVERY, lambda: _owe(house, owe_satisfaction)),
        ("tell of outages", OUTAGES_EVERY, lambda: _owe(house, owe_outages)),
        ("plan days", PLANS_EVERY, planner.round),
        ("draw documents", DOCUMENTS_EVERY, lambda: draw_missing(house)),
        ("publish the ledger", LEDGER_EVERY, lambda: publish_head(house, house.database.now())),
        ("file repairs", REPAIRS_EVERY, lambda: _owe(house, file_sealed)),
        ("index repairs", INDEX_EVERY, lambda: _owe(house, index_unindexed)),
        ("index for search", SEARCH_EVERY, lambda: _batches(house, lambda turn: index_waiting(turn.session))),
        ("count figures", FIGURES_EVERY, lambda: _batches(house, file_waiting)),
        ("watch complaints", CARE_EVERY, lambda: _owe(house, note_overdue)),
        ("escalate tasks", CARE_EVERY, lambda: _owe(house, escalate)),
        ("plan return calls", QUESTIONS_EVERY, lambda: _owe(house, plan_return_calls)),
        ("propose compensation", INDEX_EVERY, lambda: _owe(house, propose_from_evidence)),
        ("file what is known", INDEX_EVERY, lambda: _owe(house, file_known)),
        ("file complaints", CARE_EVERY, lambda: _owe(house, file_closed_complaints)),
        ("settle deadlines", TIDY_EVERY, lambda: _owe(house, settle_provisional)),
        ("tidy up", TIDY_EVERY, lambda: _tidy(house)),
    ):
        scheduler.add_job(guarded(name, do), "interval", seconds=seconds, next_run_time=utc_now(), id=name)
    scheduler.start()
    log.info("jobs begin")
    stop.wait()
    planner.close()
    sender.close()
    scheduler.shutdown(wait=True)
    warm.join(WARM_UP_PATIENCE)
    log.info("jobs end")


def sender_of(house: House) -> Sender:
    """Sends notices through the channel that the settings name, with the customer's link in them."""

    def texts() -> LiveTexts:
        with house.database.reading() as session:
            return live_texts(session)

    channels = channels_of(house.settings)
    return Sender(house.database, house.settings, channels, lambda one: _address(house.settings, one), texts)


def _address(settings: Settings, notice: Claimed) -> str:
    """The address that a notice carries: the visit's link, or the page of the outage that it speaks of."""
    link_id, outage_id = notice.facts.get("link_id"), notice.facts.get("outage_id")
    if link_id:
        return link_address(settings, str(link_id))
    if complaint := notice.facts.get("complaint_link"):
        return complaint_address(settings, str(complaint))
    return f"{settings.public_url.rstrip('/')}/outages/{outage_id}" if outage_id else settings.public_url


def _owe(house: House, owe: Callable[[Turn], int]) -> None:
    """Write down what has become due to be said, at the time of the clock that all share."""
    if owed := _batches(house, owe):
        log.info("owed", extra={"facts": {"what": owe.__name__, "count": owed}})


def _batches(house: House, do: Callable[[Turn], int]) -> int:
    return until_none_is_left(house.database, house.settings, do)


def guarded(name: str, do: Callable[[], object]) -> Callable[[], None]:
    """The same, but what goes wrong is logged and tried again at the next wake: nothing ends the process."""

    def wake() -> None:
        try:
            do()
        except Exception:
            log.exception("%s: failed, tried again at the next wake", name)

    return wake


def _tidy(house: House) -> None:
    with house.database.writing() as session:
        gone = forget_old_tries(session, utc_now())
        tidy_planning(Turn(session, SYSTEM, house.database.now(), house.settings))
        forget_old_changes(session, house.database.now())
    if gone:
        log.info("tidy up: %d old tries to sign in forgotten", gone)

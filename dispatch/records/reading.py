"""Reading entries: what is odd about each, and what it means for the visit's state. Nothing is dropped."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from checklists.answers import AnswerContext, flaws
from checklists.definition import Checklist
from checklists.progress import Progress
from dispatch.accounts.turn import Turn
from dispatch.errors import Refusal
from dispatch.records.entries import ARRIVED, DEPARTED, FLAG_WORDS, LEFT_DOOR, Flag, clock_flag
from dispatch.records.tables import EntryRow
from dispatch.visits import on_the_day
from dispatch.visits.life import Status
from dispatch.visits.tables import Visit

LONGEST_WAY = 240  # minutes that a technician may say; more is a slip of the finger


@dataclass(frozen=True)
class SentEntry:
    """One entry as the phone made it."""

    id: UUID
    step: str
    key: str
    value: Any
    at: datetime
    blobs: tuple[str, ...] = ()


def flags_of(
    checklist: Checklist,
    row: EntryRow,
    shut: Collection[str],
    context: AnswerContext,
    *,
    visit_is_open: bool,
    is_theirs: bool,
    beside: str | None = None,
) -> list[dict[str, str]]:
    """What is odd about an entry, each with a code and words; empty when nothing is. `shut`: see `shut_steps`.

    `beside`: for whom alone it counts (see `conflict_rules.kept_beside`); kept with the last flag, which says why.
    """
    odd: list[Flag] = []
    details: list[dict[str, str]] = []
    if (row.step, row.key) == DEPARTED:
        pass
    elif not checklist.has(row.step, row.key):
        odd.append("unknown_field")
    else:
        for flaw in flaws(checklist.field(row.step, row.key), row.value, context):
            details.append({"code": f"flawed:{flaw.code}", "zh": flaw.words.zh, "en": flaw.words.en})
        if row.step in shut:
            odd.append("out_of_order")
    if clock := clock_flag(row.at, row.received_at):
        odd.append(clock)
    if not visit_is_open:
        odd.append("visit_closed")
    if not is_theirs:
        odd.append("reassigned")
    told = details + [{"code": flag, "zh": FLAG_WORDS[flag].zh, "en": FLAG_WORDS[flag].en} for flag in odd]
    if beside is not None and told:
        told[-1] = {**told[-1], "beside": beside}
    return told


def shut_steps(found: Progress) -> frozenset[str]:
    """Steps that may not be begun as things are. Found once for a parcel: for each entry it would cost the square."""
    return frozenset(step.key for step in found.steps if step.state in ("locked", "not_needed"))


def move_visit(turn: Turn, visit: Visit, row: EntryRow) -> dict[str, str] | None:
    """Let an entry move the visit's state; what the state forbids comes back as a flag, not as a lost entry."""
    at = row.at if clock_flag(row.at, row.received_at) is None else turn.now
    what = (row.step, row.key)
    try:
        if what == DEPARTED and visit.status == Status.BOOKED:
            on_the_day.depart(turn, visit.id, at=at, predicted=_predicted(row.value, at))
        elif what == ARRIVED and row.value and visit.status in (Status.BOOKED, Status.EN_ROUTE):
            if visit.status == Status.BOOKED:
                on_the_day.depart(turn, visit.id, at=at, arrived=True)
            on_the_day.arrive(turn, visit.id, at=at)
        elif what == LEFT_DOOR and row.value and visit.status in (Status.EN_ROUTE, Status.ON_SITE):
            on_the_day.no_access(turn, visit.id, note_left=True, at=at)
    except Refusal as refusal:
        return {"code": refusal.name, "zh": refusal.words.zh, "en": refusal.words.en}
    return None


def _predicted(said: Any, departed: datetime) -> datetime | None:
    """When the technician expects to arrive, if the phone says it: {"at": …, "minutes": so many from then}."""
    minutes = said.get("minutes") if isinstance(said, dict) else None
    if not isinstance(minutes, int) or isinstance(minutes, bool) or not 0 < minutes <= LONGEST_WAY:
        return None
    return departed + timedelta(minutes=minutes)

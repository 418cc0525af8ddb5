"""What helped when this line, or one near it, looked like this: causes with their reasons, remedies, past repairs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import Executable, select
from sqlalchemy.orm import Session

from checklists.visit_repair_v1 import ACTIONS
from dispatch.health_files.filing import DID, DID_HELP
from dispatch.health_files.places import Place
from dispatch.health_files.ranking import ALL, Neighbour, Ranked, Scope, likeness, rank
from dispatch.health_files.signs import Looks, model_key, signs_of
from dispatch.health_files.tables import FaultSign, RepairCase
from dispatch.health_files.words_index import find_words, token_of

NEAR_FOR = {"line": timedelta(days=1100), "splitter": timedelta(days=60), "building": timedelta(days=400)}
MOST_NEAR = 30
MOST_SHOWN = 5
FOUND_BY_SIGNS = 40
FEWEST_FOUND = 8
LOOKS_LIKE = 0.3  # shared signs from which a past repair is shown
BONUS = {"line": 0.5, "splitter": 0.4, "building": 0.25, "device": 0.1, "signs": 0.0}
CANDIDATES = 3

Link = Literal["line", "splitter", "building", "device", "signs"]


@dataclass(frozen=True)
class Remedy:
    """What was done for a cause: in `tried` repairs of known result, and in how many of these the fault stayed away."""

    action: str
    tried: int
    helped: int


@dataclass(frozen=True)
class Candidate:
    """A cause that fits, why, and what helped against it (most helpful first)."""

    ranked: Ranked
    remedies: tuple[Remedy, ...]


@dataclass(frozen=True)
class PastRepair:
    """A repair that looked like this: why it is shown, how alike it looked (0 to 1), and what came of it."""

    number: int
    visit_id: UUID
    record: str
    at: datetime
    line_id: UUID
    link: Link
    alike: float
    shared: tuple[str, ...]
    cause: str
    actions: tuple[str, ...]
    outcome: str
    helped: bool | None
    came_back_at: datetime | None


@dataclass(frozen=True)
class WhatHelped:
    """The answer: `signs` are what was asked with, `known` how many repairs it rests on."""

    signs: tuple[str, ...]
    known: int
    candidates: tuple[Candidate, ...]
    past: tuple[PastRepair, ...]


def what_helped(session: Session, looks: Looks, place: Place, now: datetime, *, but: UUID | None = None) -> WhatHelped:
    """Causes, remedies and past repairs for a fault that looks like `looks` at `place`. `but`: leave out this visit.

    The caller has checked that the viewer may see the line. What it tells of other lines holds no person and no
    address.
    """
    signs = signs_of(looks)
    counts = _counts_of(session, [ALL, *signs])
    near = _near(session, place, now, but)
    neighbours = [
        Neighbour(scope, max(0.0, (now - row.at) / timedelta(days=1)), row.cause, frozenset(row.signs))
        for scope, row in _by_scope(near, place)
    ]
    ranked = rank(signs, counts, neighbours, most=CANDIDATES)
    remedies = _remedies(session, [one.cause for one in ranked])
    alike = _found_by_signs(session, signs, counts, but)
    return WhatHelped(
        tuple(signs),
        sum(counts.get(ALL, {}).values()),
        tuple(Candidate(one, remedies.get(one.cause, ())) for one in ranked),
        _past(signs, place, looks, [*near, *alike]),
    )


def _counts_of(session: Session, signs: Sequence[str]) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {}
    asked = select(FaultSign.sign, FaultSign.cause, FaultSign.cases).where(FaultSign.sign.in_(signs))
    for sign, cause, cases in session.execute(asked):
        counts.setdefault(sign, {})[cause] = cases
    return counts


_ROW = (
    RepairCase.number, RepairCase.visit_id, RepairCase.record, RepairCase.at, RepairCase.line_id, RepairCase.splitter,
    RepairCase.building, RepairCase.device_model, RepairCase.signs, RepairCase.cause, RepairCase.actions,
    RepairCase.outcome, RepairCase.helped, RepairCase.came_back_at,
)  # fmt: skip


@dataclass(frozen=True)
class _Row:
    number: int
    visit_id: UUID
    record: str
    at: datetime
    line_id: UUID
    splitter: str | None
    building: str | None
    device_model: str | None
    signs: list[str]
    cause: str
    actions: list[str]
    outcome: str
    helped: bool | None
    came_back_at: datetime | None


def _read(session: Session, asked: Executable) -> list[_Row]:
    return [_Row(**row) for row in session.execute(asked).mappings()]


def _near(session: Session, place: Place, now: datetime, but: UUID | None) -> list[_Row]:
    """Past repairs of this line and its neighbours, the newest of each kind."""
    found: dict[int, _Row] = {}
    for scope, column, value in (
        ("line", RepairCase.line_id, place.line_id),
        ("splitter", RepairCase.splitter, place.splitter),
        ("building", RepairCase.building, place.building),
    ):
        if value is None:
            continue
        asked = (
            select(*_ROW)
            .where(column == value, RepairCase.at < now, RepairCase.at >= now - NEAR_FOR[scope])
            .order_by(RepairCase.at.desc())
            .limit(MOST_NEAR)
        )
        found |= {row.number: row for row in _read(session, asked) if row.visit_id != but}
    return list(found.values())


def _by_scope(rows: Iterable[_Row], place: Place) -> Iterable[tuple[Scope, _Row]]:
    """Each neighbour once, in the closest way that it is one."""
    for row in rows:
        link = _link(row, place, None)
        if link in ("line", "splitter", "building"):
            yield link, row


def _link(row: _Row, place: Place, model: str | None) -> Link:
    if row.line_id == place.line_id:
        return "line"
    if place.splitter is not None and row.splitter == place.splitter:
        return "splitter"
    if place.building is not None and row.building == place.building:
        return "building"
    if model is not None and row.device_model is not None and model_key(row.device_model) == model:
        return "device"
    return "signs"


def _remedies(session: Session, causes: Sequence[str]) -> dict[str, tuple[Remedy, ...]]:
    if not causes:
        return {}
    named = [kind + option.value for option in ACTIONS for kind in (DID, DID_HELP)]
    asked = select(FaultSign.sign, FaultSign.cause, FaultSign.cases).where(
        FaultSign.sign.in_(named), FaultSign.cause.in_(causes)
    )
    tried: dict[tuple[str, str], int] = {}
    helped: dict[tuple[str, str], int] = {}
    for sign, cause, cases in session.execute(asked):
        kept, action = (tried, sign[len(DID) :]) if sign.startswith(DID) else (helped, sign[len(DID_HELP) :])
        kept[cause, action] = cases
    made: dict[str, list[Remedy]] = {}
    for (cause, action), times in tried.items():
        if times > 0:
            made.setdefault(cause, []).append(Remedy(action, times, helped.get((cause, action), 0)))
    return {
        cause: tuple(sorted(listed, key=lambda one: (-one.helped, -one.tried, one.action))[:3])
        for cause, listed in made.items()
    }


def _found_by_signs(
    session: Session, signs: Sequence[str], counts: dict[str, dict[str, int]], but: UUID | None
) -> list[_Row]:
    """Repairs from anywhere that showed the rarest of these signs together; with fewer signs when there are few."""
    often = {sign: sum(counts[sign].values()) for sign in signs if sign[0] in "sdmu" and sign in counts}
    rarest = sorted(often, key=lambda sign: (often[sign], sign))[:4]
    numbers: list[int] = []
    while rarest and len(numbers) < FEWEST_FOUND:
        numbers = find_words(session, [token_of(sign) for sign in rarest], FOUND_BY_SIGNS)
        rarest = rarest[:-1]
    if not numbers:
        return []
    asked = select(*_ROW).where(RepairCase.number.in_(numbers))
    return [row for row in _read(session, asked) if row.visit_id != but]


def _past(signs: Sequence[str], place: Place, looks: Looks, rows: Iterable[_Row]) -> tuple[PastRepair, ...]:
    model = model_key(looks.device_model) if looks.device_model else None
    asked = frozenset(signs)
    shown: dict[int, tuple[float, PastRepair]] = {}
    for row in rows:
        link = _link(row, place, model)
        theirs = frozenset(row.signs)
        alike = likeness(asked, theirs)
        if alike < LOOKS_LIKE and link != "line":
            continue
        shared = tuple(sign for sign in signs if sign in theirs and sign[0] in "sdmu")
        past = PastRepair(
            row.number, row.visit_id, row.record, row.at, row.line_id, link, round(alike, 2), shared, row.cause,
            tuple(row.actions), row.outcome, row.helped, row.came_back_at,
        )  # fmt: skip
        shown[row.number] = (alike + BONUS[link], past)
    best = sorted(shown.values(), key=lambda one: (-one[0], -one[1].at.timestamp()))
    return tuple(past for _, past in best[:MOST_SHOWN])


def search_repairs(session: Session, words: Sequence[str], limit: int = 50) -> list[RepairCase]:
    """Past repairs whose texts hold all of `words` (see `bigrams.words_in`), newest first. For the desk."""
    numbers = find_words(session, words, limit)
    if not numbers:
        return []
    asked = select(RepairCase).where(RepairCase.number.in_(numbers)).order_by(RepairCase.at.desc())
    return list(session.scalars(asked))

"""What the live board draws of one visit, technician or waiting order: small values, ready to be sent. Pure.

Times are whole minutes after midnight of the board's first day, in the business zone: the browser needs no time zone,
and what begins the day before is negative. Keys are short because there are thousands of them.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from dispatch.visits.attention import CallSign, Noticed, SignKey, misfits, signs_of
from dispatch.visits.life import Status
from dispatch.visits.silent_phones import is_silent
from dispatch.visits.windows import Window

Block = dict[str, Any]


@dataclass(frozen=True)
class Worker:
    """A technician's day as the rules look at it."""

    id: UUID
    shift: Window | None
    skills: Collection[str]
    seen_at: datetime | None


@dataclass(frozen=True)
class Known:
    """Everything that is known of one visit when its block is made."""

    id: UUID
    version: int
    status: Status
    technician_id: UUID | None
    window: Window
    planned: Window | None
    minutes: int
    order_id: UUID
    external_id: str | None
    kind: str
    skills: tuple[str, ...]
    deadline: datetime | None
    customer: str
    address: str
    area_id: UUID | None
    place: tuple[float, float] | None
    confirmed: bool
    wished: bool
    predicted_at: datetime | None
    arrived_at: datetime | None


def minute_of(instant: datetime, midnight: datetime) -> int:
    """Whole minutes from `midnight` to `instant`, rounded down."""
    return int((instant - midnight).total_seconds() // 60)


def stretch(window: Window | None, midnight: datetime) -> list[int] | None:
    """[from, to] in minutes."""
    return [minute_of(window.start, midnight), minute_of(window.end, midnight)] if window else None


def _at(instant: datetime | None, midnight: datetime) -> int | None:
    return minute_of(instant, midnight) if instant else None


def signs_on(
    known: Known, worker: Worker | None, *, untold: bool, call: CallSign | None, now: datetime
) -> list[SignKey]:
    """What to notice about it, the most serious first: the same rules as everywhere."""
    shift = worker.shift if worker else None
    badly = misfits(known.planned, shift, wanted=known.skills, able=worker.skills) if worker else ()
    silent = worker is not None and is_silent(known.status, known.planned, shift, worker.seen_at, now=now)
    noticed = Noticed(
        known.status,
        known.window,
        known.planned,
        confirmed=known.confirmed,
        wished=known.wished,
        untold=untold,
        fits_badly=badly,
        call=call,
        silent=silent,
    )
    return signs_of(noticed, now=now)


def block_of(known: Known, signs: Collection[SignKey], midnight: datetime) -> Block:
    """v(ersion), s(tatus), t(echnician), w(indow told), p(lanned), m(inutes), k(ind), n(ame), a(ddress), g: signs."""
    return {
        "id": str(known.id),
        "v": known.version,
        "s": known.status.value,
        "t": str(known.technician_id) if known.technician_id else None,
        "w": stretch(known.window, midnight),
        "x": known.window.is_exact,
        "p": stretch(known.planned, midnight),
        "m": known.minutes,
        "k": known.kind,
        "n": known.customer,
        "a": known.address,
        "r": str(known.area_id) if known.area_id else None,
        "xy": list(known.place) if known.place else None,
        "o": str(known.order_id),
        "e": known.external_id or "",
        "sk": list(known.skills),
        "d": _at(known.deadline, midnight),
        "pr": _at(known.predicted_at, midnight),
        "ar": _at(known.arrived_at, midnight),
        "g": list(signs),
    }

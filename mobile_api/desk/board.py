"""A day arranged for the eye: technicians by area, their visits on one time scale. Values in, values out."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from dispatch.technicians.tables import Shift, Technician
from dispatch.visits.attention import CallSign, Noticed, SignKey, call_sign, misfits, signs_of
from dispatch.visits.life import Status
from dispatch.visits.tables import Visit
from dispatch.visits.windows import Window

OPENS, CLOSES = 8 * 60, 18 * 60  # minutes of the day that are always shown
DAY = 24 * 60
SHOWN_APART = frozenset({Status.CANCELLED})


@dataclass(frozen=True)
class Block:
    """One visit on the scale: minutes since midnight, how long, and in which lane so that none covers another."""

    visit: Visit
    start: int
    minutes: int
    lane: int
    signs: tuple[SignKey, ...]


@dataclass(frozen=True)
class Row:
    """One technician's day. Shift and lunch are (start, minutes) on the same scale."""

    technician: Technician
    blocks: tuple[Block, ...]
    shift: tuple[int, int] | None
    lunch: tuple[int, int] | None
    shift_row: Shift | None

    @property
    def lanes(self) -> int:
        """How many lanes its blocks need."""
        return max((block.lane for block in self.blocks), default=0) + 1


@dataclass(frozen=True)
class Board:
    """The whole day. `opens` and `closes` are minutes since midnight, whole hours; `now` is None on other days."""

    areas: tuple[tuple[UUID | None, tuple[Row, ...]], ...]
    unassigned: tuple[Block, ...]
    apart: tuple[Visit, ...]
    opens: int
    closes: int
    now: int | None
    signs: Mapping[UUID, tuple[SignKey, ...]] = field(default_factory=dict)

    @property
    def hours(self) -> range:
        """The hours written above."""
        return range(self.opens // 60, self.closes // 60)

    @property
    def unassigned_lanes(self) -> int:
        """How many lanes the unassigned visits need."""
        return max((block.lane for block in self.unassigned), default=0) + 1


def arrange(
    visits: Sequence[Visit],
    technicians: Sequence[Technician],
    shifts: Mapping[UUID, Shift],
    untold: Iterable[UUID],
    calls: Mapping[UUID, datetime],
    *,
    silent: Collection[UUID] = (),
    midnight: datetime,
    now: datetime,
) -> Board:
    """Visits of one day that begins at `midnight` on a board, with what to notice about each.

    `untold` are visits with a notice in trouble; `calls` say until when a person must call about which visit;
    `silent` are visits whose technician's phone was not heard of for too long.
    """
    untold = set(untold)
    signs = {
        visit.id: tuple(
            _signs(visit, shifts, visit.id in untold, call_sign(calls.get(visit.id), now=now), visit.id in silent, now)
        )
        for visit in visits
    }
    on_board = [visit for visit in visits if Status(visit.status) not in SHOWN_APART]
    own: dict[UUID, list[Visit]] = {}
    pool: list[Visit] = []
    known = {technician.id: technician for technician in technicians}
    for visit in on_board:
        if visit.technician is None:
            pool.append(visit)
        else:
            known.setdefault(visit.technician.id, visit.technician)  # no longer active, but on today's board
            own.setdefault(visit.technician.id, []).append(visit)
    rows: dict[UUID | None, list[Row]] = {}
    for technician in sorted(known.values(), key=lambda one: one.code):
        shift = shifts.get(technician.id)
        rows.setdefault(technician.area_id, []).append(
            Row(
                technician,
                _blocks(own.get(technician.id, []), signs, midnight),
                _stretch(shift.starts_at, shift.ends_at, midnight) if shift else None,
                _lunch(shift, midnight) if shift else None,
                shift,
            )
        )
    unassigned = _blocks(pool, signs, midnight)
    opens, closes = _hours([block for row in rows.values() for each in row for block in each.blocks], unassigned, rows)
    minute = int((now - midnight).total_seconds() // 60)
    return Board(
        areas=tuple((area, tuple(each)) for area, each in rows.items()),
        unassigned=unassigned,
        apart=tuple(visit for visit in visits if Status(visit.status) in SHOWN_APART),
        opens=opens,
        closes=closes,
        now=minute if opens <= minute < closes else None,
        signs=signs,
    )


def _signs(
    visit: Visit, shifts: Mapping[UUID, Shift], untold: bool, call: CallSign | None, silent: bool, now: datetime
) -> list[SignKey]:
    badly: tuple[SignKey, ...] = ()
    if visit.technician is not None:
        shift = shifts.get(visit.technician.id)
        badly = misfits(
            visit.planned,
            Window(shift.starts_at, shift.ends_at) if shift else None,
            wanted=visit.work_order.skills,
            able=[one.skill for one in visit.technician.skills],
        )
    known = Noticed(
        Status(visit.status),
        visit.window,
        visit.planned,
        confirmed=visit.confirmed_at is not None,
        wished=bool(visit.wish),
        untold=untold,
        fits_badly=badly,
        call=call,
        silent=silent,
    )
    return signs_of(known, now=now)


def _stretch(start: datetime, end: datetime, midnight: datetime) -> tuple[int, int]:
    """(minutes since midnight, minutes long), kept inside the day."""
    begin = min(max(int((start - midnight).total_seconds() // 60), 0), DAY - 15)
    last = min(int((end - midnight).total_seconds() // 60), DAY)
    return begin, max(last - begin, 15)


def _lunch(shift: Shift, midnight: datetime) -> tuple[int, int] | None:
    if shift.lunch_from is None or shift.lunch_until is None:
        return None
    return _stretch(shift.lunch_from, shift.lunch_until, midnight)


def _blocks(
    visits: Sequence[Visit], signs: Mapping[UUID, tuple[SignKey, ...]], midnight: datetime
) -> tuple[Block, ...]:
    """Where each stands, each in the first lane that is free there."""
    placed: list[Block] = []
    free_from: list[int] = []
    for visit in sorted(visits, key=lambda one: ((one.planned or one.window).start, one.id)):
        when = visit.planned or visit.window
        start, minutes = _stretch(when.start, when.end, midnight)
        lane = next((at for at, free in enumerate(free_from) if free <= start), len(free_from))
        free_from[lane : lane + 1] = [start + minutes]
        placed.append(Block(visit, start, minutes, lane, signs[visit.id]))
    return tuple(placed)


def _hours(
    blocks: Sequence[Block], unassigned: Sequence[Block], rows: Mapping[UUID | None, list[Row]]
) -> tuple[int, int]:
    shifts = [row.shift for each in rows.values() for row in each if row.shift]
    starts = [block.start for block in (*blocks, *unassigned)] + [start for start, _ in shifts]
    ends = [block.start + block.minutes for block in (*blocks, *unassigned)] + [a + b for a, b in shifts]
    return min([OPENS, *starts]) // 60 * 60, -(-max([CLOSES, *ends]) // 60) * 60

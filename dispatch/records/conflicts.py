"""Conflicts noted as they come in, and looked after by a person. Nothing is dropped and nothing changes silently."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select

from checklists.progress import fold
from checklists.words import Words
from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import PLANNERS
from dispatch.database import one_at_a_time
from dispatch.errors import Invalid, NotAllowed, NotFound
from dispatch.records.conflict_rules import Arriving, ConflictKind, decide
from dispatch.records.entries import counted
from dispatch.records.reading import SentEntry
from dispatch.records.tables import Conflict, EntryRow, Parcel
from dispatch.visits.life import Status
from dispatch.visits.tables import Visit

Item = dict[str, str | None]


def note_conflicts(
    turn: Turn,
    visit: Visit,
    parcel_id: UUID,
    device_id: str,
    entries: Iterable[SentEntry],
    kept: dict[UUID, EntryRow],
    fresh: dict[UUID, EntryRow],
    *,
    sealed: bool,
    is_theirs: bool,
) -> None:
    """Ask the rule about every entry of a parcel, and keep what a person should look at."""
    counts = fold(counted(list(kept.values()), visit.technician_id))
    devices = _devices(turn, visit) if counts else {}
    found: dict[ConflictKind, list[Item]] = {}
    for entry in entries:
        row, known = fresh.get(entry.id), counts.get((entry.step, entry.key))
        said = (entry.step, entry.key, entry.value)
        first = row or kept.get(entry.id)
        against = kept.get(UUID(known.id)) if known else None
        kind = decide(
            Arriving(
                Status(visit.status),
                sealed=sealed,
                is_theirs=is_theirs,
                id_used_otherwise=first is None or (first.step, first.key, first.value) != said,
                differs=against is None or against.value != entry.value,
                other_phone=against is not None
                and against.by == "technician"
                and turn.viewer.role != "customer"
                and devices.get(against.parcel_id) != device_id,
            )
        )
        if kind is None or (row is None and kind != "same_id"):
            continue  # an entry that came before is no news
        item: Item = {"entry": str(entry.id), "step": entry.step, "key": entry.key}
        item |= {"parcel": str(parcel_id)} if kind == "same_id" else {"against": known.id if known else None}
        found.setdefault(kind, []).append(item)
    for kind, items in found.items():
        note_conflict(turn, visit.id, kind, device_id, items)


def note_conflict(turn: Turn, visit_id: UUID, kind: ConflictKind, device_id: str, items: list[Item]) -> None:
    """Keep a conflict: with the open one of its kind from the same phone, else as a new one."""
    one_at_a_time(turn.session, "conflicts", str(visit_id))
    known = turn.session.scalar(
        select(Conflict)
        .where(
            Conflict.visit_id == visit_id,
            Conflict.kind == kind,
            Conflict.device_id == device_id,
            Conflict.account_id == turn.viewer.account_id,
            Conflict.looked_after_at.is_(None),
        )
        .with_for_update()
        .limit(1)
    )
    if known is not None:
        known.items = [*known.items, *items]
        known.last_at = turn.now
        return
    turn.session.add(
        Conflict(
            visit_id=visit_id,
            kind=kind,
            account_id=turn.viewer.account_id,
            device_id=device_id,
            items=items,
            opened_at=turn.now,
            last_at=turn.now,
        )
    )
    turn.audit("conflict", "visit", visit_id, kind=kind)


def look_after(turn: Turn, conflict_id: UUID, note: str) -> Conflict:
    """A person has seen both versions and done what was to be done; `note` says what. By the desk's planners, once."""
    turn.viewer.must_be(PLANNERS)
    conflict = turn.session.get(Conflict, conflict_id, with_for_update=True)
    if conflict is None:
        raise NotFound
    if conflict.looked_after_at is not None:
        raise NotAllowed(
            Words(
                "这项冲突已有人处理，请查看处理说明。", "Somebody has looked after it already. Read what they noted."
            ),
            name="conflict-looked-after",
        )
    if not note.strip():
        raise Invalid(
            Words("请写明如何处理，供以后查阅。", "Say what was done about it, for whoever reads it later."),
            name="conflict-note-missing",
        )
    conflict.looked_after_at, conflict.looked_after_by, conflict.note = turn.now, turn.by, note.strip()
    turn.audit("look_after_conflict", "visit", conflict.visit_id, conflict=str(conflict.id), kind=conflict.kind)
    return conflict


def _devices(turn: Turn, visit: Visit) -> dict[UUID, Any]:
    rows = turn.session.execute(select(Parcel.id, Parcel.device_id).where(Parcel.visit_id == visit.id))
    return {row.id: row.device_id for row in rows}

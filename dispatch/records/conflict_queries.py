"""Questions about conflicts: which are open, and both versions side by side."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from checklists.answers import flaws, read_moment, taken_back
from checklists.progress import fold
from checklists.words import Words
from dispatch.accounts.tables import Account
from dispatch.accounts.viewer import Viewer
from dispatch.errors import NotFound
from dispatch.records.entries import DEPARTED, checklist_of, context_of, counted, rows_of
from dispatch.records.spoken_values import NOTHING, same, spoken_value
from dispatch.records.tables import Conflict, EntryRow, Parcel, ParcelConflict
from dispatch.visits.queries import visits_of, with_story
from dispatch.visits.tables import Visit

SET_OUT = Words("出发", "Set out")
LONGEST = 200


@dataclass(frozen=True)
class Version:
    """What one side says, and when it was said by that phone's clock."""

    text: Words
    at: datetime | None


@dataclass(frozen=True)
class Versions:
    """One field with both versions; `counting` None: nothing counts for it."""

    label: Words
    counting: Version | None
    beside: Version | None


@dataclass(frozen=True)
class Shown:
    """A conflict as a person reads it. `sender` is whose account handed it in."""

    conflict: Conflict
    sender: str
    versions: tuple[Versions, ...]


def conflicts_seen_by(
    session: Session, viewer: Viewer, *, looked_after: bool, limit: int = 200
) -> list[tuple[Conflict, Visit]]:
    """Conflicts with their visits: the open ones, the oldest first, or those looked after, the latest first."""
    if not viewer.at_desk:
        return []
    order = Conflict.looked_after_at.desc() if looked_after else Conflict.opened_at
    held = Conflict.looked_after_at.is_not(None) if looked_after else Conflict.looked_after_at.is_(None)
    conflicts = session.scalars(select(Conflict).where(held).order_by(order, Conflict.id).limit(limit)).all()
    ids = {conflict.visit_id for conflict in conflicts}
    visits = {visit.id: visit for visit in session.scalars(with_story(visits_of(viewer)).where(Visit.id.in_(ids)))}
    return [(conflict, visits[conflict.visit_id]) for conflict in conflicts if conflict.visit_id in visits]


def conflict_at(session: Session, conflict_id: UUID) -> Conflict:
    """One conflict; NotFound where there is none. The caller checks that the viewer may see its visit."""
    conflict = session.get(Conflict, conflict_id)
    if conflict is None:
        raise NotFound
    return conflict


def conflicts_open(session: Session) -> int:
    """How many wait for a person."""
    return session.scalar(select(func.count()).where(Conflict.looked_after_at.is_(None))) or 0


def conflicts_of_visit(session: Session, visit: Visit, zone: ZoneInfo) -> list[Shown]:
    """A visit's conflicts with both versions, open ones first. The caller has checked that the viewer may see it."""
    conflicts = session.scalars(
        select(Conflict).where(Conflict.visit_id == visit.id).order_by(Conflict.opened_at, Conflict.id)
    ).all()
    if not conflicts:
        return []
    rows = rows_of(session, visit.id)
    reader = _Reader(session, visit, rows, zone)
    senders = _senders(session, {one.account_id for one in conflicts if one.account_id})
    shown = [
        Shown(
            conflict,
            senders.get(conflict.account_id, "—") if conflict.account_id else "—",
            tuple(pair for item in conflict.items for pair in reader.pairs(item)),
        )
        for conflict in conflicts
    ]
    return sorted(shown, key=lambda one: one.conflict.looked_after_at is not None)


def _senders(session: Session, accounts: set[UUID]) -> dict[UUID, str]:
    rows = session.execute(select(Account.id, Account.name).where(Account.id.in_(accounts)))
    return {row.id: row.name for row in rows}


class _Reader:
    """Finds the versions that a conflict's items name."""

    def __init__(self, session: Session, visit: Visit, rows: list[EntryRow], zone: ZoneInfo) -> None:
        self._session, self._visit, self._zone = session, visit, zone
        self._rows = {str(row.id): row for row in rows}
        self._counts = fold(counted(rows, visit.technician_id))
        self._checklist, self._context = checklist_of(visit), context_of(visit)

    def pairs(self, item: dict[str, Any]) -> list[Versions]:
        if "fingerprint" in item:
            return self._parcels(item)
        row = self._rows.get(item["entry"])
        if "parcel" in item:
            other = self._sent(self._session.get(Parcel, UUID(item["parcel"]))).get(item["entry"])
            return [self._pair(self._of_row(row) if row else None, other)] if other else []
        if row is None:
            return []
        winner = self._counts.get((row.step, row.key))
        if winner is not None and winner.id != item["entry"]:
            return [self._pair(self._of_row(self._rows[winner.id]), self._of_row(row))]
        loser = self._rows.get(item.get("against") or "")
        if winner is not None:
            return [self._pair(self._of_row(row), self._of_row(loser) if loser else None)]
        return [self._pair(None, self._of_row(row))]

    def _parcels(self, item: dict[str, Any]) -> list[Versions]:
        first = self._sent(self._session.get(Parcel, UUID(item["parcel"])))
        other = self._sent(
            self._session.scalar(
                select(ParcelConflict).where(
                    ParcelConflict.parcel_id == UUID(item["parcel"]),
                    ParcelConflict.fingerprint == item["fingerprint"],
                )
            )
        )
        ids = [one for one in dict.fromkeys([*first, *other]) if first.get(one) != other.get(one)]
        return [self._pair(first.get(one), other.get(one)) for one in ids]

    @staticmethod
    def _sent(parcel: Parcel | ParcelConflict | None) -> dict[str, dict[str, Any]]:
        entries = parcel.body.get("entries", []) if parcel is not None else []
        return {entry["id"]: entry for entry in entries}

    @staticmethod
    def _of_row(row: EntryRow) -> dict[str, Any]:
        return {"step": row.step, "key": row.key, "value": row.value, "at": row.at.isoformat()}

    def _pair(self, counting: dict[str, Any] | None, beside: dict[str, Any] | None) -> Versions:
        named = counting or beside or {}
        return Versions(self._label(named["step"], named["key"]), self._version(counting), self._version(beside))

    def _label(self, step: str, key: str) -> Words:
        if (step, key) == DEPARTED:
            return SET_OUT
        known = self._checklist.has(step, key)
        return self._checklist.field(step, key).label if known else same(f"{step}/{key}"[:LONGEST])

    def _version(self, said: dict[str, Any] | None) -> Version | None:
        if said is None:
            return None
        at = read_moment(str(said["at"]))
        step, key, value = said["step"], said["key"], said["value"]
        if (step, key) == DEPARTED or taken_back(value):
            return Version(NOTHING, at)
        if self._checklist.has(step, key):
            field = self._checklist.field(step, key)
            if not flaws(field, value, self._context):
                return Version(spoken_value(field, value, self._zone), at)
        return Version(same(str(value)[:LONGEST]), at)

"""Taking in parcels: kept as sent, then read. Nothing that a phone sends is dropped; what is odd is flagged.

The same id and content gets the first answer again; the same id with other content is kept beside for a person.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from checklists.progress import Progress, progress
from checklists.words import Words
from dispatch.accounts.answered_once import fingerprint
from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import PLANNERS, Role
from dispatch.database import one_at_a_time
from dispatch.errors import Forbidden, NotFound
from dispatch.records.account_parts import kit_used
from dispatch.records.blobs import unknown_blobs
from dispatch.records.conflict_rules import kept_beside
from dispatch.records.conflicts import note_conflict, note_conflicts
from dispatch.records.entries import checklist_of, context_of, counted, missing_blobs, rows_of
from dispatch.records.queries import is_sealed
from dispatch.records.reading import SentEntry, flags_of, move_visit, shut_steps
from dispatch.records.tables import EntryBlob, EntryRow, Parcel, ParcelConflict
from dispatch.technicians.kit import draw_kit
from dispatch.visits.life import OPEN, Status
from dispatch.visits.queries import visit_seen_by, with_story
from dispatch.visits.tables import Visit, VisitChange

KIT_USED = ("leave", "kit_used")
SENDERS: frozenset[Role] = PLANNERS | {"technician", "customer"}


@dataclass(frozen=True)
class SentParcel:
    """Entries that left a phone together. `body` is what was sent, `sha256` of its bytes (echoed in the receipt)."""

    id: UUID
    visit_id: UUID
    device_id: str
    entries: tuple[SentEntry, ...]
    body: dict[str, Any]
    sha256: str


@dataclass(frozen=True)
class Taken:
    """The receipt, and whether the id was used before for something else."""

    receipt: dict[str, Any]
    conflict: bool = False


def take_parcel(turn: Turn, sent: SentParcel) -> Taken:
    """Keep a parcel and read it. NotFound when the visit, or an earlier parcel of this id, is somebody else's."""
    if turn.viewer.role not in SENDERS:
        raise Forbidden
    one_at_a_time(turn.session, "parcel", str(sent.id))
    content = fingerprint(sent.body)
    known = turn.session.get(Parcel, sent.id)
    if known is not None:
        if known.account_id != turn.viewer.account_id or turn.viewer.visit_id not in (None, known.visit_id):
            raise NotFound
        if known.fingerprint != content:
            _keep_conflict(turn, sent, content, known.visit_id)
            return Taken(known.answer, conflict=True)
        return Taken(known.answer)
    visit, is_theirs = _visit_for(turn, sent.visit_id)
    if turn.viewer.role == "customer":
        _must_be_the_customers_own(visit, sent.entries)
    kept = {row.id: row for row in rows_of(turn.session, visit.id)}
    fresh = _fresh_rows(turn, sent, visit, kept)
    sealed = Status(visit.status) not in OPEN and is_sealed(turn.session, visit.id)
    note_conflicts(turn, visit, sent.id, sent.device_id, sent.entries, kept, fresh, sealed=sealed, is_theirs=is_theirs)
    found = _read(turn, visit, kept, fresh, is_theirs=is_theirs, sealed=sealed)
    _draw_kit(turn, visit, [*kept.values(), *fresh.values()], fresh, is_theirs=is_theirs)
    receipt = {
        "id": str(sent.id),
        "sha256": sent.sha256,
        "received_at": turn.now.isoformat(),
        "entries": [_entry_receipt(entry, kept, fresh) for entry in sent.entries],
        "missing_blobs": sorted(_missing_blobs(turn, visit, sent)),
        **_standing(visit, found),
    }
    turn.session.add(
        Parcel(
            id=sent.id,
            visit_id=visit.id,
            account_id=turn.viewer.account_id,
            device_id=sent.device_id,
            fingerprint=content,
            body=sent.body,
            answer=receipt,
            received_at=turn.now,
        )
    )
    turn.session.flush()
    turn.session.add_all(fresh.values())
    turn.session.flush()
    turn.session.add_all(
        EntryBlob(entry_id=entry.id, sha256=sha256)
        for entry in sent.entries
        if entry.id in fresh
        for sha256 in dict.fromkeys(entry.blobs)
    )
    turn.audit("take_parcel", "visit", visit.id, parcel=str(sent.id), entries=len(fresh))
    return Taken(receipt)


def _standing(visit: Visit, found: Progress) -> dict[str, Any]:
    """How a visit stands: its state, what is done, what is next."""
    return {
        "visit": {"id": str(visit.id), "status": visit.status, "version": visit.version},
        "progress": {
            "next_step": found.next_step,
            "complete": found.complete,
            "ended_early": found.ended_early,
            "steps": {step.key: step.state for step in found.steps},
        },
    }


def _must_be_the_customers_own(visit: Visit, entries: tuple[SentEntry, ...]) -> None:
    """A customer fills in what the checklist leaves to the customer. No phone is offline here, so nothing is lost."""
    checklist = checklist_of(visit)
    for entry in entries:
        if not checklist.has(entry.step, entry.key) or (checklist.field(entry.step, entry.key).filled_by != "customer"):
            raise Forbidden(
                Words(
                    "此项由装维人员填写。如内容有误，请告知师傅，或在签名时写明保留意见。",
                    "This is for the technician to fill in. If it is wrong, tell them, or add it as a reservation "
                    "when you sign.",
                )
            )


def _fresh_rows(turn: Turn, sent: SentParcel, visit: Visit, kept: dict[UUID, EntryRow]) -> dict[UUID, EntryRow]:
    """Rows for the entries whose ids nobody has used before."""
    ids = {entry.id for entry in sent.entries}
    used = set(turn.session.scalars(select(EntryRow.id).where(EntryRow.id.in_(ids)))) | set(kept)
    return {
        entry.id: EntryRow(
            id=entry.id,
            parcel_id=sent.id,
            visit_id=visit.id,
            step=entry.step,
            key=entry.key,
            value=entry.value,
            by="customer" if turn.viewer.role == "customer" else "technician",
            at=entry.at,
            received_at=turn.now,
            flags=[],
        )
        for entry in reversed(sent.entries)  # of two with one id in a parcel, the first counts
        if entry.id not in used
    }


def _read(
    turn: Turn,
    visit: Visit,
    kept: dict[UUID, EntryRow],
    fresh: dict[UUID, EntryRow],
    *,
    is_theirs: bool,
    sealed: bool,
) -> Progress:
    """Flag what is odd, then let entries move the visit, in the order in which they were made; how it stands now."""
    checklist, context, rows = checklist_of(visit), context_of(visit), [*kept.values(), *fresh.values()]
    found = progress(checklist, counted(rows, visit.technician_id), context)
    shut = shut_steps(found)
    beside = kept_beside(sealed=sealed, is_theirs=is_theirs, sender=str(turn.viewer.technician_id))
    is_open = Status(visit.status) in OPEN
    for row in sorted(fresh.values(), key=lambda row: (row.at, row.id)):
        row.flags = flags_of(checklist, row, shut, context, visit_is_open=is_open, is_theirs=is_theirs, beside=beside)
        if is_open and is_theirs and (stopped := move_visit(turn, visit, row)):
            row.flags = [*row.flags, stopped]
    # What is kept beside does not count, and that is known only now. To reckon is most of the work: not twice for all.
    return found if beside is None else progress(checklist, counted(rows, visit.technician_id), context)


def _draw_kit(turn: Turn, visit: Visit, rows: list[EntryRow], fresh: dict[UUID, EntryRow], *, is_theirs: bool) -> None:
    """Let the van's stock go down as soon as the visit says what it used; sealing says it once more."""
    said = any((row.step, row.key) == KIT_USED for row in fresh.values())
    if said and is_theirs and visit.technician_id is not None and Status(visit.status) in OPEN:
        draw_kit(turn, visit.technician_id, visit.id, kit_used(rows, visit.technician_id))


def _entry_receipt(entry: SentEntry, kept: dict[UUID, EntryRow], fresh: dict[UUID, EntryRow]) -> dict[str, Any]:
    row = fresh.get(entry.id) or kept.get(entry.id)
    said = (entry.step, entry.key, entry.value)
    if row is None or (row.step, row.key, row.value) != said:
        return {"id": str(entry.id), "state": "conflict", "flags": []}  # kept in the parcel; a person decides
    if entry.id in kept:
        return {"id": str(entry.id), "state": "known", "flags": row.flags}
    return {"id": str(entry.id), "state": "flagged" if row.flags else "kept", "flags": row.flags}


def _missing_blobs(turn: Turn, visit: Visit, sent: SentParcel) -> set[str]:
    named = {sha256 for entry in sent.entries for sha256 in entry.blobs}
    return set(missing_blobs(turn.session, visit.id)) | unknown_blobs(turn.session, named)


def _keep_conflict(turn: Turn, sent: SentParcel, content: str, visit_id: UUID) -> None:
    seen = turn.session.scalar(
        select(ParcelConflict.id).where(ParcelConflict.parcel_id == sent.id, ParcelConflict.fingerprint == content)
    )
    if seen is None:
        turn.session.add(
            ParcelConflict(
                parcel_id=sent.id,
                account_id=turn.viewer.account_id,
                fingerprint=content,
                body=sent.body,
                received_at=turn.now,
            )
        )
        turn.audit("parcel_conflict", "parcel", sent.id)
        item: dict[str, str | None] = {"parcel": str(sent.id), "fingerprint": content}
        note_conflict(turn, visit_id, "same_id", sent.device_id, [item])


def _visit_for(turn: Turn, visit_id: UUID) -> tuple[Visit, bool]:
    """The visit, and whether it is (still) the sender's. One that was theirs once is kept and flagged."""
    try:
        return visit_seen_by(turn.session, turn.viewer, visit_id, to_change=True), True
    except NotFound:
        technician = str(turn.viewer.technician_id)
        changes = turn.session.scalars(select(VisitChange.facts).where(VisitChange.visit_id == visit_id))
        if turn.viewer.technician_id is None or all(facts.get("technician_id") != technician for facts in changes):
            raise
        visit = turn.session.scalar(with_story(select(Visit).where(Visit.id == visit_id)))
        assert visit is not None
        return visit, False

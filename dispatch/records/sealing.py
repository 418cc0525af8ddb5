"""Sealing: complete? → canonical JSON → SHA-256 → a row that the database never lets change."""

import json
import secrets
from datetime import datetime
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from checklists.progress import missing_for_seal
from checklists.words import Words
from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import PLANNERS, Role
from dispatch.errors import Forbidden, NotAllowed
from dispatch.records.account import Around, account_of, strokes_of
from dispatch.records.account_parts import kit_used
from dispatch.records.baseline import baseline_of
from dispatch.records.canonical import canonical_json, sha256_hex
from dispatch.records.entries import checklist_of, context_of, counted, missing_blobs, rows_of
from dispatch.records.ledger import write_down
from dispatch.records.queries import body_of, first_told_at, record_of_visit, records_of_line
from dispatch.records.tables import EntryRow, Record
from dispatch.technicians.kit import draw_kit
from dispatch.visits.changes import write_change
from dispatch.visits.life import Status, step_to
from dispatch.visits.queries import visit_seen_by
from dispatch.visits.tables import Visit
from dispatch.visits.telling import tell
from dispatch.visits.under_way import BEFORE_ARRIVAL

SEALERS: frozenset[Role] = PLANNERS | {"technician"}
LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # none that is taken for another when read out
NUMBER_LENGTH = 6


class NotComplete(NotAllowed):
    """Something that blocks is missing."""

    name = "visit-not-complete"
    title = Words("尚未完成", "Not complete")


def record_number(day: datetime, zone: ZoneInfo) -> str:
    """SR-20261121-7F3K9Q: the day in the business zone and six letters that cannot be guessed."""
    letters = "".join(secrets.choice(LETTERS) for _ in range(NUMBER_LENGTH))
    return f"SR-{day.astimezone(zone):%Y%m%d}-{letters}"


def seal_visit(turn: Turn, visit_id: UUID, language: str | None = None) -> Record:
    """Seal the account of a visit; sealing again gives the same record.

    Refuses with NotComplete (naming what is missing) and NotAllowed for a visit that is not on site or has ended.
    """
    if turn.viewer.role not in SEALERS and turn.viewer.role != "system":
        raise Forbidden
    visit = visit_seen_by(turn.session, turn.viewer, visit_id, to_change=True)
    sealed = record_of_visit(turn.session, turn.viewer, visit_id)
    if sealed is not None:
        return sealed
    rows = rows_of(turn.session, visit.id)
    if visit.status != Status.NO_ACCESS:
        step_to(Status(visit.status), Status.SEALED)
    _must_be_complete(turn, visit, rows)
    record = _write(turn, visit, rows, language or visit.work_order.customer.language)
    if visit.status != Status.NO_ACCESS:
        visit.status = Status.SEALED
        visit.ended_at = turn.now
        visit.work_order.state = "done"
        write_change(turn, visit, "sealed", record_id=str(record.id), number=record.number)
        if visit.technician_id is not None:
            draw_kit(turn, visit.technician_id, visit.id, kit_used(rows, visit.technician_id))
        tell(turn, visit, "record_ready", replaces=("technician_changed", *BEFORE_ARRIVAL), number=record.number)
    turn.audit("seal", "record", record.id, number=record.number)
    return record


def _must_be_complete(turn: Turn, visit: Visit, rows: list[EntryRow]) -> None:
    missing = missing_for_seal(checklist_of(visit), counted(rows, visit.technician_id), context_of(visit))
    if missing:
        first = missing[0]
        raise NotComplete(
            Words(
                f"还有 {len(missing)} 项未完成，首先是第 {first.number} 步“{first.label.zh}”：{first.words.zh}",
                f"{len(missing)} things are missing. First, step {first.number}, “{first.label.en}”: {first.words.en}",
            ),
            facts={"missing": [{"step": one.step, "key": one.key, "why": one.why} for one in missing]},
        )
    lacking = missing_blobs(turn.session, visit.id)
    if lacking:
        raise NotComplete(
            Words(
                f"还有 {len(lacking)} 张照片未上传，请等待上传完成后再提交。",
                f"{len(lacking)} photos have not arrived yet. Wait until they are handed in.",
            ),
            name="photos-missing",
            facts={"missing_blobs": lacking},
        )


def _write(turn: Turn, visit: Visit, rows: list[EntryRow], language: str) -> Record:
    earlier = [body_of(record) for record in records_of_line(turn.session, visit.work_order.line_id)]
    around = Around(
        number=record_number(turn.now, turn.settings.zone),
        language=language,
        sealed_at=turn.now,
        told_at=first_told_at(turn.session, visit),
        baseline=baseline_of(earlier),
        settings=turn.settings,
    )
    body = canonical_json(account_of(visit, rows, around))
    record = Record(
        id=uuid4(),
        number=around.number,
        visit_id=visit.id,
        line_id=visit.work_order.line_id,
        revision=1,
        corrects=None,
        body=body.decode(),
        sha256=sha256_hex(body),
        strokes=json.loads(json.dumps(strokes_of(rows, visit.technician_id))),
        sealed_at=turn.now,
    )
    turn.session.add(record)
    turn.session.flush()
    write_down(turn.session, turn.now, "record", record, record.sha256)
    return record

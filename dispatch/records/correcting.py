"""Corrections: a sealed record is never changed. A correction is a new record that names the one it corrects and says
what was wrong; both are kept, and whoever verifies the first is led to the second.

What the customer said, rated and signed is theirs: it cannot be corrected by anybody else. Neither signature is
carried over to a text that its signer has not seen; the correction is sealed by the company alone and says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from checklists.answers import flaws, taken_back
from checklists.definition import Checklist, Field
from checklists.progress import fold
from checklists.words import Words
from dispatch.accounts.answered_once import fingerprint
from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import OVERRIDERS
from dispatch.errors import Invalid, NotAllowed
from dispatch.records.account import Around, account_of
from dispatch.records.account_parts import iso, words
from dispatch.records.baseline import baseline_of
from dispatch.records.canonical import canonical_json, sha256_hex
from dispatch.records.entries import checklist_of, context_of, counted, rows_of
from dispatch.records.ledger import write_down
from dispatch.records.queries import body_of, corrected_by, first_told_at, record_seen_by, records_of_line
from dispatch.records.sealing import record_number
from dispatch.records.spoken_values import spoken_value
from dispatch.records.tables import EntryRow, Parcel, Record
from dispatch.visits.queries import visit_seen_by
from dispatch.visits.tables import Visit
from dispatch.visits.telling import tell

LONGEST_REASON = 500
MOST_CHANGES = 40
NOT_CORRECTABLE = frozenset({"signature", "photo"})
"""A signature is its signer's, and a photo shows what it shows."""


class AlreadyCorrected(NotAllowed):
    """A newer record corrects this one: correct that one."""

    name = "record-corrected-already"
    title = Words("记录已被更正", "Corrected already")


@dataclass(frozen=True)
class Change:
    """What one field of the checklist should have said."""

    step: str
    key: str
    value: Any


def may_be_corrected(field: Field) -> bool:
    """Is this field the technician's word, and one that words can put right?"""
    return field.filled_by != "customer" and field.type not in NOT_CORRECTABLE


def correct_record(turn: Turn, record_id: UUID, reason: str, changes: Sequence[Change]) -> Record:
    """Seal a correction of a record: a new record with the next revision, signed by the company.

    Supervisors only. Refuses with AlreadyCorrected (naming the newer one), and with Invalid a missing reason, no
    change, an unknown field, one that is the customer's, a value with flaws, or one that is there already.
    """
    turn.viewer.must_be(OVERRIDERS)
    wrong = record_seen_by(turn.session, turn.viewer, record_id)
    visit = visit_seen_by(turn.session, turn.viewer, wrong.visit_id, to_change=True)
    newer = corrected_by(turn.session, wrong.number)
    if newer is not None:
        raise AlreadyCorrected(
            Words(
                f"此记录已由 {newer} 更正，请更正最新的那一份。",
                f"Record {newer} corrects this one already. Correct the newest one.",
            ),
            facts={"corrected_by": newer},
        )
    reason = " ".join(reason.split())
    if not 1 <= len(reason) <= LONGEST_REASON:
        raise Invalid(Words("请填写更正原因，500 字以内。", "Say why, in up to 500 characters."), name="no-reason")
    checklist = checklist_of(visit)
    before = rows_of(turn.session, visit.id)
    told = _told(visit, checklist, before, changes, turn)
    fresh = _keep(turn, visit, reason, changes)
    record = _sealed(turn, visit, wrong, [*before, *fresh], reason, told)
    tell(turn, visit, "record_ready", replaces=(), dedupe=f"record_ready:{record.number}", number=record.number)
    turn.audit("correct", "record", record.id, number=record.number, corrects=wrong.number, reason=reason)
    return record


def _told(
    visit: Visit, checklist: Checklist, rows: list[EntryRow], changes: Sequence[Change], turn: Turn
) -> list[dict[str, Any]]:
    """What each change says, before and after, in words."""
    if not 1 <= len(changes) <= MOST_CHANGES or len({(c.step, c.key) for c in changes}) != len(changes):
        raise Invalid(
            Words("请至少更正一项，每项只改一次。", "Correct one field at least, and each one once."), name="no-change"
        )
    folded = fold(counted(rows, visit.technician_id))
    context, zone = context_of(visit), turn.settings.zone
    told = []
    for change in changes:
        field = checklist.field(change.step, change.key) if checklist.has(change.step, change.key) else None
        if field is None:
            raise Invalid(
                Words(f"清单中没有 {change.step}/{change.key} 这一项。", f"No field {change.step}/{change.key} here."),
                name="unknown-field",
            )
        if not may_be_corrected(field):
            raise Invalid(
                Words(
                    f"“{field.label.zh}”由客户填写或为影像，不能代为更正。",
                    f"“{field.label.en}” is the customer's word or a picture: nobody else corrects it.",
                ),
                name="not-correctable",
            )
        if found := flaws(field, change.value, context):
            raise Invalid(
                Words(f"“{field.label.zh}”：{found[0].words.zh}", f"“{field.label.en}”: {found[0].words.en}"),
                name="flawed",
            )
        entry = folded.get((change.step, change.key))
        old = entry.value if entry is not None and not taken_back(entry.value) else None
        if old == change.value:
            raise Invalid(
                Words(f"“{field.label.zh}”已是这个内容。", f"“{field.label.en}” says that already."), name="no-change"
            )
        told.append(
            {
                "step": change.step,
                "key": change.key,
                "label": words(field.label),
                "before": words(spoken_value(field, old, zone)) if old is not None else None,
                "after": words(spoken_value(field, change.value, zone)),
            }
        )
    return told


def _keep(turn: Turn, visit: Visit, reason: str, changes: Sequence[Change]) -> list[EntryRow]:
    """The corrected answers as entries of their own: what was entered first stays beside them."""
    body = {"reason": reason, "changes": [vars(change) for change in changes]}
    parcel = Parcel(
        id=uuid4(),
        visit_id=visit.id,
        account_id=turn.viewer.account_id,
        device_id="desk",
        fingerprint=fingerprint(body),
        body=body,
        answer={},
        received_at=turn.now,
    )
    turn.session.add(parcel)
    turn.session.flush()
    rows = [
        EntryRow(
            id=uuid4(),
            parcel_id=parcel.id,
            visit_id=visit.id,
            step=change.step,
            key=change.key,
            value=change.value,
            by="desk",
            at=turn.now,
            received_at=turn.now,
            flags=[{"code": "corrected", "zh": "更正", "en": "corrected"}],
        )
        for change in changes
    ]
    turn.session.add_all(rows)
    turn.session.flush()
    return rows


def _sealed(
    turn: Turn, visit: Visit, wrong: Record, rows: list[EntryRow], reason: str, told: list[dict[str, Any]]
) -> Record:
    earlier = [one for one in records_of_line(turn.session, wrong.line_id) if one.visit_id != wrong.visit_id]
    first = body_of(wrong)
    around = Around(
        number=record_number(turn.now, turn.settings.zone),
        language=str(first["language"]),
        sealed_at=turn.now,
        told_at=first_told_at(turn.session, visit),
        baseline=baseline_of(body_of(one) for one in earlier if one.sealed_at < wrong.sealed_at),
        settings=turn.settings,
    )
    account = account_of(visit, rows, around)
    signed = first.get("correction", {}).get("signed_earlier") or [
        {"who": one["who"], "name": one.get("name"), "at": one.get("at"), "refused_reason": one.get("refused_reason")}
        for one in first.get("signatures", [])
    ]
    account |= {
        "revision": wrong.revision + 1,
        "corrects": wrong.number,
        "signatures": [],
        "correction": {
            "corrects": wrong.number,
            "corrects_sha256": wrong.sha256,
            "reason": reason,
            "by": turn.viewer.name,
            "at": iso(turn.now),
            "changes": told,
            "signed_earlier": signed,
        },
    }
    body = canonical_json(account)
    record = Record(
        id=uuid4(),
        number=around.number,
        visit_id=visit.id,
        line_id=wrong.line_id,
        revision=wrong.revision + 1,
        corrects=wrong.number,
        body=body.decode(),
        sha256=sha256_hex(body),
        strokes={},
        sealed_at=turn.now,
    )
    turn.session.add(record)
    turn.session.flush()  # the visit's row is held: nobody else corrects the same record meanwhile
    write_down(turn.session, turn.now, "record", record, record.sha256)
    return record

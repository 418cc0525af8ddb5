"""Signatures from the customer's own phone: kept against the hash of what was signed, joined when that has arrived.

The technician's phone may have no network while the customer's has: then the signature comes before its content.
"""

import hmac
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from checklists.answers import flaws
from checklists.progress import fold
from checklists.words import Words
from dispatch.accounts.secrets_kept import derived_token
from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import SYSTEM, Viewer
from dispatch.database import one_at_a_time
from dispatch.errors import Invalid, NotAllowed, NotFound
from dispatch.records.canonical import canonical_json, sha256_hex
from dispatch.records.entries import checklist_of, context_of, counted, rows_of
from dispatch.records.intake import SentParcel, take_parcel
from dispatch.records.own_phone.content import LAST_STEP, Said, confirmation_code, content_hash, signed_content
from dispatch.records.own_phone.tables import OwnPhoneSignature
from dispatch.records.reading import SentEntry
from dispatch.records.refusals import follow_up
from dispatch.settings import Settings
from dispatch.visits.life import OPEN, Status
from dispatch.visits.queries import visit_seen_by, visits_of
from dispatch.visits.tables import Visit

SIGNATURE = "customer_signature"
ANSWERS = (SIGNATURE, "conduct_rating", "overall_rating", "comment")
BEFORE, AFTER = timedelta(hours=12), timedelta(days=3)
MOST_SUMMARY = 60
SEALED_OTHERWISE = "客户手机签名与最终记录内容不一致 (sealed otherwise than signed)"


class SignedOtherwise(NotAllowed):
    """The id was used for another content."""

    name = "signature-differs"


@dataclass(frozen=True)
class SentSignature:
    """What the customer's phone sends. `answers` are those of the last step that the customer fills in."""

    id: UUID
    visit_id: UUID
    key: str
    content_sha256: str
    checklist: str
    steps: tuple[str, ...]
    summary: Said
    answers: dict[str, Any]

    @property
    def decision(self) -> str:
        """Signed or refused."""
        value = self.answers.get(SIGNATURE)
        return "refuse" if isinstance(value, dict) and value.get("refused") else "sign"


def own_phone_key(settings: Settings, visit_id: UUID) -> str:
    """What the technician's phone puts into the code: proof that the visit is in its pack. Derived, never stored."""
    return derived_token(settings.secret_bytes(), "own-phone", str(visit_id))


def take_signature(turn: Turn, sent: SentSignature) -> tuple[OwnPhoneSignature, str]:
    """Keep what the customer said; join it at once if its content is here. Returns the row and the code to show.

    The same id and content gives the same answer. NotFound for a key that does not fit or is out of its time;
    Invalid for a signature that is none; NotAllowed once the visit has its record.
    """
    visit = _visit_for(turn, sent)
    one_at_a_time(turn.session, "own phone", str(visit.id))
    code = confirmation_code(sent.key, sent.content_sha256, sent.decision)
    fingerprint = sha256_hex(canonical_json(_plain(sent)))
    known = turn.session.get(OwnPhoneSignature, sent.id)
    if known is not None:
        if known.fingerprint != fingerprint or known.visit_id != visit.id:
            raise SignedOtherwise(
                Words("这份签名已提交过，内容有改动。请重新扫码签名。",
                      "This was sent before with other content. Scan the code again and sign anew.")
            )  # fmt: skip
        return known, code
    if Status(visit.status) == Status.SEALED:
        raise NotAllowed(
            Words("服务记录已经封存，无需再签名。", "The record is sealed already; no signature is needed any more.")
        )
    _must_be_well_formed(visit, sent)
    for earlier in waiting_for(turn.session, visit.id):
        earlier.state = "replaced"
    row = OwnPhoneSignature(
        id=sent.id,
        visit_id=visit.id,
        content_sha256=sent.content_sha256,
        decision=sent.decision,
        kept=_plain(sent),
        fingerprint=fingerprint,
        signed_at=turn.now,
        state="waiting",
        joined_at=None,
    )
    turn.session.add(row)
    turn.session.flush()
    turn.audit("sign_on_own_phone", "visit", visit.id, decision=row.decision, content=row.content_sha256)
    if row.decision == "refuse":
        follow_up(_as_system(turn), visit.id, str(sent.answers[SIGNATURE].get("reason", "")))
    join_waiting(turn, visit.id)
    return row, code


def waiting_for(session: Session, visit_id: UUID) -> list[OwnPhoneSignature]:
    """Signatures whose content has not arrived."""
    asked = select(OwnPhoneSignature).where(OwnPhoneSignature.visit_id == visit_id)
    return list(session.scalars(asked.where(OwnPhoneSignature.state == "waiting")))


def join_waiting(turn: Turn, visit_id: UUID) -> bool:
    """Put a waiting signature among the visit's entries if what was signed is what stands there; was one joined?

    For every place where entries arrive. What does not fit yet keeps waiting; once the record is sealed without it,
    the desk is asked to call.
    """
    waiting = waiting_for(turn.session, visit_id)
    if not waiting:
        return False
    visit = visit_seen_by(turn.session, SYSTEM, visit_id, to_change=True)
    row = max(waiting, key=lambda one: one.signed_at)
    kept = row.kept
    if Status(visit.status) not in OPEN or sha256_hex(canonical_json(kept)) != row.fingerprint:
        row.state = "differs"
        turn.audit("own_phone_signature_differs", "visit", visit_id, content=row.content_sha256)
        why = Words(
            "客户手机签名与最终记录内容不一致", "What was signed on the customer's phone is not what was sealed"
        )
        follow_up(_as_system(turn), visit_id, why.zh)
        return False
    checklist = checklist_of(visit)
    folded = fold(counted(rows_of(turn.session, visit_id), visit.technician_id))
    content = signed_content(visit_id, checklist, folded, kept["steps"])
    said = {(step, key): value for step, key, value in content["said"]}
    shown = all(said.get((step, key)) == value for step, key, value in kept["summary"])
    if content_hash(content) != row.content_sha256 or not shown:
        return False
    _hand_in(turn, visit, row, kept["answers"])
    row.state, row.joined_at = "joined", turn.now
    return True


def _hand_in(turn: Turn, visit: Visit, row: OwnPhoneSignature, answers: dict[str, Any]) -> None:
    entries = tuple(
        SentEntry(uuid5(row.id, key), LAST_STEP, key, value, row.signed_at) for key, value in answers.items()
    )
    body = {"visit_id": str(visit.id), "device_id": "own-phone", "entries": answers}
    customer = Viewer(role="customer", name="own phone", visit_id=visit.id)
    sent = SentParcel(row.id, visit.id, "own-phone", entries, body, sha256_hex(canonical_json(body)))
    take_parcel(replace(turn, viewer=customer), sent)


def _as_system(turn: Turn) -> Turn:
    return replace(turn, viewer=SYSTEM)


def _visit_for(turn: Turn, sent: SentSignature) -> Visit:
    if not hmac.compare_digest(own_phone_key(turn.settings, sent.visit_id).encode(), sent.key.encode()):
        raise NotFound
    visit = turn.session.scalar(visits_of(SYSTEM).where(Visit.id == sent.visit_id))
    if visit is None or not visit.window_start - BEFORE <= turn.now <= visit.window_end + AFTER:
        raise NotFound
    return visit_seen_by(turn.session, SYSTEM, sent.visit_id)


def _must_be_well_formed(visit: Visit, sent: SentSignature) -> None:
    checklist, context = checklist_of(visit), context_of(visit)
    if sent.checklist != checklist.key or len(sent.summary) > MOST_SUMMARY:
        raise Invalid(Words("签名内容与本次上门不符，请重新扫码。", "This does not belong to the visit. Scan again."))
    if SIGNATURE not in sent.answers or not set(sent.answers) <= set(ANSWERS):
        raise Invalid(Words("请签名，或选择不签名并写明原因。", "Please sign, or say why you do not."))
    for key, value in sent.answers.items():
        for flaw in flaws(checklist.field(LAST_STEP, key), value, context):
            raise Invalid(flaw.words, facts={"field": key})


def _plain(sent: SentSignature) -> dict[str, Any]:
    return {
        "visit": str(sent.visit_id),
        "content": sent.content_sha256,
        "steps": list(sent.steps),
        "summary": sent.summary,
        "answers": sent.answers,
    }


def signatures_of(session: Session, viewer: Viewer, visit_id: UUID) -> list[OwnPhoneSignature]:
    """What was said on own phones about a visit, newest first. NotFound for a visit that is not the viewer's."""
    visit = visit_seen_by(session, viewer, visit_id)
    asked = select(OwnPhoneSignature).where(OwnPhoneSignature.visit_id == visit.id)
    return list(session.scalars(asked.order_by(OwnPhoneSignature.signed_at.desc(), OwnPhoneSignature.id)))

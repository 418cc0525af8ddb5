"""Verbs of the ledger: propose with proof, approve within one's limit, decline with a reason, hand over to billing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, false, or_, select
from sqlalchemy.orm import Session

from checklists.words import Words
from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import OVERRIDERS, Viewer
from dispatch.care.compensation.table import must_be_within_limit
from dispatch.care.compensation.tables import Compensation
from dispatch.care.complaints.queries import complaints_of
from dispatch.care.complaints.tables import Complaint
from dispatch.care.numbering import next_number
from dispatch.care.who import CARERS
from dispatch.errors import Invalid, NotAllowed, NotFound, Stale

MOST_LISTED = 1000


@dataclass(frozen=True)
class Due:
    """Money that a customer is to have. `proof`: the rows that show why, each {what, id, says}. `key`: once only."""

    key: str
    rule: str
    customer_id: UUID
    amount_fen: int
    proof: Sequence[dict[str, Any]]
    visit_id: UUID | None = None
    work_order_id: UUID | None = None
    complaint_id: UUID | None = None


def propose(turn: Turn, due: Due) -> Compensation | None:
    """A row of the ledger to be decided; None when this very thing is in it already, whatever became of it."""
    known = turn.session.scalar(select(Compensation.id).where(Compensation.dedupe_key == due.key))
    if known is not None:
        return None
    row = Compensation(
        number=next_number(turn, "B", Compensation.number),
        dedupe_key=due.key,
        rule=due.rule,
        customer_id=due.customer_id,
        visit_id=due.visit_id,
        work_order_id=due.work_order_id,
        complaint_id=due.complaint_id,
        amount_fen=due.amount_fen,
        proof=list(due.proof),
        proposed_at=turn.now,
        proposed_by=turn.by,
        proposer_id=turn.viewer.account_id,
    )
    turn.session.add(row)
    turn.session.flush()
    turn.audit("propose_compensation", "compensation", row.id, rule=due.rule, fen=due.amount_fen)
    return row


def approve(turn: Turn, compensation_id: UUID, expected_version: int | None = None, note: str = "") -> Compensation:
    """A person says yes, within their own limit. Refuses what is decided already."""
    row = _to_decide(turn, compensation_id, expected_version)
    must_be_within_limit(row.amount_fen, turn.viewer.role)
    return _decide(turn, row, "approved", note)


def decline(turn: Turn, compensation_id: UUID, reason: str, expected_version: int | None = None) -> Compensation:
    """A person says no, and why."""
    row = _to_decide(turn, compensation_id, expected_version)
    if not reason.strip():
        raise Invalid(Words("请填写不予补偿的原因。", "Say why it is declined."), name="reason-missing")
    return _decide(turn, row, "declined", reason)


def _to_decide(turn: Turn, compensation_id: UUID, expected_version: int | None) -> Compensation:
    row = compensation_seen_by(turn.session, turn.viewer, compensation_id, to_change=True)
    if expected_version is not None and expected_version != row.version:
        raise Stale(row.version)
    if row.state != "proposed":
        raise NotAllowed(
            Words("该补偿已有结论，不能更改。", "This is decided already and cannot be changed."), name="decided"
        )
    return row


def _decide(turn: Turn, row: Compensation, state: str, note: str) -> Compensation:
    row.state, row.version = state, row.version + 1
    row.decided_at, row.decided_by, row.note = turn.now, turn.by, " ".join(note.split())[:500]
    turn.audit(f"{state}_compensation", "compensation", row.id, fen=row.amount_fen)
    return row


def settled_with_customer(turn: Turn, due: Due, approved_by: str) -> Compensation:
    """What a customer chose of the options: approved already when it was offered, by who had the limit to offer it."""
    row = propose(turn, due)
    if row is None:
        return turn.session.scalars(select(Compensation).where(Compensation.dedupe_key == due.key)).one()
    row.state, row.version = "approved", 2
    row.decided_at, row.decided_by = turn.now, approved_by
    turn.audit("approved_compensation", "compensation", row.id, fen=row.amount_fen)
    return row


def compensations_of(viewer: Viewer) -> Select[Compensation]:
    """The rows that this viewer may know of: those out of a complaint only with the complaint itself."""
    everything = select(Compensation)
    if viewer.role in OVERRIDERS or viewer.role == "system":
        return everything
    if viewer.role not in CARERS:
        return everything.where(false())
    theirs = complaints_of(viewer).with_only_columns(Complaint.id)
    return everything.where(or_(Compensation.complaint_id.is_(None), Compensation.complaint_id.in_(theirs)))


def compensation_seen_by(
    session: Session, viewer: Viewer, compensation_id: UUID, *, to_change: bool = False
) -> Compensation:
    """One row; NotFound for what is not the viewer's."""
    query = compensations_of(viewer).where(Compensation.id == compensation_id)
    row = session.scalar(query.with_for_update() if to_change else query)
    if row is None:
        raise NotFound
    return row


def compensations_listed(
    session: Session, viewer: Viewer, *, state: str | None = None, most: int = MOST_LISTED
) -> list[Compensation]:
    """The ledger: proposed ones the oldest first, others the latest first; nothing for who is not at the desk."""
    query = compensations_of(viewer)
    if state is not None:
        query = query.where(Compensation.state == state)
    order = Compensation.proposed_at if state == "proposed" else Compensation.proposed_at.desc()
    return list(session.scalars(query.order_by(order, Compensation.id).limit(most)))


def compensations_of_complaint(session: Session, complaint_id: UUID) -> list[Compensation]:
    """What a complaint led to. The caller has checked that the viewer may see it."""
    query = select(Compensation).where(Compensation.complaint_id == complaint_id).order_by(Compensation.proposed_at)
    return list(session.scalars(query))


def hand_over(turn: Turn) -> list[Compensation]:
    """Everything approved that billing has not been given yet: marked as given now. For a supervisor's export."""
    turn.viewer.must_be(OVERRIDERS)
    rows = turn.session.scalars(
        select(Compensation)
        .where(Compensation.state == "approved", Compensation.exported_at.is_(None))
        .order_by(Compensation.decided_at, Compensation.id)
        .with_for_update()
    ).all()
    for row in rows:
        row.exported_at = turn.now
    turn.audit("export_compensation", "compensation", "all", count=len(rows))
    return list(rows)

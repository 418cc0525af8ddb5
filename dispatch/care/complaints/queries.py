"""Questions about complaints, with the viewer in them: supervisors see all, others those that they deal with."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, false, or_, select
from sqlalchemy.orm import Session

from dispatch.accounts.tables import Account
from dispatch.accounts.viewer import Viewer
from dispatch.care.complaints.clocks import Clock, Days
from dispatch.care.complaints.tables import (
    Complaint,
    ComplaintEvidence,
    ComplaintOption,
    ComplaintRound,
    ComplaintStep,
)
from dispatch.care.who import LEADERS
from dispatch.errors import NotFound
from dispatch.settings import Settings

MOST = 500


def complaints_of(viewer: Viewer) -> Select[Complaint]:
    """The complaints that this viewer may know of: the one query that all others begin with."""
    everything = select(Complaint)
    if viewer.role in LEADERS or viewer.role == "system":
        return everything
    if viewer.account_id is None or not viewer.at_desk:
        return everything.where(false())
    dealt_with = (
        select(ComplaintStep.id)
        .where(ComplaintStep.complaint_id == Complaint.id, ComplaintStep.account_id == viewer.account_id)
        .exists()
    )
    return everything.where(or_(Complaint.owner_id == viewer.account_id, dealt_with))


def complaint_seen_by(session: Session, viewer: Viewer, complaint_id: UUID, *, to_change: bool = False) -> Complaint:
    """One complaint; `to_change` locks the row. NotFound for what is not the viewer's."""
    query = complaints_of(viewer).where(Complaint.id == complaint_id)
    if to_change:
        query = query.with_for_update().execution_options(populate_existing=True)
    complaint = session.scalar(query)
    if complaint is None:
        raise NotFound
    return complaint


def complaints_listed(
    session: Session,
    viewer: Viewer,
    *,
    open_only: bool = True,
    mine: bool = False,
    most: int = MOST,
    begin: datetime | None = None,
    end: datetime | None = None,
) -> list[Complaint]:
    """Complaints registered in [begin, end): open ones by what is owed next, others the latest first."""
    query = complaints_of(viewer)
    if begin is not None:
        query = query.where(Complaint.registered_at >= begin)
    if end is not None:
        query = query.where(Complaint.registered_at < end)
    if mine:
        query = query.where(Complaint.owner_id == viewer.account_id)
    if open_only:
        query = query.where(Complaint.ended_at.is_(None)).order_by(Complaint.final_by, Complaint.id)
    else:
        query = query.order_by(Complaint.registered_at.desc(), Complaint.id)
    return list(session.scalars(query.limit(most)))


@dataclass(frozen=True)
class Earlier:
    """A complaint of the same customer as intake may know of it: that there is one, about what, and where it stands."""

    id: UUID
    number: str
    subject: str
    state: str
    registered_at: datetime
    open: bool


def earlier_complaints(session: Session, customer_id: UUID, *, but: UUID | None = None) -> list[Earlier]:
    """A customer's complaints in short, the latest first, for whoever takes their call. What was said is not in it."""
    query = select(Complaint).where(Complaint.customer_id == customer_id).order_by(Complaint.registered_at.desc())
    return [
        Earlier(one.id, one.number, one.subject, one.state, one.registered_at, one.ended_at is None)
        for one in session.scalars(query.limit(20))
        if one.id != but
    ]


def rounds_of(session: Session, ids: Collection[UUID]) -> dict[UUID, list[ComplaintRound]]:
    """The rounds of each of these complaints, the first one first."""
    found: dict[UUID, list[ComplaintRound]] = {one: [] for one in ids}
    query = select(ComplaintRound).where(ComplaintRound.complaint_id.in_(set(ids))).order_by(ComplaintRound.round)
    for row in session.scalars(query):
        found[row.complaint_id].append(row)
    return found


def round_of(session: Session, complaint: Complaint) -> ComplaintRound:
    """The round that runs now."""
    return session.get_one(ComplaintRound, (complaint.id, complaint.appeals + 1))


def clocks_of(complaint: Complaint, one: ComplaintRound) -> list[Clock]:
    """The clocks of a round; the last one, which never starts anew, belongs to the complaint."""
    return [
        Clock("answer", one.answer_by, one.answered_at, one.provisional),
        Clock("investigate", one.investigate_by, one.found_at, one.provisional),
        Clock("solve", one.solve_by, one.offered_at, one.provisional),
        Clock("final", complaint.final_by, complaint.told_at),
    ]


def steps_of(session: Session, complaint_id: UUID) -> list[ComplaintStep]:
    """Everything that was done about a complaint, the first first."""
    query = select(ComplaintStep).where(ComplaintStep.complaint_id == complaint_id)
    return list(session.scalars(query.order_by(ComplaintStep.at, ComplaintStep.id)))


def options_of(session: Session, complaint_id: UUID) -> list[ComplaintOption]:
    """What was offered, by round and letter."""
    query = select(ComplaintOption).where(ComplaintOption.complaint_id == complaint_id)
    return list(session.scalars(query.order_by(ComplaintOption.round, ComplaintOption.letter)))


def evidence_of(session: Session, complaint_id: UUID) -> list[ComplaintEvidence]:
    """What was gathered, the latest first."""
    query = select(ComplaintEvidence).where(ComplaintEvidence.complaint_id == complaint_id)
    return list(session.scalars(query.order_by(ComplaintEvidence.gathered_at.desc())))


def handlers_of(session: Session, complaint: Complaint) -> frozenset[UUID]:
    """Who has dealt with a complaint: its owners, and whoever took a step beyond registering it."""
    owned = session.scalars(select(ComplaintRound.owner_id).where(ComplaintRound.complaint_id == complaint.id))
    steps = [one for one in steps_of(session, complaint.id) if one.what != "registered"]
    stepped = {one.account_id for one in steps if one.account_id is not None}
    before = {UUID(one.facts["before"]) for one in steps if one.what == "assigned"}
    return frozenset({complaint.owner_id, *owned, *stepped, *before})


def names_of(session: Session, ids: Collection[UUID | None]) -> dict[UUID, str]:
    """Names of accounts by id."""
    wanted = {one for one in ids if one is not None}
    return {one.id: one.name for one in session.scalars(select(Account).where(Account.id.in_(wanted)))}


def days_by(settings: Settings) -> Days:
    """How long each clock runs, by the settings."""
    return Days(
        settings.complaint_answer_days,
        settings.complaint_investigate_days,
        settings.complaint_solve_days,
        settings.complaint_final_days,
    )

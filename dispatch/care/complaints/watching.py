"""Clocks that ran out are written down once each, and provisional deadlines settle when their year is published."""

from sqlalchemy import select

from dispatch.accounts.turn import Turn
from dispatch.care.complaints.clocks import deadlines
from dispatch.care.complaints.queries import clocks_of, days_by
from dispatch.care.complaints.tables import Complaint, ComplaintRound, ComplaintStep
from dispatch.care.complaints.telling import write_step
from dispatch.care.working_days import published_calendar


def note_overdue(turn: Turn) -> int:
    """Write a step for every clock of an open complaint that is over and was not noted yet; returns how many."""
    rows = turn.session.execute(
        select(Complaint, ComplaintRound)
        .join(
            ComplaintRound,
            (ComplaintRound.complaint_id == Complaint.id) & (ComplaintRound.round == Complaint.appeals + 1),
        )
        .where(Complaint.ended_at.is_(None))
        .order_by(Complaint.final_by, Complaint.id)
        .with_for_update(of=Complaint)
    ).all()
    if not rows:
        return 0
    steps = turn.session.execute(
        select(ComplaintStep.complaint_id, ComplaintStep.round, ComplaintStep.facts).where(
            ComplaintStep.what == "overdue", ComplaintStep.complaint_id.in_([one.id for one, _ in rows])
        )
    )
    noted = {(complaint_id, number, facts["clock"]) for complaint_id, number, facts in steps}
    found = 0
    for complaint, one in rows:
        for clock in clocks_of(complaint, one):
            is_noted = (complaint.id, one.round, clock.name) in noted or (
                clock.name == "final" and any(key[0] == complaint.id and key[2] == "final" for key in noted)
            )
            if clock.verdict(turn.now) == "overdue" and not is_noted:
                write_step(turn, complaint, "overdue", clock=clock.name, due=clock.due.isoformat())
                found += 1
    return found


def settle_provisional(turn: Turn) -> int:
    """Count anew what was counted with an unpublished year; returns how many rounds are provisional no more."""
    calendar, settings = published_calendar(turn.settings.working_days_file), turn.settings
    rows = turn.session.scalars(select(ComplaintRound).where(ComplaintRound.provisional.is_(True)).with_for_update())
    settled = 0
    for one in rows.all():
        due = deadlines(
            one.began_at, days_by(settings), calendar=calendar, zone=settings.zone, closes=settings.care_closes
        )
        if not due.provisional:
            one.answer_by, one.investigate_by, one.solve_by = due.answer, due.investigate, due.solve
            one.provisional = False
            settled += 1
    return settled

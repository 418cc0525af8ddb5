"""Not content: looked at anew by someone who has not dealt with it; after that, the regulator's way is told."""

from uuid import UUID

from checklists.words import Words
from dispatch.accounts.turn import Turn
from dispatch.care.complaints.handling import move, to_handle
from dispatch.care.complaints.life import APPEALS, State, must_be_new_to_it
from dispatch.care.complaints.queries import handlers_of, round_of
from dispatch.care.complaints.registering import begin_round, clocks_from
from dispatch.care.complaints.tables import Complaint
from dispatch.care.complaints.telling import tell, write_step
from dispatch.care.who import an_owner, least_busy
from dispatch.errors import Invalid


def unhappy(
    turn: Turn, complaint_id: UUID, why: str, owner_id: UUID | None = None, version: int | None = None
) -> Complaint:
    """The customer said on the phone that they are not content. `owner_id`: who looks at it anew (None: found)."""
    return not_content(turn, to_handle(turn, complaint_id, version), why, owner_id)


def not_content(turn: Turn, complaint: Complaint, why: str, owner_id: UUID | None = None) -> Complaint:
    """To somebody new, or, after that was done once, on to the regulator. The caller has checked who says so."""
    why = " ".join(why.split())[:500]
    if not why:
        raise Invalid(Words("请记下客户为什么不满意。", "Write down why they are not content."), name="reason-missing")
    last = round_of(turn.session, complaint)
    appealed = complaint.appeals >= APPEALS
    move(complaint, State.REGULATOR if appealed else State.APPEALED)
    last.satisfied, last.satisfied_note = False, why
    return _to_the_regulator(turn, complaint, why) if appealed else _anew(turn, complaint, why, owner_id)


def _anew(turn: Turn, complaint: Complaint, why: str, owner_id: UUID | None) -> Complaint:
    handled = handlers_of(turn.session, complaint)
    if owner_id is None:
        owner = least_busy(turn.session, but=handled, leaders_first=True)
    else:
        owner = an_owner(turn.session, owner_id)
        must_be_new_to_it(handled, owner.id)
    due = clocks_from(turn)
    complaint.appeals += 1
    complaint.owner_id, complaint.ended_at = owner.id, None
    turn.session.add(begin_round(complaint, owner.id, due, turn))
    turn.session.flush()
    row = write_step(turn, complaint, "appealed", why, owner=owner.name, answer_by=due.answer.isoformat())
    tell(turn, complaint, row, "complaint_appealed", handler=owner.name, by_when=due.answer)
    return complaint


def _to_the_regulator(turn: Turn, complaint: Complaint, why: str) -> Complaint:
    regulator = turn.settings.regulator
    row = write_step(turn, complaint, "regulator", why)
    tell(turn, complaint, row, "complaint_regulator", regulator={"zh": regulator.zh, "en": regulator.en})
    return complaint

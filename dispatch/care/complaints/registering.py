"""A complaint comes in: one owner, its clocks begin, the evidence is gathered, and the customer is told."""

import secrets
from dataclasses import dataclass
from uuid import UUID

from checklists.words import Words
from dispatch.accounts.secrets_kept import token_hash
from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import Role
from dispatch.care.complaints.causes import must_be_a_group
from dispatch.care.complaints.clocks import Deadlines, deadlines
from dispatch.care.complaints.evidence import gather, subject_of
from dispatch.care.complaints.queries import days_by
from dispatch.care.complaints.tables import CHANNELS, Complaint, ComplaintRound
from dispatch.care.complaints.telling import complaint_token, handler_name, tell, write_step
from dispatch.care.numbering import next_number
from dispatch.care.who import CARERS, an_owner, owner_for
from dispatch.care.working_days import published_calendar
from dispatch.customers.queries import customers_by_id
from dispatch.errors import Invalid, NotFound

REGISTRARS: frozenset[Role] = CARERS | {"customer"}
LONGEST_MATTER = 4000


@dataclass(frozen=True)
class Told:
    """A complaint as it is told. `subject` is a group of the tree of causes, `severity` 1 slight to 3 grave."""

    customer_id: UUID
    channel: str
    subject: str
    matter: str
    severity: int = 2
    wish: str = ""
    visit_id: UUID | None = None
    line_id: UUID | None = None
    owner_id: UUID | None = None


def register_complaint(turn: Turn, told: Told) -> Complaint:
    """Register it and owe the acknowledgement, with who looks after it and by when the first answer comes.

    Without an owner it belongs to whoever registers it, or to whoever has least to do.
    """
    turn.viewer.must_be(REGISTRARS)
    assert told.channel in CHANNELS
    must_be_a_group(told.subject)
    matter = told.matter.strip()
    if not matter or len(matter) > LONGEST_MATTER:
        raise Invalid(
            Words("请按客户原话填写投诉内容。", "Write down what they complain about."), name="matter-missing"
        )
    if not 1 <= told.severity <= 3:
        raise Invalid(Words("请选择严重程度。", "Choose how grave it is."), name="severity")
    if told.customer_id not in customers_by_id(turn.session, [told.customer_id]):
        raise NotFound(Words("没有这位客户。", "There is no such customer."))
    session = turn.session
    owner = an_owner(session, told.owner_id) if told.owner_id else owner_for(session, turn.viewer)
    about = subject_of(session, told.customer_id, told.visit_id, told.line_id)
    due = clocks_from(turn)
    link_id = secrets.token_urlsafe(9)
    complaint = Complaint(
        number=next_number(turn, "T", Complaint.number),
        customer_id=told.customer_id,
        visit_id=about.visit_id,
        line_id=about.line_id,
        technician_id=about.technician_id,
        area_id=about.area_id,
        device_model=about.device_model,
        channel=told.channel,
        subject=told.subject,
        severity=told.severity,
        matter=matter,
        wish=" ".join(told.wish.split())[:500],
        owner_id=owner.id,
        registered_at=turn.now,
        registered_by=turn.viewer.account_id,
        final_by=due.final,
        link_id=link_id,
        token_hash=token_hash(complaint_token(turn.settings, link_id)),
        version=0,
        appeals=0,
    )
    session.add(complaint)
    session.flush()
    session.add(begin_round(complaint, owner.id, due, turn))
    row = write_step(turn, complaint, "registered", owner=owner.name, answer_by=due.answer.isoformat())
    tell(turn, complaint, row, "complaint_received", handler=handler_name(session, owner.id), by_when=due.answer)
    gather(turn, complaint)
    return complaint


def clocks_from(turn: Turn) -> Deadlines:
    """The clocks of a round that begins now, by the settings and the calendar."""
    settings = turn.settings
    return deadlines(
        turn.now,
        days_by(settings),
        calendar=published_calendar(settings.working_days_file),
        zone=settings.zone,
        closes=settings.care_closes,
    )


def begin_round(complaint: Complaint, owner_id: UUID, due: Deadlines, turn: Turn) -> ComplaintRound:
    """A round of `complaint`, not yet added."""
    return ComplaintRound(
        complaint_id=complaint.id,
        round=complaint.appeals + 1,
        owner_id=owner_id,
        began_at=turn.now,
        answer_by=due.answer,
        investigate_by=due.investigate,
        solve_by=due.solve,
        provisional=due.provisional,
    )

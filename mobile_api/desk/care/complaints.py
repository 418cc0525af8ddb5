"""Complaints at the desk: the list with its clocks, registering one, and the page of one with everything about it."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import Field, StringConstraints

from checklists.words import Language
from dispatch.accounts.audit import note_look
from dispatch.accounts.turn import Turn
from dispatch.care.compensation.ledger import compensations_of_complaint
from dispatch.care.compensation.table import limit_of, money, remedy_words, severity_words, spoken_amount
from dispatch.care.complaints.causes import cause_words, groups, tree
from dispatch.care.complaints.clocks import CLOCK_WORDS, pressing
from dispatch.care.complaints.life import APPEALS, ENDED, State, possible
from dispatch.care.complaints.pattern_queries import patterns_now
from dispatch.care.complaints.patterns import of_one
from dispatch.care.complaints.queries import (
    clocks_of,
    complaint_seen_by,
    complaints_listed,
    evidence_of,
    handlers_of,
    names_of,
    options_of,
    rounds_of,
    steps_of,
)
from dispatch.care.complaints.registering import Told, register_complaint
from dispatch.care.complaints.tables import Complaint
from dispatch.care.contacts.actions import link_complaint
from dispatch.care.contacts.queries import contact_seen_by
from dispatch.care.tasks.queries import tasks_of_complaint
from dispatch.care.who import owners
from dispatch.customers.queries import customer_seen_by, customers_by_id, lines_of
from dispatch.errors import Refusal
from dispatch.settings import Settings
from dispatch.visits.finding import visits_of_customer
from mobile_api.desk.care.words import (
    CHANNEL_WORDS,
    CLOCK_VERDICTS,
    COMPLAINT_STATES,
    PATTERN_WORDS,
    STEP_WORDS,
    as_id,
    flashes,
    is_mine,
    may,
)
from mobile_api.desk.doors import DeskReading, DeskWriting
from mobile_api.desk.forms import Form, FormShape, Sent, attempt, read_form
from mobile_api.desk.story import WHAT
from mobile_api.desk.words import KIND_WORDS, NOTICE_KIND_WORDS, who
from mobile_api.errors import status_of
from mobile_api.pages import Reader, language_of, page
from mobile_api.shapes import Note

router = APIRouter()

Matter = Annotated[str, StringConstraints(min_length=1, max_length=4000)]
SHOWN_OPEN, SHOWN_ALL = "open", "all"


class RegisterShape(FormShape):
    """A complaint as somebody tells it."""

    channel: Literal["phone", "web", "mail", "sms", "messenger", "counter"] = "phone"
    subject: str
    severity: Annotated[int, Field(ge=1, le=3)] = 2
    matter: Matter
    wish: Note = ""
    visit: UUID | None = None
    line: UUID | None = None
    owner: UUID | None = None
    contact: UUID | None = None


@router.get("/desk/complaints")
def show_complaints(request: Request, turn: DeskReading, show: str = SHOWN_OPEN, done: str = "") -> Response:
    """Those that are the viewer's, what runs out first on top."""
    listed = complaints_listed(turn.session, turn.viewer, open_only=show != SHOWN_ALL)
    rounds = rounds_of(turn.session, [one.id for one in listed])
    rows = []
    for one in listed:
        now = rounds[one.id][-1]
        clock = pressing(clocks_of(one, now), turn.now) if one.ended_at is None else None
        rows.append((one, now, clock))
    rows.sort(key=lambda row: (row[2] is None, row[2].due if row[2] else row[0].registered_at))
    found = patterns_now(turn) if may(turn.viewer)["lead"] else []
    note_look(turn.session, turn.viewer, "complaints", show, turn.now)
    return page(
        request,
        "desk/care/complaints.html",
        rows=rows,
        show=show,
        customers=customers_by_id(turn.session, {one.customer_id for one in listed}),
        owners=names_of(turn.session, [one.owner_id for one in listed]),
        patterns=found,
        numbers={one.id: one.number for one in listed},
        pattern_words=PATTERN_WORDS,
        clock_words=CLOCK_WORDS,
        states=COMPLAINT_STATES,
        cause_words=cause_words,
        severity_words=severity_words,
        flashes=flashes(done),
        may=may(turn.viewer),
    )


@router.get("/desk/customers/{customer_id}/complain")
def ask(request: Request, turn: DeskReading, customer_id: UUID, visit: str = "", contact: str = "") -> Response:
    """The form to register a complaint of this customer."""
    values = {"severity": "2", "visit": visit, "contact": contact}
    if contact:
        heard = contact_seen_by(turn.session, turn.viewer, as_id(contact))
        values |= {"matter": heard.matter, "channel": heard.channel}
    return _ask(request, turn, customer_id, Form(values))


@router.post("/desk/customers/{customer_id}/complain")
def register(request: Request, turn: DeskWriting, sent: Sent, customer_id: UUID) -> Response:
    """Register it; the customer is told who looks after it and by when."""
    customer_seen_by(turn.session, turn.viewer, customer_id)
    read = read_form(RegisterShape, sent)
    if read.shape is None:
        return _ask(request, turn, customer_id, read.again())
    shape = read.shape

    def do() -> str:
        told = Told(
            customer_id, shape.channel, shape.subject, shape.matter, shape.severity, shape.wish, shape.visit,
            shape.line, shape.owner,
        )  # fmt: skip
        complaint = register_complaint(turn, told)
        if shape.contact is not None:
            link_complaint(turn, shape.contact, complaint.id)
        mine = is_mine(turn, complaint.owner_id) or complaint.registered_by == turn.viewer.account_id
        return f"/desk/complaints/{complaint.id}?done=registered" if mine else "/desk/complaints?done=registered"

    answer = attempt(turn, shape, f"complain {customer_id}", do)
    return answer if isinstance(answer, Response) else _ask(request, turn, customer_id, read.again(), answer)


def _ask(request: Request, turn: Turn, customer_id: UUID, form: Form, refusal: Refusal | None = None) -> Response:
    customer = customer_seen_by(turn.session, turn.viewer, customer_id)
    note_look(turn.session, turn.viewer, "customer", customer.id, turn.now)
    return page(
        request,
        "desk/care/complain.html",
        status=status_of(refusal) if refusal else 422 if form.errors else 200,
        customer=customer,
        form=form,
        refusal=refusal,
        subjects=groups(),
        severities={n: severity_words(n) for n in (1, 2, 3)},
        channels={key: CHANNEL_WORDS[key] for key in CHANNEL_WORDS if key not in ("return_call", "link")},
        visits=visits_of_customer(turn.session, turn.viewer, customer.id, 10),
        lines=lines_of(turn.session, customer.id),
        owners=owners(turn.session),
        kind_words=KIND_WORDS,
        may=may(turn.viewer),
    )


@router.get("/desk/complaints/{complaint_id}")
def show_complaint(request: Request, turn: DeskReading, complaint_id: UUID, done: str = "") -> Response:
    """One complaint: what to do next, its clocks, what was done, what the house knows of it."""
    return draw_complaint(request, turn, complaint_seen_by(turn.session, turn.viewer, complaint_id), Form(), done=done)


def draw_complaint(
    request: Request, turn: Turn, complaint: Complaint, form: Form, refusal: Refusal | None = None, done: str = ""
) -> Response:
    """The page of a complaint, with the form that was refused if one was."""
    session = turn.session
    note_look(session, turn.viewer, "complaint", complaint.id, turn.now)
    customer = customers_by_id(session, [complaint.customer_id])[complaint.customer_id]
    rounds = rounds_of(session, [complaint.id])[complaint.id]
    steps = steps_of(session, complaint.id)
    evidence = evidence_of(session, complaint.id)
    handled = handlers_of(session, complaint)
    state = State(complaint.state)
    return page(
        request,
        "desk/care/complaint.html",
        status=status_of(refusal) if refusal else 422 if form.errors else 200,
        complaint=complaint,
        customer=customer,
        rounds=[(one, clocks_of(complaint, one)) for one in rounds],
        steps=steps,
        options=options_of(session, complaint.id),
        evidence=evidence[0] if evidence else None,
        tasks=tasks_of_complaint(session, complaint.id),
        money=compensations_of_complaint(session, complaint.id),
        names=names_of(session, [complaint.owner_id, *(one.owner_id for one in rounds)]),
        mine=is_mine(turn, complaint.owner_id),
        next=[one.value for one in possible(state, appeals=complaint.appeals)],
        ended=state in ENDED,
        last_resort=complaint.appeals >= APPEALS,
        everybody=owners(session),
        new_to_it=owners(session, but=handled),
        most_fen=min(limit_of(turn.viewer.role), money()["severity"][str(complaint.severity)]["up_to_fen"]),
        patterns=of_one(patterns_now(turn), complaint.id),
        form=form,
        fresh=Form,
        refusal=refusal,
        flashes=flashes(done),
        may=may(turn.viewer),
        **_words(language_of(request), turn.settings),
    )


def _words(language: Language, settings: Settings) -> dict[str, Any]:
    return {
        "states": COMPLAINT_STATES,
        "verdicts": CLOCK_VERDICTS,
        "clock_words": CLOCK_WORDS,
        "step_words": STEP_WORDS,
        "pattern_words": PATTERN_WORDS,
        "channels": CHANNEL_WORDS,
        "cause_words": cause_words,
        "causes": tree(),
        "remedies": remedy_words(),
        "severities": {n: severity_words(n) for n in (1, 2, 3)},
        "amount": spoken_amount,
        "notice_kinds": NOTICE_KIND_WORDS,
        "kind_words": KIND_WORDS,
        "who": who,
        "change_words": {what: words for what, (_, _, words) in WHAT.items()},
        "stamp": lambda text: Reader(language, settings.zone).local_time(datetime.fromisoformat(text), "day_time"),
    }

"""Looking after a complaint: answer, find out, offer, settle, tell the result, close. Each a short story.

Every verb needs the complaint's owner or a supervisor, moves it by the table of its life, writes what was done, and
owes the customer the notice of that stage.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from checklists.words import Words
from dispatch.accounts.turn import Turn
from dispatch.care.compensation.ledger import Due, settled_with_customer
from dispatch.care.compensation.table import may_offer, remedy_words, spoken_amount, takes_money
from dispatch.care.complaints.causes import must_be_a_cause
from dispatch.care.complaints.life import ENDED, State, step
from dispatch.care.complaints.queries import complaint_seen_by, options_of, round_of, steps_of
from dispatch.care.complaints.tables import Complaint, ComplaintOption
from dispatch.care.complaints.telling import language_of_customer, tell, write_step
from dispatch.care.speaking import reply
from dispatch.care.who import LEADERS, an_owner
from dispatch.errors import Forbidden, Invalid, NotAllowed, Stale

FEWEST_OPTIONS, MOST_OPTIONS = 2, 3


@dataclass(frozen=True)
class Offer:
    """One solution: a remedy of the table, in words for the customer, with its money in fen (0 for none)."""

    remedy: str
    words: str
    amount_fen: int = 0


def to_handle(turn: Turn, complaint_id: UUID, expected_version: int | None) -> Complaint:
    """The complaint, locked, for its owner or a supervisor. Refuses with Stale, and with Forbidden anybody else."""
    complaint = complaint_seen_by(turn.session, turn.viewer, complaint_id, to_change=True)
    if turn.viewer.role not in LEADERS | {"system"} and complaint.owner_id != turn.viewer.account_id:
        raise Forbidden(
            Words("只有该投诉的负责人或主管可以处理。", "Only its owner or a supervisor may deal with this complaint.")
        )
    if expected_version is not None and expected_version != complaint.version:
        raise Stale(complaint.version)
    return complaint


def move(complaint: Complaint, to: State) -> None:
    """Bring it to `to`, if its life allows."""
    complaint.state = step(State(complaint.state), to, appeals=complaint.appeals)


def answer(turn: Turn, complaint_id: UUID, said: str, version: int | None = None) -> Complaint:
    """The first answer, in words that the customer reads."""
    complaint = to_handle(turn, complaint_id, version)
    move(complaint, State.ANSWERED)
    said = reply(said, language_of_customer(turn.session, complaint))
    one = round_of(turn.session, complaint)
    one.answered_at = turn.now
    row = write_step(turn, complaint, "answered", said)
    tell(turn, complaint, row, "complaint_answered", said=said, by_when=one.investigate_by)
    return complaint


def found_out(
    turn: Turn, complaint_id: UUID, cause: str, finding: str, said: str, version: int | None = None
) -> Complaint:
    """What it was: a cause of the tree, the finding for us, and what the customer is told of it."""
    complaint = to_handle(turn, complaint_id, version)
    move(complaint, State.FOUND)
    must_be_a_cause(cause)
    if not finding.strip():
        raise Invalid(Words("请填写调查结论。", "Write down what was found."), name="finding-missing")
    said = reply(said, language_of_customer(turn.session, complaint))
    one = round_of(turn.session, complaint)
    one.found_at, one.cause, one.finding = turn.now, cause, finding.strip()[:4000]
    row = write_step(turn, complaint, "found", said, cause=cause)
    tell(turn, complaint, row, "complaint_found", said=said, by_when=one.solve_by)
    return complaint


def offer(turn: Turn, complaint_id: UUID, offers: Sequence[Offer], version: int | None = None) -> Complaint:
    """Two or three solutions to choose from. Money within the severity and within the limit of who offers it."""
    complaint = to_handle(turn, complaint_id, version)
    move(complaint, State.OFFERED)
    if not FEWEST_OPTIONS <= len(offers) <= MOST_OPTIONS:
        raise Invalid(
            Words("请向客户提出两到三个方案。", "Offer the customer two or three solutions."), name="options-number"
        )
    language = language_of_customer(turn.session, complaint)
    spoken = []
    for letter, one in zip("ABC", offers, strict=False):
        amount = _amount(turn, complaint, one)
        words = reply(one.words, language, most=100)
        turn.session.add(
            ComplaintOption(
                complaint_id=complaint.id,
                round=complaint.appeals + 1,
                letter=letter,
                remedy=one.remedy,
                words=words,
                amount_fen=amount,
            )
        )
        spoken.append(f"{letter} {spoken_option(one.remedy, words, amount, language)}")
    round_of(turn.session, complaint).offered_at = turn.now
    listed = ("; " if language == "en" else "；").join(spoken)
    row = write_step(turn, complaint, "offered", listed)
    tell(turn, complaint, row, "complaint_offered", options=listed)
    return complaint


def _amount(turn: Turn, complaint: Complaint, one: Offer) -> int:
    if not takes_money(one.remedy):
        if one.amount_fen:
            raise Invalid(
                Words("该处理方式不含金额，请清空金额。", "That remedy has no money in it: leave the amount empty."),
                name="amount-unwanted",
            )
        return 0
    if one.amount_fen <= 0:
        raise Invalid(Words("请填写补偿金额。", "Give the amount."), name="amount-missing")
    return may_offer(one.amount_fen, severity=complaint.severity, role=turn.viewer.role)


def spoken_option(remedy: str, words: str, amount_fen: int, language: str) -> str:
    """An option as the customer reads it: our words for the remedy, its money, and what it means here."""
    name = remedy_words()[remedy].to(language)
    money = (" " if language == "en" else "") + spoken_amount(amount_fen).to(language) if amount_fen else ""
    return f"{name}{money}{': ' if language == 'en' else '：'}{words}"


def settle(turn: Turn, complaint_id: UUID, letter: str, version: int | None = None) -> Complaint:
    """The customer chose a solution, on the phone."""
    return chosen(turn, to_handle(turn, complaint_id, version), letter)


def chosen(turn: Turn, complaint: Complaint, letter: str) -> Complaint:
    """Keep the choice; money goes into the ledger as approved by who offered it. The caller has checked who chooses."""
    move(complaint, State.SETTLED)
    options = [one for one in options_of(turn.session, complaint.id) if one.round == complaint.appeals + 1]
    option = next((one for one in options if one.letter == letter), None)
    if option is None:
        raise Invalid(Words("请选择已提出的方案之一。", "Choose one of the solutions offered."), name="option-unknown")
    option.chosen_at = turn.now
    round_of(turn.session, complaint).settled_at = turn.now
    said = spoken_option(option.remedy, option.words, option.amount_fen, language_of_customer(turn.session, complaint))
    row = write_step(turn, complaint, "settled", said, letter=letter)
    if option.amount_fen:
        offered = [one for one in steps_of(turn.session, complaint.id) if one.what == "offered"][-1]
        proof = [{"what": "complaint", "id": str(complaint.id), "says": complaint.number}]
        proof.append({"what": "option", "id": str(option.id), "says": f"{letter} {option.words}"})
        due = Due(
            f"complaint:{complaint.id}:{option.round}", "complaint", complaint.customer_id, option.amount_fen, proof,
            visit_id=complaint.visit_id, complaint_id=complaint.id,
        )  # fmt: skip
        settled_with_customer(turn, due, offered.by)
    tell(turn, complaint, row, "complaint_settled", said=said)
    return complaint


def tell_result(turn: Turn, complaint_id: UUID, said: str, version: int | None = None) -> Complaint:
    """It is done: the customer reads the result with an apology, and is asked whether they are content."""
    complaint = to_handle(turn, complaint_id, version)
    move(complaint, State.TOLD)
    said = reply(said, language_of_customer(turn.session, complaint))
    one = round_of(turn.session, complaint)
    one.told_at, one.result = turn.now, said
    complaint.told_at = complaint.told_at or turn.now
    row = write_step(turn, complaint, "told", said)
    tell(turn, complaint, row, "complaint_result", said=said)
    return complaint


def close(turn: Turn, complaint_id: UUID, note: str = "", version: int | None = None) -> Complaint:
    """The customer is content (or was told the regulator's way): the end."""
    complaint = to_handle(turn, complaint_id, version)
    return closed(turn, complaint, content=State(complaint.state) is State.TOLD, note=note)


def closed(turn: Turn, complaint: Complaint, *, content: bool, note: str = "") -> Complaint:
    """End it. `content`: the customer said so. The caller has checked who may."""
    move(complaint, State.CLOSED)
    one = round_of(turn.session, complaint)
    if content:
        one.satisfied, one.satisfied_note = True, " ".join(note.split())[:500]
    complaint.ended_at = turn.now
    row = write_step(turn, complaint, "closed", note.strip()[:500], content=content)
    tell(turn, complaint, row, "complaint_closed")
    return complaint


def withdraw(turn: Turn, complaint_id: UUID, why: str, version: int | None = None) -> Complaint:
    """The customer does not want it any more, and said why."""
    complaint = to_handle(turn, complaint_id, version)
    move(complaint, State.WITHDRAWN)
    if not why.strip():
        raise Invalid(Words("请记下客户撤回的原因。", "Write down why they withdrew it."), name="reason-missing")
    complaint.ended_at = turn.now
    row = write_step(turn, complaint, "withdrawn", why.strip()[:500])
    tell(turn, complaint, row, "complaint_closed")
    return complaint


def assign(turn: Turn, complaint_id: UUID, owner_id: UUID, version: int | None = None) -> Complaint:
    """A supervisor gives it to another owner; the clocks run on."""
    turn.viewer.must_be(LEADERS)
    complaint = to_handle(turn, complaint_id, version)
    _must_be_open(complaint)
    owner = an_owner(turn.session, owner_id)
    before, complaint.owner_id = complaint.owner_id, owner.id
    round_of(turn.session, complaint).owner_id = owner.id
    write_step(turn, complaint, "assigned", owner.name, before=str(before))
    return complaint


def grade(turn: Turn, complaint_id: UUID, severity: int, version: int | None = None) -> Complaint:
    """It is graver, or slighter, than it seemed."""
    complaint = to_handle(turn, complaint_id, version)
    _must_be_open(complaint)
    if not 1 <= severity <= 3:
        raise Invalid(Words("请选择严重程度。", "Choose how grave it is."), name="severity")
    complaint.severity = severity
    write_step(turn, complaint, "graded", severity=severity)
    return complaint


def _must_be_open(complaint: Complaint) -> None:
    if State(complaint.state) in ENDED:
        raise NotAllowed(
            Words("投诉已结束，不能再更改。", "The complaint has ended and cannot be changed."), name="complaint-ended"
        )

"""Verbs of the day itself: depart, arrive, no access; and what the customer says through their link."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from checklists.words import Words
from dispatch.accounts.turn import Turn
from dispatch.errors import Forbidden, Invalid, NotAllowed
from dispatch.notices.actions import supersede
from dispatch.technicians.kit import MISSED_VISIT_NOTE, draw_kit
from dispatch.visits.call_me import open_call_me
from dispatch.visits.changes import must_be_current, write_change
from dispatch.visits.life import MOVABLE, Status, step_to
from dispatch.visits.punctuality import late_notice
from dispatch.visits.queries import visit_seen_by
from dispatch.visits.tables import Visit
from dispatch.visits.telling import tell
from dispatch.visits.under_way import BEFORE_ARRIVAL, ON_THE_WAY, guess_arrival, tell_of_departure
from dispatch.visits.windows import Window, window_to_promise

LONGEST_WAY = timedelta(hours=12)


def depart(
    turn: Turn,
    visit_id: UUID,
    *,
    at: datetime | None = None,
    predicted: datetime | None = None,
    expected_version: int | None = None,
    arrived: bool = False,
) -> Visit:
    """The technician sets out, and the customer is told when they will be there.

    `at` is when, by the phone's clock, if it is told later; `predicted` when they expect to arrive, guessed by distance
    if left out. `arrived`: they stand at the door already, so there is nothing to tell.
    """
    visit = _to_step(turn, visit_id, expected_version)
    if visit.technician_id is None:
        raise NotAllowed(
            Words("该上门尚未派给装维人员，请先派单。", "Nobody is assigned to this visit. Assign a technician first."),
            name="visit-unassigned",
        )
    visit.status = step_to(Status(visit.status), Status.EN_ROUTE)
    visit.departed_at = at or turn.now
    if not arrived:
        _must_follow(visit.departed_at, predicted)
        visit.predicted_at = predicted or guess_arrival(turn, visit, visit.departed_at)
    late = late_notice(visit.window, visit.predicted_at, now=turn.now) if visit.predicted_at else None
    write_change(
        turn,
        visit,
        "departed",
        breach=late is not None and late.breach,
        tell_until=late.tell_until if late else None,
        at=visit.departed_at.isoformat(),
        predicted=visit.predicted_at.isoformat() if visit.predicted_at else None,
    )
    if not arrived:
        tell_of_departure(turn, visit, visit.predicted_at)
    return visit


def arrive(turn: Turn, visit_id: UUID, *, at: datetime | None = None, expected_version: int | None = None) -> Visit:
    """The technician stands at the door."""
    visit = _to_step(turn, visit_id, expected_version)
    visit.status = step_to(Status(visit.status), Status.ON_SITE)
    visit.arrived_at = at or turn.now
    write_change(turn, visit, "arrived", at=visit.arrived_at.isoformat())
    supersede(turn, visit.id, BEFORE_ARRIVAL)
    return visit


def no_access(
    turn: Turn,
    visit_id: UUID,
    *,
    note_left: bool,
    at: datetime | None = None,
    expected_version: int | None = None,
) -> Visit:
    """Nobody opened and nobody could be reached: the visit ends and the customer is offered a new time."""
    visit = _to_step(turn, visit_id, expected_version)
    visit.status = step_to(Status(visit.status), Status.NO_ACCESS)
    visit.ended_at = at or turn.now
    write_change(turn, visit, "no_access", note_left=note_left, at=visit.ended_at.isoformat())
    if note_left and visit.technician_id is not None:
        draw_kit(turn, visit.technician_id, visit.id, MISSED_VISIT_NOTE)
    tell(turn, visit, "no_access", about=turn.now)
    return visit


def confirm(turn: Turn, visit_id: UUID) -> Visit:
    """The customer says that the appointment suits them. Saying it twice is fine."""
    visit = visit_seen_by(turn.session, turn.viewer, visit_id, to_change=True)
    if Status(visit.status) not in MOVABLE:
        raise NotAllowed(
            Words("该预约已不能确认，请查看最新状态。", "This appointment cannot be confirmed any more."),
            name="visit-state",
        )
    if visit.confirmed_at is None:
        visit.confirmed_at = turn.now
        write_change(turn, visit, "confirmed", asked_by="customer")
    return visit


def ask_for_another_time(turn: Turn, visit_id: UUID, *, wish: Window | None, call_me: bool, words: str) -> Visit:
    """The customer's wish for another time: kept for the desk, which moves the visit and tells them."""
    visit = visit_seen_by(turn.session, turn.viewer, visit_id, to_change=True)
    if Status(visit.status) in (Status.ON_SITE, Status.SEALED):
        raise NotAllowed(
            Words("上门已开始，无法改约，请致电客服。", "The visit has begun and cannot be moved. Please call us."),
            name="visit-state",
        )
    if wish is None and not call_me and not words.strip():
        raise Invalid(
            Words("请选择希望的时间，或请我们致电。", "Choose a time that suits you, or ask us to call."),
            name="wish-missing",
        )
    asked: dict[str, Any] = {"call_me": call_me, "words": words.strip(), "at": turn.now.isoformat()}
    if wish is not None:
        wish = window_to_promise(wish.start, wish.end, now=turn.now)
        asked |= {"start": wish.start.isoformat(), "end": wish.end.isoformat()}
    visit.wish = asked
    write_change(turn, visit, "wished", asked_by="customer", **asked)
    if call_me:
        open_call_me(turn, visit, words)
    return visit


def _must_follow(departed: datetime, predicted: datetime | None) -> None:
    if predicted is not None and not departed < predicted <= departed + LONGEST_WAY:
        raise Invalid(
            Words(
                "预计到达应在出发之后、半天之内，请核对。",
                "The arrival should follow the departure, within half a day. Check it.",
            ),
            name="arrival-odd",
        )


def _to_step(turn: Turn, visit_id: UUID, expected_version: int | None) -> Visit:
    if turn.viewer.role not in ON_THE_WAY and turn.viewer.role != "system":
        raise Forbidden()
    visit = visit_seen_by(turn.session, turn.viewer, visit_id, to_change=True)
    must_be_current(visit, expected_version)
    return visit

"""What a drop on the live board would mean: asked of the rules and the judge that decide; nothing is written."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from dispatch.accounts.turn import Turn
from dispatch.board.fitting import Verdict, judge_held
from dispatch.clock import day_bounds, local_day
from dispatch.errors import Refusal
from dispatch.technicians.queries import technicians_seen_by
from dispatch.technicians.tables import Technician
from dispatch.visits import rules
from dispatch.visits.free_windows import windows_of_day
from dispatch.visits.life import Status
from dispatch.visits.tables import Visit
from dispatch.visits.telling import believed
from dispatch.visits.windows import EXACT, Window
from mobile_api.desk.forms import day_from

FARTHEST_MINUTE = 3 * 24 * 60


@dataclass(frozen=True)
class Meaning:
    """What a drop means: the window that it leads to, whether that is what was told, and until when it must be said."""

    window: Window
    planned: datetime | None
    technician: Technician | None
    same_window: bool
    other_technician: bool
    tell_until: datetime | None
    refusal: Refusal | None
    verdict: Verdict | None


def board_day_from(turn: Turn, day: str) -> date:
    """The day that an address names, today for none."""
    return day_from(day, local_day(turn.now, turn.settings.zone))


def instant_of(turn: Turn, day: date, minute: int) -> datetime:
    """A minute of the board's scale as an instant."""
    bounded = max(-FARTHEST_MINUTE, min(FARTHEST_MINUTE, minute))
    return day_bounds(day, turn.settings.zone)[0] + timedelta(minutes=bounded)


def window_for(visit: Visit, planned: datetime | None, day: date, turn: Turn) -> Window:
    """The told window as long as the arrival lies in it; else an exact time, or the day's usual window around it."""
    if planned is None or visit.window.start <= planned < visit.window.end:
        return visit.window
    if visit.window.is_exact:
        return Window(planned, planned + EXACT)
    usual = (window for window in windows_of_day(day, turn.settings.zone) if window.start <= planned < window.end)
    return next(usual, Window(planned, planned + visit.window.length))


def judged(turn: Turn, visit: Visit, technician: UUID, start: datetime, day: date) -> Verdict:
    """The planner's judge about the visit there."""
    return judge_held(
        turn.session, turn.viewer, visit, technician, start, day=day, zone=turn.settings.zone, now=turn.now
    )


def meaning_of(
    turn: Turn, visit: Visit, window: Window, planned: datetime | None, technician: UUID | None, day: date
) -> Meaning:
    """What the same rules that will decide say of it now."""
    known = {one.id: one for one in technicians_seen_by(turn.session, turn.viewer)}
    tell_until, refusal = None, None
    try:
        rules.must_be_movable(Status(visit.status))
        change = rules.change_promise(
            visit.window,
            window,
            now=turn.now,
            asked_by="company",
            override=None,
            believed=believed(turn.session, visit).windows,
        )
        tell_until = change.tell_until if change.surprises else None
    except Refusal as said_no:
        refusal = said_no
    verdict = None
    if technician in known and planned is not None and visit.status in ("booked", "en_route"):
        verdict = judged(turn, visit, technician, planned, day)
    return Meaning(
        window=window,
        planned=planned,
        technician=known.get(technician) if technician else None,
        same_window=window == visit.window,
        other_technician=technician is not None and visit.technician_id not in (None, technician),
        tell_until=tell_until,
        refusal=refusal,
        verdict=verdict,
    )

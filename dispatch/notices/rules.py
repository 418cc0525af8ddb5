"""Decisions about notices: when one may leave, by which way, when it is too late, what an answer means. Pure."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

LEASE = timedelta(seconds=30)  # asking and sending, each at most 10 s by setting, must both fit in
LONGEST_WAIT = timedelta(minutes=5)
SOON = timedelta(hours=2)
ASK_FOR = timedelta(hours=24)
TRY_ONE_WAY_FOR = timedelta(minutes=10)
TOLD_STATES = frozenset({"accepted", "delivered", "phoned"})
UNTOLD_STATES = frozenset({"owed", "claimed", "failed", "in_doubt", "expired"})


@dataclass(frozen=True)
class Manner:
    """How a kind is treated: whether quiet hours hold it, and whether a person calls when nothing else can."""

    urgent: bool = False
    needs_call: bool = False


MANNERS: dict[str, Manner] = {
    "booked": Manner(needs_call=True),
    "moved": Manner(needs_call=True),
    "cancelled": Manner(needs_call=True),
    "technician_changed": Manner(needs_call=True),
    "reminder": Manner(),
    "on_the_way": Manner(urgent=True),
    "running_late": Manner(urgent=True, needs_call=True),
    "no_access": Manner(urgent=True, needs_call=True),
    "record_ready": Manner(),
    "satisfaction": Manner(),
    "return_call": Manner(),
    "outage": Manner(),
    "complaint_received": Manner(needs_call=True),
    "complaint_answered": Manner(needs_call=True),
    "complaint_found": Manner(needs_call=True),
    "complaint_offered": Manner(needs_call=True),
    "complaint_settled": Manner(needs_call=True),
    "complaint_result": Manner(needs_call=True),
    "complaint_appealed": Manner(needs_call=True),
    "complaint_regulator": Manner(needs_call=True),
    "complaint_closed": Manner(),
}


def quiet_until(now: datetime, zone: ZoneInfo, quiet_from: int, quiet_to: int) -> datetime | None:
    """When the quiet hours that `now` lies in end; None outside them. Hours are of the business zone."""
    local = now.astimezone(zone)
    hour = local.hour
    inside = quiet_from <= hour or hour < quiet_to if quiet_from > quiet_to else quiet_from <= hour < quiet_to
    if not inside:
        return None
    day = local.date() + timedelta(days=1 if quiet_from > quiet_to and hour >= quiet_from else 0)
    return datetime.combine(day, time(quiet_to), zone).astimezone(now.tzinfo)


def release_time(
    now: datetime, *, about: datetime | None, deadline: datetime | None, quiet_ends: datetime | None
) -> datetime:
    """When a notice may leave: at once, or when the quiet hours end.

    It does not wait when waiting would miss its `deadline`, or when what it is `about` begins within two hours
    of the quiet hours' end.
    """
    if quiet_ends is None:
        return now
    if deadline is not None and deadline <= quiet_ends:
        return now
    if about is not None and about <= quiet_ends + SOON:
        return now
    return quiet_ends


def ways(preferred: str, *, takes_sms: bool, has_mail: bool, needs_call: bool) -> list[str]:
    """The ways to tell a customer, the first to be tried first: as they prefer, then what is left; last a call.

    Who prefers a call gets one for what must be told; for all else a message does.
    """
    written = [medium for medium, can in (("sms", takes_sms), ("mail", has_mail)) if can]
    if preferred == "mail":
        written.sort(key=lambda medium: medium != "mail")
    if preferred == "call" and needs_call:
        return ["call"]
    return [*written, *(["call"] if needs_call else [])]


def call_by(
    needs_call: bool, *, owed_at: datetime, about: datetime | None, deadline: datetime | None
) -> datetime | None:
    """Until when a person must call if nothing else told the customer; None when a call would be out of proportion.

    A confirmation or a new name is worth a call within a day, and two hours before the visit at the latest.
    """
    if not needs_call:
        return None
    if deadline is not None:
        return deadline
    latest = owed_at + timedelta(hours=24)
    if about is not None:
        latest = min(latest, about - SOON)
    return max(latest, owed_at + timedelta(minutes=15))


def at_risk_from(by: datetime, owed_at: datetime) -> datetime:
    """From when an untold notice is a dispatcher's task: 45 minutes before, or at half of the time that there was."""
    return by - min(timedelta(minutes=45), max((by - owed_at) / 2, timedelta(0)))


def fall_back_from(by: datetime, owed_at: datetime) -> datetime:
    """From when a way that does not answer is left for the next one: before a person has to be troubled."""
    return by - min(timedelta(minutes=90), max((by - owed_at) * 2 / 3, timedelta(0)))


def wait_before_retry(attempts: int, *, asked_to_wait: timedelta | None, chance: float) -> timedelta:
    """How long to wait after the `attempts`-th try failed: doubling from two seconds, at most five minutes.

    `asked_to_wait` is the gateway's Retry-After; `chance` in 0..1 spreads the tries of many notices.
    """
    own = min(timedelta(seconds=2 ** min(attempts, 9)), LONGEST_WAIT) * (0.5 + chance / 2)
    if asked_to_wait is None:
        return own
    return max(own, min(max(asked_to_wait, timedelta(0)), LONGEST_WAIT))


def give_up_asking(owed_at: datetime, deadline: datetime | None, *, now: datetime) -> bool:
    """Whether a notice that nobody can tell about is to be called in doubt: past its deadline, or after a day."""
    return now > (deadline or owed_at + ASK_FOR)


def in_time(told_at: datetime | None, deadline: datetime | None) -> bool:
    """Whether the two-hour rule was kept: told, and not after the deadline (if there is one)."""
    return told_at is not None and (deadline is None or told_at <= deadline)


@dataclass(frozen=True)
class Try:
    """What is known when an attempt has ended. `doubtful`: it began with asking, so it may have been sent before."""

    answer: str
    problem: str
    asked_to_wait: timedelta | None
    doubtful: bool
    never_known: bool
    attempt: int
    routes: tuple[str, ...]
    owed_at: datetime
    first_sent_at: datetime | None
    deadline: datetime | None
    call_by: datetime | None


@dataclass(frozen=True)
class Next:
    """Where a notice goes: its state, the problem to show, when it may be tried again, and whether by the next way."""

    state: str
    problem: str | None
    wait: timedelta | None = None
    next_way: bool = False


def after(tried: Try, *, now: datetime, chance: float) -> Next:
    """What an attempt means for its notice.

    What was refused goes by the next way at once. What is busy goes by the next way when this one has had ten minutes,
    or the time for a call comes near. What may have been taken never goes by another way: it would be told twice.
    """
    written_left = any(way != "call" for way in tried.routes)
    match tried.answer:
        case "accepted" | "delivered":
            return Next(tried.answer, None)
        case "refused":
            if written_left:
                return Next("owed", tried.problem, timedelta(0), next_way=True)
            return Next("failed", tried.problem)
        case "too_late":
            return Next("expired", tried.problem)
        case "unknown" if tried.never_known or give_up_asking(tried.owed_at, tried.deadline, now=now):
            return Next("in_doubt", tried.problem)
        case "unknown":
            return Next("owed", "unknown", _wait(tried, now, chance))
    if written_left and not tried.doubtful and _this_way_had_its_time(tried, now):
        return Next("owed", tried.problem, timedelta(0), next_way=True)
    return Next("owed", "unknown" if tried.doubtful else tried.problem, _wait(tried, now, chance))


def _this_way_had_its_time(tried: Try, now: datetime) -> bool:
    if tried.call_by is not None and now >= fall_back_from(tried.call_by, tried.owed_at):
        return True
    return tried.first_sent_at is not None and now >= tried.first_sent_at + TRY_ONE_WAY_FOR


def _wait(tried: Try, now: datetime, chance: float) -> timedelta:
    """As `wait_before_retry`, but our own waiting leaves several tries before the time for a call is over."""
    wait = wait_before_retry(tried.attempt, asked_to_wait=None, chance=chance)
    if tried.call_by is not None and now < tried.call_by:
        wait = min(wait, max((tried.call_by - now) / 4, timedelta(seconds=2)))
    if tried.asked_to_wait is not None:
        wait = max(wait, min(max(tried.asked_to_wait, timedelta(0)), LONGEST_WAIT))
    return wait

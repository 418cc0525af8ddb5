"""What a dispatcher should notice about a visit: pure, values and `now` in, signs out, the most serious first."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from checklists.words import Words
from dispatch.visits.life import Status
from dispatch.visits.windows import Window

SignKey = Literal[
    "call_overdue",
    "late",
    "call",
    "untold",
    "silent",
    "wish",
    "not_departed",
    "skill_missing",
    "off_shift",
    "unconfirmed",
    "confirmed",
]
CallSign = Literal["call", "call_overdue"]
CONFIRM_WITHIN = timedelta(hours=24)

SIGN_WORDS: dict[SignKey, Words] = {
    "call_overdue": Words("致电已超时", "Call overdue"),
    "late": Words("已过约定时间", "Past the promise"),
    "call": Words("须致电客户", "Call them"),
    "untold": Words("通知未送达", "Not told yet"),
    "silent": Words("手机失联", "Phone silent"),
    "wish": Words("客户希望改期", "Asks to move it"),
    "not_departed": Words("尚未出发", "Not under way"),
    "skill_missing": Words("缺少所需技能", "Skill missing"),
    "off_shift": Words("不在班次内", "Outside the shift"),
    "unconfirmed": Words("客户未确认", "Unconfirmed"),
    "confirmed": Words("客户已确认", "Confirmed"),
}


@dataclass(frozen=True)
class Noticed:
    """What is known of one visit.

    `fits_badly` is what `misfits` found; `untold` that a notice is in trouble; `call` that a person must phone;
    `silent` that nothing was heard of the technician's phone for too long (see `silent_phones`).
    """

    status: Status
    window: Window
    planned: Window | None
    confirmed: bool
    wished: bool
    untold: bool
    fits_badly: tuple[SignKey, ...] = ()
    call: CallSign | None = None
    silent: bool = False


def signs_of(known: Noticed, *, now: datetime) -> list[SignKey]:
    """What to notice, the most serious first."""
    waiting = known.status in (Status.BOOKED, Status.EN_ROUTE)
    ends = known.window.start if known.window.is_exact else known.window.end
    found: list[SignKey] = ["call_overdue"] if known.call == "call_overdue" else []
    if waiting and now > ends:
        found.append("late")
    if known.call == "call":
        found.append("call")
    if known.untold and known.status not in (Status.SEALED, Status.NO_ACCESS):
        found.append("untold")
    if known.silent:
        found.append("silent")
    if known.wished and known.status not in (Status.SEALED, Status.ON_SITE):
        found.append("wish")
    if known.status == Status.BOOKED and "late" not in found and known.planned and now >= known.planned.start:
        found.append("not_departed")
    if waiting:
        found += known.fits_badly
    if known.status == Status.BOOKED and not known.confirmed and now >= known.window.start - CONFIRM_WITHIN:
        found.append("unconfirmed")
    if waiting and known.confirmed:
        found.append("confirmed")
    return found


def call_sign(due_at: datetime | None, *, now: datetime) -> CallSign | None:
    """The sign of a visit whose most urgent open call is due then; None without such a call."""
    if due_at is None:
        return None
    return "call_overdue" if due_at < now else "call"


def misfits(
    planned: Window | None, shift: Window | None, *, wanted: Collection[str], able: Collection[str]
) -> tuple[SignKey, ...]:
    """Why a technician may be the wrong one: a skill that they lack, or a time outside their shift.

    A warning and no refusal: the desk knows of swaps that the plan does not.
    """
    found: list[SignKey] = []
    if set(wanted) - set(able):
        found.append("skill_missing")
    if planned is not None and (shift is None or planned.start < shift.start or planned.end > shift.end):
        found.append("off_shift")
    return tuple(found)

"""The two-hour rule and its neighbours: pure, values and `now` in, decision out.

DOMAIN §5: let `old` be the start of the told window and `new` the start after a change. The change must have been
accepted by a gateway, or given by phone, no later than `min(old, new) - 2 h`. Later than that a change by the company
is refused, unless a supervisor overrides it with a reason and the outcome of a phone call; that is a breach. The told
window is what the customer believes, which is not always what stands in our rows: see `promised`.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from checklists.words import Words
from dispatch.errors import Invalid, NotAllowed
from dispatch.visits.life import MOVABLE, NEXT, STATUS_WORDS, Status
from dispatch.visits.windows import Window

TOLD_BEFORE = timedelta(hours=2)

AskedBy = Literal["company", "customer"]
CallOutcome = Literal["reached_agreed", "reached_disagreed", "not_reached"]


class TooLateToMove(NotAllowed):
    """The customer could not be told two hours before; call first."""

    name = "too-late-to-move"
    title = Words("已过两小时通知时限", "Too late to tell the customer")

    def __init__(self, tell_until: datetime) -> None:
        super().__init__(
            Words(
                "距离上门不足两小时，公司不能自行变更。请先致电客户说明原因并致歉，再由主管填写原因和通话结果后放行。",
                "Less than two hours are left, so the company may not change this by itself. Call the customer first, "
                "explain and apologise; then a supervisor may override with a reason and the call's outcome.",
            ),
            facts={"tell_until": tell_until.isoformat()},
        )


@dataclass(frozen=True)
class Override:
    """A supervisor's word that a late change must be: why, and how the call to the customer ended."""

    reason: str
    call_outcome: CallOutcome
    called_at: datetime


@dataclass(frozen=True)
class Change:
    """What a permitted change means: until when the customer must be told, and whether the rule was broken.

    `surprises` is False when the customer already believes what is now true, so that nothing need be said.
    """

    tell_until: datetime | None
    breach: bool
    surprises: bool = True


def latest_telling(old: Window, new: Window | None, believed: Iterable[Window] = ()) -> datetime:
    """Until when a change of the promised window must have been told; `new` is None for a cancellation.

    Two hours before the earliest start that the customer may go by: of every window that they may believe (`old`, if
    nothing else is known), and of the new one.
    """
    starts = [window.start for window in believed] or [old.start]
    return min(*starts, new.start if new else starts[0]) - TOLD_BEFORE


def change_promise(
    old: Window,
    new: Window | None,
    *,
    now: datetime,
    asked_by: AskedBy,
    override: Override | None,
    believed: Collection[Window] = (),
) -> Change:
    """May the promised window become `new` (None: be cancelled) at `now`? Refuses with TooLateToMove.

    `believed` are the windows that the customer may believe now (`promised.believed_windows`); `old` if left out.
    """
    if new == old:
        return Change(tell_until=None, breach=False, surprises=False)
    if asked_by == "customer":  # they know already; they still get a confirmation, without a deadline
        return Change(tell_until=None, breach=False)
    if set(believed) == {new}:  # back to the only window that they ever heard of
        return Change(tell_until=None, breach=False, surprises=False)
    tell_until = latest_telling(old, new, believed)
    if now <= tell_until:
        return Change(tell_until=tell_until, breach=False)
    if override is None:
        raise TooLateToMove(tell_until)
    return Change(tell_until=tell_until, breach=True)


def must_be_movable(status: Status) -> None:
    """Refuse to move a visit that has begun or ended."""
    if status not in MOVABLE:
        raise NotAllowed(
            Words(
                f"该上门当前为“{STATUS_WORDS[status].zh}”，不能改约。如需再次上门，请新建预约。",
                f"This visit is “{STATUS_WORDS[status].en}” and cannot be moved. Book a new visit instead.",
            ),
            name="visit-state",
            facts={"status": status.value},
        )


def must_be_cancellable(status: Status) -> None:
    """Refuse to cancel a visit that has begun or ended."""
    if Status.CANCELLED not in NEXT[status]:
        raise NotAllowed(
            Words(
                f"该上门当前为“{STATUS_WORDS[status].zh}”，不能取消。",
                f"This visit is “{STATUS_WORDS[status].en}” and cannot be cancelled. Look at its present state first.",
            ),
            name="visit-state",
            facts={"status": status.value},
        )


def planned_inside(window: Window, start: datetime, minutes: int) -> Window:
    """Planned time beginning at `start`; arrival must lie in the promised window."""
    if not window.start <= start < window.end:
        raise Invalid(
            Words("计划到达时间必须在约定时段之内。", "The planned start must lie inside the promised window."),
            name="planned-outside-window",
        )
    return Window(start, start + timedelta(minutes=minutes))


def earliest_free(window: Window, minutes: int, taken: Iterable[Window], *, now: datetime) -> Window | None:
    """The earliest planned time that begins inside `window`, not before `now`, and touches nothing `taken`."""
    length = timedelta(minutes=minutes)
    others = sorted(taken, key=lambda other: other.start)
    first = max(window.start, now)
    for start in [first, *(other.end for other in others if other.end > first)]:
        if start >= window.end:
            continue
        candidate = Window(start, start + length)
        if not any(candidate.overlaps(other) for other in others):
            return candidate
    return None

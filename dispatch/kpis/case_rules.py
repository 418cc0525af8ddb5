"""What a work order and a complaint say for the figures. Pure. A case counts once its time is over: see visit_rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatch.care.complaints.clocks import Clock


@dataclass(frozen=True)
class CaseValues:
    """One value of a case (1 yes, 0 no, None: not counted yet, or not at all) and when to look again."""

    value: int | None
    look_again: datetime | None


def order_limit(
    kind: str, reported: datetime, deadline: datetime | None, *, repaired_within: timedelta
) -> datetime | None:
    """By when it was to be done: a repair within its time after the report, an installation by its own deadline, if
    one was published."""
    return reported + repaired_within if kind == "repair" else deadline


def order_in_limit(limit: datetime | None, done: datetime | None, state: str, now: datetime) -> CaseValues:
    """Was the order done by `limit`? A cancelled one is not counted."""
    if limit is None or state == "cancelled":
        return CaseValues(None, None)
    if now <= limit:
        return CaseValues(None, limit)
    return CaseValues(int(done is not None and done <= limit), None)


def complaint_in_time(
    rounds: Sequence[Sequence[Clock]], final_by: datetime, ended: datetime | None, state: str, now: datetime
) -> CaseValues:
    """Were all clocks of all rounds kept? Withdrawn ones are not counted; others when the last clock is over."""
    if state == "withdrawn":
        return CaseValues(None, None)
    border = max((final_by, *(clock.due for clocks in rounds for clock in clocks)))
    if now <= border:
        return CaseValues(None, border)
    verdicts = {clock.verdict(now, ended) for clocks in rounds for clock in clocks}
    return CaseValues(int(not verdicts & {"missed", "overdue"}), None)

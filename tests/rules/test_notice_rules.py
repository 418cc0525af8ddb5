"""When a notice may leave, when it is of no use any more, and how long a sender waits."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from dispatch.notices import rules
from tests.makers import NOON

SHANGHAI = ZoneInfo("Asia/Shanghai")
SECOND = timedelta(seconds=1)


def local(hour: int, minute: int = 0, day: int = 22) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("now", "ends"),
    [
        (local(20, 59), None),
        (local(21), local(8, day=23)),
        (local(23, 59), local(8, day=23)),
        (local(0), local(8)),
        (local(7, 59), local(8)),
        (local(8), None),
    ],
)
def test_quiet_hours_begin_at_nine_and_end_at_eight(now: datetime, ends: datetime | None) -> None:
    assert rules.quiet_until(now, SHANGHAI, 21, 8) == ends


def test_equal_hours_mean_no_quiet() -> None:
    assert all(rules.quiet_until(local(hour), SHANGHAI, 0, 0) is None for hour in range(24))


def test_a_notice_waits_for_the_morning_unless_that_is_too_late() -> None:
    now, ends = local(22), local(8, day=23)
    afternoon, early = local(15, day=23), local(10, day=23)

    def released(about: datetime | None, deadline: datetime | None) -> datetime:
        return rules.release_time(now, about=about, deadline=deadline, quiet_ends=ends)

    assert released(afternoon, None) == ends
    assert released(early, None) == now  # begins two hours after the quiet ends
    assert released(early + SECOND, None) == ends
    assert released(afternoon, ends) == now
    assert released(afternoon, ends + SECOND) == ends
    assert rules.release_time(now, about=None, deadline=None, quiet_ends=None) == now


@pytest.mark.parametrize("kind", ["booked", "moved", "technician_changed"])
def test_an_appointment_that_is_over_is_not_announced_any_more(kind: str) -> None:
    facts = {"window": {"start": (NOON - timedelta(hours=1)).isoformat(), "end": NOON.isoformat()}}
    assert rules.is_of_use(kind, facts, now=NOON - SECOND)
    assert not rules.is_of_use(kind, facts, now=NOON)


@pytest.mark.parametrize("kind", ["cancelled", "no_access", "record_ready"])
def test_what_has_happened_is_told_afterwards_too(kind: str) -> None:
    facts = {"window": {"start": NOON.isoformat(), "end": NOON.isoformat()}}
    assert rules.is_of_use(kind, facts, now=NOON + timedelta(days=1))


def test_waits_double_and_are_bounded() -> None:
    waits = [rules.wait_before_retry(n, asked_to_wait=None, chance=1.0) for n in range(1, 12)]
    assert waits[:3] == [timedelta(seconds=2), timedelta(seconds=4), timedelta(seconds=8)]
    assert max(waits) == timedelta(minutes=5)
    assert rules.wait_before_retry(1, asked_to_wait=None, chance=0.0) == timedelta(seconds=1)


def test_the_gateway_may_ask_for_more_but_not_for_ever_and_not_for_less() -> None:
    assert rules.wait_before_retry(1, asked_to_wait=timedelta(seconds=60), chance=1.0) == timedelta(seconds=60)
    assert rules.wait_before_retry(1, asked_to_wait=timedelta(days=9), chance=1.0) == timedelta(minutes=5)
    assert rules.wait_before_retry(1, asked_to_wait=timedelta(seconds=-1), chance=1.0) == timedelta(seconds=2)


def test_nobody_asks_for_ever() -> None:
    assert not rules.give_up_asking(NOON, NOON, now=NOON)
    assert rules.give_up_asking(NOON, NOON, now=NOON + SECOND)
    assert not rules.give_up_asking(NOON, None, now=NOON + timedelta(hours=24))
    assert rules.give_up_asking(NOON, None, now=NOON + timedelta(hours=24) + SECOND)

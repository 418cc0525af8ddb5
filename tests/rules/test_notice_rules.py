"""When a notice may leave, when it is of no use any more, and how long a sender waits."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from dispatch.notices import rules
from dispatch.notices.tables import KINDS
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


def tried(answer: str, **more: object) -> rules.Try:
    facts: dict[str, object] = {
        "answer": answer,
        "problem": "HTTP 503",
        "asked_to_wait": None,
        "doubtful": False,
        "never_known": False,
        "attempt": 1,
        "routes": ("mail", "call"),
        "owed_at": NOON,
        "first_sent_at": NOON,
        "deadline": None,
        "call_by": None,
    }
    return rules.Try(**(facts | more))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("known", "minutes", "state", "next_way"),
    [
        (tried("accepted"), 0, "accepted", False),
        (tried("delivered"), 0, "delivered", False),
        (tried("refused"), 0, "owed", True),
        (tried("refused", routes=("call",)), 0, "failed", False),
        (tried("refused", routes=()), 0, "failed", False),
        (tried("too_late"), 0, "expired", False),
        (tried("busy"), 0, "owed", False),
        (tried("busy"), 9.9, "owed", False),
        (tried("busy"), 10, "owed", True),
        (tried("busy", routes=("call",)), 10, "owed", False),
        (tried("busy", doubtful=True), 10, "owed", False),
        (tried("unknown"), 10, "owed", False),
        (tried("unknown", never_known=True), 0, "in_doubt", False),
        (tried("unknown", deadline=NOON + timedelta(minutes=5)), 5, "owed", False),
        (tried("unknown", deadline=NOON + timedelta(minutes=5)), 5.1, "in_doubt", False),
        (tried("busy", call_by=NOON + timedelta(minutes=9)), 2.9, "owed", False),
        (tried("busy", call_by=NOON + timedelta(minutes=9)), 3, "owed", True),
    ],
)
def test_what_an_answer_means(known: rules.Try, minutes: float, state: str, next_way: bool) -> None:
    then = rules.after(known, now=NOON + timedelta(minutes=minutes), chance=0.5)
    assert (then.state, then.next_way) == (state, next_way)


def test_what_may_have_been_taken_is_remembered_as_doubtful() -> None:
    assert rules.after(tried("unknown"), now=NOON, chance=0.5).problem == "unknown"
    assert rules.after(tried("busy", doubtful=True), now=NOON, chance=0.5).problem == "unknown"
    assert rules.after(tried("busy"), now=NOON, chance=0.5).problem == "HTTP 503"


def test_our_own_waiting_leaves_tries_before_the_call_but_the_gateways_wish_is_kept() -> None:
    near = tried("busy", attempt=9, call_by=NOON + timedelta(minutes=4), routes=())
    assert rules.after(near, now=NOON, chance=1.0).wait == timedelta(minutes=1)
    asked = tried("busy", attempt=9, call_by=NOON + timedelta(minutes=4), routes=(), asked_to_wait=3 * 60 * SECOND)
    assert rules.after(asked, now=NOON, chance=1.0).wait == timedelta(minutes=3)


@pytest.mark.parametrize(
    ("preferred", "sms", "mail", "needs_call", "expected"),
    [
        ("sms", True, True, True, ["sms", "mail", "call"]),
        ("mail", True, True, True, ["mail", "sms", "call"]),
        ("mail", True, False, True, ["sms", "call"]),
        ("sms", False, True, True, ["mail", "call"]),
        ("sms", False, False, True, ["call"]),
        ("sms", False, False, False, []),
        ("call", True, True, True, ["call"]),
        ("call", True, True, False, ["sms", "mail"]),
    ],
)
def test_ways_go_by_preference_then_what_is_left_then_a_call(
    preferred: str, sms: bool, mail: bool, needs_call: bool, expected: list[str]
) -> None:
    assert rules.ways(preferred, takes_sms=sms, has_mail=mail, needs_call=needs_call) == expected


def test_a_person_calls_by_the_deadline_or_two_hours_before_the_visit_or_within_a_day() -> None:
    day, hours = timedelta(hours=24), timedelta(hours=1)

    def by(**more: datetime | None) -> datetime | None:
        return rules.call_by(True, owed_at=NOON, **({"about": None, "deadline": None} | more))

    assert rules.call_by(False, owed_at=NOON, about=NOON, deadline=NOON) is None
    assert by(deadline=NOON + hours) == NOON + hours
    assert by() == NOON + day
    assert by(about=NOON + 6 * hours) == NOON + 4 * hours
    assert by(about=NOON + 2 * hours) == NOON + timedelta(minutes=15)


def test_it_is_at_risk_three_quarters_of_an_hour_before_or_at_half_time() -> None:
    by = NOON + timedelta(hours=5)
    assert rules.at_risk_from(by, NOON) == by - timedelta(minutes=45)
    assert rules.at_risk_from(NOON + timedelta(minutes=10), NOON) == NOON + timedelta(minutes=5)
    assert rules.at_risk_from(NOON, NOON) == NOON
    assert rules.fall_back_from(by, NOON) == by - timedelta(minutes=90)
    assert rules.fall_back_from(by, NOON) < rules.at_risk_from(by, NOON), "a person is troubled last"


def test_every_kind_has_a_manner() -> None:
    assert set(rules.MANNERS) == set(KINDS)

"""What a dispatcher notices about a visit."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from dispatch.visits.attention import SIGN_WORDS, Noticed, call_sign, misfits, signs_of
from dispatch.visits.life import Status
from dispatch.visits.windows import Window

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
VISIT = Noticed(Status.BOOKED, Window(NOON, NOON + 2 * HOUR), Window(NOON, NOON + HOUR), True, False, False)
EXACT = replace(VISIT, window=Window(NOON, NOON + 30 * MINUTE))


def keys(visit: Noticed, now: datetime) -> set[str]:
    return set(signs_of(visit, now=now))


@pytest.mark.parametrize("status", [Status.BOOKED, Status.EN_ROUTE])
def test_a_visit_is_late_after_its_window_and_not_at_its_end(status: Status) -> None:
    visit = replace(VISIT, status=status)
    assert "late" not in keys(visit, NOON + 2 * HOUR)
    assert "late" in keys(visit, NOON + 2 * HOUR + MINUTE)


def test_an_exact_appointment_is_late_after_its_minute() -> None:
    assert "late" not in keys(EXACT, NOON)
    assert "late" in keys(EXACT, NOON + MINUTE)


@pytest.mark.parametrize("status", [Status.ON_SITE, Status.SEALED, Status.NO_ACCESS, Status.CANCELLED])
def test_who_has_arrived_or_ended_is_not_late(status: Status) -> None:
    assert keys(replace(VISIT, status=status, confirmed=False), NOON + 9 * HOUR) == set()


def test_nobody_under_way_at_the_planned_time_is_told() -> None:
    assert "not_departed" not in keys(VISIT, NOON - MINUTE)
    assert "not_departed" in keys(VISIT, NOON)
    assert "not_departed" not in keys(replace(VISIT, status=Status.EN_ROUTE), NOON)
    assert "not_departed" not in keys(VISIT, NOON + 3 * HOUR)  # late says more


def test_an_unconfirmed_visit_is_told_a_day_before() -> None:
    visit = replace(VISIT, confirmed=False)
    assert "unconfirmed" not in keys(visit, NOON - 24 * HOUR - MINUTE)
    assert "unconfirmed" in keys(visit, NOON - 24 * HOUR)
    assert "unconfirmed" not in keys(VISIT, NOON - 24 * HOUR)


def test_wishes_and_untold_customers_come_before_milder_signs() -> None:
    visit = replace(VISIT, wished=True, untold=True, fits_badly=("off_shift",))
    assert signs_of(visit, now=NOON + 3 * HOUR) == ["late", "untold", "wish", "off_shift", "confirmed"]


def test_a_technician_misfits_outside_the_shift_or_without_the_skill() -> None:
    shift = Window(NOON, NOON + 8 * HOUR)
    inside = Window(NOON, NOON + 8 * HOUR)
    assert misfits(inside, shift, wanted=["fibre"], able=["fibre", "dsl"]) == ()
    assert misfits(Window(NOON - MINUTE, NOON + HOUR), shift, wanted=[], able=[]) == ("off_shift",)
    assert misfits(Window(NOON, NOON + 8 * HOUR + MINUTE), shift, wanted=[], able=[]) == ("off_shift",)
    assert misfits(inside, None, wanted=[], able=[]) == ("off_shift",)
    assert misfits(inside, shift, wanted=["xgspon"], able=["fibre"]) == ("skill_missing",)


def test_every_sign_has_its_words() -> None:
    assert all(words.zh and words.en and words.zh != words.en for words in SIGN_WORDS.values())


def test_a_call_to_make_is_told_whatever_the_visit_has_come_to() -> None:
    for status in Status:
        assert keys(replace(VISIT, status=status, call="call"), NOON - 9 * HOUR) >= {"call"}
    assert "call" not in keys(VISIT, NOON)


def test_an_overdue_call_is_the_most_serious_of_all() -> None:
    late = replace(VISIT, untold=True, wished=True, confirmed=False)
    assert signs_of(replace(late, call="call_overdue"), now=NOON + 9 * HOUR)[:3] == ["call_overdue", "late", "untold"]
    assert signs_of(replace(late, call="call"), now=NOON + 9 * HOUR)[:3] == ["late", "call", "untold"]


def test_a_call_is_overdue_after_its_time_and_not_at_it() -> None:
    assert call_sign(None, now=NOON) is None
    assert call_sign(NOON, now=NOON) == "call"
    assert call_sign(NOON, now=NOON + timedelta(seconds=1)) == "call_overdue"

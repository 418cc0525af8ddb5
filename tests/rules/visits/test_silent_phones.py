"""When a technician's phone is silent beyond its plan: both sides of each border."""

from datetime import timedelta

import pytest

from dispatch.visits.life import Status
from dispatch.visits.silent_phones import is_silent
from dispatch.visits.windows import Window
from tests.makers import NOON

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
SHIFT = Window(NOON - 4 * HOUR, NOON + 5 * HOUR)
PLANNED = Window(NOON, NOON + 2 * HOUR)
LONG_AGO = NOON - 3 * HOUR


def silent(
    status: Status, seen: object, now: object, *, planned: Window | None = PLANNED, shift: Window | None = SHIFT
) -> bool:
    return is_silent(status, planned, shift, seen, now=now)  # type: ignore[arg-type]


def test_a_booked_visit_is_due_half_an_hour_before_its_planned_start() -> None:
    assert not silent(Status.BOOKED, LONG_AGO, NOON - 30 * MINUTE - timedelta(seconds=1))
    assert silent(Status.BOOKED, LONG_AGO, NOON - 30 * MINUTE)
    assert silent(Status.BOOKED, LONG_AGO, NOON + HOUR)
    assert not silent(Status.BOOKED, LONG_AGO, NOON, planned=None)


@pytest.mark.parametrize("status", [Status.BOOKED, Status.EN_ROUTE])
def test_forty_five_minutes_of_silence_are_ordinary_and_no_more(status: Status) -> None:
    assert not silent(status, NOON - 45 * MINUTE + timedelta(seconds=1), NOON)
    assert silent(status, NOON - 45 * MINUTE, NOON)


def test_work_on_site_may_be_silent_for_as_long_as_it_is_planned_to_take() -> None:
    now = NOON + 2 * HOUR
    assert not silent(Status.ON_SITE, now - 2 * HOUR + MINUTE, now)
    assert silent(Status.ON_SITE, now - 2 * HOUR, now)
    short = Window(NOON, NOON + 20 * MINUTE)
    assert not silent(Status.ON_SITE, now - 44 * MINUTE, now, planned=short)
    assert silent(Status.ON_SITE, now - 45 * MINUTE, now, planned=short)
    assert not silent(Status.ON_SITE, now - 89 * MINUTE, now, planned=None)
    assert silent(Status.ON_SITE, now - 90 * MINUTE, now, planned=None)


def test_nobody_is_asked_for_what_they_did_before_their_shift() -> None:
    early = Window(SHIFT.start + 10 * MINUTE, SHIFT.start + HOUR)
    yesterday = SHIFT.start - 12 * HOUR
    assert not silent(Status.BOOKED, yesterday, SHIFT.start + 44 * MINUTE, planned=early)
    assert silent(Status.BOOKED, yesterday, SHIFT.start + 45 * MINUTE, planned=early)
    assert silent(Status.BOOKED, None, SHIFT.start + 45 * MINUTE, planned=early)
    assert not silent(Status.EN_ROUTE, None, SHIFT.start - MINUTE)
    assert not silent(Status.BOOKED, None, NOON, shift=None)


def test_after_the_shift_only_who_is_still_under_way_is_looked_for() -> None:
    end = SHIFT.end
    assert silent(Status.BOOKED, LONG_AGO, end - MINUTE)
    assert not silent(Status.BOOKED, LONG_AGO, end)
    assert silent(Status.EN_ROUTE, LONG_AGO, end + HOUR)
    assert silent(Status.ON_SITE, LONG_AGO, end + HOUR)


@pytest.mark.parametrize("status", [Status.SEALED, Status.CANCELLED, Status.NO_ACCESS])
def test_what_has_ended_needs_no_phone(status: Status) -> None:
    assert not silent(status, None, NOON + 4 * HOUR)

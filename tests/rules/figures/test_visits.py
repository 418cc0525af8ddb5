"""What one visit says for each figure: both sides of every border, and when a case counts at all."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dispatch.kpis.visit_rules import Change, Handed, Said, Told, VisitFacts, visit_values
from dispatch.visits.life import Status
from dispatch.visits.windows import Window
from tests.makers import NOON

MINUTE, HOUR, DAY, SECOND = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1), timedelta(seconds=1)
EXACT = Window(NOON, NOON + 30 * MINUTE)
LONG = Window(NOON, NOON + 2 * HOUR)
LATER = NOON + 100 * DAY


def a_visit(**more: object) -> VisitFacts:
    """A repair that was reached five minutes before an exact appointment and completed an hour later."""
    whole = VisitFacts(
        kind="repair",
        status=Status.SEALED,
        window=EXACT,
        planned_start=NOON,
        arrived=NOON - 5 * MINUTE,
        ended=NOON + HOUR,
        confirmed=True,
        reported=NOON - 20 * HOUR,
        closes=True,
        first=True,
    )
    return replace(whole, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("window", "before", "arrival", "on_time"),
    [
        (EXACT, 10 * MINUTE + SECOND, "too_early", 0),
        (EXACT, 10 * MINUTE, "five_to_ten", 1),
        (EXACT, 5 * MINUTE, "five_to_ten", 1),
        (EXACT, 5 * MINUTE - SECOND, "in_window", 1),
        (EXACT, 0 * SECOND, "in_window", 1),
        (EXACT, -SECOND, "late", 0),
        (LONG, SECOND, "too_early", 0),
        (LONG, 0 * SECOND, "in_window", 1),
        (LONG, -2 * HOUR, "in_window", 1),
        (LONG, -2 * HOUR - SECOND, "late", 0),
    ],
)
def test_an_arrival_counts_by_its_seconds(window: Window, before: timedelta, arrival: str, on_time: int) -> None:
    found = visit_values(a_visit(window=window, arrived=NOON - before), LATER)
    assert (found.arrival, found.on_time) == (arrival, on_time)


def test_nobody_who_came_is_missed_once_the_latest_arrival_has_passed() -> None:
    waiting = a_visit(status=Status.BOOKED, window=LONG, arrived=None, ended=None)
    assert visit_values(waiting, NOON + 2 * HOUR).on_time is None
    found = visit_values(waiting, NOON + 2 * HOUR + SECOND)
    assert (found.arrival, found.on_time, found.plan_kept, found.late_told) == ("missed", 0, 0, 0)


def test_cancelled_visits_and_closed_doors_are_no_arrivals() -> None:
    for status in (Status.CANCELLED, Status.NO_ACCESS):
        assert visit_values(a_visit(status=status, arrived=None), LATER).on_time is None
    assert visit_values(a_visit(status=Status.CANCELLED), LATER).confirmed is None


def test_late_is_told_before_the_latest_promised_arrival_or_not_at_all() -> None:
    late = a_visit(arrived=NOON + 20 * MINUTE)

    def told(at: timedelta) -> int | None:
        return visit_values(replace(late, notices=(Told("running_late", 3, NOON + at),)), LATER).late_told

    assert told(timedelta(0)) == 1
    assert told(SECOND) == 0
    assert visit_values(replace(late, notices=(Told("on_the_way", 3, NOON - HOUR),)), LATER).late_told == 0
    assert visit_values(a_visit(), LATER).late_told is None


def test_the_plan_is_kept_to_a_quarter_of_an_hour() -> None:
    assert visit_values(a_visit(window=LONG, arrived=NOON + 15 * MINUTE), LATER).plan_kept == 1
    assert visit_values(a_visit(window=LONG, arrived=NOON + 15 * MINUTE + SECOND), LATER).plan_kept == 0
    assert visit_values(a_visit(planned_start=None), LATER).plan_kept is None


def changes_told(change: Change, *notices: Told, now: timedelta = 100 * DAY) -> tuple[int, int]:
    found = visit_values(a_visit(changes=(change,), notices=notices), NOON + now)
    return found.notices_kept, found.notices_owed


def test_a_change_is_told_by_its_deadline() -> None:
    change = Change(2, breach=False, tell_until=NOON - 2 * HOUR)
    assert changes_told(change, Told("moved", 2, NOON - 2 * HOUR)) == (1, 1)
    assert changes_told(change, Told("moved", 2, NOON - 2 * HOUR + SECOND)) == (0, 1)
    assert changes_told(change, Told("moved", 2, None)) == (0, 1)
    assert changes_told(change) == (0, 1)


def test_a_change_that_was_let_through_late_is_a_breach_however_it_was_told() -> None:
    assert changes_told(Change(2, breach=True, tell_until=NOON), Told("moved", 2, NOON - DAY)) == (0, 1)


def test_a_change_that_a_newer_one_replaced_or_that_is_not_due_is_not_counted() -> None:
    change = Change(2, breach=False, tell_until=NOON)
    assert changes_told(change, Told("moved", 2, None, superseded=True)) == (0, 0)
    assert changes_told(change, Told("moved", 2, NOON - HOUR, superseded=True)) == (1, 1)
    assert changes_told(change, Told("moved", 2, None), now=timedelta(0)) == (0, 0)
    assert changes_told(change, Told("moved", 2, None), now=SECOND) == (0, 1)


def test_a_booking_is_told_by_any_message_before_the_window() -> None:
    def told(*notices: Told, now: timedelta = 100 * DAY) -> int | None:
        return visit_values(a_visit(notices=notices), NOON + now).booking_told

    assert told(Told("booked", 1, NOON)) == 1
    assert told(Told("booked", 1, NOON + SECOND)) == 0
    assert told(Told("booked", 1, None, superseded=True), Told("moved", 2, NOON - HOUR)) == 1
    assert told(Told("booked", 1, None), now=timedelta(0)) is None
    assert told(Told("reminder", 1, NOON - HOUR)) == 0


@pytest.mark.parametrize(("days", "seven", "thirty"), [(7, 1, 1), (30, 0, 1)])
def test_a_fault_again_counts_to_the_second(days: int, seven: int, thirty: int) -> None:
    ended = NOON + HOUR
    found = visit_values(a_visit(next_fault=ended + days * DAY), LATER)
    assert (found.repeat_7, found.repeat_30) == (seven, thirty)
    found = visit_values(a_visit(next_fault=ended + days * DAY + SECOND), LATER)
    assert (found.repeat_7, found.repeat_30) == (0, 0 if days == 30 else 1)


def test_a_case_counts_once_its_time_is_over_whichever_way_it_went() -> None:
    ended = NOON + HOUR
    broken = a_visit(next_fault=ended + DAY)
    at_seven = visit_values(broken, ended + 7 * DAY)
    assert (at_seven.repeat_7, at_seven.first_fix) == (None, None)
    after = visit_values(broken, ended + 7 * DAY + SECOND)
    assert (after.repeat_7, after.first_fix, after.repeat_30) == (1, 0, None)
    assert visit_values(broken, ended + 30 * DAY + SECOND).repeat_30 == 1


@pytest.mark.parametrize(
    ("more", "fixed"),
    [
        ({}, 1),
        ({"closes": False}, 0),
        ({"first": False}, None),
        ({"kind": "install"}, None),
        ({"said": Said(fixed="yes")}, 1),
        ({"said": Said(fixed="partly")}, 0),
        ({"said": Said(fixed="no")}, 0),
        ({"next_fault": NOON + 2 * DAY}, 0),
        ({"status": Status.ON_SITE}, None),
    ],
)
def test_a_fault_is_fixed_at_the_first_visit(more: dict[str, object], fixed: int | None) -> None:
    assert visit_values(a_visit(**more), LATER).first_fix == fixed


def test_times_are_whole_minutes_of_completed_visits() -> None:
    found = visit_values(a_visit(ended=NOON + HOUR + 59 * SECOND), LATER)
    assert (found.site_minutes, found.handling_minutes) == (65, 21 * 60)
    assert visit_values(a_visit(closes=False), LATER).handling_minutes is None
    assert visit_values(a_visit(arrived=NOON + 2 * HOUR), LATER).site_minutes is None  # a clock that ran backwards
    assert visit_values(a_visit(status=Status.ON_SITE, ended=None), LATER).site_minutes is None


def test_a_complaint_and_what_was_handed_in_count_for_visits_that_are_over() -> None:
    assert visit_values(a_visit(complained=True), LATER).complained == 1
    booked = a_visit(status=Status.BOOKED, arrived=None, ended=None, complained=True)
    assert visit_values(booked, NOON - DAY).complained is None
    handed = Handed(checklist=True, kit=False, record=True)
    found = visit_values(a_visit(handed=handed), LATER)
    assert (found.checklist, found.kit, found.record) == (1, 0, 1)
    assert visit_values(a_visit(handed=handed, status=Status.NO_ACCESS), LATER).kit is None


def test_the_next_look_is_at_the_next_border() -> None:
    ended = NOON + HOUR
    assert visit_values(a_visit(), ended).look_again == ended + 7 * DAY
    assert visit_values(a_visit(), ended + 7 * DAY + SECOND).look_again == ended + 30 * DAY
    assert visit_values(a_visit(), ended + 30 * DAY + SECOND).look_again is None
    booked = a_visit(status=Status.BOOKED, window=LONG, arrived=None, ended=None)
    assert visit_values(booked, NOON - DAY).look_again == NOON
    assert visit_values(booked, NOON + SECOND).look_again == NOON + 2 * HOUR

"""Clocks, causes, money and patterns of complaints: both sides of each border."""

from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from dispatch.care.compensation.table import (
    limit_of,
    may_offer,
    must_be_within_limit,
    remedy_words,
    spoken_amount,
    takes_money,
)
from dispatch.care.complaints.causes import cause_words, causes, must_be_a_cause, must_be_a_group, tree
from dispatch.care.complaints.clocks import Clock, Days, deadlines, pressing
from dispatch.care.complaints.patterns import Pattern, Seen, of_one, patterns
from dispatch.care.working_days import published_calendar
from dispatch.errors import Invalid, NotAllowed

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)  # Tuesday noon in Shanghai
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FIELD_STANDARD = Days(2, 5, 7, 15)


def at(day: int, month: int = 11, year: int = 2026) -> datetime:
    return datetime(year, month, day, 18, tzinfo=SHANGHAI)


def test_the_clocks_of_a_complaint_are_two_five_and_seven_working_days_and_fifteen_days() -> None:
    due = deadlines(NOW, FIELD_STANDARD, calendar=published_calendar(), zone=SHANGHAI, closes=18)
    assert (due.answer, due.investigate, due.solve, due.final) == (at(26), at(1, 12), at(3, 12), at(9, 12))
    assert not due.provisional


def test_clocks_that_reach_into_an_unpublished_year_say_so() -> None:
    late = datetime(2026, 12, 24, 4, 0, tzinfo=UTC)
    due = deadlines(late, FIELD_STANDARD, calendar=published_calendar(), zone=SHANGHAI, closes=18)
    assert due.provisional
    assert due.answer == at(28, 12), "the nearest one is certain all the same"


def test_a_clock_is_kept_to_its_last_instant() -> None:
    due = NOW + DAY
    assert Clock("answer", due, due).verdict(NOW + 9 * DAY) == "kept"
    assert Clock("answer", due, due + timedelta(seconds=1)).verdict(NOW + 9 * DAY) == "missed"
    running = Clock("answer", due, None)
    assert running.verdict(due - 8 * HOUR - timedelta(seconds=1)) == "running"
    assert running.verdict(due - 8 * HOUR) == "soon"
    assert running.verdict(due) == "soon"
    assert running.verdict(due + timedelta(seconds=1)) == "overdue"
    assert running.verdict(due + DAY, ended=due) == "dropped"
    assert running.verdict(due + DAY, ended=due + timedelta(seconds=1)) == "missed"


def test_the_clock_that_runs_out_next_is_the_pressing_one() -> None:
    met, soon, later = Clock("answer", NOW, NOW), Clock("solve", NOW + DAY, None), Clock("final", NOW + 2 * DAY, None)
    assert pressing([later, met, soon], NOW) is soon
    assert pressing([met], NOW) is None


def test_causes_are_leaves_of_a_tree_in_both_languages() -> None:
    assert len(tree()) == 7
    assert all(key.startswith(f"{group.key}.") for group in tree() for key in [one.key for one in group.under])
    assert must_be_a_cause("appointment.late") == "appointment.late"
    assert cause_words("appointment.late").zh == "预约与时间：上门晚到"
    assert cause_words("conduct").en == "Conduct"
    assert cause_words("gone.with.the.wind").zh == "gone.with.the.wind"
    for wrong in ("appointment", "nonsense", ""):
        with pytest.raises(Invalid):
            must_be_a_cause(wrong)
    with pytest.raises(Invalid):
        must_be_a_group("appointment.late")
    assert len(causes()) == len({one.words for one in causes().values()})


@pytest.mark.parametrize(
    ("severity", "role", "most"),
    [(1, "supervisor", 5000), (2, "supervisor", 20000), (3, "supervisor", 50000), (3, "admin", 100000)],
)
def test_money_stays_within_the_severity_and_the_limit(severity: int, role: str, most: int) -> None:
    assert may_offer(most, severity=severity, role=role) == most
    with pytest.raises((Invalid, NotAllowed)):
        may_offer(most + 1, severity=severity, role=role)


def test_a_care_agent_approves_fifty_yuan_and_is_told_to_ask_for_more() -> None:
    must_be_within_limit(5000, "care_agent")
    with pytest.raises(NotAllowed, match="50 yuan"):
        must_be_within_limit(5001, "care_agent")
    assert limit_of("technician") == 0
    with pytest.raises(NotAllowed):
        must_be_within_limit(1, "technician")


def test_amounts_are_said_without_needless_fen() -> None:
    assert spoken_amount(5000) == ("50元", "50 yuan")
    assert spoken_amount(5050).zh == "50.50元"
    assert takes_money("credit")
    assert not takes_money("apology")
    assert set(remedy_words()) >= {"apology", "redo", "credit"}
    with pytest.raises(Invalid):
        takes_money("a pony")


def seen(number: int, ago: timedelta, **more: object) -> Seen:
    return Seen(UUID(int=number), NOW - ago, UUID(int=1000 + number), **more)  # type: ignore[arg-type]


def test_two_complaints_of_one_customer_in_ninety_days_are_repeated() -> None:
    one = Seen(UUID(int=1), NOW - 90 * DAY + HOUR, UUID(int=7))
    two = Seen(UUID(int=2), NOW, UUID(int=7))
    assert patterns([two, one], now=NOW) == [Pattern("customer", str(UUID(int=7)), (one.id, two.id))]
    assert patterns([Seen(UUID(int=1), NOW - 90 * DAY, UUID(int=7)), two], now=NOW) == []


@pytest.mark.parametrize("kind", ["area", "device", "technician"])
def test_three_of_one_area_device_or_technician_in_fourteen_days_are_a_cluster(kind: str) -> None:
    shared = {kind: "HG8245" if kind == "device" else UUID(int=5)}
    three = [seen(n, n * DAY, **shared) for n in (1, 2, 3)]
    found = patterns(three, now=NOW)
    assert [(one.kind, len(one.ids)) for one in found] == [(kind, 3)]
    assert of_one(found, three[0].id) == found
    assert patterns(three[:2], now=NOW) == []
    assert patterns([*three[:2], seen(4, 14 * DAY, **shared)], now=NOW) == []
    assert of_one(found, UUID(int=99)) == []

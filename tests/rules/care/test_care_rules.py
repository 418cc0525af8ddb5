"""Sorting contacts, the compensation table, and return calls: pure rules, both sides of each border."""

from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from dispatch.care.compensation.evidence_rules import Granted, OrderFacts, VisitFacts, of_order, of_visit
from dispatch.care.compensation.table import money
from dispatch.care.contacts.scripts import scripts, spoken
from dispatch.care.contacts.sorting import sort_contact
from dispatch.care.return_calls.rules import (
    Answers,
    Next,
    after_try,
    decent_from,
    is_decent,
    is_sampled,
    subject_and_severity,
    why_unhappy,
)
from dispatch.errors import Invalid
from dispatch.notices.language_rules import findings_in_note
from dispatch.visits.windows import Window

SHANGHAI = ZoneInfo("Asia/Shanghai")
NINE = datetime(2026, 11, 24, 9, tzinfo=SHANGHAI)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
A_SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("matter", "kind", "words"),
    [
        ("家里断网了，光猫红灯", "fault", ("断网", "红灯")),
        ("断网三天没人来，我要投诉", "complaint", ("投诉", "没人来")),
        ("我不是投诉，就是断网了", "fault", ("断网",)),
        ("想移机到新家，请问多少钱", "request", ("移机",)),
        ("请问资费", "consultation", ("请问", "资费")),
        ("喂你好", "consultation", ()),
        ("My internet DROPS every evening", "fault", ("drops",)),
        ("Nobody came yesterday, I want a refund", "complaint", ("nobody came", "refund")),
        ("I can\u2019t connect", "fault", ("can't connect",)),
    ],
)
def test_a_contact_is_sorted_by_the_strongest_word_and_shows_it(matter: str, kind: str, words: tuple[str, ...]) -> None:
    found = sort_contact(matter)
    assert (found.kind, found.words) == (kind, words)


def test_the_scripts_are_polite_in_both_languages() -> None:
    assert [one.key for one in scripts()] == [
        "greeting", "unclear", "waiting", "angry", "readback", "unsure", "closing",
    ]  # fmt: skip
    for one in scripts():
        for language in ("zh", "en"):
            for line in spoken(one, language, company="某公司", agent="杨"):
                assert "{" not in line
                assert findings_in_note(line, language) == (), line


def visit(arrived: timedelta | None, *, exact: bool = True, **more: object) -> VisitFacts:
    window = Window(NINE, NINE + (30 * MINUTE if exact else 2 * HOUR))
    facts: dict[str, object] = {"status": "sealed", "customers_doing": False}
    return VisitFacts(window, NINE + arrived if arrived is not None else None, **(facts | more))  # type: ignore[arg-type]


def granted(facts: VisitFacts, now: datetime = NINE + DAY) -> list[tuple[str, int]]:
    return [(one.rule, one.fen) for one in of_visit(facts, money(), now=now)]


@pytest.mark.parametrize(
    ("late", "fen"),
    [
        (15 * MINUTE, None), (15 * MINUTE + A_SECOND, 2000), (60 * MINUTE, 2000), (60 * MINUTE + A_SECOND, 3000),
        (120 * MINUTE + A_SECOND, 5000),
    ],
)  # fmt: skip
def test_a_late_visit_is_compensated_by_how_late_it_was(late: timedelta, fen: int | None) -> None:
    assert granted(visit(late)) == ([("late_visit", fen)] if fen else [])
    in_a_window = visit(2 * HOUR + late, exact=False)
    assert granted(in_a_window) == ([("late_visit", fen)] if fen else []), "a window is late from its end on"
    assert granted(visit(late, customers_doing=True)) == []


def test_a_visit_at_which_nobody_arrived_is_missed_two_hours_after_its_window() -> None:
    nobody = visit(None, status="booked")
    ends = NINE + 30 * MINUTE
    assert granted(nobody, ends + 2 * HOUR) == []
    assert granted(nobody, ends + 2 * HOUR + A_SECOND) == [("missed_visit", 5000)]
    assert granted(visit(None, status="cancelled"), ends + DAY) == []
    assert granted(visit(None, status="booked", customers_doing=True), ends + DAY) == []


def test_a_change_told_too_late_is_compensated_beside_the_rest() -> None:
    assert granted(visit(2 * HOUR, late_notices=1)) == [("late_notice", 2000), ("late_visit", 3000)]


def order(kind: str, took: timedelta | None, **more: object) -> OrderFacts:
    facts: dict[str, object] = {"deadline": NINE, "area": None, "customers_doing": False}
    return OrderFacts(kind, NINE, done=NINE + took if took is not None else None, **(facts | more))  # type: ignore[arg-type]


def test_a_repair_is_late_after_48_hours_and_in_the_country_after_72() -> None:
    assert of_order(order("repair", 48 * HOUR), money()) is None
    assert of_order(order("repair", 48 * HOUR + A_SECOND), money()) == Granted("late_repair", 1000, A_SECOND)
    assert of_order(order("repair", 48 * HOUR + DAY + A_SECOND), money()) == Granted(
        "late_repair", 2000, DAY + A_SECOND
    )
    capped = of_order(order("repair", 90 * DAY), money())
    assert capped is not None
    assert capped.fen == 10000
    evidence = money()["evidence"]
    country = {**money(), "evidence": {**evidence, "late_repair": {**evidence["late_repair"], "rural_areas": ["山里"]}}}
    assert of_order(order("repair", 72 * HOUR, area="山里"), country) is None
    assert of_order(order("repair", 72 * HOUR + A_SECOND, area="山里"), country) is not None


def test_a_late_installation_costs_one_percent_of_the_fee_a_day() -> None:
    late = of_order(order("install", 3 * DAY), money())
    assert late is not None
    assert late.fen == 300, "three days of a fee of 100 yuan"
    assert of_order(order("install", timedelta(0)), money()) is None
    assert of_order(order("install", 3 * DAY, deadline=None), money()) is None
    assert of_order(order("install", 3 * DAY, customers_doing=True), money()) is None
    assert of_order(order("install", None), money()) is None


@pytest.mark.parametrize(
    ("clock", "decent"),
    [("08:59", False), ("09:00", True), ("11:59", True), ("12:00", False), ("13:59", False), ("14:00", True),
     ("19:59", True), ("20:00", False), ("23:30", False)],
)  # fmt: skip
def test_nobody_is_rung_outside_decent_hours(clock: str, decent: bool) -> None:
    at = datetime.fromisoformat(f"2026-11-24T{clock}:00+08:00")
    assert is_decent(at, SHANGHAI) is decent
    begins = decent_from(at.astimezone(UTC), SHANGHAI)
    assert is_decent(begins, SHANGHAI)
    assert begins >= at
    assert (begins == at) is decent
    assert not any(is_decent(at + n * MINUTE, SHANGHAI) for n in range(int((begins - at) / MINUTE))), "the first one"


def test_three_tries_and_a_dropped_call_is_dialled_again_at_once() -> None:
    now = NINE + 2 * HOUR  # eleven
    assert after_try("dropped", 1, now=now, zone=SHANGHAI) == Next("due", now + 2 * MINUTE)
    assert after_try("no_answer", 1, now=now, zone=SHANGHAI) == Next("due", now + 3 * HOUR)
    assert after_try("busy", 2, now=NINE + HOUR, zone=SHANGHAI) == Next("due", NINE + 5 * HOUR), "not at one o'clock"
    for outcome in ("no_answer", "busy", "dropped"):
        assert after_try(outcome, 3, now=now, zone=SHANGHAI) == Next("unreached")  # type: ignore[arg-type]
    assert after_try("refused", 1, now=now, zone=SHANGHAI) == Next("unreached")
    assert after_try("wrong_number", 1, now=now, zone=SHANGHAI) == Next("unreached")
    assert after_try("reached", 3, now=now, zone=SHANGHAI) == Next("done")


def test_the_sample_is_fair_and_nobody_chooses_it() -> None:
    ids = [UUID(int=n * 7919) for n in range(5000)]
    assert not any(is_sampled(one, 0) for one in ids)
    assert all(is_sampled(one, 100) for one in ids)
    third = [one for one in ids if is_sampled(one, 30)]
    assert 0.27 < len(third) / len(ids) < 0.33
    assert set(third) <= {one for one in ids if is_sampled(one, 60)}, "a larger share keeps the smaller one"


def said(**more: object) -> Answers:
    return Answers(**({"fixed": "yes", "conduct": 5, "overall": 5, "recommend": 10, "demanded": False} | more))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "unhappy"),
    [
        ({}, False), ({"fixed": "partly"}, False), ({"fixed": "no"}, True), ({"conduct": 3}, False),
        ({"conduct": 2}, True), ({"overall": 3}, False), ({"overall": 2}, True), ({"recommend": 5}, False),
        ({"recommend": 4}, True), ({"recommend": None, "overall": None, "conduct": None}, False),
        ({"demanded": True, "demanded_what": "红包"}, True), ({"wants_complaint": True}, True),
    ],
)  # fmt: skip
def test_unhappy_answers_open_a_complaint(change: dict[str, object], unhappy: bool) -> None:
    assert bool(why_unhappy(said(**change))) is unhappy


def test_demands_are_the_gravest() -> None:
    assert subject_and_severity(said(demanded=True, demanded_what="红包", fixed="no")) == ("conduct", 3)
    assert subject_and_severity(said(fixed="no")) == ("quality", 2)
    assert subject_and_severity(said(conduct=1)) == ("conduct", 2)
    assert subject_and_severity(said(recommend=1)) == ("other", 1)


@pytest.mark.parametrize(
    "wrong",
    [{"conduct": 0}, {"conduct": 6}, {"overall": 6}, {"recommend": 11}, {"recommend": -1}, {"fixed": "maybe"},
     {"demanded": True, "demanded_what": " "}],
)  # fmt: skip
def test_answers_that_cannot_be_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        said(**wrong)

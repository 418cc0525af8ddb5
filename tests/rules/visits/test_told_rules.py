"""The judgement of `doorstep notices check`, cell by cell: every way to be told, and every way to fail at it."""

from datetime import datetime, timedelta

import pytest

from dispatch.visits.told_rules import FINDINGS, VERDICT_WORDS, Told, judge
from tests.makers import NOON

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
DEADLINE = NOON + HOUR


def told(state: str = "owed", **more: object) -> Told:
    facts: dict[str, object] = {
        "state": state,
        "owed_at": NOON,
        "accepted_at": None,
        "phoned_at": None,
        "deadline": DEADLINE,
        "call_by": DEADLINE,
        "breached_at": None,
        "call": "none",
    }
    return Told(**(facts | more))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("known", "now", "verdict"),
    [
        (None, NOON, "missing"),
        (told("accepted", accepted_at=DEADLINE), NOON + 9 * HOUR, "in_time"),
        (told("accepted", accepted_at=DEADLINE + SECOND), NOON + 9 * HOUR, "late_unmarked"),
        (told("accepted", accepted_at=DEADLINE + SECOND, breached_at=DEADLINE + SECOND), NOON + 9 * HOUR, "breach"),
        (told("phoned", phoned_at=DEADLINE, call="done"), NOON + 9 * HOUR, "by_phone"),
        (told("phoned", phoned_at=DEADLINE + SECOND, call="done"), NOON + 9 * HOUR, "late_unmarked"),
        (told(), DEADLINE, "waiting"),
        (told(), DEADLINE + SECOND, "late_unmarked"),
        (told("expired", breached_at=DEADLINE + SECOND), DEADLINE + SECOND, "late_uncalled"),
        (told("expired", breached_at=DEADLINE + SECOND, call="open"), DEADLINE + SECOND, "breach"),
        (told("failed", call="open"), NOON, "calling"),
        (told("failed"), NOON, "given_up"),
        (told("in_doubt"), NOON, "given_up"),
        (told("superseded"), NOON, "replaced"),
        (told("superseded", accepted_at=NOON), NOON, "in_time"),
        (told("owed", deadline=None), DEADLINE, "waiting"),
        (told("owed", deadline=None), DEADLINE + SECOND, "late_uncalled"),
        (told("owed", deadline=None, call="open"), DEADLINE + SECOND, "calling"),
        (told("failed", deadline=None, call_by=None), NOON, "waiting"),
    ],
)
def test_a_change_is_judged_by_what_its_customer_was_told(known: Told | None, now: datetime, verdict: str) -> None:
    assert judge(known, owed=True, breach=False, now=now) == verdict


def test_what_changes_nothing_for_the_customer_needs_no_notice() -> None:
    assert judge(None, owed=False, breach=False, now=NOON) == "not_owed"


def test_an_overridden_change_is_a_breach_however_soon_it_was_told() -> None:
    known = told("accepted", accepted_at=NOON, deadline=None)
    assert judge(known, owed=True, breach=True, now=NOON) == "breach"


def test_every_verdict_has_its_words_and_findings_are_the_broken_promises() -> None:
    assert set(VERDICT_WORDS) >= FINDINGS
    assert {"missing", "late_unmarked", "late_uncalled", "given_up"} == FINDINGS

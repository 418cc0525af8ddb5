"""What needs a person, and which of it first."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from checklists.words import Words
from dispatch.exceptions.rules import (
    KINDS,
    Matter,
    calls_now,
    counts,
    deadline_risk,
    document_is_held_up,
    due_at,
    in_order,
    signature_is_held_up,
)

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def a_matter(kind: str, *, since: datetime = NOON, until: datetime | None = None, about: str = "") -> Matter:
    return Matter(kind, uuid4(), about, Words("", ""), since, until)  # type: ignore[arg-type]


@pytest.mark.parametrize(("left", "now"), [(31 * MINUTE, False), (30 * MINUTE, True), (-MINUTE, True)])
def test_a_call_is_everybodys_matter_half_an_hour_before_its_latest_moment(left: timedelta, now: bool) -> None:
    assert calls_now(NOON + left, now=NOON) is now


def test_an_order_that_nobody_is_booked_for_stands_here_a_day_before_its_deadline() -> None:
    assert deadline_risk(NOON + 24 * HOUR + MINUTE, None, now=NOON) is None
    assert deadline_risk(NOON + 24 * HOUR, None, now=NOON) == "unbooked"
    assert deadline_risk(NOON, None, now=NOON) == "unbooked"
    assert deadline_risk(NOON - MINUTE, None, now=NOON) == "overdue"


def test_a_visit_booked_to_end_after_the_deadline_is_named_however_far_off_that_is() -> None:
    deadline = NOON + 72 * HOUR
    assert deadline_risk(deadline, deadline, now=NOON) is None
    assert deadline_risk(deadline, deadline + MINUTE, now=NOON) == "booked_late"
    assert deadline_risk(NOON - MINUTE, NOON - 2 * HOUR, now=NOON) == "overdue"


def test_a_time_that_the_customer_chose_is_nobodys_matter_while_it_is_to_come() -> None:
    deadline, chosen = NOON - HOUR, NOON + HOUR
    assert deadline_risk(deadline, chosen, now=NOON) == "overdue"
    assert deadline_risk(deadline, chosen, now=NOON, as_they_asked=True) is None
    assert deadline_risk(deadline, chosen, now=chosen + MINUTE, as_they_asked=True) == "overdue"
    assert deadline_risk(deadline, None, now=NOON, as_they_asked=True) == "overdue"


def test_an_order_is_due_when_it_says_or_a_fault_within_its_published_time() -> None:
    assert due_at("repair", NOON, NOON - HOUR, repaired_within=48 * HOUR) == NOON
    assert due_at("repair", None, NOON, repaired_within=48 * HOUR) == NOON + 48 * HOUR
    assert due_at("install", None, NOON, repaired_within=48 * HOUR) is None


def test_a_document_and_a_signature_are_given_their_ordinary_time() -> None:
    assert not document_is_held_up(NOON - 5 * MINUTE, now=NOON)
    assert document_is_held_up(NOON - 6 * MINUTE, now=NOON)
    assert not signature_is_held_up(NOON - 30 * MINUTE, now=NOON)
    assert signature_is_held_up(NOON - 31 * MINUTE, now=NOON)


def test_what_a_customer_notices_within_the_hour_comes_first_and_then_what_is_due_first() -> None:
    old, new = a_matter("import", since=NOON - HOUR, about="old"), a_matter("import", about="new")
    later, sooner = (a_matter("call", until=NOON + each * HOUR, about=str(each)) for each in (2, 1))
    doubt = a_matter("in_doubt", about="doubt")
    listed = in_order([new, old, later, doubt, sooner])
    assert [one.about for one in listed] == ["1", "2", "doubt", "old", "new"]


def test_every_kind_is_counted_also_with_none() -> None:
    assert counts([a_matter("kit"), a_matter("kit")]) == {**dict.fromkeys(KINDS, 0), "kit": 2}
    assert set(counts([])) == set(KINDS)


def test_late_is_after_the_latest_moment_and_never_without_one() -> None:
    assert not a_matter("call", until=NOON).is_late(NOON)
    assert a_matter("call", until=NOON).is_late(NOON + MINUTE)
    assert not a_matter("call").is_late(NOON + 999 * HOUR)

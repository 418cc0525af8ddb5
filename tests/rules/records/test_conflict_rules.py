"""Which of two versions counts: every cell of the rule."""

from itertools import product

import pytest

from dispatch.records.conflict_rules import COUNTS_WORDS, KIND_WORDS, RECORD, Arriving, decide, kept_beside
from dispatch.visits.life import Status

YES_NO = (True, False)
OPEN = (Status.BOOKED, Status.EN_ROUTE, Status.ON_SITE)


def kinds(**fixed: object) -> set[str | None]:
    """What the rule says in every cell in which `fixed` holds."""
    names = ("status", "sealed", "is_theirs", "id_used_otherwise", "differs", "other_phone")
    cells = product(Status, YES_NO, YES_NO, YES_NO, YES_NO, YES_NO)
    named = (dict(zip(names, cell, strict=True)) for cell in cells)
    return {decide(Arriving(**cell)) for cell in named if all(cell[key] == value for key, value in fixed.items())}  # type: ignore[arg-type]


def test_an_id_is_used_once_whatever_else_is_so() -> None:
    assert kinds(id_used_otherwise=True) == {"same_id"}


def test_a_sealed_record_stands_and_what_agrees_with_it_is_no_conflict() -> None:
    assert kinds(id_used_otherwise=False, sealed=True, differs=True) == {"after_sealing"}
    assert kinds(id_used_otherwise=False, sealed=True, differs=False) == {None}


def test_whatever_comes_for_a_cancelled_visit_is_looked_at() -> None:
    assert kinds(id_used_otherwise=False, sealed=False, status=Status.CANCELLED) == {"cancelled"}


@pytest.mark.parametrize("status", [*OPEN, Status.NO_ACCESS, Status.SEALED])
def test_who_lost_the_visit_does_not_outvote_who_has_it(status: Status) -> None:
    plain = {"id_used_otherwise": False, "sealed": False, "status": status}
    assert kinds(**plain, is_theirs=False, differs=True) == {"reassigned"}
    assert kinds(**plain, is_theirs=False, differs=False) == {None}


@pytest.mark.parametrize("status", [*OPEN, Status.NO_ACCESS, Status.SEALED])
def test_two_phones_conflict_only_where_they_disagree(status: Status) -> None:
    theirs = {"id_used_otherwise": False, "sealed": False, "status": status, "is_theirs": True}
    assert kinds(**theirs, other_phone=True, differs=True) == {"two_phones"}
    assert kinds(**theirs, other_phone=True, differs=False) == {None}
    assert kinds(**theirs, other_phone=False) == {None}


def test_every_cell_has_one_answer_and_every_kind_its_words() -> None:
    assert kinds() == {None, *KIND_WORDS}
    assert set(COUNTS_WORDS) == set(KIND_WORDS)


def test_an_entry_counts_for_everybody_for_its_sender_alone_or_never() -> None:
    for is_theirs in YES_NO:
        assert kept_beside(sealed=True, is_theirs=is_theirs, sender="t") == RECORD
    assert kept_beside(sealed=False, is_theirs=False, sender="t") == "t"
    assert kept_beside(sealed=False, is_theirs=True, sender="t") is None

"""The life of a complaint: every cell of its table, and each refusal says what may be done instead."""

from uuid import UUID

import pytest

from dispatch.care.complaints.life import (
    NEXT,
    STATE_WORDS,
    VERB_WORDS,
    IllegalStep,
    State,
    must_be_new_to_it,
    possible,
    step,
)
from dispatch.errors import NotAllowed

#         to:  registered answered found offered settled told appealed regulator closed withdrawn
TABLE = """
registered |       .        x       .      .       .      .      .        .        .       x
answered   |       .        .       x      .       .      .      .        .        .       x
found      |       .        .       .      x       .      .      .        .        .       x
offered    |       .        .       .      .       x      .      1        2        .       x
settled    |       .        .       .      .       .      x      .        .        .       x
told       |       .        .       .      .       .      .      1        2        x       .
appealed   |       .        x       .      .       .      .      .        .        .       x
regulator  |       .        .       .      .       .      .      .        .        x       .
closed     |       .        .       .      .       .      .      1        .        .       .
withdrawn  |       .        .       .      .       .      .      .        .        .       .
"""
"""x: always; 1: the first time that they are not content; 2: only after it was looked at anew."""

STATES = list(State)
CELLS = [
    (State(row.split("|")[0].strip()), to, mark)
    for row in TABLE.strip().splitlines()
    for to, mark in zip(STATES, row.split("|")[1].split(), strict=True)
]


@pytest.mark.parametrize(("now", "to", "mark"), CELLS)
@pytest.mark.parametrize("appeals", [0, 1])
def test_each_cell_of_the_table(now: State, to: State, mark: str, appeals: int) -> None:
    allowed = mark == "x" or (mark == "1" and appeals == 0) or (mark == "2" and appeals == 1)
    if allowed:
        assert step(now, to, appeals=appeals) is to
        assert to in possible(now, appeals=appeals)
        return
    with pytest.raises(IllegalStep) as refused:
        step(now, to, appeals=appeals)
    assert to not in possible(now, appeals=appeals)
    ways = [VERB_WORDS[way] for way in possible(now, appeals=appeals)]
    said = refused.value.words
    if mark == ".":
        assert all(way.zh in said.zh and way.en in said.en for way in ways), "says everything that can be done"
        assert ways or ("新的投诉" in said.zh and "new complaint" in said.en)
    else:
        assert "申诉" in said.zh
        assert "regulator" in said.en


def test_the_table_tells_of_every_state() -> None:
    assert len(CELLS) == len(STATES) ** 2 == 100
    assert set(NEXT) == set(STATE_WORDS) == set(STATES)
    assert set(VERB_WORDS) == set(STATES) - {State.REGISTERED}


def test_every_state_can_be_reached_and_every_way_ends() -> None:
    reached = {State.REGISTERED}
    for _ in STATES:
        reached |= {to for now in reached for to in NEXT[now]}
    assert reached == set(STATES)
    ends = {State.CLOSED, State.WITHDRAWN}
    for _ in STATES:
        ends |= {now for now in STATES if NEXT[now] & ends}
    assert ends == set(STATES)


def test_an_appeal_goes_to_somebody_who_has_not_dealt_with_it() -> None:
    first, second, other = (UUID(int=n) for n in (1, 2, 3))
    must_be_new_to_it(frozenset({first, second}), other)
    with pytest.raises(NotAllowed) as refused:
        must_be_new_to_it(frozenset({first, second}), second)
    assert refused.value.name == "appeal-same-person"

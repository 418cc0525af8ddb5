"""The two-hour rule as a table: who asks x where the new time lies x override or not x a second around each border.

The table's own arithmetic: DOMAIN §5, told no later than min(old, new) - 2 h. Nothing here is taken from the product
but the function under test and the shapes of its values.
"""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from dispatch.visits.rules import Override, TooLateToMove, change_promise
from dispatch.visits.windows import Window

OLD = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)  # two in the afternoon in Shanghai
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
NEW: dict[str, datetime | None] = {
    "a day earlier": OLD - 24 * HOUR,
    "an hour earlier": OLD - HOUR,
    "the same": OLD,
    "an hour later": OLD + HOUR,
    "a day later": OLD + 24 * HOUR,
    "cancelled": None,
}
ASKERS = ("company", "customer")
OVERRIDES = (None, Override("光缆被挖断", "reached_agreed", OLD - HOUR), Override("车辆故障", "not_reached", OLD))
STEPS = (-SECOND, timedelta(0), SECOND)


def window(start: datetime | None) -> Window | None:
    return None if start is None else Window(start, start + HOUR)


def earliest(new: datetime | None) -> datetime:
    return OLD if new is None or new > OLD else new


def moments(new: datetime | None) -> list[datetime]:
    """A second around every border there could be: two hours before either start, and the starts themselves."""
    starts = {OLD, new or OLD, earliest(new)}
    return [border + step for start in starts for border in (start - 2 * HOUR, start) for step in STEPS]


def wanted(asker: str, new: datetime | None, override: Override | None, now: datetime) -> object:
    """What must come of it: (deadline, breach), or "refused"."""
    if asker == "customer" or new == OLD:
        return (None, False)
    deadline = earliest(new) - timedelta(minutes=120)
    if (now - deadline).total_seconds() <= 0:
        return (deadline, False)
    return "refused" if override is None else (deadline, True)


CELLS = [
    (asker, name, new, override, now)
    for asker, (name, new), override in product(ASKERS, NEW.items(), OVERRIDES)
    for now in moments(new)
]


def told(asker: str, new: datetime | None, override: Override | None, now: datetime) -> object:
    try:
        change = change_promise(
            Window(OLD, OLD + HOUR),
            window(new),
            now=now,
            asked_by=asker,  # type: ignore[arg-type]
            override=override,
        )
    except TooLateToMove:
        return "refused"
    return (change.tell_until, change.breach)


def test_every_cell_of_the_table() -> None:
    assert len(CELLS) == 2 * 3 * (4 * 12 + 2 * 6), "no cell is left out"
    wrong = [
        (asker, name, override and override.call_outcome, now.isoformat())
        for asker, name, new, override, now in CELLS
        if told(asker, new, override, now) != wanted(asker, new, override, now)
    ]
    assert wrong == []


def test_the_table_has_refusals_breaches_and_permissions() -> None:
    kinds = [wanted(asker, new, override, now) for asker, _, new, override, now in CELLS]
    assert kinds.count("refused") > 20
    assert sum(isinstance(one, tuple) and one[1] for one in kinds) > 40
    assert sum(isinstance(one, tuple) and not one[1] and one[0] is not None for one in kinds) == 3 * (2 + 8)


BELIEVED = {
    "only the old": (OLD,),
    "an earlier one, too": (OLD, OLD - 5 * HOUR),
    "a later one, too": (OLD, OLD + 30 * HOUR),
    "a later one instead": (OLD + 30 * HOUR,),
}


@pytest.mark.parametrize("name", BELIEVED)
def test_the_border_is_two_hours_before_the_earliest_that_the_customer_may_go_by(name: str) -> None:
    starts = BELIEVED[name]
    known = [Window(start, start + HOUR) for start in starts]
    old = Window(OLD, OLD + HOUR)
    for new in (OLD - 9 * HOUR, OLD + 9 * HOUR, OLD + 90 * HOUR, None):
        border = min([*starts, *([new] if new else [])]) - timedelta(seconds=7200)
        for now in (border - SECOND, border):
            change = change_promise(old, window(new), now=now, asked_by="company", override=None, believed=known)
            assert (change.tell_until, change.breach, change.surprises) == (border, False, True)
        with pytest.raises(TooLateToMove):
            change_promise(old, window(new), now=border + SECOND, asked_by="company", override=None, believed=known)
        late = change_promise(
            old, window(new), now=border + SECOND, asked_by="company", override=OVERRIDES[1], believed=known
        )
        assert (late.tell_until, late.breach) == (border, True)


def test_back_to_the_only_window_that_they_know_is_no_surprise_a_second_before_it_begins() -> None:
    known, other = Window(OLD, OLD + HOUR), Window(OLD + 5 * HOUR, OLD + 6 * HOUR)
    now = OLD - SECOND
    change = change_promise(other, known, now=now, asked_by="company", override=None, believed=(known,))
    assert (change.tell_until, change.breach, change.surprises) == (None, False, False)
    with pytest.raises(TooLateToMove):
        change_promise(other, known, now=now, asked_by="company", override=None, believed=(known, other))
    asked = change_promise(other, known, now=now, asked_by="customer", override=None, believed=(known,))
    assert asked.surprises, "who asks is answered"

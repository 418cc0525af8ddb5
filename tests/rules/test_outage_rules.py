"""Many are told by day, at a pace, and before planned work begins or while a fault lasts; or it is refused."""

from datetime import UTC, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest

from dispatch.errors import Invalid, NotAllowed
from dispatch.outages.rules import (
    Pace,
    expected_repair,
    good_fault,
    good_stretch,
    moment_to_tell,
    moments,
    must_be_told_in_time,
    told_before,
    told_by,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
PACE = Pace(60, SHANGHAI, 21, 8)
MINUTE, HOUR, SECOND = timedelta(minutes=1), timedelta(hours=1), timedelta(seconds=1)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI).astimezone(UTC)


def test_sixty_a_minute_and_none_at_night() -> None:
    spread = list(islice(moments(at(22, 20, 58), PACE), 200))
    assert [spread.count(moment) for moment in sorted(set(spread))] == [60, 60, 60, 20]
    assert sorted(set(spread)) == [at(22, 20, 58), at(22, 20, 59), at(23, 8), at(23, 8, 1)]
    assert next(moments(at(22, 23), PACE)) == at(23, 8)


@pytest.mark.parametrize(
    ("count", "last"), [(0, at(22, 9)), (1, at(22, 9)), (60, at(22, 9)), (61, at(22, 9, 1)), (6000, at(22, 10, 39))]
)
def test_when_the_last_is_told(count: int, last: datetime) -> None:
    assert told_by(count, at(22, 9), PACE) == last
    if count:
        assert list(islice(moments(at(22, 9), PACE), count))[-1] == last


def test_what_cannot_be_told_half_an_hour_before_is_refused_with_how_long_it_takes() -> None:
    starts = at(22, 10, 30)  # sixty minutes to tell in, half an hour to spare
    assert must_be_told_in_time(61 * 60, starts, PACE, now=at(22, 9)) == at(22, 10)
    with pytest.raises(NotAllowed) as refused:
        must_be_told_in_time(61 * 60 + 1, starts, PACE, now=at(22, 9))
    assert "62 分钟" in refused.value.words.zh
    with pytest.raises(NotAllowed):
        must_be_told_in_time(1, at(23, 8, 29), PACE, now=at(22, 21))


def test_what_an_outage_may_be() -> None:
    now = at(22, 9)
    good_stretch(now + SECOND, now + SECOND + MINUTE, now=now)
    good_stretch(now + timedelta(days=90), now + timedelta(days=92), now=now)
    for starts, ends in (
        (now, now + HOUR),
        (now + HOUR, now + HOUR),
        (now + HOUR, now + HOUR + MINUTE - SECOND),
        (now + HOUR, now + 49 * HOUR + SECOND),
        (now + timedelta(days=90, seconds=1), now + timedelta(days=91)),
    ):
        with pytest.raises(Invalid):
            good_stretch(starts, ends, now=now)


@pytest.mark.parametrize(
    ("begun", "back", "refused"),
    [
        (timedelta(0), 4 * HOUR, None),
        (SECOND, 4 * HOUR, "fault-not-begun"),
        (-48 * HOUR, 4 * HOUR, None),
        (-48 * HOUR - SECOND, 4 * HOUR, "fault-too-old"),
        (-HOUR, SECOND, None),
        (-HOUR, timedelta(0), "fault-over"),
        (-HOUR, 48 * HOUR, None),
        (-HOUR, 48 * HOUR + SECOND, "fault-too-long"),
    ],
)
def test_what_a_fault_may_be(begun: timedelta, back: timedelta, refused: str | None) -> None:
    now = at(22, 9)
    if refused is None:
        good_fault(now + begun, now + back, now=now)
        return
    with pytest.raises(Invalid) as wrong:
        good_fault(now + begun, now + back, now=now)
    assert wrong.value.name == refused


@pytest.mark.parametrize(
    ("until", "told"),
    [
        (at(22, 20, 58), 0),  # who would be told at the very moment of the repair is not
        (at(22, 20, 58) + SECOND, 60),
        (at(22, 20, 59), 60),
        (at(22, 20, 59) + SECOND, 120),
        (at(23, 8), 120),  # nobody at night
        (at(23, 8) + SECOND, 150),
        (at(24, 8), 150),
    ],
)
def test_how_many_are_told_before_a_fault_should_be_repaired(until: datetime, told: int) -> None:
    assert told_before(until, 150, at(22, 20, 58), PACE) == told
    assert sum(moment < until for moment in islice(moments(at(22, 20, 58), PACE), 150)) == told


def test_a_customer_is_told_of_a_fault_at_their_turn_while_it_lasts() -> None:
    turn, until = at(22, 10), at(22, 12)
    assert moment_to_tell(turn, until, PACE, now=at(22, 9)) == turn
    assert moment_to_tell(turn, until, PACE, now=at(22, 11)) == at(22, 11), "who came later is told at once"
    assert moment_to_tell(until - SECOND, until, PACE, now=at(22, 9)) == until - SECOND
    assert moment_to_tell(until, until, PACE, now=at(22, 9)) is None
    assert moment_to_tell(turn, until, PACE, now=until) is None


def test_nobody_is_woken_by_a_fault() -> None:
    turn = at(22, 10)
    assert moment_to_tell(turn, at(23, 9), PACE, now=at(22, 20, 59)) == at(22, 20, 59)
    assert moment_to_tell(turn, at(23, 9), PACE, now=at(22, 21)) == at(23, 8)
    assert moment_to_tell(turn, at(23, 8), PACE, now=at(22, 21)) is None


@pytest.mark.parametrize(
    ("now", "proposed"),
    [
        (at(22, 9), at(22, 13)),
        (at(22, 9) + SECOND, at(22, 13, 15)),
        (at(22, 9, 14), at(22, 13, 15)),
        (at(22, 9, 15), at(22, 13, 15)),
        (at(22, 22, 46), at(23, 3)),
    ],
)
def test_a_repair_is_proposed_four_hours_on_at_a_quarter(now: datetime, proposed: datetime) -> None:
    assert expected_repair(now) == proposed

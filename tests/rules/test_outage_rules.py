"""Many are told by day, at a pace, and before it begins; or it is refused."""

from datetime import UTC, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest

from dispatch.errors import Invalid, NotAllowed
from dispatch.outages.rules import Pace, good_stretch, moments, must_be_told_in_time, told_by

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

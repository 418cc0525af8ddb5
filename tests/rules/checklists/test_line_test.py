"""How the line test in the page is reckoned, at every border, and that the checklist takes what it says."""

import pytest

from checklists.answers import flaws
from checklists.definition import Field
from checklists.line_test import (
    LIMITS,
    TOO_SHORT,
    UNSTEADY,
    is_steady,
    megabits_a_second,
    rate_measured,
    round_trip_measured,
)
from checklists.words import Words

DOWN = Field("download", "measurement", Words("下行", "Down"), measurement="dl_rate")
PING = Field("ping", "measurement", Words("时延", "Ping"), measurement="ping_avg")


def test_a_rate_is_bits_over_seconds_in_millions() -> None:
    assert megabits_a_second(12_500_000, 1.0) == 100.0
    assert megabits_a_second(12_500_000, 0.5) == 200.0


@pytest.mark.parametrize(("size", "seconds"), [(12_500_000, 0.4999), (12_500_000, 0.0), (0, 5.0), (-1, 5.0)])
def test_a_run_that_was_too_short_says_nothing(size: int, seconds: float) -> None:
    assert megabits_a_second(size, seconds) is None


def test_the_run_in_the_middle_counts_whatever_the_order() -> None:
    for runs in ([90.0, 300.0, 310.0], [310.0, 90.0, 300.0]):
        found = rate_measured("dl_rate", runs)
        assert found is not None
        assert (found["value"], found["method"], found["unit"], found["runs"]) == (300.0, "page", "Mbit/s", runs)


def test_two_runs_or_one_that_was_too_short_are_no_result() -> None:
    assert rate_measured("dl_rate", [100.0, 100.0]) is None
    assert rate_measured("dl_rate", [100.0, None, 100.0]) is None
    assert rate_measured("ul_rate", [100.0] * 4) is None


def test_runs_are_steady_up_to_one_and_a_half_times() -> None:
    assert is_steady([100.0, 120.0, 150.0])
    assert not is_steady([100.0, 120.0, 150.1])
    assert not is_steady([0.0, 0.0, 0.0])
    assert not is_steady([])


def test_the_round_trip_leaves_out_what_the_server_took_and_is_never_below_nothing() -> None:
    whole = [12.0, 13.0, 14.0, 15.0, 16.0, 17.0, 18.0, 19.0, 20.0, 90.0]
    found = round_trip_measured(whole, [2.0] * 10)
    assert found is not None
    assert (found["value"], found["unit"]) == (14.5, "ms")
    below = round_trip_measured([1.0] * 10, [2.0] * 10)
    assert below is not None
    assert below["value"] == 0.0
    assert round_trip_measured(whole[:9]) is None
    assert round_trip_measured(whole, [2.0]) is None


def test_a_page_test_is_a_sound_answer_with_its_median_and_an_instruments_with_its_average() -> None:
    page = rate_measured("dl_rate", [90.0, 300.0, 310.0])
    assert page is not None
    assert flaws(DOWN, page) == []
    assert [one.code for one in flaws(DOWN, page | {"value": 233.3})] == ["not_the_median"]
    assert [one.code for one in flaws(DOWN, page | {"method": "instrument"})] == ["not_the_average"]
    assert flaws(DOWN, page | {"method": "instrument", "value": 233.3}) == []
    ping = round_trip_measured([10.04, 20.06] * 5)
    assert ping is not None
    assert flaws(PING, ping) == []
    assert [one.code for one in flaws(DOWN, page | {"value": "300"})] == ["not_a_number"]


def test_what_the_test_cannot_say_is_said_in_both_languages() -> None:
    for words in (LIMITS, UNSTEADY, TOO_SHORT):
        assert words.zh
        assert words.en

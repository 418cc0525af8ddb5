"""What a van will run out of, and when somebody should look."""

from datetime import date, datetime

import pytest

from dispatch.technicians.rules import day_to_look_at, will_run_out

FULL = {"shoe_covers": 9, "rubbish_bag": 9, "record_form": 9, "service_card": 9, "user_guide": 9, "sticky_note": 9}


def short(stock: dict[str, int], before: int, during: int) -> list[str]:
    return [need.item.key for need in will_run_out(stock, before=before, during=during)]


def test_a_van_runs_out_when_the_day_takes_more_than_is_left() -> None:
    assert short(FULL, 0, 9) == []
    assert short(FULL | {"shoe_covers": 8}, 0, 9) == ["shoe_covers"]
    assert short(FULL | {"shoe_covers": 0}, 0, 0) == []


def test_what_today_still_takes_is_not_there_tomorrow() -> None:
    assert short(FULL, 4, 5) == []
    assert short(FULL | {"rubbish_bag": 8}, 4, 5) == ["rubbish_bag"]
    (need,) = will_run_out({"rubbish_bag": 2}, before=4, during=1)
    assert (need.held, need.needed) == (0, 1)  # never below nothing


def test_what_nobody_counted_and_what_is_reused_cannot_run_out() -> None:
    assert short({}, 0, 6) == []
    assert short({"drop_cloth": 0, "cleaning_cloth": 0}, 0, 6) == []


@pytest.mark.parametrize(("hour", "minute", "day"), [(0, 0, 22), (15, 59, 22), (16, 0, 23), (23, 59, 23)])
def test_from_four_in_the_afternoon_the_next_day_is_looked_at(hour: int, minute: int, day: int) -> None:
    assert day_to_look_at(datetime(2026, 11, 22, hour, minute)) == date(2026, 11, day)  # noqa: DTZ001

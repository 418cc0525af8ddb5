"""Only what can truly be kept is offered."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from dispatch.visits.free_windows import Lunch, WorkingDay, free_slot, free_slots, windows_of_day
from dispatch.visits.windows import Window

SHANGHAI = ZoneInfo("Asia/Shanghai")
HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
LONG_AGO = datetime(2026, 11, 1, tzinfo=UTC)


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 24, hour, minute, tzinfo=SHANGHAI).astimezone(UTC)


def span(first: int, last: int) -> Window:
    return Window(at(first), at(last))


def working(*taken: Window, shift: Window | None = None, lunch: Lunch | None = None) -> WorkingDay:
    return WorkingDay(uuid4(), shift or Window(at(8, 30), at(17, 30)), taken, lunch)


def begins(day: WorkingDay, minutes: int = 60, now: datetime = LONG_AGO) -> list[str]:
    windows = windows_of_day(date(2026, 11, 24), SHANGHAI)
    slots = free_slots(windows, minutes, [day], now=now)
    return [f"{slot.window.start.astimezone(SHANGHAI):%H}" for slot in slots]


def test_windows_are_two_hours_of_the_wall_clock() -> None:
    windows = list(windows_of_day(date(2026, 11, 24), SHANGHAI))
    assert [window.start for window in windows] == [at(hour) for hour in (8, 10, 12, 14, 16, 18)]
    assert {window.length for window in windows} == {2 * HOUR}


def test_work_begins_and_ends_within_the_shift() -> None:
    assert begins(working()) == ["08", "10", "12", "14", "16"]
    assert begins(working(), minutes=90) == ["08", "10", "12", "14", "16"]
    assert begins(working(), minutes=91) == ["08", "10", "12", "14"], "a minute too long for the last hour and a half"
    slot = free_slot(span(8, 10), 60, working(), now=LONG_AGO)
    assert slot is not None
    assert slot.planned == Window(at(8, 30), at(9, 30))


def test_what_is_planned_closes_a_window_only_when_nothing_fits_beside_it() -> None:
    assert begins(working(Window(at(10), at(11)))) == ["08", "10", "12", "14", "16"]
    assert begins(working(Window(at(10), at(12)))) == ["08", "12", "14", "16"]
    # arriving at 11:59 and working into the next window is fine, if that is free
    assert "10" in begins(working(Window(at(10), at(11, 59))))
    assert "10" not in begins(working(Window(at(10), at(11, 59)), Window(at(12, 58), at(14))))
    assert "10" in begins(working(Window(at(10), at(11, 59)), Window(at(12, 59), at(14))))


def test_nothing_begins_sooner_than_in_two_hours() -> None:
    for now, wanted in ((at(8) - SECOND, "10"), (at(8), "10"), (at(8) + SECOND, "12"), (at(10) + SECOND, "14")):
        assert begins(working(), now=now)[0] == wanted, now


def test_lunch_is_left() -> None:
    lunch = Lunch(Window(at(11, 30), at(13, 30)), 60)
    slot = free_slot(span(12, 14), 60, working(lunch=lunch), now=LONG_AGO)
    assert slot is not None
    assert slot.planned.start == at(12, 30), "after an early lunch"
    morning = working(Window(at(11), at(12)), lunch=lunch)
    slot = free_slot(span(12, 14), 60, morning, now=LONG_AGO)
    assert slot is not None
    assert slot.planned.start == at(13)
    tight = working(Window(at(11), at(12)), Window(at(13, 30), at(15)), lunch=lunch)
    assert free_slot(span(12, 14), 60, tight, now=LONG_AGO) is None
    assert free_slot(span(12, 14), 30, tight, now=LONG_AGO) is not None
    lost = Window(at(12), at(13))  # a lunch that is lost already binds nobody
    assert begins(working(lost, lunch=lunch)) == begins(working(lost))


def test_closed_windows_are_not_offered() -> None:
    windows = list(windows_of_day(date(2026, 11, 24), SHANGHAI))
    closed = [Window(at(11, 59), at(12, 1))]
    starts = {slot.window.start for slot in free_slots(windows, 60, [working()], now=LONG_AGO, closed=closed)}
    assert starts == {at(8), at(14), at(16)}


def test_the_preferred_comes_first_in_each_window() -> None:
    first, second = working(Window(at(8), at(10))), working()
    slots = free_slots([span(8, 10), span(14, 16)], 60, [first, second], now=LONG_AGO)
    assert [slot.technician_id for slot in slots] == [
        second.technician_id,
        first.technician_id,
        second.technician_id,
    ]

"""Dates and times as people write them; what could mean two things is refused."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.errors import Invalid
from dispatch.visits.order_files.days import split_day
from dispatch.visits.order_files.moments import read_deadline, read_window

SHANGHAI = ZoneInfo("Asia/Shanghai")
FRIDAY = date(2026, 11, 20)
SUNDAY = date(2026, 11, 22)


def local(instant: datetime) -> str:
    assert instant.utcoffset() == timedelta(0)
    return f"{instant.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-22", "2026/11/22", "2026.11.22", "2026年11月22日", "2026年11月22号", "2026 年 11 月 22 日",
        "20261122", "11月22日", "11月22", "46348", "46348.0", "22/11/2026", "11/22/2026", "22.11.2026", "22-11-2026",
        "11-22", "22 Nov 2026", "22-Nov-2026", "November 22, 2026", "Nov 22nd, 2026",
        "２０２６－１１－２２", "２０２６年１１月２２日", "'2026-11-22", "2026-11-22（周日）", "2026-11-22 星期日",
        "后天",
    ],
)  # fmt: skip
def test_every_spelling_of_a_day_is_that_day(text: str) -> None:
    assert split_day(text, FRIDAY) == (SUNDAY, "") or split_day(text, FRIDAY) == (SUNDAY, "00:00:00")


@pytest.mark.parametrize("text", ["03/04/2026", "3/4/2026", "03.04.2026", "3-4-2026", "3/4", "26/11/22", "22-11-26"])
def test_what_could_be_two_days_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        split_day(text, FRIDAY)
    assert refused.value.name == "ambiguous-date"


def test_day_and_month_that_are_the_same_number_are_not_ambiguous() -> None:
    assert split_day("12/12/2026", FRIDAY)[0] == date(2026, 12, 12)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("", "not-a-date"), ("尽快", "not-a-date"), ("2026", "not-a-date"), ("2026112", "not-a-date"),
        ("202611221", "not-a-date"), ("2026-11-222", "not-a-date"), ("13/13/2026", "not-a-date"),
        ("2月30日", "not-a-date"), ("0", "not-a-date"), ("1" * 61, "not-a-date"), ("36525", "not-a-date"),
        ("2026-02-29", "no-such-day"), ("2026-13-01", "no-such-day"), ("20261131", "no-such-day"),
        ("2036-11-22", "date-too-far"), ("2062-11-22", "date-too-far"), ("2020-11-22", "date-too-far"),
    ],
)  # fmt: skip
def test_what_is_no_day_is_refused(text: str, name: str) -> None:
    with pytest.raises(Invalid) as refused:
        split_day(text, FRIDAY)
    assert refused.value.name == name


@pytest.mark.parametrize(
    ("today", "text", "day"),
    [
        (date(2026, 12, 28), "1月3日", date(2027, 1, 3)),
        (date(2027, 1, 3), "12月28日", date(2026, 12, 28)),
        (date(2026, 11, 20), "11月19日", date(2026, 11, 19)),
        (date(2027, 11, 20), "2月29日", date(2028, 2, 29)),
    ],
)
def test_a_day_without_a_year_is_the_nearest_one(today: date, text: str, day: date) -> None:
    assert split_day(text, today)[0] == day


def test_a_workbook_that_counts_from_1904_is_1462_days_behind() -> None:
    assert split_day("46348", FRIDAY)[0] == SUNDAY
    assert split_day(str(46348 - 1462), FRIDAY, from_1904=True)[0] == SUNDAY


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-11-22", "2026-11-22 23:59:00"),
        ("2026-11-22 00:00", "2026-11-22 00:00:00"),
        ("2026-11-22 14:00", "2026-11-22 14:00:00"),
        ("2026-11-22 14:00:30", "2026-11-22 14:00:30"),
        ("2026-11-22 14:00:00.000", "2026-11-22 14:00:00"),
        ("２０２６－１１－２２　１４：３０", "2026-11-22 14:30:00"),
        ("2026年11月22日14时30分", "2026-11-22 14:30:00"),
        ("2026年11月22日 14点半", "2026-11-22 14:30:00"),
        ("2026-11-22 下午2点", "2026-11-22 14:00:00"),
        ("2026-11-22 2:30 p.m.", "2026-11-22 14:30:00"),
        ("2026-11-22 12:00 AM", "2026-11-22 00:00:00"),
        ("2026-11-22 中午12点", "2026-11-22 12:00:00"),
        ("2026-11-22 晚上8点", "2026-11-22 20:00:00"),
        ("2026-11-22 24:00", "2026-11-23 00:00:00"),
        ("2026-11-22 上午", "2026-11-22 12:00:00"),
        ("2026-11-22 18:00前", "2026-11-22 18:00:00"),
        ("202611221430", "2026-11-22 14:30:00"),
        ("20261122143015", "2026-11-22 14:30:15"),
        ("46348.5833333333", "2026-11-22 14:00:00"),
        ("46347.9999999", "2026-11-22 00:00:00"),
        ("2026-11-22T14:00:00+08:00", "2026-11-22 14:00:00"),
        ("2026-11-22T06:00:00Z", "2026-11-22 14:00:00"),
        ("2026-11-22T06:00:00.123Z", "2026-11-22 14:00:00"),
        ("2026-11-22T07:30:00+0130", "2026-11-22 14:00:00"),
        ("明天 18:00前", "2026-11-21 18:00:00"),
    ],
)
def test_a_deadline_is_read_as_written(text: str, instant: str) -> None:
    assert local(read_deadline(text, SHANGHAI, FRIDAY)) == instant


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-22 9", "2026-11-22 25:00", "2026-11-22 24:01", "2026-11-22 14:60", "2026-11-22 上午14:00",
        "2026-11-22 尽快", "2026-11-22 09:00-10:00", "2026-11-22T14:00:00-05:00", "2026-11-22 14:00:61",
    ],
)  # fmt: skip
def test_a_deadline_without_one_clear_time_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_deadline(text, SHANGHAI, FRIDAY)
    assert refused.value.name == "not-a-time"


def test_an_hour_that_summer_time_skips_is_refused() -> None:
    with pytest.raises(Invalid):
        read_deadline("2027-03-28 02:30", ZoneInfo("Europe/Berlin"), FRIDAY)
    assert read_deadline("2027-03-28 03:30", ZoneInfo("Europe/Berlin"), FRIDAY) == datetime(
        2027, 3, 28, 1, 30, tzinfo=UTC
    )


@pytest.mark.parametrize(
    ("day", "span", "start", "end"),
    [
        ("2026-11-22", "上午", "08:00", "12:00"),
        ("2026-11-22 下午", "", "12:00", "18:00"),
        ("2026-11-22", "晚上", "18:00", "21:00"),
        ("2026-11-22", "morning", "08:00", "12:00"),
        ("2026-11-22", "", "08:00", "18:00"),
        ("2026-11-22 09:00-10:00", "", "09:00", "10:00"),
        ("2026-11-22", "09:00-10:00", "09:00", "10:00"),
        ("2026-11-22", "９：００～１１：３０", "09:00", "11:30"),
        ("2026-11-22", "9:00—11:00", "09:00", "11:00"),
        ("2026-11-22", "9点半到11点", "09:30", "11:00"),
        ("2026-11-22", "下午2点-4点", "14:00", "16:00"),
        ("2026-11-22", "上午9点至下午2点", "09:00", "14:00"),
        ("2026-11-22", "2-4 pm", "14:00", "16:00"),
        ("2026-11-22", "11:00-1:00 pm", "11:00", "13:00"),
        ("2026-11-22", "9:00 AM - 11:00 AM", "09:00", "11:00"),
        ("2026-11-22", "上午(08:00-12:00)", "08:00", "12:00"),
        ("2026-11-22", "0900-1000", "09:00", "10:00"),
        ("2026-11-22 00:00:00", "14：30", "14:30", "15:00"),
        ("11月22日 14:00", "", "14:00", "14:30"),
        ("2026-11-22 09:00 至 2026-11-22 10:00", "", "09:00", "10:00"),
        ("2026-11-22", "2026-11-22 09:00-10:00", "09:00", "10:00"),
        ("2026-11-22", "10:00-10:15", "10:00", "10:15"),
        ("2026-11-22", "8:00-20:00", "08:00", "20:00"),
        ("2026-11-22", "06:00-07:00", "06:00", "07:00"),
    ],
)
def test_a_wanted_window_is_read_as_written(day: str, span: str, start: str, end: str) -> None:
    window = read_window(day, span, SHANGHAI, FRIDAY)
    assert [local(one) for one in window] == [f"2026-11-22 {start}:00", f"2026-11-22 {end}:00"]


@pytest.mark.parametrize(
    ("day", "span", "name"),
    [
        ("2026-11-22", "10:00-09:00", "window-length"),
        ("2026-11-22", "10:00-10:00", "window-length"),
        ("2026-11-22", "10:00-10:14", "window-length"),
        ("2026-11-22", "8:00-20:01", "window-length"),
        ("2026-11-22 09:00 至 2026-11-23 10:00", "", "window-length"),
        ("2026-11-22", "2:00-4:00", "window-at-night"),
        ("2026-11-22", "05:59-07:00", "window-at-night"),
        ("2026-11-22 10:00", "上午", "two-times"),
        ("2026-11-22", "随时联系", "not-a-time"),
        ("2026-11-22", "9", "not-a-time"),
        ("", "上午", "not-a-date"),
    ],
)
def test_a_window_that_cannot_be_kept_is_refused(day: str, span: str, name: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_window(day, span, SHANGHAI, FRIDAY)
    assert refused.value.name == name


@given(
    st.dates(FRIDAY - timedelta(days=700), FRIDAY + timedelta(days=700)),
    st.sampled_from(["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d", "%d %b %Y", "%B %d, %Y"]),
    st.times(),
)
def test_any_day_and_time_comes_back_from_any_format(day: date, format_of_day: str, clock: datetime) -> None:
    text = f"{day:{format_of_day}} {clock:%H:%M:%S}"
    assert local(read_deadline(text, SHANGHAI, FRIDAY)) == f"{day} {clock:%H:%M:%S}"


@given(st.dates(FRIDAY - timedelta(days=700), FRIDAY + timedelta(days=700)), st.integers(0, 86399))
def test_any_excel_serial_comes_back_to_the_second(day: date, second: int) -> None:
    serial = (day - date(1899, 12, 30)).days + second / 86400
    expected = datetime(day.year, day.month, day.day) + timedelta(seconds=second)  # noqa: DTZ001
    text = f"{serial:.10f}"
    assert local(read_deadline(text, SHANGHAI, FRIDAY)) == f"{expected:%Y-%m-%d %H:%M:%S}"


@given(st.text(max_size=70))
def test_any_text_is_a_moment_or_a_refusal(text: str) -> None:
    for read in (
        lambda: [read_deadline(text, SHANGHAI, FRIDAY)],
        lambda: read_window(text, "", SHANGHAI, FRIDAY),
        lambda: read_window("2026-11-22", text, SHANGHAI, FRIDAY),
    ):
        try:
            instants = read()
        except Invalid:
            continue
        assert all(one.utcoffset() == timedelta(0) for one in instants)


@given(st.text("0123456789年月日时点分:-/. 上午下至amp+ZT", max_size=40))
def test_any_text_that_looks_like_a_date_is_a_moment_or_a_refusal(text: str) -> None:
    test_any_text_is_a_moment_or_a_refusal.hypothesis.inner_test(text)  # type: ignore[attr-defined]

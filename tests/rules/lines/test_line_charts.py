"""Charts: where marks stand, and the same in words."""

from typing import Any

from dispatch.health_files.charts import HEIGHT, WIDTH, chart_of, charts_of


def a_series(*values: float, **more: Any) -> dict[str, Any]:
    points = [
        {"at": f"2026-0{1 + n}-01T02:00:00Z", "value": value, "verdict": "pass", "before_work": False, "record": "SR"}
        for n, value in enumerate(values)
    ]
    return {
        "key": "onu_rx_power", "name": "onu_rx_power", "label": {"zh": "接收光功率", "en": "Received power"},
        "unit": "dBm", "baseline": -19.0, "good_from": -24, "good_to": -8, "usable_from": -27, "usable_to": -8,
        "points": points,
    } | more  # fmt: skip


def day(instant: Any) -> str:
    return f"{instant:%m-%d}"


def test_a_higher_value_stands_higher_and_a_later_one_further_right() -> None:
    chart = chart_of(a_series(-19, -22, -20), day)
    xs, ys = [mark.x for mark in chart.marks], [mark.y for mark in chart.marks]
    assert xs == sorted(xs)
    assert ys[0] < ys[2] < ys[1]
    assert chart.baseline_y == ys[0]
    assert all(0 <= x <= WIDTH for x in xs)
    assert all(0 <= y <= HEIGHT for y in ys)


def test_a_limit_that_is_near_is_inside_and_one_far_away_does_not_flatten_the_course() -> None:
    near = chart_of(a_series(-19, -23), day)
    assert near.good is not None
    top, height = near.good
    assert max(mark.y for mark in near.marks) < top + height < HEIGHT
    far = chart_of(a_series(-12.0, -12.4, baseline=-12.0), day)
    ys = [mark.y for mark in far.marks]
    assert max(ys) - min(ys) > HEIGHT / 4


def test_the_words_tell_every_value_its_verdict_and_the_healthy_one() -> None:
    series = a_series(-19, -25)
    series["points"][1] |= {"verdict": "warn", "before_work": True}
    chart = chart_of(series, day)
    assert chart.alt.zh == "接收光功率：健康时 -19 dBm；01-01 -19 dBm（合格），02-01 -25 dBm（偏离，处理前）。"
    assert "before work" in chart.alt.en


def test_many_values_are_told_in_short_with_how_many_are_left_out() -> None:
    chart = chart_of(a_series(*[-19 - n / 10 for n in range(9)]), day)
    assert "另有 2 次" in chart.alt.zh


def test_a_course_needs_two_values_that_differ_and_what_moved_most_comes_first() -> None:
    moved, still, single = a_series(-19, -23), a_series(-19, -19, key="b"), a_series(-19, key="c")
    other = a_series(-19, -20, key="d")
    file = {"comparison": [{"key": "onu_rx_power"}, {"key": "d"}], "series": [other, still, single, moved]}
    assert [one.key for one in charts_of(file, day)] == ["onu_rx_power", "d"]


def test_words_instead_of_a_number_are_left_out_of_the_course() -> None:
    assert len(chart_of(a_series(-19, "LO", -20), day).marks) == 2  # type: ignore[arg-type]

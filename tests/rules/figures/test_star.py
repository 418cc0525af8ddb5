"""The star of the month: the published rules, small samples, ties, and what bars; and surges and loads."""

from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from dispatch.kpis.star_rules import WEIGHTS, Count, Person, is_final, standings, stars
from dispatch.kpis.surge_rules import Day, chance_of_so_many, is_surge, usual_in
from tests.makers import NOON

HOUSE = {key: Count(800, 1000) for key in WEIGHTS}
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def a_person(share: float = 0.9, cases: int = 100, code: str = "T1", id: UUID | None = None, **more: int) -> Person:
    counts = {key: Count(share * cases, cases) for key in WEIGHTS}
    return Person(id or uuid4(), code, code, counts, **more)


def test_the_weights_are_a_hundred() -> None:
    assert sum(WEIGHTS.values()) == 100


def test_a_figure_counts_with_twenty_more_cases_of_the_house() -> None:
    found = standings([a_person(0.9, 100)], HOUSE)[0]
    assert found.score == round(100 * (90 + 20 * 0.8) / 120, 1)  # 88.3


def test_few_lucky_cases_do_not_beat_many_good_ones() -> None:
    lucky, good = a_person(1.0, 30, "T1"), a_person(0.97, 200, "T2")
    assert stars(standings([lucky, good], HOUSE))[0].person is good


@pytest.mark.parametrize(("cases", "place"), [(29, None), (30, 1)])
def test_fewer_than_thirty_arrivals_are_not_ranked(cases: int, place: int | None) -> None:
    found = standings([a_person(1.0, cases)], HOUSE)[0]
    assert found.place == place
    assert found.barred == (() if place else ("few_arrivals",))


@pytest.mark.parametrize(("ratings", "barred"), [(9, ("few_points",)), (10, ())])
@pytest.mark.parametrize("figure", ["conduct", "satisfaction"])
def test_fewer_than_ten_ratings_are_not_ranked(ratings: int, barred: tuple[str, ...], figure: str) -> None:
    person = a_person()
    counts = {**person.counts, figure: Count(ratings, ratings)}
    assert standings([Person(person.id, "T", "T", counts)], HOUSE)[0].barred == barred


@pytest.mark.parametrize(
    ("more", "why"), [({"demanded": 1}, "demanded"), ({"conduct_complaints": 1}, "conduct_complaint")]
)
def test_a_demand_or_a_true_complaint_about_conduct_bars(more: dict[str, int], why: str) -> None:
    best, other = a_person(1.0, 100, "T1", **more), a_person(0.5, 100, "T2")
    found = standings([best, other], HOUSE)
    assert [one.person for one in stars(found)] == [other]
    assert found[-1].barred == (why,)


def test_equal_scores_share_the_first_place_and_the_next_is_third() -> None:
    people = [a_person(0.9, 100, "T2"), a_person(0.9, 100, "T1"), a_person(0.7, 100, "T3")]
    found = standings(people, HOUSE)
    assert [(one.person.code, one.place) for one in found] == [("T1", 1), ("T2", 1), ("T3", 3)]
    assert len(stars(found)) == 2


def test_no_star_where_nobody_may_be_ranked() -> None:
    assert stars(standings([a_person(1.0, 5)], HOUSE)) == []
    assert stars(standings([], HOUSE)) == []


def test_whoever_does_no_repairs_counts_there_as_the_house_does() -> None:
    person = a_person()
    counts = {**person.counts, "first_fix": Count(0, 0)}
    part = next(
        one for one in standings([Person(person.id, "T", "T", counts)], HOUSE)[0].parts if one.figure == "first_fix"
    )
    assert part.points == pytest.approx(25 * 0.8)


def test_a_month_is_settled_on_the_ninth_of_the_next() -> None:
    assert not is_final(date(2026, 11, 1), date(2026, 12, 8))
    assert is_final(date(2026, 11, 1), date(2026, 12, 9))
    assert is_final(date(2026, 12, 31), date(2027, 1, 9))


def test_so_many_faults_are_seldom_chance() -> None:
    assert chance_of_so_many(3, 1.0) == pytest.approx(0.0803, abs=5e-5)
    assert is_surge(5, 0.5)
    assert not is_surge(4, 0.0)  # below five nobody is called
    assert not is_surge(5, 2.0)
    assert is_surge(20, 8.0)
    assert chance_of_so_many(0, 0.0) == 1.0


def test_usual_is_what_came_at_this_time_of_the_day_before() -> None:
    now: datetime = NOON
    at_this_time = [now - day * DAY - HOUR for day in range(1, 29)]
    at_another = [now - day * DAY - 5 * HOUR for day in range(1, 29)]
    now_itself = [now - HOUR] * 9
    assert usual_in([*at_this_time, *at_another, *now_itself], now, timedelta(hours=3), 28) == 1.0
    assert usual_in([*at_this_time, *at_another, *now_itself], now, timedelta(hours=24), 28) == 2.0


@pytest.mark.parametrize(
    ("planned", "load"), [(480.0, "full"), (479.0, "busy"), (432.0, "busy"), (431.0, "fine"), (0.0, "fine")]
)
def test_a_day_is_full_when_the_shift_is(planned: float, load: str) -> None:
    assert Day(480, planned, 3).load == load


def test_visits_without_a_shift_are_pointed_out() -> None:
    assert Day(0, 60, 1).load == "off_shift"
    assert Day(0, 0, 0).load == "fine"

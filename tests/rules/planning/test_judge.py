"""Every rule of the judge, on both sides of its border."""

import pytest

from dispatch.planning.optimiser.judging import broken_rules
from dispatch.planning.optimiser.people_and_visits import Pin
from tests.rules.planning.made_problems import (
    LUNCH,
    MINUTE,
    a_plan,
    a_problem,
    a_route,
    a_technician,
    a_visit,
    at,
    between,
    broken,
)


def test_a_sound_day_breaks_nothing() -> None:
    problem = a_problem((a_visit("a"), a_visit("b", place="20")))
    assert broken(problem, a_route("wang", ("a", at(8, 10), 30), ("b", at(8, 50), 30), returns=at(9, 40))) == []


@pytest.mark.parametrize(("level", "rules"), [(2, []), (3, ["skills_are_there"])])
def test_skills_are_asked_at_their_level(level: int, rules: list[str]) -> None:
    problem = a_problem((a_visit(skills={"fibre": level}),))
    assert broken(problem, a_route("wang", ("v", at(9), 30))) == rules


def test_a_missing_skill_is_named_in_both_languages() -> None:
    problem = a_problem((a_visit(skills={"voice": 1}),), (a_technician(), a_technician("li", skills={"voice": 1})))
    (found,) = broken_rules(problem, a_plan(a_route("wang", ("v", at(9), 30))))
    assert (found.technician, found.visit) == ("wang", "v")
    assert "voice" in found.words.zh
    assert found.words.en == "v needs voice at level 1; wang does not have it."


def test_whoever_is_not_wanted_stays_away() -> None:
    problem = a_problem((a_visit(excluded=("wang",)),), (a_technician(), a_technician("li")))
    assert broken(problem, a_route("wang", ("v", at(9), 30))) == ["excluded_technician_stays_away"]
    assert broken(problem, a_route("li", ("v", at(9), 30))) == []


def test_a_pinned_visit_stays_with_its_technician() -> None:
    problem = a_problem((a_visit(pin=Pin(technician="li")),), (a_technician(), a_technician("li")))
    assert broken(problem, a_route("wang", ("v", at(9), 30))) == ["pinned_technician_is_kept"]
    assert broken(problem, a_route("li", ("v", at(9), 30))) == []


def test_a_pinned_start_is_kept_to_the_second() -> None:
    problem = a_problem((a_visit(pin=Pin(technician="wang", start=at(9))),))
    assert broken(problem, a_route("wang", ("v", at(9), 30))) == []
    for wrong in (at(8, 59, 59), at(9, 0, 1)):
        assert broken(problem, a_route("wang", ("v", wrong, 30))) == ["pinned_start_is_kept"]


def test_a_pinned_order_is_kept() -> None:
    first, second = Pin(technician="wang", order=1), Pin(technician="wang", order=2)
    problem = a_problem((a_visit("a", pin=second), a_visit("b", pin=first), a_visit("c")))
    a, b, c = (("a", at(10), 30), ("b", at(9), 30), ("c", at(11), 30))
    assert broken(problem, a_route("wang", b, a, c)) == []
    wrong = a_route("wang", ("a", at(9), 30), ("b", at(10), 30), c)
    assert broken(problem, wrong) == ["pinned_order_is_kept"] * 2
    assert broken(problem, a_route("wang", b, c), without=("a",)) == ["pinned_order_is_kept"]
    assert broken(problem, a_route("wang", b, ("c", at(10), 30), ("a", at(11), 30))) == ["pinned_order_is_kept"]


@pytest.mark.parametrize(
    ("start", "rules"),
    [
        (at(8, 59, 59), ["promised_window_is_kept"]),
        (at(9), []),
        (at(11), []),
        (at(11, 0, 1), ["promised_window_is_kept"]),
    ],
)
def test_a_told_window_is_a_wall_whatever_the_windows_say(start: int, rules: list[str]) -> None:
    problem = a_problem((a_visit(windows=(between(at(8), at(16)),), promised=between(at(9), at(11))),))
    assert broken(problem, a_route("wang", ("v", start, 30))) == rules


def test_a_told_window_holds_even_outside_the_windows() -> None:
    problem = a_problem((a_visit(windows=(between(at(14), at(16)),), promised=between(at(9), at(11))),))
    assert broken(problem, a_route("wang", ("v", at(10), 30))) == []


@pytest.mark.parametrize(
    ("start", "kept"),
    [
        (at(8, 59, 59), False),
        (at(9), True),
        (at(10), True),
        (at(10, 0, 1), False),
        (at(13, 59, 59), False),
        (at(14), True),
        (at(15), True),
        (at(15, 0, 1), False),
    ],
)
def test_a_visit_begins_in_one_of_its_windows(start: int, kept: bool) -> None:
    problem = a_problem((a_visit(windows=(between(at(9), at(10)), between(at(14), at(15)))),))
    assert broken(problem, a_route("wang", ("v", start, 30))) == ([] if kept else ["window_is_kept"])


@pytest.mark.parametrize(("start", "rules"), [(at(10), []), (at(9, 59, 59), ["nothing_begins_in_the_past"])])
def test_nothing_begins_before_now(start: int, rules: list[str]) -> None:
    problem = a_problem((a_visit(),), (a_technician(start="10"),), now=at(10))
    found = broken(problem, a_route("wang", ("v", start, 30), leaves=at(10)))
    assert [rule for rule in found if rule != "there_is_time_to_drive"] == rules


def test_what_has_begun_is_not_judged_again() -> None:
    facts = Pin(technician="wang", start=at(9), begun="on_site")
    visit = a_visit(skills={"voice": 3}, excluded=("wang",), promised=between(at(7), at(8)), pin=facts)
    problem = a_problem((visit,), (a_technician(), a_technician("li", skills={"voice": 3})), now=at(9, 10))
    assert broken(problem, a_route("wang", ("v", at(9), 30), leaves=at(9))) == []
    assert broken(problem, without=("v",)) == ["each_visit_is_planned_once"]


@pytest.mark.parametrize(("minutes", "rules"), [(29, ["visit_gets_its_time"]), (30, []), (31, ["visit_gets_its_time"])])
def test_a_visit_gets_the_time_that_it_takes(minutes: int, rules: list[str]) -> None:
    assert broken(a_problem((a_visit(),)), a_route("wang", ("v", at(9), minutes))) == rules


def test_a_slow_hand_needs_longer_by_kind() -> None:
    slow = a_technician(pace={"install": 150})
    problem = a_problem((a_visit(kind="install"), a_visit("r", kind="repair")), (slow,))
    assert broken(problem, a_route("wang", ("v", at(9), 45), ("r", at(11), 30))) == []
    assert broken(problem, a_route("wang", ("v", at(9), 30), ("r", at(11), 30))) == ["visit_gets_its_time"]


@pytest.mark.parametrize(("second", "rules"), [(at(8, 10), []), (at(8, 9, 59), ["there_is_time_to_drive"])])
def test_the_first_way_takes_its_time(second: int, rules: list[str]) -> None:
    assert broken(a_problem((a_visit(),)), a_route("wang", ("v", second, 30))) == rules


def test_each_way_takes_its_time_also_the_last() -> None:
    problem = a_problem((a_visit("a"), a_visit("b", place="25")))
    sound = [("a", at(9), 30), ("b", at(9, 45), 30)]
    assert broken(problem, a_route("wang", *sound, returns=at(10, 40))) == []
    assert broken(problem, a_route("wang", *sound, returns=at(10, 40) - 1)) == ["there_is_time_to_drive"]
    early = [("a", at(9), 30), ("b", at(9, 45) - 1, 30)]
    assert broken(problem, a_route("wang", *early)) == ["there_is_time_to_drive"]


def test_a_slow_vehicle_needs_longer() -> None:
    problem = a_problem((a_visit(),), (a_technician(speed=50),))
    assert broken(problem, a_route("wang", ("v", at(8, 20), 30))) == []
    assert broken(problem, a_route("wang", ("v", at(8, 20) - 1, 30))) == ["there_is_time_to_drive"]


@pytest.mark.parametrize(
    ("rest", "rules"),
    [
        (None, ["break_is_taken"]),
        (at(11, 30) - 1, ["break_is_taken"]),
        (at(11, 30), []),
        (at(13), []),
        (at(13) + 1, ["break_is_taken"]),
    ],
)
def test_a_break_is_taken_inside_its_window(rest: int | None, rules: list[str]) -> None:
    problem = a_problem((a_visit(),), (a_technician(breaks=(LUNCH,)),))
    assert broken(problem, a_route("wang", ("v", at(9), 30), rest=rest)) == rules


def test_a_break_is_taken_in_full_and_not_at_a_customers() -> None:
    problem = a_problem((a_visit(),), (a_technician(breaks=(LUNCH,)),))
    whole = a_route("wang", ("v", at(9), 30), rest=at(12))
    short = whole.model_copy(update={"breaks": (between(at(12), at(12, 30) - 1),)})
    assert broken(problem, short) == ["break_is_taken"]
    assert broken(problem, a_route("wang", ("v", at(11, 45), 30), rest=at(12))) == ["break_is_taken"]
    assert broken(problem, a_route("wang", ("v", at(12, 30), 30), rest=at(12))) == []


@pytest.mark.parametrize(("second", "rules"), [(at(12, 25), []), (at(12, 24, 59), ["there_is_time_to_drive"])])
def test_a_break_on_the_way_makes_the_way_longer(second: int, rules: list[str]) -> None:
    problem = a_problem((a_visit("a"), a_visit("b", place="25")), (a_technician(breaks=(LUNCH,)),))
    day = a_route("wang", ("a", at(11, 10), 30), ("b", second, 30), rest=at(11, 45))
    assert broken(problem, day) == rules


@pytest.mark.parametrize(
    ("leaves", "returns", "rules"),
    [
        (at(8), at(17), []),
        (at(8) - 1, at(17), ["shift_is_kept"]),
        (at(8), at(17) + 1, ["shift_is_kept"]),
    ],
)
def test_a_shift_is_kept(leaves: int, returns: int, rules: list[str]) -> None:
    problem = a_problem((a_visit(),))
    assert broken(problem, a_route("wang", ("v", at(9), 30), leaves=leaves, returns=returns)) == rules


def test_overtime_is_only_what_may_be_asked() -> None:
    problem = a_problem((a_visit(),), (a_technician(overtime=30 * MINUTE),))
    assert broken(problem, a_route("wang", ("v", at(9), 30), returns=at(17, 30))) == []
    assert broken(problem, a_route("wang", ("v", at(9), 30), returns=at(17, 30) + 1)) == ["shift_is_kept"]


@pytest.mark.parametrize(("held", "rules"), [(3, []), (2, ["parts_suffice"]), (None, [])])
def test_the_van_holds_the_parts_of_the_whole_day(held: int | None, rules: list[str]) -> None:
    stock = None if held is None else {"ont": held}
    problem = a_problem((a_visit("a", parts={"ont": 1}), a_visit("b", parts={"ont": 2})), (a_technician(stock=stock),))
    assert broken(problem, a_route("wang", ("a", at(9), 30), ("b", at(10), 30))) == rules


def test_a_part_that_the_van_never_holds_is_missing() -> None:
    problem = a_problem((a_visit(parts={"splitter": 1}),), (a_technician(stock={"ont": 9}),))
    assert broken(problem, a_route("wang", ("v", at(9), 30))) == ["parts_suffice"]


def test_each_visit_is_planned_once_or_left_out_openly() -> None:
    problem = a_problem((a_visit("a"), a_visit("b")), (a_technician(), a_technician("li")))
    wang, li = a_route("wang", ("a", at(9), 30)), a_route("li", ("b", at(9), 30))
    assert broken(problem, wang, li) == []
    assert broken(problem, wang, without=("b",)) == []
    once = ["each_visit_is_planned_once"]
    assert broken(problem, wang) == once
    assert broken(problem, wang, li, without=("b",)) == once
    assert broken(problem, wang, without=("b", "b")) == once
    assert broken(problem, wang, a_route("li", ("b", at(9), 30), ("a", at(11), 30))) == once
    assert broken(problem, wang, a_route("wang", ("b", at(11), 30))) == ["nobody_has_two_days"]


def test_a_plan_speaks_only_of_this_problem() -> None:
    problem = a_problem((a_visit(),))
    assert broken(problem, a_route("zhao", ("v", at(9), 30))) == ["known_people_and_visits"]
    assert broken(problem, a_route("wang", ("x", at(9), 30))) == ["known_people_and_visits"]
    assert broken(problem, a_route("wang", ("v", at(9), 30)), without=("x",)) == ["known_people_and_visits"]


def test_whoever_has_nothing_to_do_breaks_nothing() -> None:
    problem = a_problem((), (a_technician(end="20", breaks=(LUNCH,)),))
    assert broken(problem, a_route("wang", leaves=at(8), returns=at(8))) == []

"""Files as the literature publishes them are read, measured in their own units, and refused by the line."""

import math

import pytest

from dispatch.planning.optimiser.judging import broken_rules
from dispatch.planning.optimiser.published.lines import BadLine
from dispatch.planning.optimiser.published.measuring import Measure
from dispatch.planning.optimiser.published.reading import Format, format_of, read_published
from dispatch.planning.optimiser.published.solomon import read_solomon
from dispatch.planning.optimiser.reading import BadProblem
from dispatch.planning.optimiser.searching import search

# Four customers on a cross of arms 3 and 4, five units of load a vehicle: one vehicle would have to carry eight, so two
# go. By hand: east and north together are 3 + 5 + 4 = 12, so are west and south: 24 in all.
CROSS = """CROSS

VEHICLE
NUMBER     CAPACITY
  3          5

CUSTOMER
CUST NO.   XCOORD.   YCOORD.   DEMAND   READY TIME   DUE DATE   SERVICE TIME

    0      10         10         0          0        200          0
    1      13         10         2          0        150         10
    2      10         14         2          0        150         10
    3       7         10         2          0        150         10
    4      10          6         2          0        150         10
"""


def refused(text: str) -> str:
    """The English words of the refusal, after a look at the Chinese."""
    with pytest.raises(BadProblem) as refusal:
        read_solomon(text)
    assert any("\u4e00" <= sign <= "\u9fff" for sign in refusal.value.words.zh)
    return refusal.value.words.en


def test_the_small_instance_is_read_as_published() -> None:
    read = read_solomon(CROSS, measure=Measure.tenths)
    problem = read.problem
    assert (read.name, read.unit) == ("CROSS", 10)
    assert [one.stock for one in problem.technicians] == [{"load": 5}] * 3
    first = problem.visits[0]
    assert (first.duration, first.windows[0].end, first.parts) == (100, 1_500, {"load": 2})
    assert problem.travel.between(1, 2) == 50
    assert problem.travel.between(0, 1) == 30
    assert problem.technicians[0].shift.end == 2_000


def test_line_ends_blanks_and_missing_headings_do_not_matter() -> None:
    plain = read_solomon(CROSS).problem
    assert read_solomon(CROSS.replace("\n", "\r\n")).problem == plain
    assert read_solomon(CROSS.replace("  ", "\t ")).problem == plain
    assert read_solomon(CROSS.replace("\n\n", "\n")).problem == plain
    assert read_solomon(CROSS.replace("SERVICE TIME", "SERVICE   TIME\n \n")).problem == plain
    assert read_solomon(CROSS.replace(" 13 ", " 13.00 ")).problem == plain


def test_tenths_are_cut_not_rounded_and_double_precision_is_rounded_up() -> None:
    slanted = CROSS.replace("13         10", "12         11")
    tenths, double = read_solomon(slanted, measure=Measure.tenths), read_solomon(slanted)
    assert tenths.problem.travel.between(0, 1) == 22  # the root of 5 is 2.23606…
    assert double.unit == 1_000
    assert double.problem.travel.between(0, 1) == 2_237
    assert tenths.way("0", "1") == 2.2
    assert double.way("0", "1") == math.sqrt(5)


def test_a_long_horizon_is_counted_in_coarser_parts() -> None:
    assert read_solomon(CROSS.replace("200", "1209")).unit == 1_000
    assert read_solomon(CROSS.replace("200", "1210")).unit == 100  # two weeks of thousandths are 1,209.6
    assert "too long" in refused(CROSS.replace("200", "9999999"))


def test_the_small_instance_is_solved_to_its_known_best_and_measured_in_its_own_units() -> None:
    for measure in Measure:
        read = read_solomon(CROSS, measure=measure)
        plan = search(read.problem, iterations=300)
        assert broken_rules(read.problem, plan) == []
        length = read.measured(plan)
        assert (length.distance, length.routes, length.left_out) == (24.0, 2, 0)
        assert plan.cost == 24 * read.unit


def test_another_number_of_vehicles_may_be_given() -> None:
    read = read_solomon(CROSS, vehicles=1)
    plan = search(read.problem, iterations=300)
    length = read.measured(plan)
    assert (length.routes, length.left_out) == (1, 2)  # five units of load are two customers


def test_due_dates_are_walls() -> None:
    on_time = CROSS.replace("3       7         10         2          0        150", "3 7 10 2 0 3")
    assert search(read_solomon(on_time).problem, iterations=300).left_out == ()
    too_soon = CROSS.replace("3       7         10         2          0        150", "3 7 10 2 0 2.9")
    assert [one.visit for one in search(read_solomon(too_soon).problem, iterations=300).left_out] == ["3"]


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("  3          5", "  3", 5, "two numbers are needed"),
        ("  3          5", "  0          5", 5, "the number of vehicles must be from 1"),
        ("  3          5", "  3         -5", 5, "the capacity must be from 1"),
        ("  3          5", "  3.5         5", 5, "the number of vehicles must be a whole number"),
        ("  3          5", "  5001         5", 5, "the number of vehicles must be from 1 to 5000"),
        ("    2      10 ", "    3      10 ", 12, "here 2 is due, not 3"),
        ("    1      13 ", "    2      13 ", 11, "here 1 is due, not 2"),
        ("    1      13 ", "    1      NaN ", 11, "the x coordinate must be a number, not “NaN”"),
        ("    1      13 ", "    1      1e999 ", 11, "the x coordinate must be a number"),
        ("    1      13 ", "    1      east ", 11, "not “east”"),
        ("    1      13 ", "    1      1e7 ", 11, "the x coordinate must be from"),
        ("    1      13 ", "    1   7   13 ", 11, "a customer has seven numbers, not 8"),
        ("13         10         2          0        150", "13 10 -2 0 150", 11, "the demand must be from 0"),
        ("13         10         2          0        150", "13 10 2 151 150", 11, "the due date 150 is before"),
        ("13         10         2          0        150", "13 10 2 -1 150", 11, "the ready time must be from 0"),
        ("0        200", "0        0", 10, "the depot's window has no length"),
        ("VEHICLE", "WAGON", 14, "the file ends here; the part VEHICLE"),
        ("CUSTOMER", "CLIENT", 14, "the file ends here; the table CUSTOMER"),
    ],
)
def test_what_is_wrong_is_refused_by_its_line(old: str, new: str, line: int, words: str) -> None:
    said = refused(CROSS.replace(old, new, 1).rstrip("\n"))
    assert said.startswith(f"Line {line}: ")
    assert words in said


@pytest.mark.parametrize("text", ["", "\n\n", "CROSS", "VEHICLE\n", CROSS[: CROSS.index("    1  ")], "\x00\x00"])
def test_a_file_that_stops_short_is_refused(text: str) -> None:
    with pytest.raises(BadLine):
        read_solomon(text)


def test_more_customers_than_can_be_planned_are_refused_by_the_line() -> None:
    rows = "".join(f"{n} 1 1 1 0 9 1\n" for n in range(1, 2_902))
    text = CROSS[: CROSS.index("    1  ")] + rows
    assert refused(text) == f"Line {10 + 2_901}: there can be at most 2900 customers."
    assert len(read_solomon(text.replace("2901 1 1 1 0 9 1\n", "")).problem.visits) == 2_900


def test_formats_are_recognised_by_what_stands_in_them() -> None:
    assert format_of(CROSS.encode()) is Format.solomon
    assert format_of(b"\xef\xbb\xbf" + CROSS.replace("\n", "\r\n").encode()) is Format.solomon
    assert format_of(b'\n {"version": 1}') is Format.json
    assert format_of(b"nothing of the kind") is Format.json


def test_the_number_of_technicians_stands_fast_where_they_differ() -> None:
    with pytest.raises(BadProblem, match="cannot be changed"):
        read_published("whatever", Format.pillac, vehicles=3)

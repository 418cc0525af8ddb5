"""Technicians with skills, tools and spare parts, as published: read, planned from home or by the depot, refused."""

import pytest

from dispatch.planning.optimiser.judging import broken_rules
from dispatch.planning.optimiser.plan import Plan
from dispatch.planning.optimiser.problem import Problem
from dispatch.planning.optimiser.published.pillac import read_pillac
from dispatch.planning.optimiser.published.reading import Format, format_of, read_published
from dispatch.planning.optimiser.published.settling import is_settled, settled
from dispatch.planning.optimiser.reading import BadProblem
from dispatch.planning.optimiser.searching import search

# A depot at 0, two homes at 10 and 20 on a line, four requests beyond. The first technician has no tool, the second no
# part of the first kind.
TEAM = """2-R1_4-2-2-2

TECHNICIANS
CREW COUNT  SKILLS    TOOLS   SPARE PARTS
        2        2        2             2

DEPOT TECHNICIANS AND REQUESTS
ID           X        Y     TWS     TWE    Serv     SKILLS   TOOLS    SPARE PARTS
0          0.0      0.0     0.0   200.0     0.0 \t[] \t[] \t[]
1         10.0      0.0     0.0   200.0     0.0 \t[0,1] \t[] \t[1,0]
2         20.0      0.0     0.0   200.0     0.0 \t[1] \t[0] \t[0,5]
3         13.0      0.0     0.0   150.0    10.0 \t[0] \t[] \t[1,0]
4         23.0      0.0     0.0   150.0    10.0 \t[1] \t[0] \t[0,2]
5         26.0      0.0     0.0   150.0    10.0 \t[] \t[] \t[0,0]
6         17.0      0.0     0.0   150.0    10.0 \t[1] \t[1] \t[0,0]
"""


def planned(problem: Problem) -> tuple[Problem, Plan]:
    """A settled problem and its plan, in few rounds."""

    def look(asked: Problem, previous: Plan | None, share: float) -> Plan:
        return search(asked, iterations=max(1, round(600 * share)), previous=previous)

    return settled(problem, look)


def refused(text: str) -> str:
    """The English words of the refusal, after a look at the Chinese."""
    with pytest.raises(BadProblem) as refusal:
        read_published(text, Format.pillac)
    assert any("\u4e00" <= sign <= "\u9fff" for sign in refusal.value.words.zh)
    return refusal.value.words.en


def test_the_team_is_read_as_published() -> None:
    problem = read_pillac(TEAM, depot_first=False).problem
    first, second = problem.technicians
    assert first.skills == {"skill-0": 1, "skill-1": 1}
    assert second.skills == {"skill-1": 1, "tool-0": 1}
    assert (first.stock, second.stock) == ({"part-0": 1, "part-1": 0}, {"part-0": 0, "part-1": 5})
    assert (first.start, first.end, second.start) == ("1", "1", "2")
    visit = problem.visits_by_id["4"]
    assert visit.skills == {"skill-1": 1, "tool-0": 1}
    assert visit.parts == {"part-1": 2}
    assert [one.id for one in problem.visits] == ["3", "4", "5", "6"]


def test_who_goes_by_the_depot_has_every_tool_and_any_parts_and_drives_all_the_way() -> None:
    read = read_pillac(TEAM)
    stocked = read.problem.technicians_by_id["2+depot"]
    assert stocked.skills == {"skill-1": 1, "tool-0": 1, "tool-1": 1}
    assert stocked.stock is not None
    assert stocked.stock["part-0"] > 1
    assert read.problem.way(stocked, stocked.start, "4") == (20 + 23) * read.unit
    assert read.way("2+depot", "4") == 43
    assert read.way("4", "2") == 3


def test_without_the_depot_what_needs_its_tools_is_refused_or_left_out() -> None:
    problem = read_pillac(TEAM, depot_first=False).problem
    assert [one.visit for one in search(problem, iterations=300).left_out] == ["6"]


def test_nobody_drives_both_from_home_and_by_the_depot() -> None:
    read = read_pillac(TEAM)
    assert not is_settled(read.problem)
    problem, plan = planned(read.problem)
    assert is_settled(problem)
    assert broken_rules(problem, plan) == []
    assert plan.left_out == ()
    drivers = [route.technician.removesuffix("+depot") for route in plan.routes]
    assert len(drivers) == len(set(drivers))
    # By hand. Request 3 asks for skill 0: the first. 4 asks for tool 0, 6 for tool 1, so somebody passes the depot.
    # Best is that the second goes straight to 4 and 5 (12) and the first by the depot to 3 and 6 (10 + 17 + 7 = 34);
    # the first alone by the depot would drive 10 + 26 + 16 = 52.
    assert read.measured(plan).distance == pytest.approx(46)


def test_formats_are_recognised_by_what_stands_in_them() -> None:
    assert format_of(TEAM.encode()) is Format.pillac
    assert format_of(TEAM.replace("TECHNICIANS\nCREW", "INFO\nCREW").encode()) is Format.pillac
    assert read_published(TEAM.replace("\n", "\r\n"), Format.pillac).problem == read_pillac(TEAM).problem


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("        2        2        2             2", "        2        2        2", 5, "four numbers are needed"),
        (
            "        2        2        2             2",
            "        0        2        2        2",
            5,
            "the crew must be from 1",
        ),
        ("6         17.0", "7         17.0", 15, "here 6 is due, not 7"),
        ("4         23.0", "3         23.0", 13, "here 4 is due, not 3"),
        ("3         13.0", "3         NaN", 12, "a coordinate must be a number, not “NaN”"),
        ("13.0      0.0     0.0   150.0    10.0", "13.0 0.0 0.0 150.0 -10.0", 12, "a time must be from 0"),
        ("13.0      0.0     0.0   150.0    10.0", "13.0 0.0 151 150.0 10.0", 12, "the window 151 to 150 ends before"),
        ("13.0      0.0     0.0   150.0    10.0", "13.0 0.0 0.0 150.0", 12, "six numbers and three brackets"),
        ("[0] \t[] \t[1,0]", "[0] \t[]", 12, "six numbers and three brackets"),
        ("[0] \t[] \t[1,0]", "[2] \t[] \t[1,0]", 12, "there is no skill 2"),
        ("[1] \t[1] \t[0,0]", "[1] \t[2] \t[0,0]", 15, "there is no tool 2"),
        ("[0] \t[] \t[1,0]", "[0] \t[] \t[1,0,0]", 12, "spare parts need 2 numbers, not 3"),
        ("[0] \t[] \t[1,0]", "[0] \t[] \t[-1,0]", 12, "spare parts must be from 0"),
        ("[0] \t[] \t[1,0]", "[x] \t[] \t[1,0]", 12, "skills must be a number, not “x”"),
        (
            "2         20.0      0.0     0.0   200.0",
            "2 20.0 0.0 200.0 200.0",
            11,
            "the technician's shift has no length",
        ),
    ],
)
def test_what_is_wrong_is_refused_by_its_line(old: str, new: str, line: int, words: str) -> None:
    said = refused(TEAM.replace(old, new, 1))
    assert said.startswith(f"Line {line}: ")
    assert words in said


def test_a_skill_that_nobody_has_is_refused_by_the_request() -> None:
    assert "Visit 3: no technician at all has the skill skill-0" in refused(
        TEAM.replace("[0,1] \t[] \t[1,0]", "[1] \t[] \t[1,0]")
    )


def test_a_table_of_distances_is_refused_by_name_and_a_file_cut_short_too() -> None:
    assert "files with a table of distances" in refused(TEAM + "DISTANCES\n0;1.0\n")
    assert "a row for each of 2 technicians and a request" in refused(TEAM[: TEAM.index("3         13.0")])
    assert refused("").startswith("Line 1: the file ends here")

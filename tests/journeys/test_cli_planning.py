"""`doorstep plan` as an operator meets it: a file in, a plan out, the judge's word as exit code."""

import json
from pathlib import Path

import pytest

from dispatch.planning.optimiser.searching import warm_up
from tests.journeys.console import doorstep
from tests.rules.planning.made_problems import a_problem, a_technician, a_visit, at, between

pytestmark = pytest.mark.timeout(600)  # the first time, machine code is made


@pytest.fixture(scope="module", autouse=True)
def machine_code() -> None:
    warm_up()


@pytest.fixture
def problem(tmp_path: Path) -> Path:
    visits = tuple(a_visit(f"v{n}", place=str(3 * n), windows=(between(at(9), at(12)),)) for n in range(1, 8))
    file = tmp_path / "problem.json"
    file.write_text(a_problem(visits, (a_technician(), a_technician("li"))).model_dump_json())
    return file


def test_a_day_is_planned_judged_and_planned_again_alike(problem: Path, tmp_path: Path) -> None:
    out, again = tmp_path / "plan.json", tmp_path / "again.json"
    done = doorstep(tmp_path, "plan", str(problem), "--iterations", "300", "--seed", "4", "-o", str(out))
    assert done.code == 0, done.err
    assert "Planned: 7. Left out: 0." in done.err
    doorstep(tmp_path, "plan", str(problem), "--iterations", "300", "--seed", "4", "-o", str(again))
    assert out.read_bytes() == again.read_bytes()
    judged = doorstep(tmp_path, "plan", str(problem), "--judge", str(out))
    assert judged.code == 0
    assert f"Cost: {json.loads(out.read_text())['cost']}." in judged.out


def test_a_plan_dragged_over_a_window_fails_and_says_why(problem: Path, tmp_path: Path) -> None:
    done = doorstep(tmp_path, "plan", str(problem), "--seconds", "0.2")
    plan = json.loads(done.out)
    stop = plan["routes"][0]["stops"][-1]
    stop["end"] += 4 * 3_600
    stop["start"] += 4 * 3_600
    plan["routes"][0]["returns"] += 4 * 3_600
    dragged = tmp_path / "dragged.json"
    dragged.write_text(json.dumps(plan))
    judged = doorstep(tmp_path, "plan", str(problem), "--judge", str(dragged), "--language", "en")
    assert judged.code == 1
    assert f"window_is_kept: {stop['visit']} may begin in 09:00-12:00" in judged.out


def test_a_bad_problem_is_refused_by_name(problem: Path, tmp_path: Path) -> None:
    problem.write_text(problem.read_text().replace('"duration":1800', '"duration":NaN', 1))
    done = doorstep(tmp_path, "plan", str(problem))
    assert done.code == 1
    assert "visits.0.duration" in done.err


@pytest.mark.parametrize("asked", [[], ["PROBLEM", "--seconds", "1", "--iterations", "5"]])
def test_wrong_usage_has_its_own_code(problem: Path, tmp_path: Path, asked: list[str]) -> None:
    done = doorstep(tmp_path, "plan", *(str(problem) if one == "PROBLEM" else one for one in asked))
    assert done.code == 2


def test_the_schemas_are_printed(tmp_path: Path) -> None:
    done = doorstep(tmp_path, "plan", "--schema")
    assert set(json.loads(done.out)) == {"problem", "plan"}


CROSS = """CROSS\r
VEHICLE\r
NUMBER CAPACITY\r
3 5\r
CUSTOMER\r
CUST NO. XCOORD. YCOORD. DEMAND READY TIME DUE DATE SERVICE TIME\r
0 10 10 0 0 200 0\r
1 13 10 2 0 150 10\r
2 10 14 2 0 150 10\r
3 7 10 2 0 150 10\r
4 10 6 2 0 150 10\r
"""


@pytest.mark.parametrize("asked", [[], ["--format", "solomon"], ["--measure", "tenths"], ["--vehicles", "2"]])
def test_a_published_instance_is_recognised_planned_and_told_in_its_own_units(tmp_path: Path, asked: list[str]) -> None:
    file, out = tmp_path / "cross.txt", tmp_path / "plan.json"
    file.write_bytes(CROSS.encode())
    done = doorstep(tmp_path, "plan", str(file), "--iterations", "300", "-o", str(out), *asked)
    assert done.code == 0, done.err
    assert "CROSS: distance 24.00, 2 routes" in done.err
    assert doorstep(tmp_path, "plan", str(file), "--judge", str(out), *asked).code == 0


def test_a_published_instance_that_is_wrong_is_refused_by_its_line(tmp_path: Path) -> None:
    file = tmp_path / "cross.txt"
    file.write_bytes(CROSS.replace("3 7 10 2", "3 7 NaN 2").encode())
    done = doorstep(tmp_path, "plan", str(file))
    assert done.code == 1
    assert "Line 10: the y coordinate must be a number" in done.err
    assert "第 10 行" in done.err


def test_what_is_for_published_files_only_is_wrong_usage_elsewhere(problem: Path, tmp_path: Path) -> None:
    assert doorstep(tmp_path, "plan", str(problem), "--vehicles", "2").code == 2
    assert doorstep(tmp_path, "plan", str(problem), "--format", "solomon").code == 1


def test_a_team_with_tools_is_planned_so_that_nobody_drives_twice(tmp_path: Path) -> None:
    from tests.rules.planning.test_published_technicians import TEAM

    file = tmp_path / "team.txt"
    file.write_text(TEAM)
    done = doorstep(tmp_path, "plan", str(file), "--iterations", "600")
    assert done.code == 0, done.err
    assert "Planned: 4. Left out: 0." in done.err
    drivers = [route["technician"].removesuffix("+depot") for route in json.loads(done.out)["routes"]]
    assert len(drivers) == len(set(drivers))

"""A problem that cannot be planned is refused in both languages, and the refusal names the item."""

import json
from typing import Any

import pytest

from dispatch.planning.optimiser.reading import BadProblem, problem_schema, read_plan, read_problem
from dispatch.planning.optimiser.searching import search
from tests.rules.planning.made_problems import a_problem, a_technician, a_visit

SOUND: dict[str, Any] = json.loads(a_problem((a_visit(),), (a_technician(), a_technician("li"))).model_dump_json())


def changed(*path: str | int, to: object) -> str:
    """The sound problem with one thing in it changed."""
    problem = json.loads(json.dumps(SOUND))
    inner = problem
    for part in path[:-1]:
        inner = inner[part]
    inner[path[-1]] = to
    return json.dumps(problem)


def refused(text: str | bytes) -> str:
    """The English words of the refusal, after a look at the Chinese."""
    with pytest.raises(BadProblem) as refusal:
        read_problem(text)
    assert any("\u4e00" <= sign <= "\u9fff" for sign in refusal.value.words.zh)
    return refusal.value.words.en


def test_a_sound_problem_comes_back_as_it_went() -> None:
    problem = read_problem(json.dumps(SOUND))
    assert read_problem(problem.model_dump_json()) == problem


def test_the_published_schema_knows_every_field_and_allows_no_other() -> None:
    schema = problem_schema()
    assert set(schema["properties"]) == {"version", "technicians", "visits", "travel", "prices", "now"}
    assert all(shape["additionalProperties"] is False for shape in [schema, *schema["$defs"].values()])


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"version": 1}', "NaN", b"\xff", "[" * 20_000])
def test_what_is_no_problem_at_all_is_refused(text: str | bytes) -> None:
    refused(text)


def test_no_technicians_is_refused() -> None:
    assert "technicians" in refused(changed("technicians", to=[]))


def test_a_field_that_nobody_knows_is_refused() -> None:
    assert "visits.0.colour (v)" in refused(changed("visits", 0, "colour", to="red"))


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("duration", -1),
        ("duration", 60_000_000),
        ("duration", 1.5),
        ("duration", "1800"),
        ("duration", True),
        ("priority", 0),
        ("priority", 6),
        ("windows", []),
        ("windows", [{"start": 7200, "end": 3600}]),
        ("windows", [{"start": -1, "end": 3600}]),
        ("windows", [{"start": 0, "end": 60_000_000}]),
        ("parts", {"ont": -1}),
        ("skills", {"fibre": 4}),
        ("skills", {"fibre": 0}),
        ("id", ""),
        ("id", "a\u0000b"),
    ],
)
def test_an_impossible_value_of_a_visit_is_refused_by_name(field: str, wrong: object) -> None:
    assert f"visits.0.{field}" in refused(changed("visits", 0, field, to=wrong))


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_numbers_that_are_none_are_refused(number: str) -> None:
    assert "duration" in refused(
        changed("visits", 0, "duration", to=0).replace('"duration": 0', f'"duration": {number}')
    )
    line = {"kind": "straight_line", "points": [{"place": "0", "latitude": 7, "longitude": 7}]}
    text = changed("travel", to=line).replace('"latitude": 7', f'"latitude": {number}')
    assert "latitude" in refused(text)


def test_the_same_id_twice_is_refused() -> None:
    assert refused(changed("technicians", 1, "id", to="wang")) == "technician wang is there 2 times."
    assert refused(changed("visits", to=SOUND["visits"] * 2)) == "visit v is there 2 times."


def test_a_skill_that_nobody_has_is_refused_by_name() -> None:
    assert "v: no technician at all has the skill fiber" in refused(changed("visits", 0, "skills", to={"fiber": 1}))


def test_a_place_that_the_travel_table_does_not_know_is_refused() -> None:
    assert "Visit v: the travel table has no place 99" in refused(changed("visits", 0, "place", to="99"))
    assert "Technician wang: the travel table has no place 99" in refused(changed("technicians", 0, "end", to="99"))


def test_a_travel_table_that_is_not_square_or_goes_back_in_time_is_refused() -> None:
    rows = SOUND["travel"]["seconds"]
    assert "41 x 41" in refused(changed("travel", "seconds", to=rows[:-1]))
    assert "41 x 41" in refused(changed("travel", "seconds", to=[*rows[:-1], rows[-1][:-1]]))
    assert "travel.table.seconds.0.1" in refused(changed("travel", "seconds", 0, 1, to=-60))
    assert "travel.table.seconds.0.1" in refused(changed("travel", "seconds", 0, 1, to=60_000_000))
    assert "to itself must be 0" in refused(changed("travel", "seconds", 3, 3, to=1))


@pytest.mark.parametrize("field", ["preferred", "told"])
def test_a_technician_who_does_not_exist_is_refused(field: str) -> None:
    assert f"{field} names zhao" in refused(changed("visits", 0, field, to="zhao"))


def test_a_pin_to_nobody_is_refused() -> None:
    assert "pin names zhao" in refused(changed("visits", 0, "pin", to={"technician": "zhao"}))
    assert "excluded names zhao" in refused(changed("visits", 0, "excluded", to=["zhao"]))


def test_a_pinned_start_outside_the_window_or_in_the_past_is_refused() -> None:
    pin = {"technician": "wang", "start": 16 * 3600 + 1}
    assert "pinned start" in refused(changed("visits", 0, "pin", to=pin))
    inside = changed("visits", 0, "pin", to=pin | {"start": 16 * 3600})
    assert read_problem(inside).visits[0].pin is not None
    late = json.loads(inside) | {"now": 16 * 3600 + 1}
    assert "pinned start" in refused(json.dumps(late))


@pytest.mark.parametrize("orders", [(2,), (1, 1), (1, 3)])
def test_pinned_orders_run_without_gaps(orders: tuple[int, ...]) -> None:
    visits = [SOUND["visits"][0] | {"id": f"v{n}", "pin": {"technician": "wang", "order": n}} for n in orders]
    for number, visit in enumerate(visits):
        visit["id"] = f"v{number}"
    assert "wang" in refused(changed("visits", to=visits))


def test_nobody_has_begun_two_visits_or_one_without_a_start() -> None:
    pin = {"technician": "wang", "start": 32_400, "begun": "on_site"}
    both = [SOUND["visits"][0] | {"id": name, "pin": pin} for name in "ab"]
    assert "begun 2 visits" in refused(changed("visits", to=both))
    assert "must say its start" in refused(changed("visits", 0, "pin", to=pin | {"start": None}))


@pytest.mark.parametrize(("field", "value", "word"), [("persons", 2, "two persons"), ("after", "x", "ordered pairs")])
def test_what_cannot_be_planned_yet_is_refused_by_name(field: str, value: object, word: str) -> None:
    assert word in refused(changed("visits", 0, field, to=value))


def test_a_second_break_is_refused_by_name_and_one_that_does_not_fit_too() -> None:
    rest = {"earliest": 41_400, "latest": 46_800, "length": 1_800}
    assert "only one break" in refused(changed("technicians", 0, "breaks", to=[rest, rest]))
    evening = {"earliest": 59_401, "latest": 72_000, "length": 1_800}
    assert "does not fit" in refused(changed("technicians", 0, "breaks", to=[evening]))
    just = evening | {"earliest": 59_400}
    assert read_problem(changed("technicians", 0, "breaks", to=[just])).technicians[0].breaks
    assert "does not fit" in refused(changed("technicians", 0, "breaks", to=[rest | {"latest": 41_399}]))


def test_a_shift_without_length_is_refused() -> None:
    assert "no length" in refused(changed("technicians", 0, "shift", to={"start": 3_600, "end": 3_600}))


def test_a_field_that_is_said_twice_is_refused_by_its_item() -> None:
    text = changed("visits", 0, "duration", to=0)
    assert refused(text.replace('"duration": 0', '"duration": 600, "duration": 900')) == "duration (v) is said twice."
    skills = changed("visits", 0, "skills", to={"fibre": 1}).replace('{"fibre": 1}', '{"fibre": 1, "fibre": 2}')
    assert refused(skills) == "fibre is said twice."
    assert read_problem(text.replace('"duration": 0', '"duration": 600')).visits[0].duration == 600


def test_steps_of_lateness_rise() -> None:
    steps = [{"late": 0, "price": 1}, {"late": 600, "price": 2}, {"late": 600, "price": 3}]
    assert "prices.late: each step must be later" in refused(changed("prices", "late", to=steps))
    assert "prices.late: each step must be later" in refused(changed("prices", "late", to=steps[1::-1]))
    steps[2]["late"] = 601
    assert len(read_problem(changed("prices", "late", to=steps)).prices.late) == 3


def test_a_file_of_a_byte_too_many_is_refused_before_it_is_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    text = json.dumps(SOUND).encode()
    monkeypatch.setattr("dispatch.planning.optimiser.reading.MOST_BYTES", len(text))
    assert read_problem(text).visits
    assert f"too big ({len(text) + 1:,} bytes" in refused(b" " + text)
    assert "too big" in refused(b"[" * (len(text) + 1))


def test_a_million_minutes_are_refused_wherever_a_time_or_a_way_stands() -> None:
    million = 1_000_000 * 60
    for path in (
        ("now",),
        ("technicians", 0, "shift", "end"),
        ("technicians", 0, "overtime"),
        ("visits", 0, "duration"),
    ):
        said = refused(changed(*path, to=million))
        assert ".".join(map(str, path)) in said
        assert "less than or equal to" in said
    rest = {"earliest": 41_400, "latest": 46_800, "length": million}
    assert "technicians.0.breaks.0.length (wang)" in refused(changed("technicians", 0, "breaks", to=[rest]))


def test_a_window_that_nobody_works_in_is_sound_and_its_visit_is_left_out_with_the_reason() -> None:
    night = changed("visits", 0, "windows", to=[{"start": 3_600, "end": 7_200}])
    (left,) = search(read_problem(night), iterations=10).left_out
    assert left.visit == "v"
    assert left.why_en
    day = changed("visits", 0, "windows", to=[{"start": 32_400, "end": 36_000}])
    assert search(read_problem(day), iterations=10).left_out == ()


def test_a_plan_that_is_none_is_refused() -> None:
    with pytest.raises(BadProblem):
        read_plan('{"routes": [{"technician": "wang"}]}')

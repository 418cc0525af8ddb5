"""Is an answer well-formed: every type of field, sound and faulty values, and whatever a hostile phone may send."""

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_visits import ANSWERS, DEVICE, INSTALL, KIT_CARRIED, MOMENT, REPAIR, SIGNED, measured

from checklists.answers import AnswerContext, flaws, taken_back
from checklists.definition import FIELD_TYPES, Checklist, Field
from checklists.measurements import MeasuringContext
from checklists.words import Words

WIFI = {"room": "主卧", "band": "5", "value": -60, "unit": "dBm"}
HASH = "0123456789abcdef" * 4
RECOMMEND = Field("recommend", "rating", Words("推荐意愿", "Recommend"), min_value=0, max_value=10)
ALL_FIELDS = [*(field for c in (INSTALL, REPAIR) for _, field in c.fields()), RECOMMEND]


def field(path: str) -> Field:
    """`repair.talk.symptoms`; installation when no kind is named."""
    if path == "recommend":
        return RECOMMEND
    *kind, step, key = path.split(".")
    return (REPAIR if kind == ["repair"] else INSTALL).field(step, key)


def stroke(*points: tuple[Any, Any]) -> list[dict[str, Any]]:
    return [{"x": x, "y": y, "t": t} for t, (x, y) in enumerate(points)]


def signed(**changed: Any) -> dict[str, Any]:
    return {**SIGNED, **changed}


def kit(*changed: dict[str, Any]) -> list[dict[str, Any]]:
    """The kit, its first items replaced."""
    return [*changed, *KIT_CARRIED[len(changed) :]]


REFUSAL = {"refused": True, "reason": "要等家人回来"}
SOUND: list[tuple[str, Any]] = [
    ("work.alters_home", True), ("work.alters_home", False), ("talk.shoe_covers", "worn"),
    ("talk.explained", ["rules", "record"]), ("leave.comment", "很好\n谢谢"), ("leave.comment", "x" * 1000),
    ("file.cable_metres", {"value": 0, "unit": "m"}), ("file.cable_metres", {"value": 2000, "unit": "m"}),
    ("proof.rx_power", measured(-18.5, "dBm")), ("proof.rx_power", {"value": "LO", "unit": "dBm"}),
    ("proof.rx_power", {"value": -18.5, "unit": "dBm", "instrument": "JW3208 #88", "method": "instrument"}),
    ("proof.rx_power", {"value": -45.5, "unit": "dBm", "confirmed": True}),
    ("proof.download", {"value": 936.7, "unit": "Mbit/s", "runs": [930, 935, 945]}),
    ("file.onu_state", {"value": "O5", "unit": ""}),
    ("proof.rooms_wifi", [WIFI, {**WIFI, "band": "2.4"}, {**WIFI, "room": "书房"}]),
    ("leave.after_photos", [HASH]), ("work.begun_at", MOMENT), ("work.begun_at", "2026-11-23T01:00:00Z"),
    ("leave.customer_signature", SIGNED), ("leave.customer_signature", signed(reservation="墙面有一处划痕")),
    ("leave.customer_signature", REFUSAL), ("leave.customer_signature", {**REFUSAL, "reservation": "未清理"}),
    ("leave.overall_rating", 1), ("leave.overall_rating", 5), ("leave.overall_rating", "declined"),
    ("recommend", 0), ("recommend", 10), ("appointment.kit_check", KIT_CARRIED),
    ("appointment.kit_check", kit({"item": "shoe_covers", "carried": False, "reason": "站内缺货"})),
    ("leave.kit_used", [{"item": "shoe_covers", "used": 20}, {"item": "drop_cloth", "used": 0, "condition": "worn"}]),
    ("work.open_questions", [{"text": "能否移机？"}, {"text": "发票", "answer_by": "2026-11-25"}]),
    ("work.open_questions", [{"text": "?", "answer_by": MOMENT}]),
    ("repair.talk.symptoms", ["slow", "半夜断线"]),
    ("repair.proof.symptoms_watched", [{"symptom": "slow", "result": "still_there", "watched_minutes": 0}]),
    ("repair.proof.symptoms_watched", [{"symptom": "slow", "result": "could_not_test", "note": "高峰期才出现"}]),
    ("proof.dial_code", 691), ("proof.dial_code", 600), ("proof.dial_code", 999), ("file.device", DEVICE),
    ("file.device", {**DEVICE, "software": "V5", "mac": "00:11:22:33:44:55"}),
]  # fmt: skip
FAULTY: list[tuple[str, Any, str]] = [
    ("work.alters_home", "true", "not_yes_no"), ("work.alters_home", 1, "not_yes_no"),
    ("work.alters_home", 0, "not_yes_no"),
    ("talk.shoe_covers", "slippers", "not_an_option"), ("talk.shoe_covers", 3, "not_an_option"),
    ("talk.shoe_covers", ["worn"], "not_an_option"), ("talk.explained", "rules", "not_a_list"),
    ("talk.explained", ["rules", "rules"], "twice"), ("talk.explained", ["rules", "beer"], "not_an_option"),
    ("talk.explained", ["rules", ["rules"]], "not_an_option"), ("talk.explained", ["rules"] * 4, "too_many"),
    ("leave.comment", "x" * 1001, "too_long"), ("leave.comment", " \n", "blank"), ("leave.comment", 5, "not_a_text"),
    ("leave.comment", "a\x00", "unsafe_text"), ("leave.comment", "\ud800", "unsafe_text"),
    ("leave.comment", "\u202e", "unsafe_text"),
    ("file.cable_metres", {"value": -1, "unit": "m"}, "out_of_range"),
    ("file.cable_metres", {"value": 2001, "unit": "m"}, "out_of_range"),
    ("file.cable_metres", {"value": 3, "unit": "km"}, "wrong_unit"), ("file.cable_metres", 3, "not_a_form"),
    ("proof.rx_power", -18.5, "not_a_form"), ("proof.rx_power", {"value": -18.5}, "part_missing"),
    ("proof.rx_power", measured(-18500, "0.001 dBm"), "wrong_unit"),
    ("proof.rx_power", measured("-18.5", "dBm"), "not_a_number"),
    ("proof.rx_power", measured(-185, "dBm"), "implausible"), ("proof.rx_power", measured(18.5, "dBm"), "implausible"),
    ("proof.rx_power", measured(float("nan"), "dBm"), "not_a_number"),
    ("proof.rx_power", measured(float("inf"), "dBm"), "not_a_number"),
    ("proof.rx_power", {"value": 10**30, "unit": "dBm", "confirmed": True}, "not_a_number"),
    ("proof.rx_power", {"value": True, "unit": "dBm"}, "not_a_number"),
    ("proof.rx_power", {"value": -18.5, "unit": "dBm", "confirmed": 1}, "not_yes_no"),
    ("proof.rx_power", {"value": -185, "unit": "dBm", "confirmed": False}, "implausible"),
    ("proof.rx_power", {"value": -18.5, "unit": "dBm", "method": "guess"}, "not_an_option"),
    ("proof.rx_power", {"value": -18.5, "unit": "dBm", "instrument": "a\nb"}, "unsafe_text"),
    ("proof.rx_power", {"value": -18.5, "unit": "dBm", "extra": 1}, "unknown_part"),
    ("proof.download", measured(9400, "Mbit/s"), "implausible"),
    ("proof.download", {"value": 900, "unit": "Mbit/s", "runs": [930, 935, 945]}, "not_the_average"),
    ("proof.download", {"value": 930, "unit": "Mbit/s", "runs": [930]}, "too_few"),
    ("proof.download", {"value": 930, "unit": "Mbit/s", "runs": [930, "930"]}, "not_a_number"),
    ("file.onu_state", {"value": "O99", "unit": ""}, "not_an_option"),
    ("proof.rooms_wifi", [{**WIFI, "band": "5 GHz"}], "not_an_option"), ("proof.rooms_wifi", [WIFI, WIFI], "twice"),
    ("proof.rooms_wifi", [{k: v for k, v in WIFI.items() if k != "room"}], "part_missing"),
    ("proof.rooms_wifi", [{**WIFI, "value": 60}], "implausible"), ("proof.rooms_wifi", [WIFI] * 21, "too_many"),
    ("leave.after_photos", ["0" * 63], "not_a_hash"), ("leave.after_photos", ["A" * 64], "not_a_hash"),
    ("leave.after_photos", [HASH, HASH], "twice"), ("leave.after_photos", HASH, "not_a_list"),
    ("work.begun_at", "2026-11-23T09:00:00", "not_a_moment"), ("work.begun_at", "soon", "not_a_moment"),
    ("work.begun_at", 1790000000, "not_a_moment"), ("work.begun_at", "1970-01-01T00:00:00Z", "moment_absurd"),
    ("work.begun_at", "2100-01-01T00:00:00Z", "moment_absurd"),
    ("work.begun_at", "2026-13-01T00:00:00Z", "not_a_moment"),
    ("leave.customer_signature", signed(strokes=[]), "too_few"), ("leave.customer_signature", "王芳", "not_a_form"),
    ("leave.customer_signature", signed(strokes=[stroke((50, 50), (51, 51))]), "too_small"),
    ("leave.customer_signature", signed(strokes=[stroke((20, 30), (900, 60))]), "off_the_pad"),
    ("leave.customer_signature", signed(strokes=[stroke((20, 30), (float("nan"), 60))]), "not_a_number"),
    ("leave.customer_signature", signed(strokes=[stroke((20, 30), ("180", 60))]), "not_a_number"),
    ("leave.customer_signature", signed(name=""), "blank"),
    ("leave.customer_signature", signed(width=0), "out_of_range"),
    ("leave.customer_signature", signed(strokes=[stroke((1, 1))] * 301), "too_many"),
    ("leave.customer_signature", signed(strokes=[stroke(*[(n % 300, 5) for n in range(10_001)])] * 2), "too_many"),
    ("leave.customer_signature", {"refused": True}, "part_missing"),
    ("leave.customer_signature", {"refused": False, "reason": "x"}, "not_yes_no"),
    ("leave.customer_signature", {**REFUSAL, "reason": " "}, "blank"),
    ("leave.customer_signature", {**SIGNED, **REFUSAL}, "unknown_part"),
    ("leave.technician_signature", REFUSAL, "refusal_not_allowed"),
    ("work.alteration_agreement", REFUSAL, "refusal_not_allowed"),
    ("leave.overall_rating", 0, "out_of_range"), ("leave.overall_rating", 6, "out_of_range"),
    ("leave.overall_rating", True, "out_of_range"), ("leave.overall_rating", 4.5, "out_of_range"),
    ("leave.overall_rating", "5", "out_of_range"), ("recommend", 11, "out_of_range"), ("recommend", -1, "out_of_range"),
    ("recommend", "declined", "out_of_range"), ("appointment.kit_check", KIT_CARRIED[1:], "item_missing"),
    ("appointment.kit_check", kit({"item": "shoe_covers", "carried": False}), "reason_missing"),
    ("appointment.kit_check", kit({"item": "hammer", "carried": True}), "not_an_option"),
    ("appointment.kit_check", kit({"item": "drop_cloth", "carried": True}), "twice"),
    ("appointment.kit_check", kit({"item": "shoe_covers"}), "part_missing"),
    ("leave.kit_used", [{"item": "shoe_covers", "used": 21}], "out_of_range"),
    ("leave.kit_used", [{"item": "shoe_covers", "used": -1}], "out_of_range"),
    ("leave.kit_used", [{"item": "shoe_covers", "used": 1.5}], "not_a_number"),
    ("leave.kit_used", [{"item": "drop_cloth", "used": 1}], "not_consumed"),
    ("leave.kit_used", [{"item": "drop_cloth", "used": 0, "condition": "lost"}], "not_an_option"),
    ("work.open_questions", [{"text": ""}], "blank"), ("work.open_questions", ["?"], "not_a_form"),
    ("work.open_questions", [{"text": "?", "answer_by": "2026-02-30"}], "not_a_moment"),
    ("work.open_questions", [{"text": "?"}] * 11, "too_many"),
    ("repair.talk.symptoms", ["slow", "slow"], "twice"), ("repair.talk.symptoms", ["x" * 61], "too_long"),
    ("repair.talk.symptoms", ["a\nb"], "unsafe_text"),
    ("repair.proof.symptoms_watched", [{"symptom": "slow", "result": "better"}], "not_an_option"),
    ("repair.proof.symptoms_watched", [{"symptom": "slow", "result": "could_not_test"}], "reason_missing"),
    ("repair.proof.symptoms_watched", [{"symptom": "slow", "result": "gone"}] * 2, "twice"),
    ("repair.proof.symptoms_watched", [{"symptom": "slow", "result": "gone", "watched_minutes": 1441}], "out_of_range"),
    ("proof.dial_code", 599, "not_a_dial_code"), ("proof.dial_code", 1000, "not_a_dial_code"),
    ("proof.dial_code", "691", "not_a_dial_code"), ("proof.dial_code", True, "not_a_dial_code"),
    ("file.device", {"manufacturer": "HW", "model": "X"}, "part_missing"),
    ("file.device", {**DEVICE, "password": "geheim"}, "unknown_part"),
    ("file.device", {**DEVICE, "serial": " "}, "blank"),
]  # fmt: skip
KNOWING = AnswerContext(MeasuringContext(access="gpon_b", subscribed_down=1000, subscribed_up=100))


@pytest.mark.parametrize(("path", "value"), SOUND)
def test_a_sound_answer_has_no_flaw(path: str, value: Any) -> None:
    assert flaws(field(path), value, KNOWING) == []


@pytest.mark.parametrize(("path", "value", "code"), FAULTY)
def test_a_faulty_answer_has_just_the_flaw_that_it_has(path: str, value: Any, code: str) -> None:
    found = flaws(field(path), value, KNOWING)
    assert [flaw.code for flaw in found] == [code]
    assert found[0].words.zh
    assert found[0].words.en


def test_every_type_of_field_has_sound_and_faulty_examples() -> None:
    assert {field(path).type for path, _ in SOUND} == {field(path).type for path, _, _ in FAULTY} == set(FIELD_TYPES)


@pytest.mark.parametrize("checklist", [INSTALL, REPAIR], ids=lambda c: c.key)
def test_every_answer_of_the_made_visits_is_sound(checklist: Checklist) -> None:
    for (step, key), value in ANSWERS[checklist.key].items():
        assert flaws(checklist.field(step, key), value, KNOWING) == [], (step, key)


@pytest.mark.parametrize("nothing", [None, "", []])
def test_an_answer_may_be_taken_back_in_any_field(nothing: Any) -> None:
    assert taken_back(nothing)
    assert all(flaws(any_field, nothing) == [] for any_field in ALL_FIELDS)


@pytest.mark.parametrize("something", [0, False, " ", {}, [None], "0"])
def test_what_is_not_nothing_is_an_answer(something: Any) -> None:
    assert not taken_back(something)


def test_the_flaw_says_where_it_is() -> None:
    [found] = flaws(field("appointment.kit_check"), kit({"item": "shoe_covers", "carried": "yes"}))
    assert found.part == "0.carried"
    [found] = flaws(field("leave.customer_signature"), signed(strokes=[stroke((1, 1)), stroke((1, "2"))]))
    assert found.part == "strokes.1.0.y"


def test_an_implausible_value_comes_with_the_one_that_was_meant() -> None:
    [found] = flaws(field("proof.rx_power"), measured(-185, "dBm"), KNOWING)
    assert "-18.5 dBm" in found.words.zh


def test_a_reported_symptom_that_was_not_watched_is_a_flaw() -> None:
    watched = [{"symptom": "slow", "result": "gone"}]
    watch = field("repair.proof.symptoms_watched")
    assert flaws(watch, watched, AnswerContext(reported_symptoms=("slow", "slow"))) == []
    [found] = flaws(watch, watched, AnswerContext(reported_symptoms=("slow", "drops")))
    assert found.code == "symptom_missing"


@pytest.mark.parametrize(("share", "sound"), [(15.1, True), (14.9, False)])
def test_a_signature_spans_at_least_a_twentieth_of_the_pad(share: float, sound: bool) -> None:
    one = signed(width=300, height=300, strokes=[stroke((20, 30), (20 + share, 30))])
    assert (flaws(field("leave.customer_signature"), one) == []) is sound


@pytest.mark.parametrize(("x", "sound"), [(330, True), (331, False), (-30, True), (-31, False)])
def test_a_finger_may_slide_a_tenth_over_the_edge_of_the_pad(x: float, sound: bool) -> None:
    one = signed(strokes=[stroke((100, 30), (x, 60))])
    assert (flaws(field("leave.customer_signature"), one) == []) is sound


# -- whatever a hostile phone may send -------------------------------------------------------------------------------


def nested(depth: int, kind: type) -> Any:
    deep: Any = "x"
    for _ in range(depth):
        deep = [deep] if kind is list else {"item": deep}
    return deep


HOSTILE: list[Any] = [
    float("nan"), float("inf"), -float("inf"), 1e308, -(10**400), "\x00", "\ud800", "\u202e", "x" * 1_000_000,
    nested(10_000, list), nested(10_000, dict), {"a": nested(10_000, list)}, [nested(10_000, dict)],
    {"\ud800": 1}, {"\x00": None}, {1: 2}, [[]], [{}], {}, [None] * 100_000, {str(n): n for n in range(10_000)},
    {"value": nested(10_000, list), "unit": nested(10_000, dict)}, {"refused": nested(10_000, list)}, object(), b"x",
    {"strokes": [[{"x": nested(10_000, list), "y": 1, "t": 1}]], "width": 1, "height": 1, "name": "x"},
]  # fmt: skip


@pytest.mark.parametrize("n", range(len(HOSTILE)))
def test_a_hostile_value_is_a_flaw_and_never_an_exception(n: int) -> None:
    for any_field in ALL_FIELDS:
        found = flaws(any_field, HOSTILE[n], KNOWING)
        assert found, (any_field.key, n)
        assert len(found) <= 100


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(st.characters(categories=None)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=200)
@given(json_values)
def test_no_json_value_makes_a_check_raise(value: Any) -> None:
    for any_field in ALL_FIELDS:
        flaws(any_field, value, KNOWING)


@settings(max_examples=300)
@given(data=st.data())
def test_a_sound_answer_with_one_part_replaced_never_makes_a_check_raise(data: st.DataObject) -> None:
    path, value = data.draw(st.sampled_from([(p, v) for p, v in SOUND if isinstance(v, dict | list)]))
    broken = copy.deepcopy(value)
    inside = broken
    while isinstance(inside, dict | list) and inside:
        where = data.draw(st.sampled_from(sorted(inside) if isinstance(inside, dict) else list(range(len(inside)))))
        if not isinstance(inside[where], dict | list) or data.draw(st.booleans()):
            inside[where] = data.draw(json_values)
            break
        inside = inside[where]
    flaws(field(path), broken, KNOWING)

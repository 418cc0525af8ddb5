"""The published checklists say all that the field asks for, hold together, and are never edited afterwards."""

import hashlib
import json
import re
import string
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

import pytest
from made_visits import INSTALL, REPAIR

from checklists.definition import FIELD_TYPES, Checklist, Condition, Field, Step
from checklists.kit_v1 import KIT_V1
from checklists.measurements import MEASUREMENTS
from checklists.phone_form import phone_form
from checklists.published import CHECKLISTS, by_key, current
from checklists.scripts_v1 import SCRIPTS, script
from checklists.words import Words

both = pytest.mark.parametrize("checklist", [INSTALL, REPAIR], ids=lambda c: c.key)

# A visit keeps the version it was started with. Whoever has to change one of these numbers has edited a published
# checklist: write a new version in a new file instead.
PUBLISHED = {
    "visit_install@1": "f8db81b053c81475",
    "visit_repair@1": "dc06d9e1f8b4cad9",
    "visit_install@2": "05550e92b082104b",
    "visit_repair@2": "7bcc63750d5bc215",
}
TITLES = (
    "上门之前需预约", "入室之后需沟通", "现场实施需谨慎", "实施完毕需认证", "准确无误建档案", "指导用户很关键",
    "结束莫忘再提醒", "清理现场显素质",
)  # fmt: skip
PLACES = {"company", "technician", "number", "customer", "time", "arrival", "reason", "hotline"}


def conditions(checklist: Checklist) -> Iterator[tuple[Step, Field | None, Condition]]:
    for step, field in checklist.fields():
        for condition in (field.shown_if, field.required_if):
            if condition is not None:
                yield step, field, condition
    for step in checklist.steps:
        for condition in (step.late_if, step.skipped_if):
            if condition is not None:
                yield step, None, condition
    if checklist.stops_when is not None:
        yield checklist.step(checklist.stops_when.step), None, checklist.stops_when


def all_words(form: Any) -> Iterator[dict[str, str]]:
    if isinstance(form, dict):
        if set(form) == {"zh", "en"}:
            yield form
        for part in form.values():
            yield from all_words(part)
    elif isinstance(form, list):
        for part in form:
            yield from all_words(part)


def said(thing: Any) -> Any:
    """What a definition says, without what it leaves to the default: a new kind of attribute is no edit."""
    if is_dataclass(thing):
        return {
            part.name: said(getattr(thing, part.name))
            for part in fields(thing)
            if getattr(thing, part.name) != part.default
        }
    return [said(item) for item in thing] if isinstance(thing, tuple) else thing


def digest(checklist: Checklist) -> str:
    text = json.dumps(said(checklist), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@pytest.mark.parametrize("key", sorted(PUBLISHED))
def test_a_published_checklist_is_never_edited(key: str) -> None:
    assert digest(by_key(key)) == PUBLISHED[key]


@pytest.mark.parametrize(("kind", "step"), [("install", "proof"), ("repair", "file")])
def test_the_second_version_asks_for_the_round_trip_beside_the_rates_and_for_nothing_else(kind: str, step: str) -> None:
    first, second = by_key(f"visit_{kind}@1"), by_key(f"visit_{kind}@2")
    keys = [field.key for field in second.step(step).fields]
    assert keys[keys.index("upload") + 1] == "latency"
    assert not second.field(step, "latency").blocks
    for one in first.steps:
        assert [field for field in second.step(one.key).fields if field.key != "latency"] == list(one.fields)


def test_every_published_checklist_is_pinned() -> None:
    assert set(CHECKLISTS) == set(PUBLISHED)


def test_each_kind_of_visit_starts_with_its_newest_version() -> None:
    assert current("install") is INSTALL
    assert current("repair") is REPAIR
    assert by_key("visit_install@2") is INSTALL
    assert by_key("visit_install@1").version == 1
    with pytest.raises(KeyError):
        by_key("visit_install@3")
    with pytest.raises(KeyError):
        current("move")  # type: ignore[arg-type]


@both
def test_the_eight_steps_have_the_fields_own_names_in_order(checklist: Checklist) -> None:
    assert tuple(step.title.zh for step in checklist.steps) == TITLES
    assert [step.number for step in checklist.steps] == list(range(1, 9))


@both
def test_every_key_names_one_question_of_the_visit(checklist: Checklist) -> None:
    keys = [field.key for _, field in checklist.fields()]
    assert len(set(keys)) == len(keys)
    assert all(re.fullmatch(r"[a-z][a-z0-9_]{2,40}", key) for key in keys)
    for _, field in checklist.fields():
        values = [option.value for option in field.options]
        assert len(set(values)) == len(values)


@both
def test_a_step_asks_one_thumb_for_no_more_than_nine_answers_at_once(checklist: Checklist) -> None:
    worlds: list[tuple[str, ...]] = [
        ("let_in", "agreed", "gpon_b", "connected", "works", "fixed"),
        ("nobody_home",),
        ("turned_away",),
    ]
    for step in checklist.steps:
        for world in worlds:
            shown = [
                field for field in step.fields
                if field.filled_by == "technician"
                and field.key != "latency"  # comes with the line test; typed only where there is none
                and (field.shown_if is None or any(value in world for value in field.shown_if.values))
            ]  # fmt: skip
            assert len(shown) <= 9, (step.key, [field.key for field in shown])


@both
def test_every_condition_points_back_at_a_question_and_one_of_its_answers(checklist: Checklist) -> None:
    order = [(step.key, field.key) for step, field in checklist.fields()]
    for step, field, condition in conditions(checklist):
        target = checklist.field(condition.step, condition.key)
        if condition is step.skipped_if:
            assert checklist.step(condition.step).number < step.number
        if field is not None:  # only backwards: so conditions can never chase each other in a circle
            assert order.index((condition.step, condition.key)) < order.index((step.key, field.key))
        if target.type == "yes_no":
            assert set(condition.values) <= {True, False}
        else:
            assert set(condition.values) <= {option.value for option in target.options}


@both
def test_every_field_has_what_its_type_needs(checklist: Checklist) -> None:
    for _, field in checklist.fields():
        assert field.type in FIELD_TYPES
        assert bool(field.options) == (field.type in ("choice", "multi_choice", "kit", "symptoms")), field.key
        assert (field.measurement in MEASUREMENTS) == (field.type in ("measurement", "room_measurements")), field.key
        assert (field.kit_part is not None) == (field.type == "kit")
        assert (field.watches is not None) == (field.type == "symptom_watch")
        assert not field.must_be_yes or field.type == "yes_no"
        assert not field.may_decline or field.type == "rating"
        assert not field.may_refuse or (field.type == "signature" and field.filled_by == "customer")
        if field.watches:
            assert checklist.field(*field.watches).type == "symptoms"


@both
def test_what_the_customer_gives_freely_never_blocks_without_a_way_out(checklist: Checklist) -> None:
    for _, field in checklist.fields():
        if field.filled_by == "customer" and field.blocks and field.shown_if is None:
            assert field.may_decline or field.may_refuse, field.key


BLOCKING = {
    "install": {
        "background_read", "kit_check", "call_outcome", "arrived_at", "punctuality", "access",
        "access_technology", "go_ahead", "login", "outcome", "ended_at", "filed_when", "experience", "guide_handed",
        "sticky_note", "reminded", "timed_tariff", "cleaned",
        "photo_agreed", "kit_used", "conduct_rating", "overall_rating", "customer_signature", "technician_signature",
        "copy_given", "left_at",
    },
    "repair": {
        "background_read", "kit_check", "call_outcome", "arrived_at", "punctuality", "access", "begun_at",
        "access_technology", "moves_anything", "protection", "device_replaced", "login", "symptoms_watched", "outcome",
        "ended_at", "filed_when", "fault_type", "fault_cause", "actions", "experience", "guide_handed", "sticky_note",
        "reminded", "timed_tariff", "cleaned", "photo_agreed", "kit_used", "conduct_rating", "overall_rating",
        "customer_signature", "technician_signature", "copy_given", "left_at",
    },
}  # fmt: skip


@both
def test_these_answers_block_whatever_else_was_answered(checklist: Checklist) -> None:
    always = {field.key for _, field in checklist.fields() if field.blocks and field.shown_if is None}
    assert always == BLOCKING[checklist.kind]


def test_the_kit_is_five_and_three_and_single_use_things_are_known() -> None:
    assert [sum(item.part == part for item in KIT_V1) for part in ("five", "three")] == [5, 3]
    assert {item.key for item in KIT_V1 if item.use == "single_use"} == {"shoe_covers", "rubbish_bag"}
    assert {item.key for item in KIT_V1 if not item.goes_down} == {"drop_cloth", "cleaning_cloth"}
    assert all(item.used_by_a_visit == 1 for item in KIT_V1 if item.use == "single_use")


def test_no_question_asks_for_a_password() -> None:
    asked = [field for c in (INSTALL, REPAIR) for _, field in c.fields() if "密码" in field.label.zh]
    assert {field.key for field in asked} == {"password_changed_at", "account_note_consent"}
    assert {field.type for field in asked} == {"moment", "yes_no"}


# -- the form for the phone ----------------------------------------------------------------------------------------


@both
def test_the_phones_form_survives_json_with_every_key_and_option(checklist: Checklist) -> None:
    form = json.loads(json.dumps(phone_form(checklist), ensure_ascii=False, allow_nan=False))
    assert form == phone_form(checklist)
    assert (form["key"], form["kind"]) == (checklist.key, checklist.kind)
    assert [step["key"] for step in form["steps"]] == [step.key for step in checklist.steps]
    drawn = {(s["key"], f["key"]): f for s in form["steps"] for f in s["fields"]}
    assert set(drawn) == {(step.key, field.key) for step, field in checklist.fields()}
    for step, field in checklist.fields():
        asked = drawn[(step.key, field.key)]
        assert (asked["type"], asked["blocks"], asked["filled_by"]) == (field.type, field.blocks, field.filled_by)
        assert [option["value"] for option in asked["options"]] == [option.value for option in field.options]
        if field.shown_if:
            assert asked["shown_if"] == {
                "step": field.shown_if.step, "key": field.shown_if.key, "values": list(field.shown_if.values),
            }  # fmt: skip
        if field.measurement:
            assert form["measurements"][field.measurement]["unit"] == MEASUREMENTS[field.measurement].unit


@both
def test_the_phone_gets_every_limit_every_code_and_the_whole_kit(checklist: Checklist) -> None:
    form = phone_form(checklist)
    power = form["measurements"]["onu_rx_power"]
    assert power["plausible"] == [-40, 10]
    assert [(lim["access"], lim["pass_min"], lim["warn_min"], lim["pass_max"]) for lim in power["limits"]] == [
        (["gpon_b"], -24, -27, -8), (["gpon_c"], -24, -30, -8), (["xgs"], -24, -28, -9),
    ]  # fmt: skip
    assert len(form["dial_errors"]) == 27
    assert [item["key"] for item in form["kit"]] == [item.key for item in KIT_V1]
    assert {choice["value"] for choice in form["choices"]["symptom_results"]} == {
        "gone",
        "still_there",
        "could_not_test",
    }


@both
def test_every_text_of_the_form_speaks_both_languages(checklist: Checklist) -> None:
    texts = list(all_words(phone_form(checklist)))
    assert len(texts) > 200
    for words in texts:
        assert words["zh"].strip(), words
        assert words["en"].strip(), words
        assert not re.search(r"[\u4e00-\u9fff]", words["en"]), words


# -- what to say -----------------------------------------------------------------------------------------------------


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("key", [known.key for known in SCRIPTS])
def test_a_script_has_the_same_places_in_both_languages_and_only_known_ones(key: str) -> None:
    said = script(key)
    assert places(said.say.zh) == places(said.say.en) <= PLACES
    filled = said.say.with_facts(**dict.fromkeys(PLACES, "某"))
    assert isinstance(filled, Words)
    assert "{" not in filled.zh + filled.en
    assert said.step in {step.key for step in INSTALL.steps}


def test_the_moments_that_the_field_names_have_their_script() -> None:
    assert {
        "call_install",
        "call_repair",
        "running_late",
        "greeting",
        "before_work",
        "cannot_promise",
        "declining",
    } <= {known.key for known in SCRIPTS}
    assert "抱歉" in script("running_late").say.zh
    with pytest.raises(KeyError):
        script("shouting")
    assert "call_repair" not in {known["key"] for known in phone_form(INSTALL)["scripts"]}


@pytest.mark.parametrize("key", [known.key for known in SCRIPTS])
def test_a_script_speaks_to_the_customer_politely(key: str) -> None:
    said = script(key).say.zh
    assert "您" in said
    assert "你" not in said

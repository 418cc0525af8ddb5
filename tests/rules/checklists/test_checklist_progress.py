"""What is missing, what is next: the rules of `checklists.progress`, on both published checklists."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_visits import ANSWERS, INSTALL, REPAIR, SIGNED, a_visit, an_entry

from checklists.answers import AnswerContext
from checklists.definition import Checklist
from checklists.progress import (
    Entry,
    fold,
    is_late,
    is_required,
    may_begin,
    missing_for_seal,
    missing_to_begin,
    progress,
)

both = pytest.mark.parametrize("checklist", [INSTALL, REPAIR], ids=lambda c: c.key)
keys = st.sampled_from([("talk", "shoe_covers"), ("work", "begun_at"), ("leave", "left_at")])
values = st.sampled_from([True, "worn", None, ["rules"], 3])


def missing_keys(
    checklist: Checklist, changed: dict[tuple[str, str], Any], context: AnswerContext | None = None
) -> set[str]:
    return {missing.key for missing in missing_for_seal(checklist, a_visit(checklist, changed), context)}


@st.composite
def some_entries(draw: st.DrawFn) -> list[Entry]:
    """Entries with distinct ids, several for one field, some made in the same minute."""
    made = draw(st.lists(st.tuples(keys, values, st.integers(0, 3)), max_size=12))
    return [an_entry(*key, value, minute, id=f"e{n:02}") for n, (key, value, minute) in enumerate(made)]


# -- the fold ------------------------------------------------------------------------------------------------------


@given(some_entries(), st.randoms(use_true_random=False))
def test_the_order_of_arrival_and_duplicates_never_change_what_counts(entries: list[Entry], rng: random.Random) -> None:
    shuffled = entries + rng.sample(entries, k=len(entries) // 2)
    rng.shuffle(shuffled)
    assert fold(shuffled) == fold(entries)


def test_the_latest_answer_counts() -> None:
    early, late = an_entry("talk", "shoe_covers", "worn", 1), an_entry("talk", "shoe_covers", "not_wanted", 2)
    assert fold([late, early])[("talk", "shoe_covers")] is late


def test_of_two_answers_in_the_same_instant_the_greater_id_counts() -> None:
    a, b = an_entry("talk", "shoe_covers", "worn", id="a"), an_entry("talk", "shoe_covers", "not_wanted", id="b")
    assert fold([a, b]) == fold([b, a]) == {("talk", "shoe_covers"): b}


def test_the_same_instant_in_another_zone_is_the_same_instant() -> None:
    here = Entry("b", "talk", "access", "let_in", datetime.fromisoformat("2026-11-23T09:00:00+08:00"))
    there = Entry("a", "talk", "access", "nobody_home", datetime(2026, 11, 23, 1, 0, tzinfo=UTC))
    assert fold([here, there])[("talk", "access")] is here


def test_a_time_without_an_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="offset"):
        Entry("a", "talk", "access", "let_in", datetime(2026, 11, 23, 9, 0))  # noqa: DTZ001


# -- step by step --------------------------------------------------------------------------------------------------


@both
def test_a_complete_visit_lacks_nothing(checklist: Checklist) -> None:
    found = progress(checklist, a_visit(checklist))
    assert found.complete
    assert [step.state for step in found.steps] == ["done"] * 8
    assert missing_for_seal(checklist, a_visit(checklist)) == []
    assert found.flawed == ()


@both
def test_an_empty_visit_begins_with_the_appointment_and_the_rest_is_locked(checklist: Checklist) -> None:
    found = progress(checklist, [])
    assert found.next_step == "appointment"
    assert [step.state for step in found.steps] == ["open"] + ["locked"] * 7


@both
def test_each_answer_of_a_complete_visit_that_blocks_is_missed_when_taken_away(checklist: Checklist) -> None:
    folded = fold(a_visit(checklist))
    for step, key in ANSWERS[checklist.key]:
        if not is_required(checklist, checklist.step(step), checklist.field(step, key), folded):
            continue
        for nothing in (..., None, "", []):
            assert key in missing_keys(checklist, {(step, key): nothing}), (step, key, nothing)


@both
def test_a_step_is_locked_while_an_earlier_one_lacks_something(checklist: Checklist) -> None:
    found = progress(checklist, a_visit(checklist, {("talk", "shoe_covers"): None}))
    assert [step.state for step in found.steps] == ["done", "open"] + ["locked"] * 6
    assert found.next_step == "talk"


@both
def test_a_step_may_be_begun_when_all_before_it_is_done_and_not_sooner(checklist: Checklist) -> None:
    step_one = [entry for entry in a_visit(checklist) if entry.step == "appointment"]
    assert may_begin(checklist, "talk", step_one)
    assert not may_begin(checklist, "work", step_one)
    assert not may_begin(checklist, "talk", [e for e in step_one if e.key != "kit_check"])
    assert {m.key for m in missing_to_begin(checklist, "talk", step_one[1:])} == {step_one[0].key}


@both
@given(data=st.data())
def test_a_sound_answer_never_leaves_its_own_field_missing_and_opens_no_other_but_by_a_condition(
    checklist: Checklist, data: st.DataObject
) -> None:
    every = a_visit(checklist)
    kept = data.draw(st.lists(st.sampled_from(every), unique_by=lambda e: e.id))
    added = data.draw(st.sampled_from(every))
    before = {(m.step, m.key) for m in missing_for_seal(checklist, kept)}
    after = {(m.step, m.key) for m in missing_for_seal(checklist, [*kept, added])}
    assert (added.step, added.key) not in after
    pointed_at = {
        (c.step, c.key) for _, f in checklist.fields() for c in (f.shown_if, f.required_if) if c is not None
    } | {("talk", "access"), ("talk", "symptoms"), ("file", "filed_when")}
    if (added.step, added.key) not in pointed_at:
        assert after <= before


@both
def test_filling_in_a_visit_in_order_never_sends_it_back(checklist: Checklist) -> None:
    every = a_visit(checklist)
    order = [step.key for step in checklist.steps]
    reached = [progress(checklist, every[:n]).next_step for n in range(len(every) + 1)]
    assert reached[-1] is None
    assert None not in reached[:-1]
    places = [order.index(step) for step in reached if step is not None]
    assert places == sorted(places)
    assert set(places) == set(range(8))


# -- conditions ----------------------------------------------------------------------------------------------------


def test_an_altered_home_needs_the_customers_signature_on_what_is_altered() -> None:
    assert missing_keys(INSTALL, {("work", "alters_home"): True}) == {"alteration_what", "alteration_agreement"}
    signed = {
        ("work", "alters_home"): True,
        ("work", "alteration_what"): "客厅打孔",
        ("work", "alteration_agreement"): SIGNED,
    }
    assert missing_keys(INSTALL, signed) == set()


def test_the_agreement_to_an_alteration_cannot_be_replaced_by_a_refusal() -> None:
    refused = {
        ("work", "alters_home"): True, ("work", "alteration_what"): "客厅打孔",
        ("work", "alteration_agreement"): {"refused": True, "reason": "不同意打孔"},
    }  # fmt: skip
    assert missing_keys(INSTALL, refused) == {"alteration_agreement"}


def test_a_condition_whose_own_field_is_no_longer_asked_does_not_hold() -> None:
    # First moved and altered, then found unnecessary: the forgotten "alters_home: yes" must not block for ever.
    changed = {("work", "moves_anything"): False, ("work", "alters_home"): True}
    assert missing_keys(REPAIR, changed) == set()
    changed[("work", "moves_anything")] = True
    assert missing_keys(REPAIR, changed) == {"placement_agreed", "alteration_what", "alteration_agreement"}


@pytest.mark.parametrize("odd", ["true", 1, ["yes"], {"yes": True}])
def test_only_a_true_yes_makes_a_condition_hold(odd: Any) -> None:
    assert missing_keys(INSTALL, {("work", "alters_home"): odd}) == {"alters_home"}


@pytest.mark.parametrize(
    ("access", "asked", "not_asked"),
    [("gpon_b", "rx_power", "snr_margin"), ("vdsl2", "snr_margin", "rx_power"), ("ethernet", None, "rx_power")],
)
def test_what_is_measured_follows_the_access_technology(access: str, asked: str | None, not_asked: str) -> None:
    gone = {("work", "access_technology"): access, ("proof", "rx_power"): ..., ("proof", "snr_margin"): ...}
    found = missing_keys(INSTALL, gone)
    assert not_asked not in found
    assert asked is None or asked in found


@both
def test_nobody_home_ends_the_visit_with_a_note_and_nothing_more(checklist: Checklist) -> None:
    step_one = [entry for entry in a_visit(checklist) if entry.step == "appointment"]
    at_the_door = [*step_one, an_entry("talk", "access", "nobody_home")]
    assert {m.key for m in missing_for_seal(checklist, at_the_door)} == {"door_call", "missed_note", "left_door_at"}
    noted = [
        *at_the_door, an_entry("talk", "door_call", "not_reached"), an_entry("talk", "missed_note", "on_the_door"),
        an_entry("talk", "left_door_at", "2026-11-23T09:20:00+08:00"),
    ]  # fmt: skip
    found = progress(checklist, noted)
    assert found.complete
    assert found.ended_early
    assert [step.state for step in found.steps] == ["done", "done"] + ["not_needed"] * 6
    assert not may_begin(checklist, "work", noted)


@both
def test_being_let_in_after_all_takes_the_visit_up_again(checklist: Checklist) -> None:
    corrected = [*a_visit(checklist, {("talk", "access"): "nobody_home"}), an_entry("talk", "access", "let_in", 99)]
    assert progress(checklist, corrected).complete
    assert not progress(checklist, corrected).ended_early


@both
def test_a_turned_away_technician_says_why(checklist: Checklist) -> None:
    assert missing_keys(checklist, {("talk", "access"): "turned_away"}) == {"turned_away_reason", "left_door_at"}


@pytest.mark.parametrize("why", ["not_agreed", "not_possible"])
def test_an_installation_that_cannot_go_ahead_says_why_and_is_still_left_clean_and_signed(why: str) -> None:
    stopped = [
        e for e in a_visit(INSTALL, {("work", "go_ahead"): why}) if e.step not in ("proof", "file", "guide", "remind")
    ]
    assert {m.key for m in missing_for_seal(INSTALL, stopped)} == {"no_go_reason"}
    explained = [*stopped, an_entry("work", "no_go_reason", "管道不通，转派管线班组")]
    found = progress(INSTALL, explained)
    assert [step.state for step in found.steps] == ["done"] * 3 + ["not_needed"] * 4 + ["done"]
    assert not found.ended_early
    unsigned = [entry for entry in explained if entry.key != "customer_signature"]
    assert progress(INSTALL, unsigned).next_step == "leave"


def test_a_fault_on_the_network_side_needs_no_reading_at_the_home() -> None:
    changed = {("file", "rx_power"): ..., ("proof", "outcome_reason"): "区域光缆中断"}
    assert missing_keys(REPAIR, changed | {("proof", "outcome"): "network_side"}) == set()
    assert missing_keys(REPAIR, changed | {("proof", "outcome"): "not_fixed"}) == {"rx_power"}


def test_a_login_that_failed_is_recorded_as_such_and_needs_no_invented_speed() -> None:
    failed = {
        ("proof", "login"): "failed", ("proof", "download"): ..., ("proof", "upload"): ...,
        ("file", "packet_loss"): ...,
        ("file", "link_rate"): ..., ("file", "onu_state"): ..., ("proof", "rx_power"): ..., ("file", "device"): ...,
        ("proof", "outcome"): "not_working", ("file", "baseline"): ...,
    }  # fmt: skip
    assert missing_keys(INSTALL, failed) == {"outcome_reason"}
    assert missing_keys(INSTALL, failed | {("proof", "outcome_reason"): "局端故障，已转派"}) == set()


@pytest.mark.parametrize("level", ["beginner", "everyday", "expert"])
def test_guidance_follows_the_customers_experience(level: str) -> None:
    changed = {("guide", "experience"): level, ("guide", "guided_everyday"): ...}
    assert missing_keys(INSTALL, changed) == {f"guided_{level}"}


@pytest.mark.parametrize(
    ("consent", "missing"), [(True, set()), (False, {"account_note_consent"}), (..., {"account_note_consent"})]
)
def test_the_account_goes_on_the_sticky_note_only_with_consent(consent: Any, missing: set[str]) -> None:
    changed = {("guide", "sticky_note"): "with_account", ("guide", "account_note_consent"): consent}
    assert missing_keys(INSTALL, changed) == missing


def test_a_timed_tariff_needs_the_word_about_the_router() -> None:
    assert missing_keys(INSTALL, {("remind", "timed_tariff"): True}) == {"router_off_told"}


def test_a_photo_is_asked_only_where_the_customer_agrees() -> None:
    assert missing_keys(INSTALL, {("leave", "photo_agreed"): True}) == {"after_photos"}


# -- answers that do not do ------------------------------------------------------------------------------------------


@both
def test_a_no_where_it_must_be_yes_does_not_do(checklist: Checklist) -> None:
    [missing] = missing_for_seal(checklist, a_visit(checklist, {("appointment", "background_read"): False}))
    assert (missing.key, missing.why) == ("background_read", "must_be_yes")


@both
def test_a_list_lacking_what_must_be_ticked_does_not_do(checklist: Checklist) -> None:
    [missing] = missing_for_seal(checklist, a_visit(checklist, {("talk", "explained"): ["rules", "coverage"]}))
    assert (missing.key, missing.why) == ("explained", "must_be_ticked")


@both
def test_a_flawed_answer_counts_as_missing_and_says_why(checklist: Checklist) -> None:
    [missing] = missing_for_seal(checklist, a_visit(checklist, {("talk", "shoe_covers"): "slippers"}))
    assert (missing.key, missing.why, missing.flaws[0].code) == ("shoe_covers", "flawed", "not_an_option")
    assert missing.words.zh == "没有这个选项，请重新选择。"


@both
def test_a_flaw_where_nothing_is_required_is_shown_and_does_not_block(checklist: Checklist) -> None:
    found = progress(checklist, a_visit(checklist, {("leave", "comment"): "\x00"}))
    assert found.complete
    assert [problem.key for problem in found.flawed] == ["comment"]


def test_every_symptom_told_at_the_home_is_watched() -> None:
    changed = {("talk", "symptoms"): ["no_internet", "灯一直闪", "slow"]}
    assert missing_keys(REPAIR, changed) == {"symptoms_watched"}


def test_every_symptom_of_the_work_order_is_watched_too() -> None:
    assert missing_keys(REPAIR, {}, AnswerContext(reported_symptoms=("no_internet",))) == set()
    assert missing_keys(REPAIR, {}, AnswerContext(reported_symptoms=("tv_trouble",))) == {"symptoms_watched"}


@both
def test_a_customer_may_refuse_to_sign_and_decline_to_rate(checklist: Checklist) -> None:
    refused = {
        ("leave", "customer_signature"): {"refused": True, "reason": "要等家人回来"},
        ("leave", "conduct_rating"): "declined", ("leave", "overall_rating"): "declined",
    }  # fmt: skip
    assert missing_keys(checklist, refused) == set()


@both
def test_the_technician_may_not_refuse_to_sign(checklist: Checklist) -> None:
    changed = {("leave", "technician_signature"): {"refused": True, "reason": "忙"}}
    assert missing_keys(checklist, changed) == {"technician_signature"}


# -- late filing -----------------------------------------------------------------------------------------------------

LATER = {("file", "filed_when"): "at_station", ("file", "fault_cause"): ..., ("file", "actions"): ...}


def test_a_repair_file_noted_by_hand_is_owed_later_and_holds_nothing_up() -> None:
    found = progress(REPAIR, a_visit(REPAIR, LATER))
    assert found.complete
    assert found.step("file").state == "later"
    assert found.step("guide").state == "done"
    assert {missing.key for missing in found.owed_later} == {"fault_cause", "actions"}
    assert missing_keys(REPAIR, LATER) == set()


def test_a_repair_file_that_is_to_be_entered_on_site_blocks() -> None:
    assert missing_keys(REPAIR, LATER | {("file", "filed_when"): "on_site"}) == {"fault_cause", "actions"}


def test_not_saying_when_it_is_filed_blocks() -> None:
    assert "filed_when" in missing_keys(REPAIR, LATER | {("file", "filed_when"): ...})


def test_what_is_entered_after_leaving_is_late_and_what_came_before_is_not() -> None:
    visit = a_visit(REPAIR, LATER)
    left = next(entry.at for entry in visit if entry.key == "left_at")

    def late(moment: datetime, key: str = "fault_cause", others: list[Entry] = visit) -> bool:
        entry = Entry("late", "file", key, "connector", moment)
        return is_late(REPAIR, entry, [*others, entry])

    assert not late(left)
    assert late(left + timedelta(seconds=1))
    assert not late(left + timedelta(seconds=1), others=a_visit(REPAIR))  # to be filed on site: not this rule's matter
    assert not is_late(REPAIR, an_entry("talk", "shoe_covers", "worn", 999), visit)


def test_progress_counts_sound_answers_among_those_asked() -> None:
    step = progress(INSTALL, a_visit(INSTALL)).step("remind")
    assert (step.answered, step.asked) == (2, 3)  # the date of the password change is asked and left open

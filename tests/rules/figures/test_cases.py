"""Orders in their limits, complaints in their clocks, and what makes a record complete."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from checklists.kit_v1 import KIT_V1
from dispatch.care.complaints.clocks import Clock
from dispatch.kpis.case_rules import complaint_in_time, order_in_limit, order_limit
from dispatch.kpis.definitions import BY_KEY, FIGURES
from dispatch.kpis.loading import last_said
from dispatch.kpis.record_rules import always_asked, handed_in, said_on_site
from dispatch.kpis.saying import SECTIONS
from dispatch.kpis.tables import figure_rows
from dispatch.kpis.visit_rules import Handed, Said
from tests.makers import NOON

HOUR, DAY, SECOND = timedelta(hours=1), timedelta(days=1), timedelta(seconds=1)


def test_a_repair_has_its_published_time_and_an_installation_its_deadline() -> None:
    assert order_limit("repair", NOON, None, repaired_within=48 * HOUR) == NOON + 48 * HOUR
    assert order_limit("install", NOON, NOON + DAY, repaired_within=48 * HOUR) == NOON + DAY
    assert order_limit("install", NOON, None, repaired_within=48 * HOUR) is None


def test_an_order_counts_when_its_limit_has_passed() -> None:
    assert order_in_limit(NOON, NOON - DAY, "done", NOON).value is None
    assert order_in_limit(NOON, NOON - DAY, "done", NOON).look_again == NOON
    assert order_in_limit(NOON, NOON, "done", NOON + SECOND).value == 1
    assert order_in_limit(NOON, NOON + SECOND, "done", NOON + DAY).value == 0
    assert order_in_limit(NOON, None, "open", NOON + SECOND).value == 0
    assert order_in_limit(NOON, None, "cancelled", NOON + DAY).value is None


def clocks(solved: timedelta | None = timedelta(0)) -> list[list[Clock]]:
    due = NOON + 7 * DAY
    met = None if solved is None else due + solved
    return [[Clock("answer", NOON + 2 * DAY, NOON), Clock("solve", due, met), Clock("final", NOON + 15 * DAY, due)]]


def test_a_complaint_is_in_time_when_every_clock_was_kept() -> None:
    final, after = NOON + 15 * DAY, NOON + 15 * DAY + SECOND
    assert complaint_in_time(clocks(), final, None, "closed", final).value is None
    assert complaint_in_time(clocks(), final, None, "closed", final).look_again == final
    assert complaint_in_time(clocks(), final, None, "closed", after).value == 1
    assert complaint_in_time(clocks(SECOND), final, None, "closed", after).value == 0
    assert complaint_in_time(clocks(None), final, None, "answered", after).value == 0
    assert complaint_in_time(clocks(SECOND), final, None, "withdrawn", after).value is None


def test_an_appeals_clocks_count_too_and_the_last_of_all_decides_when() -> None:
    second = [Clock("answer", NOON + 20 * DAY, NOON + 21 * DAY)]
    rounds = [*clocks(), second]
    assert complaint_in_time(rounds, NOON + 15 * DAY, None, "closed", NOON + 20 * DAY).value is None
    assert complaint_in_time(rounds, NOON + 15 * DAY, None, "closed", NOON + 22 * DAY).value == 0


@pytest.fixture
def body() -> dict[str, Any]:
    """Of a record's body what completeness asks for, all of it there. A real one goes through in tests/journeys."""
    asked = always_asked("visit_repair@2")
    return {
        "visit": {"checklist": "visit_repair@2"},
        "steps": [
            {"key": step, "entries": [{"key": key, "flags": []} for s, key in sorted(asked) if s == step]}
            for step in sorted({step for step, _ in asked})
        ],
        "kit": [{"key": item.key, "carried": True} for item in KIT_V1],
        "repair": {"fault_type": "line", "fault_cause": "bend", "actions": ["splice"]},
        "signatures": [{"who": who, "strokes_sha256": "a" * 64} for who in ("customer", "technician")],
        "measurements": [{"name": "onu_rx_power"}],
        "rating": {},
    }


def test_a_whole_record_is_whole(body: dict[str, Any]) -> None:
    assert handed_in(body) == Handed(checklist=True, kit=True, record=True)


def test_each_gap_shows_in_its_own_figure(body: dict[str, Any]) -> None:
    body["steps"][0]["entries"].pop()
    assert handed_in(body) == Handed(checklist=False, kit=True, record=True)


def test_a_flag_is_a_gap_of_the_checklist(body: dict[str, Any]) -> None:
    body["steps"][0]["entries"][0]["flags"] = [{"zh": "x", "en": "x"}]
    assert handed_in(body).checklist is False


def test_a_missing_item_is_a_gap_of_the_kit_even_with_a_reason(body: dict[str, Any]) -> None:
    body["kit"][3] |= {"carried": False, "reason": "用完"}
    assert handed_in(body) == Handed(checklist=True, kit=False, record=True)


def test_a_refused_signature_no_measurement_or_no_cause_is_a_gap_of_the_record(body: dict[str, Any]) -> None:
    spoilers: list[Callable[[dict[str, Any]], None]] = [
        lambda one: one["signatures"][0].update(strokes_sha256=None),
        lambda one: one["measurements"].clear(),
        lambda one: one["repair"].update(fault_cause=None),
    ]
    for spoil in spoilers:
        spoiled = json.loads(json.dumps(body))
        spoil(spoiled)
        assert handed_in(spoiled) == Handed(checklist=True, kit=True, record=False)


def test_what_was_said_on_site_is_read_from_the_record(body: dict[str, Any]) -> None:
    body["rating"] = {"overall": 4, "conduct": None, "recommend": None}
    assert (said_on_site(body).overall, said_on_site(body).conduct) == (4, None)


def test_every_figure_has_its_column_its_section_and_both_languages() -> None:
    shown = [key for _, keys in SECTIONS for key in keys]
    assert sorted(shown) == sorted(BY_KEY)
    for one in FIGURES:
        assert one.value in figure_rows.c
        assert one.of_value is None or one.of_value in figure_rows.c
        assert one.definition.zh
        assert one.definition.en


def test_the_page_of_definitions_says_what_the_product_says() -> None:
    page = (Path(__file__).parents[3] / "docs" / "figures.md").read_text()
    for one in FIGURES:
        assert f"| {one.name.en} {one.name.zh} (`{one.key}`) |" in page
        assert f"| {one.definition.en} | {one.source.en} |" in page


def test_the_last_word_on_each_question_counts_and_at_one_moment_that_to_a_person_who_called() -> None:
    site, link, call = Said(3, 3, None), Said(4, None, 9), Said(None, 5, 2, "no")
    assert last_said([(NOON, site), (NOON + HOUR, link), (NOON + DAY, call)]) == Said(4, 5, 2, "no")
    assert last_said([(NOON, site), (NOON + DAY, link), (NOON + HOUR, call)]) == Said(4, 5, 9, "no")
    assert last_said([(NOON, site), (NOON + HOUR, link), (NOON + HOUR, call)]).recommend == 2
    assert last_said([]) == Said()

"""Past repairs in the database, on both engines: filed once, counted right, found by signs and by words."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa

from dispatch.database import Database
from dispatch.health_files.filing import NewCase, file_cases
from dispatch.health_files.places import Place
from dispatch.health_files.sealed_repairs import index_unindexed
from dispatch.health_files.signs import Looks
from dispatch.health_files.similar import WhatHelped, search_repairs, what_helped
from dispatch.health_files.words_index import find_words
from dispatch.settings import Settings
from tests.makers import NOON, a_turn, some_settings
from tests.repair_city import asked_again, repairs

DAY = timedelta(days=1)
DROPS = Looks(symptoms=["drops", "晚上老是断"], dial_codes=[651])
HERE = Place(uuid4(), "SP-1", "某路1号楼")


def a_case(days_ago: float = 10, cause: str = "connector", **more: object) -> NewCase:
    facts: dict[str, object] = {
        "visit_id": uuid4(),
        "record": f"SR-{uuid4().hex[:8]}",
        "at": NOON - days_ago * DAY,
        "place": Place(uuid4()),
        "looks": DROPS,
        "cause": cause,
        "actions": ["cleaned"],
    }
    return NewCase(**(facts | more))  # type: ignore[arg-type]


def filed(database: Database, *cases: NewCase) -> None:
    with database.writing() as session:
        file_cases(session, cases)


def asked(database: Database, looks: Looks = DROPS, place: Place = HERE) -> WhatHelped:
    with database.reading() as session:
        return what_helped(session, looks, place, NOON)


def counts(database: Database) -> dict[tuple[str, str], int]:
    with database.reading() as session:
        rows = session.execute(sa.text("SELECT sign, cause, cases FROM fault_signs WHERE cases <> 0"))
        return {(sign, cause): cases for sign, cause, cases in rows}


def test_a_filed_repair_counts_its_signs_once(database: Database) -> None:
    filed(database, a_case())
    assert counts(database)["*", "connector"] == 1
    assert counts(database)["s:drops", "connector"] == 1
    assert counts(database)["helped:cleaned", "connector"] == 1


def test_a_corrected_record_takes_the_place_of_the_first(database: Database) -> None:
    case = a_case()
    filed(database, case)
    filed(database, replace(case, record="SR-2", cause="account", actions=["account"]))
    assert {cause for _, cause in counts(database)} == {"account"}
    with database.reading() as session:
        assert [one.record for one in search_repairs(session, ["老是"])] == ["SR-2"]


@pytest.mark.parametrize(("days", "helped"), [(29.9, False), (30.1, True)])
def test_a_repair_within_thirty_days_says_that_the_last_one_had_not_helped(
    database: Database, days: float, helped: bool
) -> None:
    first = a_case(days + 1, place=HERE)
    filed(database, first)
    filed(database, a_case(1, place=HERE, outcome="improved"))
    tried = counts(database)
    assert tried["did:cleaned", "connector"] == 1
    assert (("helped:cleaned", "connector") in tried) is helped
    last = next(one for one in asked(database).past if one.record == first.record)
    assert (last.helped, last.came_back_at is not None) == (helped, not helped)


def test_the_same_holds_within_one_batch(database: Database) -> None:
    filed(database, a_case(20, place=HERE), a_case(1, place=HERE))
    assert counts(database)["helped:cleaned", "connector"] == 1
    assert counts(database)["did:cleaned", "connector"] == 2


def test_an_unknown_cause_is_kept_and_found_but_not_counted(database: Database) -> None:
    filed(database, a_case(cause="unknown", place=HERE))
    assert counts(database) == {}
    answer = asked(database)
    assert (answer.known, answer.candidates) == (0, ())
    assert [one.cause for one in answer.past] == ["unknown"]


def test_this_line_then_the_splitter_then_the_building_then_the_city(database: Database) -> None:
    near = {
        "line": HERE,
        "splitter": Place(uuid4(), "SP-1", "别的楼"),
        "building": Place(uuid4(), "SP-9", "某路1号楼"),
        "signs": Place(uuid4(), "SP-8", "远处"),
    }
    filed(database, *(a_case(place=place) for place in near.values()))
    assert [one.link for one in asked(database).past] == list(near)


def test_a_neighbour_of_later_is_not_known_yet(database: Database) -> None:
    filed(database, a_case(-1, place=HERE))
    with database.reading() as session:
        later = what_helped(session, DROPS, HERE, NOON + 2 * DAY)
        now = what_helped(session, Looks(), HERE, NOON)
    assert [one.link for one in later.past] == ["line"]
    assert now.past == ()


def test_words_are_found_whatever_is_in_them(database: Database) -> None:
    odd = "AND \"near\" 'OR' * 光猫\\红灯 NOT(𬭎)"
    filed(database, a_case(looks=Looks(symptoms=[odd])), a_case())
    with database.reading() as session:
        assert len(find_words(session, ["光猫", "红灯"], 9)) == 1
        assert len(find_words(session, ["and", "near", "not"], 9)) == 1
        for hostile in (['"'], ["'"], ["a' | 'b"], ["\\"], ["*"], ["x OR y"]):
            assert find_words(session, hostile, 9) == []
        assert find_words(session, [], 9) == []


def test_what_no_search_finds_after_a_restore_is_made_findable_again(database: Database, tmp_path: object) -> None:
    filed(database, *(a_case() for _ in range(3)))
    settings: Settings = some_settings(tmp_path, "sqlite://")  # type: ignore[arg-type]
    with database.writing() as session:
        session.execute(sa.text("DELETE FROM repair_words"))
        assert search_repairs(session, ["老是"]) == []
        assert index_unindexed(a_turn(session, settings)) == 3
        assert len(search_repairs(session, ["老是"])) == 3
        assert index_unindexed(a_turn(session, settings)) == 0


def test_the_right_cause_is_among_the_first_three_for_most_of_a_made_up_city(database: Database) -> None:
    """The small size of benchmarks/similar_faults.py: 4,000 known repairs, 250 asked about."""
    city = repairs(4_250, seed=11)
    with database.writing() as session:
        file_cases(session, [one.case for one in city[:4_000]])
    hits = usual = 0
    for one in city[4_000:]:
        looks, place = asked_again(one)
        with database.reading() as session:
            answer = what_helped(session, looks, place, one.case.at)
        hits += one.truth in [candidate.ranked.cause for candidate in answer.candidates]
        usual += one.truth in ("connector", "our_device", "customer_device")
    assert hits >= 0.72 * 250
    assert hits > 1.5 * usual

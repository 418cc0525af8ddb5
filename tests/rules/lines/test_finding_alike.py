"""What makes two faults alike: words, signs, and the ranking of causes. No database."""

import math

import pytest

from checklists.measurement_limits import MeasuringContext
from dispatch.health_files.bigrams import words_in
from dispatch.health_files.places import building_of
from dispatch.health_files.ranking import ALL, Neighbour, likeness, rank
from dispatch.health_files.reasons import about, reason_words
from dispatch.health_files.signs import Looks, known_symptom, sign_words, signs_of
from dispatch.health_files.words_index import token_of

GPON = MeasuringContext(access="gpon_b", subscribed_down=1000, subscribed_up=100)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("晚上掉线", ["晚上", "上掉", "掉线"]),
        ("慢", ["慢"]),
        ("晚上 WiFi 掉线", ["晚上", "wifi", "掉线"]),
        ("ＷＩＦＩ６５１", ["wifi651"]),
        ("掉线，掉线！", ["掉线"]),
        ("𬭎路𬭎", ["𬭎路", "路𬭎"]),
        ("'; DROP TABLE x; --", ["drop", "table", "x"]),
        ("", []),
        ("——！？", []),
    ],
)
def test_chinese_is_cut_into_pairs_and_the_rest_as_it_is_spelled(text: str, words: list[str]) -> None:
    assert words_in(text) == words


def test_a_pasted_log_does_not_make_thousands_of_words() -> None:
    assert len(words_in("".join(chr(0x4E00 + n) for n in range(3000)))) == 200
    assert max(map(len, words_in("a" * 5000))) == 30


@pytest.mark.parametrize(
    ("address", "building"),
    [
        ("上海市浦东新区张江镇龘园路88弄3号楼1202室（㛃湾小区）", "上海市浦东新区张江镇龘园路88弄3号楼"),
        ("盛夏路743弄书香名邸16号楼403室", "盛夏路743弄书香名邸16号楼"),
        ("张江路10弄5号301室", "张江路10弄5号"),
        ("人民路 5 号院 2 栋 301", "人民路5号院2栋"),
        ("某路12号", "某路12号"),
        ("天山小区", None),
        ("", None),
    ],
)
def test_the_building_is_read_from_the_address(address: str, building: str | None) -> None:
    assert building_of(address) == building


def test_a_symptom_is_known_by_value_or_label_and_else_the_customers_own_words() -> None:
    assert known_symptom("drops") == known_symptom("经常掉线") == known_symptom("Connection drops") == "drops"
    assert known_symptom("老是断") is None


def test_signs_tell_symptoms_codes_light_device_and_words_and_nothing_that_was_not_told() -> None:
    looks = Looks(
        symptoms=["经常掉线", "晚上断"],
        dial_codes=[678],
        found={"onu_rx_power": -25.5},
        baseline={"onu_rx_power": -19.0},
        context=GPON,
        device_model="HG-8245 Q2",
    )
    assert signs_of(looks) == [
        "s:drops", "d:651", "m:onu_rx_power:warn", "u:onu_rx_power:3", "a:gpon_b", "v:hg8245q2", "w:晚上", "w:上断",
    ]  # fmt: skip
    assert signs_of(Looks()) == []
    assert signs_of(Looks(found={"onu_rx_power": "LO"}, context=GPON)) == ["m:onu_rx_power:LO", "a:gpon_b"]
    assert signs_of(Looks(found={"onu_rx_power": 500})) == []  # cannot be


def test_every_sign_can_be_said_in_both_languages() -> None:
    for sign in (
        "s:drops",
        "d:651",
        "d:9",
        "m:onu_rx_power:LO",
        "u:onu_rx_power:4",
        "a:xgs",
        "v:hg",
        "w:掉线",
        "m:x:y",
    ):
        assert sign_words(sign).zh
        assert sign_words(sign).en


def test_signs_become_words_that_no_text_contains_and_no_two_are_the_same() -> None:
    signs = ["s:drops", "m:onu_rx_power:LO", "m:onu_rx:power_LO", "u:onu_rx_power:1", "d:651", "v:猫1"]
    tokens = [token_of(sign) for sign in signs]
    assert len(set(tokens)) == len(signs)
    assert all(token.isalnum() for token in tokens)


COUNTS = {
    ALL: {"connector": 60, "account": 40},
    "d:691": {"connector": 2, "account": 28},
    "m:onu_rx_power:warn": {"connector": 40, "account": 2},
    "s:drops": {"connector": 30, "account": 20},
}


def test_without_signs_the_usual_cause_comes_first() -> None:
    assert [one.cause for one in rank([], COUNTS)] == ["connector", "account"]


def test_a_telling_sign_outweighs_what_is_usual_and_says_so() -> None:
    first = rank(["d:691"], COUNTS)[0]
    assert first.cause == "account"
    assert (first.reasons[0].what, first.reasons[0].seen, first.reasons[0].fitting) == ("d:691", 30, 28)
    assert "30 例中 28 例（93%）" in reason_words(first.reasons[0]).zh


def test_a_sign_that_is_as_common_with_every_cause_is_no_reason() -> None:
    assert rank(["s:drops"], COUNTS)[0].reasons == ()


def test_a_sign_that_was_never_seen_changes_nothing() -> None:
    assert rank(["d:797"], COUNTS) == rank([], COUNTS)


def test_what_failed_next_door_this_week_outweighs_the_city_and_what_failed_long_ago_does_not() -> None:
    signs = frozenset({"s:drops"})

    def first(days: float) -> str:
        near = [Neighbour("splitter", days, "account", signs) for _ in range(3)]
        return rank(["s:drops"], COUNTS, near)[0].cause

    assert first(1) == "account"
    assert first(59) == "connector"


def test_a_neighbour_that_looked_quite_different_counts_less() -> None:
    def score(signs: set[str]) -> float:
        near = [Neighbour("line", 10, "account", frozenset(signs))]
        return next(one.score for one in rank(["s:drops"], COUNTS, near) if one.cause == "account")

    assert score({"s:drops"}) > score({"s:los_lamp"})


def test_an_unknown_cause_is_never_proposed_and_speaks_for_nothing() -> None:
    counts = {ALL: {"unknown": 900, "connector": 1}, "s:drops": {"unknown": 900, "connector": 1}}
    near = [Neighbour("line", 1, "unknown", frozenset({"s:drops"}))] * 5
    assert [one.cause for one in rank(["s:drops"], counts, near)] == ["connector"]
    assert math.isfinite(rank(["s:drops"], counts, near)[0].score)


def test_nothing_known_gives_no_answer() -> None:
    assert rank(["s:drops"], {}) == []


def test_likeness_is_the_share_of_shared_signs_without_words_and_devices() -> None:
    assert likeness(frozenset({"s:a", "d:1"}), frozenset({"s:a", "d:2"})) == pytest.approx(1 / 3)
    assert likeness(frozenset({"s:a", "w:x"}), frozenset({"s:a", "v:y"})) == 1
    assert likeness(frozenset(), frozenset({"s:a"})) == 0.5


@pytest.mark.parametrize(("count", "told"), [(0, "0"), (99, "99"), (100, "100"), (109, "100"), (2345, "2300")])
def test_large_counts_are_told_with_two_digits(count: int, told: str) -> None:
    assert about(count) == told

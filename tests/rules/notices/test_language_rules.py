"""The rules of language: our own texts break none, and each rule finds the text that breaks it."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from dispatch.notices import language_rules, phrases
from dispatch.notices.language_rules import Finding, findings, findings_in_note, stops
from dispatch.notices.phrases import PHRASES, phrases_in, phrases_of
from dispatch.notices.samples import LONGEST_LINK, LONGEST_VOICE, longest_facts
from dispatch.notices.texts import NAMES, SECTIONS, Texts, texts_in_house
from dispatch.notices.variables import VARIABLES_OF, units
from dispatch.notices.wording import worded_as

BOTH = pytest.mark.parametrize("language", ["zh", "en"])
EVERY = pytest.mark.parametrize("name", NAMES)


def rules_of(found: tuple[Finding, ...]) -> set[tuple[str, str, str]]:
    return {(one.rule, one.severity, one.section) for one in found}


def broken(name: str, language: str, section: str, *swaps: tuple[str, str], add: str = "") -> set[tuple[str, str, str]]:
    """What is found when our own text is changed in one section; each swap must really change it."""
    ours = texts_in_house(name, language)
    text = getattr(ours, section)
    for old, new in swaps:
        assert old in text, f"{old} is not in our text any more"
        text = text.replace(old, new)
    return rules_of(findings(name, language, replace(ours, **{section: text + add})))


@EVERY
@BOTH
def test_our_own_texts_break_no_rule(name: str, language: str) -> None:
    assert findings(name, language, texts_in_house(name, language)) == ()


@EVERY
@BOTH
def test_our_own_texts_stay_within_500_characters_with_the_longest_facts(name: str, language: str) -> None:
    texts = texts_in_house(name, language)
    longest = worded_as(name, texts, language, longest_facts(name), LONGEST_VOICE, LONGEST_LINK, True)
    assert units(longest.sms) <= 500


@pytest.mark.parametrize("section", ["sms", "mail", "call"])
def test_a_missing_salutation_is_found(section: str) -> None:
    stop = {("salutation", "stop", section)}
    zh = [("尊敬的{{ customer }}，您好！", "{{ customer }}：")] if section != "call" else [("您好，", "")]
    assert broken("booked", "zh", section, *zh) == stop
    en = [("Dear", "To")] if section != "call" else [("Hello, am", "Am")]
    assert broken("booked", "en", section, *en) == stop


def test_a_salutation_at_the_end_is_none() -> None:
    assert broken("booked", "zh", "call", ("您好，", ""), add="您好。") == {("salutation", "stop", "call")}


@pytest.mark.parametrize("section", ["sms", "subject", "mail", "call"])
def test_the_informal_you_is_found(section: str) -> None:
    assert broken("booked", "zh", section, add="等你") == {("informal_you", "stop", section)}


def test_a_call_that_does_not_say_who_is_calling_is_found() -> None:
    assert broken("booked", "zh", "call", ("{{ company }}", "客服")) == {("missing_company", "stop", "call")}
    assert broken("booked", "en", "call", ("{{ company }}", "us")) == {("missing_company", "stop", "call")}


def test_an_sms_without_a_way_to_answer_is_found() -> None:
    swaps = [("{{ link }}", ""), ("{{ company_phone }}", "")]
    assert broken("on_the_way", "zh", "sms", *swaps) == {("no_way_back", "stop", "sms")}
    assert broken("on_the_way", "zh", "sms", swaps[0]) == set()
    assert broken("on_the_way", "zh", "sms", swaps[1]) == set()
    assert broken("no_access", "zh", "sms", swaps[0]) == {("missing_link", "stop", "sms")}


@pytest.mark.parametrize("name", ["moved", "cancelled", "running_late", "outage"])
@pytest.mark.parametrize("section", ["sms", "mail", "call"])
@BOTH
def test_a_change_by_the_company_without_its_reason_is_found(name: str, section: str, language: str) -> None:
    found = broken(name, language, section, ("{{ reason }}", "天气" if language == "zh" else "weather"))
    assert found == {("missing_reason", "stop", section)}


@pytest.mark.parametrize("name", ["moved", "cancelled", "running_late", "technician_changed", "outage", "outage_fault"])
@pytest.mark.parametrize("section", ["sms", "mail", "call"])
def test_a_change_by_the_company_without_an_apology_is_found(name: str, section: str) -> None:
    zh, en = getattr(texts_in_house(name, "zh"), section), getattr(texts_in_house(name, "en"), section)
    swaps = [(word, "") for word in ("抱歉", "敬请谅解") if word in zh]
    assert broken(name, "zh", section, *swaps) == {("apology", "stop", section)}
    swaps = [(word, "") for word in ("We apologise", "I apologise", "sorry") if word in en]
    assert broken(name, "en", section, *swaps) == {("apology", "stop", section)}


@pytest.mark.parametrize("name", ["moved_asked", "cancelled_asked", "booked", "reminder"])
def test_what_the_customer_asked_for_needs_no_apology(name: str) -> None:
    assert "抱歉" not in texts_in_house(name, "zh").sms


@pytest.mark.parametrize("section", ["sms", "mail", "call"])
def test_a_move_without_its_new_or_its_old_time_is_found(section: str) -> None:
    assert broken("moved", "zh", section, ("{{ when }}", "明天")) == {("missing_when", "stop", section)}
    assert broken("moved", "zh", section, ("{{ old_when }}", "今天")) == {("missing_old_when", "stop", section)}
    assert broken("moved_asked", "en", section, ("{{ when }}", "soon")) == {("missing_when", "stop", section)}


@EVERY
@BOTH
@pytest.mark.parametrize("section", ["sms", "mail", "call"])
def test_every_fact_that_a_text_needs_is_missed(name: str, language: str, section: str) -> None:
    for variable in language_rules._needed(name, section):
        assert variable in VARIABLES_OF[name]
        word = "某" if language == "zh" else "it"
        found = broken(name, language, section, (f"{{{{ {variable} }}}}", word))
        assert (f"missing_{variable}", "stop", section) in found


@pytest.mark.parametrize("place", ["{{ nobody }}", "{{ old_when }}", "{{ facts }}"])
def test_a_variable_that_there_is_not_is_found(place: str) -> None:
    assert broken("booked", "zh", "mail", add=place) == {("unknown_variable", "stop", "mail")}


@pytest.mark.parametrize(
    "braces", ["{{ customer", "{customer}", "{% if x %}", "{{ a.b }}", "{{ a|b }}", "{# x #}", "}}"]
)
def test_braces_that_are_no_variable_are_found(braces: str) -> None:
    assert broken("booked", "zh", "call", add=braces) == {("placeholder", "stop", "call")}


def test_a_text_of_too_many_parts_is_found() -> None:
    """131 characters with usual facts: 70 more are still three parts, 137 more still four."""
    assert broken("booked", "zh", "sms", add="。" * 70) == set()
    assert broken("booked", "zh", "sms", add="。" * 71) == {("many_parts", "warn", "sms")}
    assert broken("booked", "zh", "sms", add="。" * 137) == {("many_parts", "warn", "sms")}
    assert broken("booked", "zh", "sms", add="。" * 138) == {("too_many_parts", "stop", "sms")}
    assert broken("booked", "en", "sms", add="." * 57) == set()
    assert broken("booked", "en", "sms", add="." * 58) == {("too_many_parts", "stop", "sms")}


def test_a_text_that_can_grow_beyond_500_characters_is_found() -> None:
    once = broken("moved", "zh", "sms", add="{{ reason }}")
    assert once == set()
    found = broken("moved", "zh", "sms", add="{{ reason }}{{ reason }}")
    assert ("too_long", "stop", "sms") in found


def test_a_subject_that_no_phone_shows_is_found() -> None:
    assert broken("booked", "zh", "subject", add="，" * 52) == set()
    assert broken("booked", "zh", "subject", add="，" * 53) == {("long_subject", "warn", "subject")}


@pytest.mark.parametrize("pile", ["！！", "！!", "?!", "！？"])
def test_piles_of_exclamation_marks_are_found(pile: str) -> None:
    assert broken("booked", "zh", "mail", add=f"好{pile}") == {("exclamations", "warn", "mail")}


@pytest.mark.parametrize("brackets", ["（", "）", "“", "(a]", "《（》）", "」"])
def test_brackets_without_their_partner_are_found(brackets: str) -> None:
    assert broken("booked", "zh", "mail", add=brackets) == {("brackets", "stop", "mail")}


def test_brackets_in_pairs_are_fine() -> None:
    assert broken("booked", "zh", "mail", add="（a“b”《c》）we're") == set()


@pytest.mark.parametrize("section", ["sms", "subject", "mail", "call"])
def test_a_second_signature_is_found(section: str) -> None:
    assert broken("booked", "zh", section, add="【某某】") == {("second_signature", "stop", section)}


@pytest.mark.parametrize("address", ["https://a.cn/x", "http://1.2.3.4", "www.a", "door.example.com", "t.cn/Ab3"])
def test_an_address_in_the_text_is_found(address: str) -> None:
    assert broken("booked", "zh", "sms", add=f" {address} ") == {("address", "stop", "sms")}


@pytest.mark.parametrize("text", ["24.5元", "10:30", "A.B"])
def test_what_only_has_a_dot_is_no_address(text: str) -> None:
    assert broken("booked", "zh", "mail", add=text) == set()


def test_a_text_in_the_wrong_language_is_found() -> None:
    ours, other = texts_in_house("booked", "zh"), texts_in_house("booked", "en")
    assert ("language", "stop", "call") in rules_of(findings("booked", "zh", replace(ours, call=other.call)))
    assert ("language", "stop", "sms") in rules_of(findings("booked", "en", replace(other, sms=ours.sms)))
    assert broken("booked", "en", "mail", add=" 谢谢") == {("language", "stop", "mail")}


def test_a_call_that_asks_nothing_or_does_not_thank_is_found() -> None:
    assert broken("booked", "zh", "call", ("方便吗？", "方便。")) == {("question", "warn", "call")}
    assert broken("booked", "en", "call", ("suit you?", "suit you.")) == {("question", "warn", "call")}
    assert broken("booked", "zh", "call", ("谢谢", "再见")) == {("thanks", "warn", "call")}
    assert broken("booked", "en", "call", ("Thank you.", "Goodbye.")) == {("thanks", "warn", "call")}
    assert broken("booked", "zh", "call", add="{{ link }}") == {("link_in_call", "warn", "call")}


@pytest.mark.parametrize("section", SECTIONS)
def test_an_empty_section_is_found(section: str) -> None:
    empty = replace(texts_in_house("booked", "zh"), **{section: "  "})
    assert rules_of(findings("booked", "zh", empty)) == {("empty", "stop", section)}


@pytest.mark.parametrize("hidden", ["\u202e", "\x00", "\ud800", "\x07"])
def test_hidden_characters_are_found(hidden: str) -> None:
    assert broken("booked", "zh", "mail", add=hidden) == {("unsafe", "stop", "mail")}


ALL_PHRASES = [(language, one.phrase) for language in ("zh", "en") for one in phrases_of(language)]


@pytest.mark.parametrize(("language", "phrase"), ALL_PHRASES)
def test_every_phrase_of_the_list_is_found_wherever_it_stands(language: str, phrase: str) -> None:
    known = next(one for one in phrases_of(language) if one.phrase == phrase)
    around = f"我们，{phrase}。" if language == "zh" else f"Well, {phrase.upper()}."
    found = phrases_in(around, language)
    assert any(phrase in one.phrase or one.phrase in phrase for one in found)
    rule, severity = "promotional" if known.promotional else "taboo", "warn" if known.warn else "stop"
    assert (rule, severity, "mail") in broken("booked", language, "mail", add=f" {around}")


def test_a_phrase_is_found_in_spite_of_spaces_and_curly_apostrophes() -> None:
    assert [one.phrase for one in phrases_in("这个我不 知\n道", "zh")] == ["不知道"]
    assert [one.phrase for one in phrases_in("I don\u2019t  know", "en")] == ["I don't know"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("zh", "如您当天没时间，请改约。天气原因请您谅解。"),
        ("en", "Our technicians discounted nothing; maybes are promotional."),
    ],
)
def test_what_only_looks_alike_is_no_phrase(language: str, text: str) -> None:
    assert phrases_in(text, language) == []


def test_the_list_says_why_and_what_to_say_instead() -> None:
    listed = json.loads(PHRASES.read_text(encoding="utf-8"))
    assert set(listed) == {"zh", "en"}
    for groups in listed.values():
        assert {"taboo", "advertising"} == {"advertising" if group.get("promotional") else "taboo" for group in groups}
        for group in groups:
            assert set(group) <= {"phrases", "why", "instead", "warn", "promotional"}
            assert group["phrases"]
            assert group["why"]
            assert group["instead"]
        all_said = [phrase for group in groups for phrase in group["phrases"]]
        assert len(all_said) == len(set(all_said))
        assert len(all_said) > 40
    assert {"不知道", "不归我管", "自己看着办", "没办法", "急什么"} <= {one.phrase for one in phrases_of("zh")}


def test_every_variable_has_a_name_for_people() -> None:
    assert set(language_rules.VARIABLE_WORDS) == set().union(*VARIABLES_OF.values())


def test_a_persons_note_is_read_by_the_same_rules() -> None:
    assert findings_in_note("客户在家，时间合适。", "zh") == ()
    assert rules_of(findings_in_note("不归我管，你自己看着办！！", "zh")) == {
        ("taboo", "stop", "note"),
        ("informal_you", "stop", "note"),
        ("exclamations", "warn", "note"),
    }
    assert rules_of(findings_in_note("Not my problem\u202e", "en")) == {
        ("taboo", "stop", "note"),
        ("unsafe", "stop", "note"),
    }


def test_every_finding_says_where_and_what_to_do() -> None:
    texts = Texts("你，http://a.cn【x】（{{ nobody }}{", "", "促销！！", "没办法")
    found = findings("moved", "zh", texts)
    assert {one.section for one in found} == set(SECTIONS)
    for one in found:
        assert one.words.zh.split("：")[0] in {"短信", "邮件主题", "邮件正文", "电话用语"}
        assert one.words.en.startswith("The ")
        assert len(one.words.zh) > 8
    assert stops(found) == tuple(one for one in found if one.severity == "stop")
    assert 0 < len(stops(found)) < len(found)


def test_the_list_is_data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    own = {"zh": [{"phrases": ["哈哈"], "why": "不庄重", "instead": "您好"}], "en": []}
    (tmp_path / "own.json").write_text(json.dumps(own), encoding="utf-8")
    monkeypatch.setattr(phrases, "PHRASES", tmp_path / "own.json")
    phrases_of.cache_clear()
    phrases._pattern.cache_clear()
    try:
        assert [one.instead for one in phrases_in("哈哈", "zh")] == ["您好"]
    finally:
        phrases_of.cache_clear()
        phrases._pattern.cache_clear()

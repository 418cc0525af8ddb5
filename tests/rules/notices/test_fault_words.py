"""An area's fault is told as what it is: down already, being repaired, expected back, and known to us."""

from dataclasses import replace

import pytest

from dispatch.notices.composing import voice_of
from dispatch.notices.language_rules import findings, stops
from dispatch.notices.texts import kind_of, name_of, texts_in_house
from dispatch.notices.wording import sms_parts, worded
from tests.rules.notices.made_notices import LINK, facts, settings

VOICE = voice_of(settings())
PAGE = "https://door.example.cn/outages/0df5d82d-efbf-49c5-817c-427af0c777bc"


def test_a_fault_is_said_in_other_words_than_planned_work() -> None:
    assert name_of("outage", {"outage_kind": "fault"}) == "outage_fault"
    assert name_of("outage", {"outage_kind": "planned"}) == name_of("outage", {}) == "outage"
    assert name_of("moved", {"outage_kind": "fault"}) == "moved"
    assert (kind_of("outage_fault"), kind_of("moved_asked"), kind_of("complaint_found")) == (
        "outage", "moved", "complaint_found",
    )  # fmt: skip


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_fault_is_told_as_one_that_is_being_repaired_and_need_not_be_reported(language: str) -> None:
    one = worded(
        texts_in_house("outage_fault", language), "outage", language, facts("outage_fault", language), VOICE, LINK
    )
    back, repairing, known = {
        "zh": ("11月23日（周一）11:00", "抢修", "无需"),
        "en": ("Mon 23 Nov, 11:00", "repair", "report"),
    }[language]
    for text in (one.sms, one.mail, one.call):
        assert all(part in text for part in (back, repairing, known))
        assert "07:00" not in text, "since when it is down, they know"
    assert LINK in one.sms
    assert {"zh": "暂停服务", "en": "will be off"}[language] not in one.sms + one.mail + one.call
    assert dict(one.rows)[{"zh": "预计恢复", "en": "Expected back"}[language]] == back


@pytest.mark.parametrize(("language", "most"), [("zh", 2), ("en", 3)])
def test_a_usual_message_about_a_fault_is_short(language: str, most: int) -> None:
    texts = texts_in_house("outage_fault", language)
    one = worded(texts, "outage", language, facts("outage_fault", language), VOICE, PAGE)
    assert sms_parts(one.sms) == most


@pytest.mark.parametrize("section", ["sms", "mail", "call"])
@pytest.mark.parametrize("variable", ["area", "back_when"])
def test_a_fault_without_its_area_or_when_it_is_expected_back_is_found(section: str, variable: str) -> None:
    texts = texts_in_house("outage_fault", "zh")
    text = getattr(texts, section)
    assert f"{{{{ {variable} }}}}" in text
    broken = replace(texts, **{section: text.replace(f"{{{{ {variable} }}}}", "近期")})
    assert [(one.rule, one.section) for one in stops(findings("outage_fault", "zh", broken))] == [
        (f"missing_{variable}", section)
    ]

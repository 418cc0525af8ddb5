"""What customers read: every kind, both languages, filled strictly and safely."""

from datetime import timedelta
from functools import reduce
from typing import Any

import pytest

from dispatch.notices.composing import compose, voice_of
from dispatch.notices.tables import KINDS
from dispatch.notices.texts import NAMES, Texts, kind_of, name_of, read_texts, texts_in_house, tidied
from dispatch.notices.variables import (
    VARIABLES,
    VARIABLES_OF,
    MissingFact,
    UnknownVariable,
    shortened,
    spoken_window,
    units,
)
from dispatch.notices.wording import PLACE, Worded, places_in, sms_parts, worded, worded_as
from tests.rules.notices.made_notices import LINK, NINE, ANotice, facts, settings, window

BOTH = pytest.mark.parametrize("language", ["zh", "en"])
EVERY = pytest.mark.parametrize("name", NAMES)


def said(name: str, language: str = "zh", *, reply_hint: bool = False, **more: Any) -> Worded:
    given = facts(name, language, **more)
    texts, voice = texts_in_house(name, language), voice_of(settings())
    return worded(texts, kind_of(name), language, given, voice, LINK, reply_hint=reply_hint)


def said_by(sms: str, name: str = "booked", **more: Any) -> Worded:
    texts = Texts(sms, "主题", "正文", "用语")
    return worded_as(name, texts, "zh", facts(name, **more), voice_of(settings()), LINK)


def test_every_kind_has_its_texts_and_no_text_is_left_over() -> None:
    assert {kind_of(name) for name in NAMES} == set(KINDS)
    assert set(VARIABLES_OF) == set(NAMES)
    assert set().union(*VARIABLES_OF.values()) == set(VARIABLES)


def test_what_the_customer_asked_for_is_said_in_other_words() -> None:
    assert name_of("moved", {"asked_by": "customer"}) == "moved_asked"
    assert name_of("cancelled", {"asked_by": "customer"}) == "cancelled_asked"
    assert name_of("moved", {"asked_by": "company"}) == "moved"
    assert name_of("booked", {"asked_by": "customer"}) == "booked"


@EVERY
@BOTH
def test_every_text_can_be_filled_and_fits_into_four_parts(name: str, language: str) -> None:
    for hint in (False, True):
        one = said(name, language, reply_hint=hint)
        assert one.sms.startswith("【装维上门】")
        assert sms_parts(one.sms) <= 4
        for text in (one.sms, one.subject, one.mail, one.call):
            assert text
            assert "{" not in text
            assert "None" not in text
        assert "\n" not in one.sms + one.subject + one.call


LONGER = {"moved", "running_late", "outage"}  # two times, or a reason and a time
LONGER |= {"complaint_answered", "complaint_offered", "complaint_settled", "complaint_result", "complaint_regulator"}


@EVERY
def test_a_usual_chinese_sms_takes_two_parts(name: str) -> None:
    assert sms_parts(said(name).sms) <= (3 if name in LONGER else 2)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("啊" * 70, 1),
        ("啊" * 71, 2),
        ("啊" * 134, 2),
        ("啊" * 135, 3),
        ("啊" * 160, 3),
        ("𬭎" * 35, 1),
        ("𬭎" * 35 + "啊", 2),
        ("", 1),
    ],
)
def test_parts_are_counted_as_gateways_count_them(text: str, parts: int) -> None:
    assert sms_parts(text) == parts


def test_a_confirmation_tells_who_when_for_what_and_how_to_change_it() -> None:
    for text in (said("booked").sms, said("booked").call):
        for part in ("王𬭎", "11月23日（周一）09:00–10:00", "宽带维修", "赵翀师傅（T-001）", "10000"):
            assert part in text
    assert LINK in said("booked").sms
    assert "提前两小时" in said("booked").mail


@BOTH
def test_a_move_by_the_company_names_the_reason_apologises_and_gives_both_times(language: str) -> None:
    one = said("moved", language, reason="道路封闭。")
    sorry, old, new = {
        "zh": ("抱歉", "11月23日（周一）14:00–16:00", "11月23日（周一）09:00–10:00"),
        "en": ("sorry", "Mon 23 Nov, 14:00–16:00", "Mon 23 Nov, 09:00–10:00"),
    }[language]
    for text in (one.sms, one.mail, one.call):
        assert all(part in text for part in (sorry, old, new, "道路封闭"))
        assert text.index(old) < text.index(new)
        assert "。，" not in text
        assert "。," not in text


@BOTH
def test_a_move_that_the_customer_asked_for_does_not_apologise(language: str) -> None:
    text = said("moved_asked", language).sms
    assert "抱歉" not in text
    assert "sorry" not in text


@pytest.mark.parametrize(
    ("typed", "read"), [("因为下雨", "下雨"), ("由于 停电！", "停电"), ("因特网割接", "因特网割接")]
)
def test_a_reason_is_said_once_however_it_was_typed(typed: str, read: str) -> None:
    assert f"因{read}，" in said("moved", reason=typed).sms


@pytest.mark.parametrize("reason", [None, "", " 。", "因为", 7])
def test_a_change_by_the_company_without_a_reason_is_not_said(reason: object) -> None:
    with pytest.raises(MissingFact, match="reason"):
        said("moved", reason=reason)


@pytest.mark.parametrize("reason", [None, ""])
def test_a_delay_that_the_product_saw_by_itself_has_a_reason_too(reason: object) -> None:
    assert "很抱歉，因行程延误，" in said("running_late", reason=reason).sms
    assert "due to a delay on the way, our technician" in said("running_late", "en", reason=reason).sms


def test_somebody_whom_we_do_not_know_yet_is_announced_as_such() -> None:
    assert "装维师傅（稍后告知）上门" in said("booked", technician=None, technician_code=None).sms
    assert "our technician (name to follow)" in said("booked", "en", technician=None, technician_code=None).sms
    assert "赵翀师傅上门" in said("booked", technician_code=None).sms


@pytest.mark.parametrize(
    ("minutes", "seconds", "told"),
    [(32, 29, "09:30"), (32, 30, "09:35"), (35, 0, "09:35"), (37, 29, "09:35"), (37, 30, "09:40"), (58, 0, "10:00")],
)
def test_an_arrival_is_told_to_five_minutes(minutes: int, seconds: int, told: str) -> None:
    at = NINE + timedelta(minutes=minutes, seconds=seconds)
    assert f"预计{told}左右到达" in said("on_the_way", predicted=at.isoformat()).sms
    assert f"expected at about {told}." in said("on_the_way", "en", predicted=at.isoformat()).sms


def test_an_arrival_on_another_day_says_which() -> None:
    at = (NINE + timedelta(hours=15, minutes=10)).isoformat()
    assert "预计11月24日（周二）00:10左右到达" in said("running_late", predicted=at).sms
    assert "expected at about 00:10 on Tue 24 Nov." in said("running_late", "en", predicted=at).sms


def test_an_arrival_that_nobody_can_predict_is_within_the_window() -> None:
    assert "预计在约定时段内到达" in said("on_the_way", predicted=None).sms
    assert "预计按约定时间到达" in said("on_the_way", predicted=None, window=window(minutes=30)).sms
    assert "expected within the appointed window." in said("on_the_way", "en", predicted=None).sms


def test_an_exact_appointment_is_said_as_one_time_and_a_longer_one_as_a_window() -> None:
    assert "已约定11月23日（周一）09:00，" in said("booked", window=window(minutes=30)).sms
    assert "已约定11月23日（周一）09:00–09:31，" in said("booked", window=window(minutes=31)).sms


def test_a_window_over_midnight_names_both_days() -> None:
    end = NINE + timedelta(hours=17)
    assert spoken_window(NINE, end, settings().zone, "zh") == "11月23日（周一）09:00–11月24日（周二）02:00"
    assert spoken_window(NINE, end, settings().zone, "en") == "Mon 23 Nov, 09:00–Tue 24 Nov, 02:00"


@pytest.mark.parametrize("name", ["booked", "moved", "reminder", "technician_changed"])
def test_where_an_answer_is_asked_for_the_sms_says_how(name: str) -> None:
    assert said(name, reply_hint=True).sms.endswith("回复1确认，回复2请我们致电改期。")
    assert said(name, "en", reply_hint=True).sms.endswith(" Reply 1: yes, 2: call me.")
    assert "回复1" not in said(name).sms


@pytest.mark.parametrize(
    "name", ["cancelled", "cancelled_asked", "moved_asked", "on_the_way", "record_ready", "outage", "outage_fault"]
)
def test_elsewhere_nothing_is_said_of_answers(name: str) -> None:
    assert said(name, reply_hint=True).sms == said(name).sms


@pytest.mark.parametrize(
    "place", ["{{ nobody }}", "{{ reason }}", "{{ facts }}", "{{customer}", "{% if x %}", "{{ a.b }}"]
)
def test_a_place_that_the_notice_does_not_know_is_never_sent(place: str) -> None:
    with pytest.raises(UnknownVariable):
        said_by(f"尊敬的客户，您好！{place}")


@pytest.mark.parametrize(
    "broken",
    [
        {"customer": None},
        {"customer": " \n "},
        {"window": 7},
        {"window": {"start": "2026-11-23T01:00:00"}},
        {"window": {"start": "soon", "end": "later"}},
        {"window": {"start": "2026-11-23T01:00:00", "end": "2026-11-23T02:00:00"}},  # without a zone
        {"window": {"start": "2026-11-23T02:00:00Z", "end": "2026-11-23T02:00:00Z"}},
        {"work": {"zh": 1}},
        {"work": None},
    ],
)
def test_a_notice_without_its_facts_is_never_sent(broken: dict[str, Any]) -> None:
    with pytest.raises(MissingFact):
        said("booked", **broken)


HOSTILE = "王\r\nBcc: a@b\n<b>&{{ link }}\u202e抱\u2067【中奖】\x00\u200b\ufeff'\""


def test_hostile_names_stay_one_line_and_cannot_reorder_or_sign() -> None:
    for one in (said("booked", customer=HOSTILE), said("booked", "en", customer=HOSTILE)):
        for text in (one.sms, one.subject, one.call, *one.mail.split("\n\n"), *one.variables.values()):
            assert not set(text) & set("\r\n\x00\u202e\u2067\u200b\ufeff")
        assert one.sms.count("【") == one.sms.count("】") == 1
        assert "王 Bcc: a@b <b>&{{ link }} 抱 〔" in one.sms  # what is filled in is not filled again


def test_a_fact_of_any_length_leaves_the_sms_within_what_gateways_take() -> None:
    huge = "长" * 3000
    one = said(
        "moved", customer=huge, reason=huge, technician=huge, technician_code=huge, work={"zh": huge, "en": huge}
    )
    assert units(one.sms) <= 500
    assert huge in one.mail
    assert shortened("𬭎𬭎𬭎", 5) == "𬭎𬭎…"
    assert shortened("𬭎𬭎", 4) == "𬭎𬭎"


def test_the_variables_are_those_of_the_sms_in_their_order() -> None:
    """So a gateway's approved template, filled with them, is the very text that we kept."""
    for name in NAMES:
        texts, one = texts_in_house(name, "zh"), said(name)
        filled = reduce(
            lambda text, item: text.replace(f"{{{{ {item[0]} }}}}", item[1]), one.variables.items(), texts.sms
        )
        assert list(one.variables) == places_in(texts.sms)
        assert f"【装维上门】{filled}" == one.sms
    assert list(said("booked").variables) == ["customer", "work", "when", "who", "link", "company_phone"]


def test_texts_are_flat() -> None:
    """No condition, no filter: what is between the places is the same for every customer."""
    for name in NAMES:
        for language in ("zh", "en"):
            texts = texts_in_house(name, language)
            for text in (texts.sms, texts.subject, texts.mail, texts.call):
                assert "{%" not in text
                assert text.count("{{") == text.count("}}") == len(PLACE.findall(text))


def test_a_file_has_its_four_sections_each_once() -> None:
    whole = "[sms]\na\nb\n[subject]\ns\n[mail]\none\nline\n\nnext\n[call]\nc\n"
    assert read_texts(whole, "zh") == Texts("ab", "s", "oneline\n\nnext", "c")
    assert read_texts(whole, "en") == Texts("a b", "s", "one line\n\nnext", "c")
    for broken in (whole.replace("[call]", "[cal]"), whole + "[sms]\nx", "x\n" + whole, whole.split("[call]")[0]):
        with pytest.raises(ValueError, match="sections"):
            read_texts(broken, "zh")
    assert tidied(Texts("a\r\nb", "s\r", "one\r\n\r\ntwo", "c"), "en") == Texts("a b", "s", "one\n\ntwo", "c")


def test_an_sms_is_composed_with_its_parts() -> None:
    composed = compose(ANotice("moved_asked", medium="sms"), {}, settings(), LINK, reply_hint=True)
    message = composed.message
    assert (message.to, message.wording, message.kind) == ("+8613800000001", "moved_asked", "moved")
    assert composed.parts == sms_parts(message.text) == 2
    assert message.html == message.calendar == message.subject == ""


def test_the_operators_words_are_used_where_there_are_some() -> None:
    own = Texts("尊敬的{{ customer }}，您好！{{ when }}见。", "主题", "正文", "用语")
    live = {("booked", "zh"): own}
    notice = ANotice("booked", medium="sms")
    assert compose(notice, live, settings(), LINK).message.text == (
        "【装维上门】尊敬的王𬭎，您好！11月23日（周一）09:00–10:00见。"
    )
    in_english = ANotice("booked", "en", medium="sms")
    assert compose(in_english, live, settings(), LINK) == compose(in_english, {}, settings(), LINK)


def test_the_signature_is_a_setting_of_two_to_twelve_characters() -> None:
    text = compose(ANotice("booked", "en", "sms"), {}, settings(sms_signature="沪信"), LINK).message.text
    assert text.startswith("【沪信】Dear ")
    for wrong in ("沪", "沪" * 13, "【沪信】", "沪\n信", " 沪信"):
        with pytest.raises(ValueError, match="2 to 12"):
            settings(sms_signature=wrong)
    assert settings(sms_signature="沪" * 12)

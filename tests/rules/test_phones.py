"""Every spelling in exports becomes one number; what cannot be dialled is refused, never guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.customers.phones import masked_phone, normal_phone
from dispatch.errors import Invalid

FULL_WIDTH = str.maketrans("0123456789+-() ", "０１２３４５６７８９＋－（）　")
mobiles = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
landlines = st.from_regex(r"0(10|2[0-57-9])[2-8][0-9]{7}|0[3-9][0-9]{2}[2-8][0-9]{6,7}", fullmatch=True)


@pytest.mark.parametrize(
    "spelling",
    [
        "13800000000",
        "138 0000 0000",
        "138-0000-0000",
        "138.0000.0000",
        "138—0000—0000",
        "+86 138 0000 0000",
        "+86-138-0000-0000",
        "(+86)13800000000",
        "0086 13800000000",
        "8613800000000",
        "013800000000",
        "１３８００００００００",
        "＋８６　１３８　００００　００００",
        "'13800000000",
        "13800000000.0",
        "1.3800000000E+10",
        "手机：13800000000",
        "\t13800000000\n",
        "\u202d13800000000\u202c",
        "138\u200b0000\ufeff0000",
        "138\u00a00000\u00a00000",
    ],
)
def test_every_spelling_of_a_mobile_number_is_one_number(spelling: str) -> None:
    assert normal_phone(spelling) == "+8613800000000"


@pytest.mark.parametrize(
    "spelling",
    [
        "02158881234",
        "021-58881234",
        "(021) 5888-1234",
        "（021）58881234",
        "021 5888 1234",
        "+86 21 5888 1234",
        "+86 (0)21 5888 1234",
        "0086-21-58881234",
        "862158881234",
        "０２１－５８８８１２３４",
        "电话:021-58881234",
    ],
)
def test_every_spelling_of_a_landline_is_one_number(spelling: str) -> None:
    assert normal_phone(spelling) == "+862158881234"


@pytest.mark.parametrize(
    ("spelling", "e164"),
    [
        ("010-65551234", "+861065551234"),
        ("0755-88881234", "+8675588881234"),
        ("0512 6555123", "+865126555123"),
    ],
)
def test_area_codes_of_two_and_three_digits_are_understood(spelling: str, e164: str) -> None:
    assert normal_phone(spelling) == e164


@pytest.mark.parametrize(
    ("spelling", "name"),
    [
        ("", "phone-missing"),
        ("  '  ", "phone-missing"),
        ("无", "phone-not-a-number"),
        ("٠١٣٨٠٠٠٠٠٠٠٠", "phone-not-a-number"),
        ("138\u202e00000000", "phone-not-a-number"),
        ("13800000000/13900000000", "phone-not-a-number"),
        ("1380000000.5", "phone-not-a-number"),
        ("=13800000000", "phone-not-a-number"),
        ("1380000000", "phone-impossible"),
        ("138000000000", "phone-impossible"),
        ("12800000000", "phone-impossible"),
        ("02658881234", "phone-impossible"),
        ("02112345678", "phone-impossible"),
        ("0215888123", "phone-impossible"),
        ("-1", "phone-impossible"),
        ("58881234", "phone-no-area-code"),
        ("+86 58881234", "phone-no-area-code"),
        ("138****0000", "phone-masked"),
        ("138xxxx0000", "phone-masked"),
        ("021-58881234-801", "phone-extension"),
        ("021-58881234转801", "phone-extension"),
        ("021-58881234 ext. 801", "phone-extension"),
        ("400-820-8820", "phone-service-number"),
        ("10086", "phone-service-number"),
        ("95588", "phone-service-number"),
        ("16812345", "phone-premium"),
        ("021-16012345", "phone-premium"),
        ("+1 415 555 0123", "phone-foreign"),
        ("001 415 555 0123", "phone-foreign"),
        ("+852 5123 4567", "phone-foreign"),
        ("9" * 61, "phone-too-long"),
    ],
)
def test_what_cannot_be_dialled_is_refused_by_its_own_name(spelling: str, name: str) -> None:
    with pytest.raises(Invalid) as refused:
        normal_phone(spelling)
    assert refused.value.name == name
    assert refused.value.words.zh.endswith("。")
    assert refused.value.words.en.endswith(".")


@pytest.mark.parametrize("spelling", ["1.38E+10", "1.38e10", "1.38000000E+10", "1E+10"])
def test_digits_that_a_spreadsheet_dropped_are_never_guessed(spelling: str) -> None:
    with pytest.raises(Invalid) as refused:
        normal_phone(spelling)
    assert refused.value.name == "phone-digits-lost"


def test_foreign_numbers_pass_only_where_they_are_enabled() -> None:
    assert normal_phone("+1 415 555 0123", allow_foreign=True) == "+14155550123"
    assert normal_phone("+852 5123 4567", allow_foreign=True) == "+85251234567"
    for impossible in ("+1234567", "+1234567890123456", "+0123456789"):
        with pytest.raises(Invalid):
            normal_phone(impossible, allow_foreign=True)
    with pytest.raises(Invalid):
        normal_phone("16812345", allow_foreign=True)


def test_enabling_foreign_numbers_does_not_loosen_the_chinese_ones() -> None:
    with pytest.raises(Invalid) as refused:
        normal_phone("+86 12800000000", allow_foreign=True)
    assert refused.value.name == "phone-impossible"


@given(mobiles, st.sampled_from(["", "+86", "0086", "86", "'", "+86 "]), st.booleans())
def test_any_mobile_in_any_dress_comes_out_the_same(mobile: str, prefix: str, full_width: bool) -> None:
    spelling = f"{prefix}{mobile[:3]} {mobile[3:7]}-{mobile[7:]}"
    assert normal_phone(spelling.translate(FULL_WIDTH) if full_width else spelling) == f"+86{mobile}"


@given(landlines)
def test_a_normal_number_is_already_normal(landline: str) -> None:
    e164 = normal_phone(landline)
    assert e164 == "+86" + landline[1:]
    assert normal_phone(e164) == e164


@given(st.text(max_size=80), st.booleans())
def test_any_text_is_a_number_or_a_refusal(text: str, allow_foreign: bool) -> None:
    try:
        e164 = normal_phone(text, allow_foreign)
    except Invalid:
        return
    assert e164.startswith("+")
    assert e164[1:].isascii()
    assert 8 <= len(e164) - 1 <= 15


def test_a_masked_number_shows_four_last_digits_and_hides_the_middle() -> None:
    assert masked_phone("+8613812345678") == "138****5678"
    assert masked_phone("+862158881234") == "021-****1234"
    assert masked_phone("+8675588881234") == "0755-****1234"
    assert masked_phone("+14155550123") == "+14****0123"
    assert masked_phone("+2901234") == "+29****34"


@given(st.one_of(mobiles, landlines))
def test_masking_always_hides_three_digits_or_more(number: str) -> None:
    shown = masked_phone(normal_phone(number))
    assert sum(letter.isdigit() for letter in shown) <= len(number) - 3
    assert number not in shown

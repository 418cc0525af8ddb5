"""Kinds, rates, durations, access, languages, lists, codes and coordinates."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.errors import Invalid
from dispatch.visits.order_files import defused
from dispatch.visits.order_files.cells import (
    as_written,
    checked_code,
    checked_text,
    half_width,
    shown,
    shown_personal,
    shown_phone,
)
from dispatch.visits.order_files.coordinates import gcj_from_wgs, read_datum, read_place, split_pair, wgs_from_gcj
from dispatch.visits.order_files.values import (
    read_access,
    read_items,
    read_kind,
    read_language,
    read_minutes,
    read_rates,
    read_skills,
)


@pytest.mark.parametrize(
    "text", ["装机", "新装", "宽带新装", "开通", "移机", "装", "Install", "INSTALLATION", "new", "装移机"]
)
def test_words_for_an_installation(text: str) -> None:
    assert read_kind(text) == "install"


@pytest.mark.parametrize(
    "text", ["维修", "故障", "报障", "修障", "修", "宽带障碍", "Repair", "fault", "Trouble ticket"]
)
def test_words_for_a_repair(text: str) -> None:
    assert read_kind(text) == "repair"


@pytest.mark.parametrize("text", ["拆机", "装机/维修", "巡检", "投诉", "uninstall", "13800000000", ""])
def test_other_kinds_of_order_are_refused(text: str) -> None:
    with pytest.raises(Invalid):
        read_kind(text)


@pytest.mark.parametrize(
    ("text", "rates"),
    [
        ("1000M", (1000, None)), ("1000", (1000, None)), ("1000Mbps", (1000, None)), ("1000 Mbit/s", (1000, None)),
        ("1000兆", (1000, None)), ("１０００Ｍ", (1000, None)), ("千兆", (1000, None)), ("百兆", (100, None)),
        ("万兆", (10000, None)), ("1G", (1000, None)), ("2.5Gbps", (2500, None)), ("1000/100", (1000, 100)),
        ("1000M/100M", (1000, 100)), ("1G/100M", (1000, 100)), ("下行1000M上行100M", (1000, 100)),
        ("下行1000M/上行100M", (1000, 100)), ("上行100M，下行1000M", (1000, 100)), ("512K", (0.512, None)),
        ("0.001", (0.001, None)), ("10000", (10000, None)), ("下行500M", (500, None)),
    ],
)  # fmt: skip
def test_subscribed_rates_are_mbit(text: str, rates: tuple[float, float | None]) -> None:
    assert read_rates(text) == rates


def test_a_bare_rate_has_the_unit_of_its_heading() -> None:
    assert read_rates("1", "g") == (1000, None)
    assert read_rates("102400", "k") == (102.4, None)
    assert read_rates("1000M", "k") == (1000, None)


@pytest.mark.parametrize(
    "text", ["0", "-100", "10001", "1024000", "快", "100M100", "1000/0", "1/2/3", "12千兆5", "M", "兆"]
)
def test_what_is_no_rate_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        read_rates(text)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("90", 90), ("90.0", 90), ("90分钟", 90), ("90 min", 90), ("1.5小时", 90), ("1小时30分", 90), ("1h30m", 90),
        ("1.5 hours", 90), ("９０", 90), ("5", 5), ("720", 720), ("12小时", 720),
    ],
)  # fmt: skip
def test_durations_are_minutes(text: str, minutes: int) -> None:
    assert read_minutes(text) == minutes


@pytest.mark.parametrize("text", ["4", "721", "0", "-5", "13小时", "半天", "", "1:30"])
def test_durations_beyond_five_minutes_to_twelve_hours_are_refused(text: str) -> None:
    with pytest.raises(Invalid):
        read_minutes(text)


def test_a_bare_duration_under_a_heading_in_hours_is_hours() -> None:
    assert read_minutes("1.5", "h") == 90


@pytest.mark.parametrize(
    ("text", "access"),
    [
        ("GPON", "gpon"),
        ("光纤", "gpon"),
        ("XGS-PON", "xgspon"),
        ("10G-PON", "xgspon"),
        ("adsl", "dsl"),
        ("LAN", "ethernet"),
    ],
)
def test_ways_of_access(text: str, access: str) -> None:
    assert read_access(text) == access


def test_an_unknown_access_is_refused_and_an_unknown_language_is_none() -> None:
    with pytest.raises(Invalid):
        read_access("卫星")
    assert [read_language(text) for text in ("中文", "zh-CN", "English", "EN_us", "日语")] == [
        "zh",
        "zh",
        "en",
        "en",
        None,
    ]


def test_a_list_in_a_cell_keeps_each_item_once_in_its_order() -> None:
    assert read_items("断网、光猫红灯；断网，  网速慢\n无", 200) == ("断网", "光猫红灯", "网速慢")
    assert len(read_items("、".join(str(n) for n in range(20)), 200)) == 20
    with pytest.raises(Invalid):
        read_items("、".join(str(n) for n in range(21)), 200)


def test_skills_get_the_names_that_the_product_uses() -> None:
    assert read_skills("光纤、ＦＴＴＲ；Wi-Fi，无线|高空") == ("fibre", "fttr", "wifi", "高空")


def test_codes_are_half_width_and_without_blanks() -> None:
    assert checked_code("ＳＨ－２０２６ ０１", 80) == "SH-202601"
    assert checked_code("'00123", 80) == "00123"
    assert checked_code("12345.0", 80) == "12345"


@pytest.mark.parametrize("text", ["2.02611E+16", "1E+10", "2e+9"])
def test_codes_whose_digits_a_spreadsheet_dropped_are_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked_code(text, 80)
    assert refused.value.name == "digits-lost"


def test_names_stay_as_written() -> None:
    assert as_written("  Ｊｏｓé　王１号 ") == "Ｊｏｓé　王１号".replace("é", "\u00e9")
    assert as_written("Zoe\u0308") == "Zo\u00eb"
    assert as_written(bytes.fromhex("FE59FE51").decode("gb18030")) == "\u9fb4\U00020087"
    assert checked_text("𠮷野家\U00030edd\U000323af", 10) == "𠮷野家\U00030edd\U000323af"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("张\x00伟", "control-character"), ("张\x1b[31m伟", "control-character"), ("张\ud800伟", "control-character"),
        ("张\u202e伟", "direction-override"), ("张\u2066伟", "direction-override"),
        ("张\u200f伟", "direction-override"),
        ("张\r\n伟", "line-break"), ("张\n伟", "line-break"), ("张\u2028伟", "line-break"),
        ("张\ufffd", "damaged-character"), ("锟斤拷", "damaged-character"), ("张\ue000", "damaged-character"),
        ("伟" * 11, "too-long"),
    ],
)  # fmt: skip
def test_text_that_reads_otherwise_than_it_looks_is_refused(text: str, name: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked_text(text, 10)
    assert refused.value.name == name


def test_a_line_break_in_an_address_becomes_a_space() -> None:
    assert checked_text("南京西路1266号 \r\n 501室", 50, one_line=False) == "南京西路1266号 501室"
    with pytest.raises(Invalid):
        checked_text("南京西路\x00\n1266号", 50, one_line=False)


@pytest.mark.parametrize(
    "start", ["=", "+", "-", "@", "＝", "＋", "－", "＠", "\t=", "\r", "\n", " =", "\u3000@", "\x1f=", "\ufeff="]
)
def test_what_could_start_a_formula_is_defused(start: str) -> None:
    assert defused(f"{start}cmd|'/c calc'!A1") == f"'{start}cmd|'/c calc'!A1"


@given(st.text())
def test_a_defused_cell_never_starts_a_formula_and_harmless_ones_are_untouched(text: str) -> None:
    safe = defused(text)
    assert safe in (text, f"'{text}")
    assert safe.lstrip()[:1] not in tuple("=+-@＝＋－＠")


@given(st.sampled_from("=+-@＝＋－＠"), st.text("abc1=+", max_size=5))
def test_reading_undoes_what_exporting_defused(start: str, rest: str) -> None:
    assert as_written(defused(start + rest)) == as_written(start + rest)


def test_reports_show_no_personal_value_in_full() -> None:
    assert shown_personal("张伟") == "张***"
    assert shown_personal("上海市静安区南京西路1266号") == "上海***"
    assert shown_phone("138 0000 1234") == "*** **** **34"
    assert shown_phone("1.38E+10") == "1.38E+10"
    assert shown("请联系13812345678先生") == "请联系138****78先生"
    assert shown("a\u202eb\x00c\nd") == "a\\u202eb\\u0000c\\u000ad"
    assert shown("长" * 25) == "长" * 24 + "…"


def test_full_width_becomes_half_width_only_for_codes_and_numbers() -> None:
    assert half_width("　ＡＢｃ－１２３：４５　") == "ABc-123:45"
    assert half_width("²①٣") == "²①٣"


def test_the_published_place_in_beijing_shifts_as_published() -> None:
    assert gcj_from_wgs(39.9042, 116.4074) == pytest.approx((39.9056033, 116.4136423), abs=1e-7)
    assert read_place("39.9056033", "116.4136423", "gcj02") == pytest.approx((39.9042, 116.4074), abs=2e-7)


@given(st.floats(18, 53), st.floats(74, 134))
def test_any_place_in_china_comes_back_from_gcj_within_a_centimetre(latitude: float, longitude: float) -> None:
    north, east = wgs_from_gcj(*gcj_from_wgs(latitude, longitude))
    metres = math.hypot((north - latitude) * 111_000, (east - longitude) * 111_000)
    assert metres < 0.01


def test_baidu_places_are_about_a_kilometre_off_and_brought_back() -> None:
    # People's Square, Shanghai, as Baidu and AMap give it
    baidu = read_place("31.2364", "121.4812", "bd09")
    amap = read_place("31.2304", "121.4747", "gcj02")
    assert baidu == pytest.approx(amap, abs=5e-4)


def test_wgs84_places_are_kept() -> None:
    assert read_place("31.2304", "121.4737", "wgs84") == (31.2304, 121.4737)
    assert read_place("北纬31.2304°", "121.4737E", "wgs84") == (31.2304, 121.4737)
    assert read_place("-90", "180", "wgs84") == (-90, 180)
    assert read_place("", "", "wgs84") is None
    assert read_place("0", "0.0", "wgs84") is None


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [("121.4737", "31.2304"), ("31.2304", ""), ("", "121.4737"), ("90.1", "180"), ("91", "91"), ("90", "180.1"),
     ("31°13′49″", "121.4737"), ("nan", "121"), ("1e2", "121"), ("31,2304", "121,4737")],
)  # fmt: skip
def test_coordinates_that_are_no_place_are_refused(latitude: str, longitude: str) -> None:
    with pytest.raises(Invalid):
        read_place(latitude, longitude, "wgs84")


def test_a_pair_is_longitude_first_unless_only_the_other_way_is_on_earth() -> None:
    assert split_pair("121.47,31.23") == ("31.23", "121.47")
    assert split_pair("31.23, 121.47") == ("31.23", "121.47")
    assert split_pair("13.4 52.5") == ("52.5", "13.4")
    with pytest.raises(Invalid):
        split_pair("121.47")


def test_an_unknown_datum_is_refused() -> None:
    assert [read_datum(text) for text in ("WGS-84", "ＧＣＪ０２", "百度", "CGCS2000")] == [
        "wgs84",
        "gcj02",
        "bd09",
        "wgs84",
    ]
    with pytest.raises(Invalid):
        read_datum("西安80")

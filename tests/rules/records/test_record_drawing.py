"""The drawn record: the same bytes each time, readable by people and machines, text only ever text."""

import io
import re
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from fontTools.ttLib import TTFont
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, UnidentifiedImageError
from pyhanko.pdf_utils.reader import PdfFileReader

from dispatch.records.canonical import sha256_hex
from dispatch.records.drawing.line_breaking import may_end_between
from dispatch.records.drawing.sections.photos import printable
from dispatch.records.drawing.typefaces import FONTS
from tests.rules.records.conftest import drawn
from tests.rules.records.made_records import (
    NUMBER,
    RARE_ADDRESS,
    RARE_NAME,
    Photos,
    completed_record,
    missed_record,
    refused_record,
)


def text_of(file: Path, pdf: bytes) -> str:
    """What a reader would copy out of the PDF."""
    file.write_bytes(pdf)
    run = subprocess.run(["pdftotext", "-enc", "UTF-8", str(file), "-"], capture_output=True, check=True)
    return run.stdout.decode("utf-8")


def pages(pdf: bytes) -> int:
    return int(PdfFileReader(io.BytesIO(pdf)).root["/Pages"]["/Count"])


def test_the_same_record_gives_the_same_bytes() -> None:
    photos = Photos(2)
    first = drawn(completed_record("zh", photos), photos).pdf
    drawn(completed_record("en"))
    assert drawn(completed_record("zh", photos), photos).pdf == first
    assert drawn(completed_record("zh", photos, sealed_at="2026-11-21T08:00:01Z"), photos).pdf != first


def test_the_same_record_gives_the_same_bytes_in_another_process() -> None:
    script = (
        "from tests.rules.records.conftest import drawn;"
        "from tests.rules.records.made_records import completed_record;"
        "from dispatch.records.canonical import sha256_hex;"
        "print(sha256_hex(drawn(completed_record()).pdf))"
    )
    root = Path(__file__).resolve().parents[3]
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=root, check=True)
    assert run.stdout.strip() == sha256_hex(drawn(completed_record()).pdf)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_rare_characters_are_copied_out_exactly(file: Path, language: str) -> None:
    made = drawn(completed_record(language))
    text = text_of(file, made.pdf)
    assert RARE_NAME in text
    assert RARE_ADDRESS in text
    assert made.missing_characters == ()
    for character in "𬭎㛃䶮龘":
        assert character in text


def test_characters_beyond_the_national_list_come_from_the_fallback(file: Path) -> None:
    fallback = [set(TTFont(FONTS / f"RareHan{letter}.ttf").getBestCmap()) - {0, 32} for letter in "ABC"]
    beyond = "".join(chr(max(characters)) for characters in fallback)
    regular = TTFont(FONTS / "NotoSansSC-Regular.ttf").getBestCmap()
    assert all(ord(character) not in regular for character in beyond)
    made = drawn(completed_record(customer={"name": beyond, "phone_masked": "138"}))
    assert beyond in text_of(file, made.pdf)
    assert made.missing_characters == ()


def test_a_character_that_no_typeface_has_is_shown_by_its_code_and_listed(file: Path) -> None:
    made = drawn(completed_record(customer={"name": "王\U000323af", "phone_masked": ""}))
    assert made.missing_characters == ("\U000323af",)
    text = text_of(file, made.pdf)
    assert "王〔U+323AF〕" in text
    assert "所用字体缺少以下字符" in text


HOSTILE = [
    "<b>bold</b><i>",
    '<a href="javascript:alert(1)">x</a>',
    '<img src="file:///etc/passwd" width="9" height="9"/>',
    "&lt;b&gt; &amp; &#x41; &nbsp;",
    "</font></para><para>",
    "<onDraw name='x'/><seq/><bullet>x</bullet>",
    "{{7*7}} ${7*7} %(x)s %s {0}",
    "'; DROP TABLE records; --",
]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_is_shown_letter_by_letter(file: Path, hostile: str) -> None:
    record = completed_record(customer={"name": hostile, "phone_masked": hostile})
    record["rating"]["comment"] = hostile
    record["steps"][0]["entries"][0]["text"] = {"zh": hostile, "en": hostile}
    record["company"] = {"zh": hostile, "en": hostile}
    made = drawn(record)
    text = re.sub(r"\s+", "", text_of(file, made.pdf))
    assert re.sub(r"\s+", "", hostile) in text
    assert made.missing_characters == ()
    assert b"/URI" not in made.pdf
    assert b"/JavaScript" not in made.pdf
    assert b"/Launch" not in made.pdf


def test_what_reverses_or_hides_text_is_shown_as_its_code(file: Path) -> None:
    record = completed_record()
    record["rating"]["comment"] = "王\u202e明\u200b\x00李😀"
    made = drawn(record)
    assert set(made.missing_characters) == {"\u202e", "\u200b", "\x00", "😀"}
    text = re.sub(r"\s+", "", text_of(file, made.pdf))
    assert "王〔U+202E〕明〔U+200B〕〔U+0000〕李〔U+1F600〕" in text


def test_a_very_long_word_and_a_very_long_text_are_shown_whole(file: Path) -> None:
    word, comment = "W" * 300, "很长的意见，写了很多。" * 400
    record = completed_record(customer={"name": word, "phone_masked": ""})
    record["rating"]["comment"] = comment
    text = re.sub(r"\s+", "", text_of(file, drawn(record).pdf))
    assert word in text
    without_footers = re.sub(r"SR-20261121-000001示例电信上海分公司第\d+页，共\d+页", "", text)
    assert comment in without_footers.replace("\x0c", "")


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.text(max_size=1500), st.text(max_size=80))
def test_no_text_breaks_the_drawing(long: str, short: str) -> None:
    storable = [t.encode("utf-8", "replace").decode() for t in (long, short)]
    record = refused_record(corrects=storable[1], number=storable[1])
    record["signatures"][0] |= {"refused_reason": storable[0], "name": storable[1]}
    record["open_questions"] = [{"text": storable[0], "answer_by": storable[1], "answered_by": storable[1]}]
    record["measurements"][0] |= {"limit": {"zh": storable[0], "en": ""}, "value": storable[1]}
    record["measurements"][1] |= {"label": {"zh": storable[0], "en": storable[0]}, "value": storable[0]}
    record["work_order"]["symptoms"] = [storable[0]] * 5
    made = drawn(record)
    assert made.pdf.startswith(b"%PDF-1.7")
    for character in made.missing_characters:
        assert unicodedata.category(character) not in ("Zs", "Ll") or ord(character) > 0x7F


def everywhere(value: Any, text: str) -> Any:
    """The same record with `text` for every text in it, except for what says how to read it."""
    if isinstance(value, dict):
        kept = ("language", "sealed_at", "who", "outcome", "verdict", "punctuality", "kind", "key")
        return {key: item if key in kept else everywhere(item, text) for key, item in value.items()}
    if isinstance(value, list):
        return [everywhere(item, text) for item in value]
    return text if isinstance(value, str) else value


@pytest.mark.parametrize("text", ["长" * 700, "多行\n" * 60, "W<b>&amp;" * 80])
@pytest.mark.parametrize("make", [completed_record, missed_record])
def test_long_texts_everywhere_at_once_are_drawn(make: Any, text: str) -> None:
    assert drawn(everywhere(make(), text)).pdf.startswith(b"%PDF")


def test_an_almost_empty_record_is_drawn(file: Path) -> None:
    bare = {"number": NUMBER, "sealed_at": "2026-11-21T08:00:00Z"}
    assert NUMBER in text_of(file, drawn(bare).pdf)


def test_a_photo_that_is_no_picture_stops_the_drawing() -> None:
    photos = Photos(1)
    record = completed_record("zh", photos)
    photos.kept = dict.fromkeys(photos.kept, b"no picture")
    with pytest.raises(UnidentifiedImageError):
        drawn(record, photos)


def test_a_missed_visit_is_one_page_with_its_own_words(file: Path) -> None:
    made = drawn(missed_record())
    text = text_of(file, made.pdf)
    assert pages(made.pdf) == 1
    assert "上门未遇告知单" in text
    assert "021-5550 1234" in text
    assert "八步服务" not in text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_full_record_is_three_or_four_pages(language: str) -> None:
    photos = Photos(12)
    assert pages(drawn(completed_record(language, photos), photos).pdf) in (3, 4)


def test_a_refusal_shows_its_reason_and_leaves_no_field(file: Path) -> None:
    made = drawn(refused_record())
    text = text_of(file, made.pdf)
    assert "书房信号问题未当场解决，客户希望答复后再签。" in re.sub(r"\s+", "", text)
    assert "未签名" in text
    fields = PdfFileReader(io.BytesIO(made.pdf)).root["/AcroForm"]["/Fields"]
    assert [str(field.get_object()["/T"]) for field in fields] == ["TechnicianSignature", "CompanySeal"]


def test_a_correction_names_what_it_corrects(file: Path) -> None:
    assert "SR-20261119-000007" in text_of(file, drawn(completed_record(corrects="SR-20261119-000007")).pdf)
    assert "▲ 更正记录" in text_of(file, drawn(completed_record(corrects="SR-20261119-000007")).pdf)
    assert "▲ 更正记录" not in text_of(file, drawn(completed_record()).pdf)


@pytest.mark.parametrize(
    ("verdict", "words"), [("pass", "合格"), ("warn", "留意"), ("fail", "不合格"), ("implausible", "存疑")]
)
def test_each_verdict_is_a_word_and_a_sign(file: Path, verdict: str, words: str) -> None:
    record = completed_record()
    record["measurements"] = [record["measurements"][0] | {"verdict": verdict}]
    text = text_of(file, drawn(record).pdf)
    assert re.search(f"[✓▲×] {words}", text)


def test_a_photo_is_printed_upright_and_without_what_the_phone_added() -> None:
    image = Image.new("RGB", (1600, 800), (200, 10, 10))
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    exif[0x010F] = "PhoneMaker"
    data = io.BytesIO()
    image.save(data, "JPEG", exif=exif)
    with Image.open(io.BytesIO(printable(data.getvalue()))) as printed:
        assert printed.size == (360, 720)
        assert not printed.getexif()


@pytest.mark.parametrize(
    ("before", "after", "allowed"),
    [
        ("中", "文", True),
        ("a", "b", False),
        ("中", "a", True),
        ("（", "中", False),
        ("中", "，", False),
        (" ", "a", True),
    ],
)
def test_where_a_line_may_end(before: str, after: str, allowed: bool) -> None:
    assert may_end_between(before, after) is allowed

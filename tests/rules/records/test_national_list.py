"""All 8,105 characters of the national standard list (通用规范汉字表): each has a shape, and is copied out exactly."""

import bz2
import re
import subprocess
import unicodedata
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from dispatch.records.drawing.typefaces import FONTS
from tests.rules.records.conftest import drawn
from tests.rules.records.made_records import completed_record

LIST = Path("/usr/share/unicode/Unihan_OtherMappings.txt.bz2")
COUNT = 8105


@pytest.fixture(scope="module")
def characters() -> str:
    if not LIST.exists():
        pytest.skip("needs unicode-data (`make system`)")
    found = re.findall(r"^U\+([0-9A-F]+)\tkTGH\t", bz2.decompress(LIST.read_bytes()).decode(), re.MULTILINE)
    assert len(found) == COUNT
    return "".join(chr(int(code, 16)) for code in found)


@pytest.mark.parametrize("face", ["NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf"])
def test_every_character_has_a_shape_of_its_own(characters: str, face: str) -> None:
    font = TTFont(FONTS / face)
    named, shapes = font.getBestCmap(), font["glyf"]
    glyphs = [named.get(ord(character), ".notdef") for character in characters]
    assert [name for name in glyphs if shapes[name].numberOfContours == 0] == []
    assert ".notdef" not in glyphs
    assert len(set(glyphs)) == COUNT


def test_every_character_is_on_the_page_and_copied_out(characters: str, file: Path) -> None:
    record = completed_record()
    record["steps"][2]["entries"][1]["text"] = {"zh": characters, "en": characters}
    made = drawn(record)
    assert made.missing_characters == ()
    file.write_bytes(made.pdf)
    said = subprocess.run(
        ["pdftotext", "-enc", "UTF-8", str(file), "-"], capture_output=True, check=True
    ).stdout.decode()
    found = "".join(said.split())
    missing = [character for character in characters if character not in found]
    assert missing == []
    assert characters[3000:3020] in found
    assert all(unicodedata.category(character) == "Lo" for character in characters)

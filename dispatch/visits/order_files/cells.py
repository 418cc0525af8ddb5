"""The text of one cell: made comparable, checked, shown without telling too much, and made harmless on export."""

import re
import unicodedata

from checklists.words import Words
from dispatch.errors import Invalid

LONGEST_CELL = 2000
SHOWN = 24  # letters of a value that a report repeats

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20}
_HYPHENS = dict.fromkeys([0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2212], 0x2D)
# Harmless, and left behind by web pages and text editors at the edges of cells.
_ZERO_WIDTH = dict.fromkeys([0x200B, 0x2060, 0xFEFF], None)
_MOBILE = re.compile(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])")
_PLAIN = _ZERO_WIDTH | _FULL_WIDTH | _HYPHENS
_BIDI = {0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)}
_FORMULA_STARTS = "=+-@＝＋－＠"

# Before 2005, GB18030 put these characters into the private area; Python's codec still does. People's names
# hold them, so they are moved to where fonts have them. Source: GB 18030-2005 and -2022, changed mappings.
_MOVED = {
    0xE816: 0x20087, 0xE817: 0x20089, 0xE818: 0x200CC, 0xE831: 0x215D7, 0xE83B: 0x2298F, 0xE855: 0x241FE,
    0xE81E: 0x9FB4, 0xE826: 0x9FB5, 0xE82B: 0x9FB6, 0xE82C: 0x9FB7,
    0xE832: 0x9FB8, 0xE843: 0x9FB9, 0xE854: 0x9FBA, 0xE864: 0x9FBB,
}  # fmt: skip


def as_written(text: str) -> str:
    """Trimmed and NFC, otherwise as the file has it: for names and addresses."""
    undressed = text.translate(_MOVED).translate(_ZERO_WIDTH).strip()
    if undressed[:1] == "'" and undressed[1:2] in _FORMULA_STARTS and undressed[1:2]:
        undressed = undressed[1:]  # what `defused` put there
    return unicodedata.normalize("NFC", undressed)


def half_width(text: str) -> str:
    """For codes, numbers and dates: full-width letters and digits made plain, a leading text apostrophe removed."""
    plain = text.translate(_PLAIN).strip()
    return plain.removeprefix("'").strip()


def is_blank(text: str) -> bool:
    """Whether a cell says nothing: empty, or one of the signs that people write for nothing."""
    return half_width(text).casefold() in {"", "-", "--", "/", "\\", "无", "n/a", "na", "null", "none", "nil"}


def checked_text(text: str, longest: int, *, one_line: bool = True) -> str:
    """`as_written`, refused with `Invalid` if it could be read otherwise than it looks.

    Control characters, direction overrides and damaged characters are refused, line breaks too if `one_line`;
    otherwise a line break becomes a space.
    """
    kept = as_written(text)
    broken = re.search(r"[\r\n\u2028\u2029\x0b\x0c\x85]", kept)
    if broken and one_line:
        raise Invalid(
            Words("内容中有换行，请改成一行。", "There is a line break inside. Write it on one line."),
            name="line-break",
        )
    kept = re.sub(r"\s*[\r\n\u2028\u2029\x0b\x0c\x85]+\s*", " ", kept)
    if not kept.isprintable():
        _refuse_hidden_letters(kept)
    if "\ufffd" in kept or "锟斤拷" in kept:
        raise _damaged()
    if len(kept) > longest:
        raise Invalid(
            Words(f"内容超过 {longest} 个字，请缩短。", f"This is longer than {longest} characters. Shorten it."),
            name="too-long",
        )
    return kept


def _refuse_hidden_letters(text: str) -> None:
    kinds = {unicodedata.category(letter) for letter in text if letter != "\t"}
    if kinds & {"Cc", "Cs"}:
        raise Invalid(
            Words(
                "内容中有不可见的控制字符，请删除后重新填写。",
                "There are invisible control characters inside. Retype it.",
            ),
            name="control-character",
        )
    if any(ord(letter) in _BIDI for letter in text):
        raise Invalid(
            Words(
                "内容中有改变文字方向的隐藏字符，请删除后重新填写。",
                "Hidden characters turn the reading direction around. Retype it.",
            ),
            name="direction-override",
        )
    # Han characters newer than Python's tables count as unassigned; people bear them all the same.
    if any(unicodedata.category(letter) in ("Co", "Cn") and not 0x20000 <= ord(letter) < 0x40000 for letter in text):
        raise _damaged()


def _damaged() -> Invalid:
    return Invalid(
        Words(
            "内容中有乱码或自造字，请对照原系统更正。",
            "Some characters are damaged or private to one computer. Correct them from the order system.",
        ),
        name="damaged-character",
    )


def checked_code(text: str, longest: int) -> str:
    """A number or code such as an order number: half-width, checked, without blanks; digits lost are refused."""
    code = checked_text(half_width(text), longest).replace(" ", "").replace("\t", "")
    if re.fullmatch(r"[0-9](?:\.[0-9]+)?[eE]\+[0-9]{1,2}", code):
        raise Invalid(DIGITS_LOST, name="digits-lost")
    whole = re.fullmatch(r"([0-9]+)\.0", code)
    return whole[1] if whole else code


DIGITS_LOST = Words(
    "表格软件把号码缩写成了科学计数，部分数字已丢失。请把该列设为“文本”后重新导出。",
    "The spreadsheet shortened this number and digits are lost. Set the column to Text and export again.",
)


def defused(cell: str) -> str:
    """`cell` for a file that a spreadsheet will open: what could start a formula gets an apostrophe in front.

    `=`, `+`, `-`, `@`, their full-width forms, tab and line break count (OWASP, CSV injection), whatever invisible
    stands before them. Reading the file again removes the apostrophe.
    """
    first = next((letter for letter in cell if letter.isprintable() and not letter.isspace()), "")
    risky = (first and first in _FORMULA_STARTS) or unicodedata.category(cell[:1] or " ") == "Cc"
    return f"'{cell}" if risky else cell


def shown(text: str) -> str:
    """A value for a report: one line, short, every hidden character visible as its code, no phone number in full.

    Phone numbers are hidden in every column: cells slip into the next one.
    """
    text = _MOBILE.sub(lambda found: f"{found[0][:3]}****{found[0][-2:]}", text[:LONGEST_CELL])
    start = "".join(_visible(letter) for letter in text[:SHOWN])
    return f"{start}…" if len(text) > SHOWN else start


def shown_personal(text: str) -> str:
    """A personal value for a report: its first character (or two of a long one) and how long it is."""
    kept = text.strip()
    start = shown(kept[: 2 if len(kept) > 6 else 1])
    return f"{start}***" if kept else ""


def shown_phone(text: str) -> str:
    """A phone cell for a report: all digits but the last two hidden, unless there are too few for a number.

    What belongs to no number, perhaps a name, shows as `·`.
    """
    plain = re.sub(r"[^\d\s+().,;/*eE-]", "·", half_width(text))
    private = sum(letter.isdigit() for letter in plain) > 6
    return shown(re.sub(r"\d", "*", plain[:-2]) + plain[-2:] if private else plain)


def _visible(letter: str) -> str:
    odd = unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
    return f"\\u{ord(letter):04x}" if odd else letter

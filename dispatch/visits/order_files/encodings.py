"""From bytes to text, strictly: a file is read in the one encoding that it can be in, or refused."""

import codecs
import re
from collections import Counter

from checklists.words import Words
from dispatch.errors import Invalid

_SAVE_AS_UTF8 = Words(
    "请在表格软件中另存为“CSV UTF-8（逗号分隔）”或 .xlsx 后重新导入。",
    "In the spreadsheet, save it as “CSV UTF-8” or .xlsx and import again.",
)
_MOST_ODD = 0.25  # share of letters that Chinese business text hardly has, above which it is no GB18030 at all


def decoded(data: bytes) -> tuple[str, str]:
    """The text and the name of its encoding: `utf-8`, `utf-8-sig`, `utf-16` (with its mark) or `gb18030`.

    Refuses with `Invalid` bytes that fit none, fit two, or give letters that nobody wrote.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _strict(data, "utf-16"), "utf-16"
    if data.startswith(codecs.BOM_UTF8):
        return _strict(data, "utf-8-sig"), "utf-8-sig"
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as damage:
        _refuse_damaged_utf8(data, damage.start)
        return _gb18030(data), "gb18030"
    if _could_be_gb18030_as_well(text, data):
        raise _refusal("这个文件的文字编码无法确定。", "The text encoding of this file cannot be told.")
    return text, "utf-8"


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as damage:
        raise _damaged(data, damage.start) from None


def _refuse_damaged_utf8(data: bytes, first: int) -> None:
    """UTF-8 with a few broken bytes must not be read as GB18030: that gives the well-known 鐢ㄦ埛."""
    lenient = data.decode("utf-8", errors="replace")
    broken = lenient.count("\ufffd")
    whole = sum(1 for letter in lenient if letter >= "\u0800" and letter != "\ufffd")
    if whole > 3 * broken:
        raise _damaged(data, first)


def _gb18030(data: bytes) -> str:
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        raise _refusal(
            "这个文件的文字编码既不是 UTF-8 也不是 GB18030（GBK）。",
            "The text of this file is neither UTF-8 nor GB18030 (GBK).",
        ) from None
    letters = Counter(letter for letter in text if letter > "\x7f")
    odd = sum(times for letter, times in letters.items() if not _is_usual(letter))
    if odd > _MOST_ODD * letters.total():
        raise _refusal(
            "这个文件按 GB18030 读出来是乱码，可能是繁体（Big5）或其他编码。",
            "Read as GB18030 this file gives letters that nobody wrote; it may be Big5 or another encoding.",
        )
    return text


def _is_usual(letter: str) -> bool:
    """Whether GB2312 has it among its Han characters, punctuation, numerals or full-width forms."""
    try:
        lead = letter.encode("gb2312")[0]
    except UnicodeEncodeError:
        return False
    return lead >= 0xB0 or lead in (0xA1, 0xA2, 0xA3)


def _could_be_gb18030_as_well(text: str, data: bytes) -> bool:
    """Short GB18030 text can be valid UTF-8 by chance; it then shows letters of two bytes, and none of three."""
    two_bytes = [letter for letter in text if "\x80" <= letter < "\u0800"]
    if not two_bytes or any(letter >= "\u0800" for letter in text):
        return False
    accented = re.findall(r"(?<=[A-Za-z])[\u00c0-\u024f]|[\u00c0-\u024f](?=[A-Za-z])", text)
    if len(accented) == len(two_bytes):
        return False  # José, Zoë
    try:
        return all(_is_usual(letter) for letter in data.decode("gb18030") if letter > "\x7f")
    except UnicodeDecodeError:
        return False


def _damaged(data: bytes, at: int) -> Invalid:
    line = data.count(b"\n", 0, at) + 1
    return _refusal(
        f"第 {line} 行附近的文字已损坏，文件可能没有完整导出。",
        f"The text near line {line} is damaged; the file may not have been exported whole.",
    )


def _refusal(zh: str, en: str) -> Invalid:
    return Invalid(Words(zh + _SAVE_AS_UTF8.zh, f"{en} {_SAVE_AS_UTF8.en}"), name="order-file-encoding")

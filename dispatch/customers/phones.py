"""Phone numbers: every spelling that exports contain becomes one E.164 number, or is refused with what to do.

A number is never guessed. Where digits are missing (Excel's `1.38E+10`, `138****0000`, no area code) it is
refused: a guessed number reaches a stranger.
"""

import re

from checklists.words import Words
from dispatch.errors import Invalid

LONGEST_TEXT = 60  # a number with every ornament fits; more is not a phone number
CHINA = "86"

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
# Address books put left-to-right marks around copied numbers; they change nothing in a left-to-right number.
_INVISIBLE = dict.fromkeys([0x200B, 0x200E, 0x202A, 0x202C, 0x202D, 0x2060, 0xFEFF], None)
_HYPHENS = dict.fromkeys([0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2212, 0xFE63], 0x2D)
_SPELLING = _FULL_WIDTH | _INVISIBLE | _HYPHENS

_PREFIX = re.compile(r"^(?:tel|phone|mobile|手机|电话|联系电话)?\s*[:：]?\s*", re.IGNORECASE)
_WHOLE_FLOAT = re.compile(r"([0-9]+)\.0+")
_SCIENTIFIC = re.compile(r"([0-9])(?:\.([0-9]+))?[eE]\+?([0-9]{1,2})")
_EXTENSION = re.compile(r"[0-9)][\s-]*(?:转|分机|ext\.?|x|#)\s*:?\s*[0-9]+$", re.IGNORECASE)
_EXTENSION_BY_HYPHEN = re.compile(r"\(?0[0-9]{2,3}\)?[\s-]?[2-8][0-9]{6,7}-[0-9]{1,6}")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
# Two-digit-plus-zero codes are the large cities (eight-digit numbers); all others have four digits.
_LANDLINE = re.compile(r"(10|2[0-57-9])([2-8][0-9]{7})|([3-9][0-9]{2})([2-8][0-9]{6,7})")
_HOTLINE = re.compile(r"(?:400|800)[0-9]{7}|9[56][0-9]{3,6}|1[0-2][0-9]{1,6}")
_PREMIUM = re.compile(r"(?:0[0-9]{2,3})?(?:16[0-9]{3,6}|168[0-9]{4,5})")


def normal_phone(text: str, allow_foreign: bool = False) -> str:
    """The E.164 form of a Chinese mobile (+86, 11 digits) or landline (+86, area code without its 0, number).

    Refuses with `Invalid` what cannot be dialled as it stands: impossible, incomplete, masked, with an
    extension, service and premium numbers, and foreign ones (Hong Kong, Macao and Taiwan included) unless
    `allow_foreign`.
    Source of the shapes: the national numbering plan; E.164 allows at most 15 digits.
    """
    spelling = text.translate(_SPELLING).strip().removeprefix("'").strip()
    spelling = _PREFIX.sub("", spelling, count=1) if len(spelling) <= LONGEST_TEXT else spelling
    if not spelling:
        raise _refusal("missing", "没有电话号码，请补充。", "There is no phone number. Add one.")
    if len(spelling) > LONGEST_TEXT:
        raise _refusal("too-long", "电话号码过长，请核对。", "This is too long for a phone number. Check it.")
    _refuse_what_is_incomplete(spelling)
    digits = _digits(_without_excel(spelling))
    if digits.startswith("+"):
        return _international(digits[1:], allow_foreign)
    if digits.startswith("00"):
        return _international(digits[2:], allow_foreign)
    home = digits[2:]
    if digits.startswith(CHINA) and (_MOBILE.fullmatch(home) or _LANDLINE.fullmatch(home)):
        return f"+{digits}"
    return _domestic(digits)


def masked_phone(e164: str) -> str:
    """A number as shown where it is not needed in full: `138****0000`, `021-****1234`, `+14****0123`."""
    digits = e164.removeprefix("+")
    tail = digits[-4:] if len(digits) > 7 else digits[-2:]
    home = digits[2:] if digits.startswith(CHINA) else ""
    if _MOBILE.fullmatch(home):
        return f"{home[:3]}****{tail}"
    landline = _LANDLINE.fullmatch(home)
    if landline:
        return f"0{landline[1] or landline[3]}-****{tail}"
    return f"+{digits[:2]}****{tail}"


def _refuse_what_is_incomplete(spelling: str) -> None:
    if "*" in spelling or re.search(r"[0-9][xX]{3,}[0-9]?", spelling):
        raise _refusal(
            "masked",
            "电话号码被隐去了部分数字，请导出完整号码。",
            "Part of this number is masked. Export it with the full number.",
        )
    if _EXTENSION.search(spelling) or _EXTENSION_BY_HYPHEN.fullmatch(spelling):
        raise _refusal(
            "extension",
            "号码带有分机号，短信和回拨无法送达，请改填手机或直线号码。",
            "This number has an extension, which messages cannot reach. Give a mobile or a direct number.",
        )


def _without_excel(spelling: str) -> str:
    """Undo Excel's `13800000000.0` and `1.3812345678E+10`; refuse `1.38E+10`, whose other digits are lost."""
    whole = _WHOLE_FLOAT.fullmatch(spelling)
    if whole:
        return whole[1]
    scientific = _SCIENTIFIC.fullmatch(spelling)
    if not scientific:
        return spelling
    first, rest, power = scientific[1], scientific[2] or "", int(scientific[3])
    if len(rest) != power:
        raise _refusal(
            "digits-lost",
            "表格软件把号码缩写成了科学计数，部分数字已丢失。请把该列设为“文本”后重新导出。",
            "The spreadsheet shortened this number and digits are lost. Set the column to Text and export again.",
        )
    return first + rest


def _digits(spelling: str) -> str:
    """Only digits, with a leading + if there is one; refuses letters and whatever else is not an ornament."""
    bare = re.sub(r"[\s().·-]", "", spelling)
    fraction = re.search(r"\.[0-9]{1,2}$", spelling)  # 1380000000.5 is a spoilt number, 138.0000.0000 is not
    if fraction or not re.fullmatch(r"\+?[0-9]+", bare):
        raise _refusal(
            "not-a-number",
            "电话号码中有不能识别的字符，请只填一个号码，例如 13800000000 或 021-58881234。",
            "There are characters here that no phone number has. Give one number, "
            "for example 13800000000 or 021-58881234.",
        )
    return bare


def _international(digits: str, allow_foreign: bool) -> str:
    if digits.startswith(CHINA):
        return _domestic(digits[2:], country_given=True)
    if not allow_foreign:
        raise _refusal(
            "foreign",
            "这是境外号码，目前未开通境外号码，请改填内地号码。",
            "This is a foreign number, and those are not enabled. Give a mainland number.",
        )
    if not re.fullmatch(r"[1-9][0-9]{7,14}", digits):
        raise _impossible()
    return f"+{digits}"


def _domestic(digits: str, country_given: bool = False) -> str:
    if _MOBILE.fullmatch(digits):
        return f"+{CHINA}{digits}"
    if _MOBILE.fullmatch(digits[1:]) and digits.startswith("0"):
        return f"+{CHINA}{digits[1:]}"  # a 0 before a mobile number was once dialled for other cities
    if digits.startswith("0") or country_given:
        local = digits.removeprefix("0")
        if _LANDLINE.fullmatch(local):
            return f"+{CHINA}{local}"
    if _PREMIUM.fullmatch(digits):
        raise _refusal(
            "premium",
            "这是收费信息台号码，不能作为客户联系电话，请改填手机或固定电话。",
            "This is a premium-rate number and cannot be a customer's. Give a mobile or a landline.",
        )
    if _HOTLINE.fullmatch(digits):
        raise _refusal(
            "service-number",
            "这是服务热线或短号，不能作为客户联系电话，请改填手机或固定电话。",
            "This is a hotline or a short code and cannot be a customer's. Give a mobile or a landline.",
        )
    if re.fullmatch(r"[2-8][0-9]{6,7}", digits):
        raise _refusal(
            "no-area-code",
            "固定电话缺少区号，请补上，例如 021-58881234。",
            "This landline lacks its area code. Add it, for example 021-58881234.",
        )
    raise _impossible()


def _impossible() -> Invalid:
    return _refusal(
        "impossible",
        "没有这样的电话号码，请核对位数：手机 11 位，固定电话需带区号。",
        "No phone number looks like this. A mobile has 11 digits; a landline needs its area code.",
    )


def _refusal(why: str, zh: str, en: str) -> Invalid:
    return Invalid(Words(zh, en), name=f"phone-{why}")


def takes_sms(e164: str) -> bool:
    """Whether a text message can reach this number: every mobile, and foreign numbers, of which we cannot tell."""
    digits = e164.removeprefix("+")
    return not digits.startswith(CHINA) or bool(_MOBILE.fullmatch(digits[2:]))

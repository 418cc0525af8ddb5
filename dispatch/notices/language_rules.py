"""How we speak to customers, as rules that find what is wrong in a text: `stop` keeps it from going live. Pure.

Polite forms, what a change must say (DOMAIN §5), phrases never to use (§6), and what gateways refuse (reference:
telecom.md §4). The same rules read what a person notes about a call (`findings_in_note`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from checklists.plain_text import unsafe
from checklists.words import Words
from dispatch.notices.phrases import phrases_in
from dispatch.notices.samples import (
    A_DAY,
    LONGEST_LINK,
    LONGEST_VOICE,
    SHANGHAI,
    USUAL_LINK,
    USUAL_VOICE,
    longest_facts,
    sample_facts,
)
from dispatch.notices.texts import SECTIONS, Texts
from dispatch.notices.variables import VARIABLES_OF, units
from dispatch.notices.wording import PLACE, places_in, sms_parts, worded_as

Severity = Literal["stop", "warn"]
MOST_PARTS = 4
USUAL_PARTS = 3
MOST_IN_ALL = 500
LONGEST_SUBJECT = 80
BEGINNING = 40

SECTION_WORDS = {
    "sms": Words("短信", "SMS"),
    "subject": Words("邮件主题", "mail subject"),
    "mail": Words("邮件正文", "mail"),
    "call": Words("电话用语", "call"),
    "note": Words("备注", "note"),
}
VARIABLE_WORDS = {
    "customer": Words("客户姓名", "the customer's name"),
    "company": Words("公司名称", "the company's name"),
    "company_phone": Words("公司电话", "the company's number"),
    "work": Words("服务内容", "what is done"),
    "number": Words("服务记录编号", "the record's number"),
    "link": Words("链接", "the link"),
    "when": Words("上门时间", "the appointed time"),
    "who": Words("上门人员", "who comes"),
    "old_when": Words("原定时间", "the former time"),
    "reason": Words("原因", "the reason"),
    "arrival": Words("预计到达时间", "the expected arrival"),
    "call_when": Words("回访时间", "the time of the call"),
    "area": Words("影响区域", "the area"),
    "outage_when": Words("停机时间", "the time of the outage"),
    "back_when": Words("预计恢复时间", "when it is expected back"),
    "handler": Words("负责人", "who looks after it"),
    "by_when": Words("答复时限", "by when it is answered"),
    "said": Words("答复内容", "what we answer"),
    "options": Words("解决方案", "the solutions"),
    "regulator": Words("申诉渠道", "where to appeal"),
}

BY_US = frozenset({
    "moved", "cancelled", "technician_changed", "running_late", "outage", "outage_fault", "complaint_received",
    "complaint_result", "complaint_appealed", "complaint_regulator",
})  # fmt: skip
"""Changes that the company makes, and what it did wrong: each apologises."""
NEEDED: dict[str, tuple[str, ...]] = {
    "booked": ("when", "who", "work"),
    "moved": ("old_when", "when", "reason"),
    "moved_asked": ("when",),
    "cancelled": ("when", "reason"),
    "cancelled_asked": ("when",),
    "technician_changed": ("when", "who"),
    "reminder": ("when", "who"),
    "on_the_way": ("who", "arrival"),
    "running_late": ("when", "arrival", "reason"),
    "no_access": ("when",),
    "record_ready": (),
    "satisfaction": (),
    "return_call": ("call_when",),
    "outage": ("area", "outage_when", "reason"),
    "outage_fault": ("area", "back_when"),
    "complaint_received": ("number", "handler", "by_when"),
    "complaint_answered": ("number", "said", "by_when"),
    "complaint_found": ("number", "by_when"),
    "complaint_offered": ("number", "options"),
    "complaint_settled": ("number", "said"),
    "complaint_result": ("number", "said"),
    "complaint_appealed": ("number", "handler", "by_when"),
    "complaint_regulator": ("number", "regulator"),
    "complaint_closed": ("number",),
}
"""What SMS, mail and call of each text must say."""
LINK_NEEDED = frozenset({
    "booked", "moved", "no_access", "record_ready", "satisfaction", "complaint_offered", "complaint_result",
})  # fmt: skip
"""Whose SMS is of little use without its link."""

SALUTATION = {"zh": r"尊敬的|您好", "en": r"\b(dear|hello|good (day|morning|afternoon|evening))\b"}
APOLOGY = {"zh": r"抱歉|致歉|歉意|对不起", "en": r"\b(sorry|apologi[sz]e|apolog(y|ies))\b"}
THANKS = {"zh": r"谢", "en": r"\bthanks?\b|\bthank you\b"}
ADDRESS = re.compile(r"https?:|www\.|\b[a-z0-9-]+\.(com|cn|net|org|info|io|top|vip|xyz|me|link|app)\b", re.IGNORECASE)
BRACKETS = {"（": "）", "(": ")", "《": "》", "“": "”", "[": "]", "「": "」", "〔": "〕"}
HAN = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]")


@dataclass(frozen=True)
class Finding:
    """One thing that a rule found. `found` is what it stands at, `words` what is wrong and what to do instead."""

    rule: str
    severity: Severity
    section: str
    words: Words
    found: str = ""


@lru_cache(maxsize=256)
def findings(name: str, language: str, texts: Texts) -> tuple[Finding, ...]:
    """Everything that the rules find in the texts of that name, section by section; empty when all is well."""
    found = [one for section in SECTIONS for one in _in_section(name, language, section, getattr(texts, section))]
    if not any(one.severity == "stop" and one.rule in UNFILLABLE for one in found):
        found += _too_long(name, language, texts)
    return tuple(found)


def findings_in_note(text: str, language: str) -> tuple[Finding, ...]:
    """What the rules find in a person's own words to or about a customer (a note, a call's outcome)."""
    return (*_unsafe("note", text), *_manners("note", language, text))


def stops(found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Those that keep a text from going live."""
    return tuple(one for one in found if one.severity == "stop")


UNFILLABLE = frozenset({"empty", "unsafe", "placeholder", "unknown_variable"})


def _in_section(name: str, language: str, section: str, text: str) -> Iterator[Finding]:
    if not text.strip():
        yield _stop("empty", section, "没有内容，请填写。", "is empty: write it.")
        return
    yield from _unsafe(section, text)
    yield from _places(name, section, text)
    yield from _manners(section, language, text)
    yield from _refused_by_gateways(section, text)
    if bool(HAN.search(PLACE.sub("", text))) != (language == "zh"):
        yield _stop("language", section, "语言不符，请用中文书写。", "is in another language: write it in English.")
    if section != "subject":
        yield from _polite(name, language, section, text)


def _unsafe(section: str, text: str) -> Iterator[Finding]:
    reason = unsafe(text)
    if reason is not None:
        yield Finding("unsafe", "stop", section, _about(section, reason.zh, reason.en))


def _places(name: str, section: str, text: str) -> Iterator[Finding]:
    """Places that can be filled, and those that must be there."""
    if re.search(r"[{}]", PLACE.sub("", text)):
        zh = "含有无法识别的花括号，变量请写作 {{ customer }}。"
        yield _stop("placeholder", section, zh, "has braces that are no variable: write {{ customer }}.")
    there = places_in(text)
    for variable in there:
        if variable not in VARIABLES_OF[name]:
            known = "、".join(sorted(VARIABLES_OF[name]))
            zh = f"不能使用变量 {variable}，可用的有：{known}。"
            en = f"cannot use the variable {variable}. There are: {known.replace('、', ', ')}."
            yield _stop("unknown_variable", section, zh, en, variable)
    for variable in _needed(name, section):
        if variable not in there:
            what = VARIABLE_WORDS[variable]
            zh, en = f"缺少{what.zh}，请加入 {{{{ {variable} }}}}。", f"lacks {what.en}: add {{{{ {variable} }}}}."
            yield _stop(f"missing_{variable}", section, zh, en)
    if section == "sms" and "link" not in there and "company_phone" not in there:
        zh = "没有告诉客户如何联系或改约，请加入 {{ link }} 或 {{ company_phone }}。"
        yield _stop("no_way_back", section, zh, "says no way to answer: add {{ link }} or {{ company_phone }}.")
    if section == "call" and "link" in there:
        yield _warn("link_in_call", section, "链接无法念给客户听，请删去。", "has a link, which nobody can read out.")


def _needed(name: str, section: str) -> tuple[str, ...]:
    if section == "subject":
        return ()
    company = ("company",) if section == "call" else ()  # an SMS has its signature, a mail its head
    link = ("link",) if section == "sms" and name in LINK_NEEDED else ()
    return ("customer", *company, *NEEDED[name], *link)


def _polite(name: str, language: str, section: str, text: str) -> Iterator[Finding]:
    if not re.search(SALUTATION[language], text[:BEGINNING], re.IGNORECASE):
        zh, en = "开头没有称呼或问候，请以“尊敬的…，您好”开头。", "has no salutation: begin with “Dear …” or “Hello”."
        yield _stop("salutation", section, zh, en)
    if name in BY_US and not re.search(APOLOGY[language], text, re.IGNORECASE):
        zh, en = "公司原因的变更没有致歉，请加上“很抱歉”。", "changes what we promised without an apology: add one."
        yield _stop("apology", section, zh, en)
    if section == "call":
        if not re.search("[？?]", text.partition("吗？")[2] if language == "zh" else text.partition("?")[2]):
            zh, en = "没有询问客户是否方便，请加一句询问。", "does not ask whether it suits: add a question."
            yield _warn("question", section, zh, en)
        if not re.search(THANKS[language], text, re.IGNORECASE):
            yield _warn("thanks", section, "结尾没有致谢，请加上“谢谢您”。", "has no thanks: add “thank you”.")


def _manners(section: str, language: str, text: str) -> Iterator[Finding]:
    if language == "zh" and "你" in text:
        yield _stop("informal_you", section, "请用“您”称呼客户，不用“你”。", "says 你: use the polite 您.", "你")
    for one in phrases_in(text, language):
        rule = "promotional" if one.promotional else "taboo"
        zh = f"含有不宜使用的“{one.phrase}”：{one.why}。请改为：{one.instead}。"
        en = f"says “{one.phrase}”: {one.why}. Rather: {one.instead}."
        yield (_warn if one.warn else _stop)(rule, section, zh, en, one.phrase)
    if re.search(r"[！!][！!？?]|[？?][！!]", text):
        yield _warn("exclamations", section, "感叹号过多，请只留一个。", "piles up exclamation marks: keep one.")
    if not _balanced(text):
        yield _stop("brackets", section, "括号或引号不成对，请检查。", "has a bracket without its partner.")


def _refused_by_gateways(section: str, text: str) -> Iterator[Finding]:
    if re.search("[【】]", text):
        zh, en = "不能含有【】：签名会自动加在短信开头。", "has 【】: the signature is put before every SMS by itself."
        yield _stop("second_signature", section, zh, en, "【】")
    address = ADDRESS.search(PLACE.sub("", text))
    if address:
        zh, en = "不能写网址，请用 {{ link }}。", "has an address in it: use {{ link }}."
        yield _stop("address", section, zh, en, address.group())


def _balanced(text: str) -> bool:
    closing = set(BRACKETS.values())
    open_: list[str] = []
    for character in text:
        if character in BRACKETS:
            open_.append(BRACKETS[character])
        elif character in closing and (not open_ or open_.pop() != character):
            return False
    return not open_


def _too_long(name: str, language: str, texts: Texts) -> Iterator[Finding]:
    """Lengths with usual facts, and with the longest that there can be."""
    usual = worded_as(name, texts, language, sample_facts(name, SHANGHAI, A_DAY, language), USUAL_VOICE, USUAL_LINK)
    worst = worded_as(name, texts, language, longest_facts(name), LONGEST_VOICE, LONGEST_LINK, True)
    parts, length = sms_parts(usual.sms), units(worst.sms)
    if parts > MOST_PARTS:
        zh, en = (
            f"通常需要 {parts} 条计费，最多 {MOST_PARTS} 条，请缩短。",
            f"takes {parts} parts of {MOST_PARTS}.",
        )
        yield _stop("too_many_parts", "sms", zh, en, str(parts))
    elif parts > USUAL_PARTS and language == "zh":
        yield _warn("many_parts", "sms", f"通常需要 {parts} 条计费，建议缩短。", f"takes {parts} parts: shorten it.")
    if length > MOST_IN_ALL:
        zh = f"内容最长时达 {length} 字，网关最多 {MOST_IN_ALL} 字，请缩短。"
        en = f"can grow to {length} characters, and gateways take {MOST_IN_ALL}: shorten it."
        yield _stop("too_long", "sms", zh, en, str(length))
    if units(usual.subject) > LONGEST_SUBJECT:
        yield _warn("long_subject", "subject", "过长，手机上显示不全。", "is too long to be seen on a phone.")


def _about(section: str, zh: str, en: str) -> Words:
    where = SECTION_WORDS[section]
    return Words(f"{where.zh}：{zh}", f"The {where.en} {en}" if en[:1].islower() else f"The {where.en}: {en}")


def _stop(rule: str, section: str, zh: str, en: str, found: str = "") -> Finding:
    return Finding(rule, "stop", section, _about(section, zh, en), found)


def _warn(rule: str, section: str, zh: str, en: str, found: str = "") -> Finding:
    return Finding(rule, "warn", section, _about(section, zh, en), found)

"""Facts to try a text with: a usual notice, and the longest that there can be. Pure."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from checklists.words import Words
from dispatch.notices.variables import MOST_UNITS, Voice

USUAL_LINK = "https://door.example.cn/c/" + "Ab3" * 10 + "xy"  # 58 characters
LONGEST_LINK = "https://appointments.broadband.example-company.com.cn/c/" + "Ab3" * 10 + "xy"
SHANGHAI = ZoneInfo("Asia/Shanghai")
PREDICTED = ("on_the_way", "running_late")
A_DAY = datetime(2026, 11, 22, 12, tzinfo=SHANGHAI)
USUAL_VOICE = Voice(Words("装维上门", "Doorstep Broadband"), "10000", SHANGHAI, "装维上门")
LONGEST_VOICE = Voice(Words("司" * 30, "C" * 30), "0" * 20, SHANGHAI, "签" * 12)


def sample_facts(name: str, zone: ZoneInfo, now: datetime, language: str = "zh") -> dict[str, Any]:
    """Plausible facts for the text of that name, as a notice about tomorrow would have them."""
    tomorrow = datetime.combine(now.astimezone(zone).date() + timedelta(days=1), time(9), zone)

    def stretch(hour: int, hours: int) -> dict[str, str]:
        start = tomorrow + timedelta(hours=hour - 9)
        return {"start": start.isoformat(), "end": (start + timedelta(hours=hours)).isoformat()}

    reason = Words("上一户处理超时", "a longer repair before yours")
    facts: dict[str, Any] = {"customer": "王𬭎", "reason": reason.to(language)}
    if name == "outage_fault":
        reason = Words("光缆受损", "a damaged cable")
        area = {"zh": "张江镇", "en": "Zhangjiang"}
        fault = {"outage_kind": "fault", "outage": stretch(7, 4)}
        return facts | fault | {"area": area, "reason": {"zh": reason.zh, "en": reason.en}}
    if name == "outage":
        reason = Words("光缆检修", "work on the cable")
        area = {"zh": "张江镇", "en": "Zhangjiang"}
        return facts | {"area": area, "outage": stretch(23, 6), "reason": {"zh": reason.zh, "en": reason.en}}
    if name.startswith("complaint_"):
        return facts | _of_a_complaint(tomorrow, language)
    return facts | {
        "work": {"zh": "宽带维修", "en": "broadband repair"},
        "window": stretch(9, 1),
        "old_window": stretch(14, 2),
        "technician": "赵翀",
        "technician_code": "T-001",
        "asked_by": "customer" if name.endswith("_asked") else "company",
        **({"predicted": (tomorrow + timedelta(minutes=35)).isoformat()} if name in PREDICTED else {}),
        "number": "R-20261123-0007",
        "call_window": stretch(15, 2),
    }


def _of_a_complaint(tomorrow: datetime, language: str) -> dict[str, Any]:
    zh = {"handler": "沈晓岚", "said": "已安排师傅上门复查。", "options": "A 上门重做并补偿50元；B 减免当月费用。"}
    en = {
        "handler": "Ms Shen",
        "said": "A technician will come again.",
        "options": "A: done again, and 50 yuan; B: a month free.",
    }
    regulator = {"zh": "电信用户申诉受理中心，电话12300", "en": "the Telecom Users' Appeals Centre, phone 12300"}
    by_when = tomorrow.replace(hour=18).isoformat()
    return {"number": "T-20261123-0007", "by_when": by_when, "regulator": regulator, **(en if language == "en" else zh)}


def longest_facts(name: str) -> dict[str, Any]:
    """Facts that fill every place to its limit."""
    long = {fact: "龘" * most for fact, most in MOST_UNITS.items()}
    evening = datetime(2026, 12, 30, 20, tzinfo=SHANGHAI)
    window = {"start": evening.isoformat(), "end": (evening + timedelta(hours=12)).isoformat()}
    facts = sample_facts(name, SHANGHAI, A_DAY) | {
        "customer": long["customer"],
        "reason": long["reason"],
        "technician": long["technician"],
        "technician_code": long["code"],
        "number": long["number"],
        "handler": long["handler"],
        "said": long["said"],
        "options": long["options"],
        "regulator": {"zh": long["regulator"], "en": long["regulator"]},
        "work": {"zh": long["work"], "en": long["work"]},
        "area": {"zh": long["area"], "en": long["area"]},
        "window": window,
        "old_window": window,
        "call_window": window,
        "outage": window,
    }
    return facts | ({"predicted": (evening + timedelta(hours=6)).isoformat()} if "predicted" in facts else {})

"""Records as different as life makes them, the same for the same seed: short, long, many photos, strange names."""

import random
from typing import Any

from tests.rules.records.made_records import Photos, completed_record, missed_record, refused_record, words

NAMES = [
    "欧阳𬭎㛃",
    "A",
    "Ádám Þórðarson-O’Neill",
    "阿不都热依木·买买提明·吐尔逊江",
    "王" * 60,
    "x" * 180,
    "<b>李</b> & \"Co\" 'Ltd'",
    "𰻞𰻞面馆有限责任公司",
    "李😀四",
    "=SUM(A1:A9)",
]
HOSTILE = [
    "</para><img src='file:///etc/passwd'/>",
    "%%EOF\nxref\n0 1\ntrailer",
    "endstream endobj 1 0 obj << /S /JavaScript >>",
    "{{7*7}} ${x} %s \\( \\) ((( ]]>",
    "a\tb\r\nc\u2028d",
    "＜ｓｃｒｉｐｔ＞",
]
LONG = "入户光纤在弱电箱处弯曲半径过小，重新盘纤并重做冷接头；更换老化的网线。The drop fibre was bent too tightly. "


def a_varied_record(number: int, photos: Photos) -> dict[str, Any]:
    """Record `number`; the first ones are the extremes, one each."""
    chance = random.Random(number)
    language = ("zh", "en")[number % 2]
    maker = (completed_record, refused_record, missed_record)[(0, 0, 0, 1, 2)[number % 5]]
    record: dict[str, Any] = maker(language)  # type: ignore[operator]
    record["number"] = f"SR-20261121-{number:06d}"
    record["customer"] = {"name": NAMES[number % len(NAMES)], "phone_masked": "138****0001"}
    if number % 3 == 0:
        record["rating"] = {"conduct": 5, "overall": None, "recommend": 0, "comment": HOSTILE[number % len(HOSTILE)]}
    if number % 4 == 1:
        record["site"]["address"] = HOSTILE[(number // 4) % len(HOSTILE)] + LONG * chance.randint(1, 3)
    if maker is not missed_record:
        _vary_the_work(record, number, chance, photos)
    if number % 7 == 5 and maker is completed_record:
        _correct(record)
    for one in record["signatures"]:
        if one["who"] == "customer":
            one["name"] = record["customer"]["name"]
            one["reservation"] = HOSTILE[number % len(HOSTILE)] if number % 6 == 0 else None
    return record


def _vary_the_work(record: dict[str, Any], number: int, chance: random.Random, photos: Photos) -> None:
    if number % 8 == 2:
        record["steps"] = record["steps"][:1]
        record["kit"], record["measurements"], record["open_questions"] = [], [], []
    elif number % 8 == 6:
        for step in record["steps"]:
            step["entries"] = step["entries"] * 3
            step["entries"][0]["text"] = words(LONG * chance.randint(5, 40), LONG * chance.randint(5, 40))
        record["measurements"] = record["measurements"] * 4
    listed = photos.listed()
    record["photos"] = listed if number % 9 == 4 else listed[: chance.randint(0, 5)]


def _correct(record: dict[str, Any]) -> None:
    record["revision"], record["corrects"] = 2, "SR-20261120-000001"
    record["correction"] = {
        "corrects": "SR-20261120-000001",
        "corrects_sha256": "a" * 64,
        "reason": LONG,
        "by": "王班长",
        "at": "2026-11-21T07:00:00Z",
        "changes": [
            {
                "step": "file",
                "key": "repair_note",
                "label": words("处理说明", "Note"),
                "before": None,
                "after": words(LONG, LONG),
            }
        ],
        "signed_earlier": [
            {"who": one["who"], "name": one["name"], "at": one["at"], "refused_reason": None}
            for one in record["signatures"]
        ],
    }
    record["signatures"] = []

"""Makers of records for the tests of drawing and signing: one completed visit, and what differs from it."""

import copy
import hashlib
import io
import math
import random
from typing import Any

from PIL import Image, ImageDraw

from dispatch.records.strokes import StrokesValue

RARE_NAME = "欧阳𬭎㛃"
RARE_ADDRESS = "上海市浦东新区龘园路88弄3号楼1202室（䶮湾小区）"
NUMBER = "SR-20261121-000001"
ADDRESS_TO_VERIFY = "https://doorstep.example/r/SR-20261121-000001"
STEPS = [
    ("上门之前需预约", "Appointment first"),
    ("入室之后需沟通", "Talk after entering"),
    ("现场实施需谨慎", "Careful work"),
    ("实施完毕需认证", "Prove that it works"),
    ("准确无误建档案", "File it"),
    ("指导用户很关键", "Guide the customer"),
    ("结束莫忘再提醒", "Remind at the end"),
    ("清理现场显素质", "Leave it clean"),
]
ENTRIES = [
    [
        ("出发前电话", "Call before leaving", "已接通，客户确认时间", "Reached, time confirmed"),
        ("故障现象", "Symptoms", "晚高峰卡顿，光猫红灯闪烁", "Stalls in the evening, red lamp blinks on the ONT"),
        ("区域网络状态", "State of the network in the area", "无告警", "No open incident"),
    ],
    [
        ("进门问候与亮明身份", "Greeted, said who I am", "是", "Yes"),
        ("穿鞋套", "Shoe covers on", "是", "Yes"),
        ("说明服务规范", "Rules explained", "是", "Yes"),
        ("客户设备", "Customer's equipment", "自购路由器，放置于电视柜内", "Own router inside the TV cabinet"),
    ],
    [
        ("铺垫布", "Cloth laid", "是", "Yes"),
        (
            "处理经过",
            "What was done",
            "入户光纤在弱电箱处弯曲半径过小，重新盘纤并重做冷接头；更换一根老化的网线，整理弱电箱内线缆并贴标签。",
            "The drop fibre was bent too tightly in the cabinet: coiled again and re-terminated; an aged patch cord "
            "was replaced, the cables in the cabinet were tidied and labelled.",
        ),
    ],
    [
        ("拨号上线", "Dial-up", "成功", "Successful"),
        ("晚高峰卡顿", "Evening stalls", "已消除", "Gone"),
        ("光猫红灯", "Red lamp", "已消除", "Gone"),
    ],
    [
        ("故障类型", "Kind of fault", "入户光纤", "Drop fibre"),
        ("故障原因", "Cause", "弯曲半径过小", "Bent too tightly"),
    ],
    [
        ("客户经验", "Experience", "日常使用", "Everyday user"),
        ("讲解拨号错误代码", "Error codes explained", "是", "Yes"),
    ],
    [("提醒保管账号密码", "Reminded to keep the account safe", "是", "Yes")],
    [("物品复位", "Everything put back", "是", "Yes"), ("垃圾带走", "Waste taken away", "是", "Yes")],
]
KIT = [
    ("shoe_covers", "鞋套", "Shoe covers", 1, None),
    ("drop_cloth", "垫布", "Drop cloth", 1, "良好"),
    ("cleaning_cloth", "抹布", "Cleaning cloth", 1, "良好"),
    ("rubbish_bag", "垃圾袋", "Rubbish bag", 1, None),
    ("record_form", "服务记录表", "Service record form", 1, None),
    ("service_card", "服务贴心卡", "Service card", 1, None),
    ("user_guide", "宽带用户使用指南", "User guide", 0, None),
    ("sticky_note", "服务便利贴", "Sticky note", 0, None),
]
BOUNDS: dict[str, tuple[float | None, float | None]] = {
    "onu_rx_power": (-24, -8),
    "onu_tx_power": (0.5, 5),
    "ppp_auth_time": (None, 11),
    "dl_rate": (900, None),
    "ul_rate": (45, None),
    "loss": (None, 0),
    "wifi_rssi": (-67, None),
}
MEASUREMENTS: list[tuple[Any, ...]] = [
    ("onu_rx_power", "接收光功率", "Rx power", -18.7, "dBm", -19.5, "pass", "−24…−8 dBm"),
    ("onu_tx_power", "发送光功率", "Tx power", 2.3, "dBm", 2.4, "pass", "+0.5…+5 dBm"),
    ("onu_state", "ONU 状态", "ONU state", "O5", "", "O5", "pass", "O5"),
    ("ppp_auth_time", "拨号认证时长", "Dial-up time", 2.1, "s", 1.8, "pass", "≤ 11 s"),
    ("dl_rate", "下行速率", "Download", 943.6, "Mbit/s", 951, "pass", "≥ 900 Mbit/s"),
    ("ul_rate", "上行速率", "Upload", 44.2, "Mbit/s", 49.8, "warn", "≥ 45 Mbit/s"),
    ("ping_avg", "平均时延", "Latency", 5.4, "ms", 8, "pass", "—"),
    ("loss", "丢包率", "Packet loss", 0, "%", 0, "pass", "0 %"),
    ("wifi_rssi", "书房 5 GHz 信号", "Study 5 GHz level", -79, "dBm", -66, "fail", "≥ −67 dBm"),
]


def words(zh: str, en: str) -> dict[str, str]:
    """A text of the record in both languages."""
    return {"zh": zh, "en": en}


def a_photo(number: int) -> bytes:
    """A photo-like JPEG: a wall, a cabinet and a cable, another one for each number."""
    chance = random.Random(number)
    shade = tuple(chance.randint(170, 225) for _ in range(3))
    image = Image.new("RGB", (640, 480) if number % 3 else (480, 640), shade)
    draw = ImageDraw.Draw(image)
    width, height = image.size
    draw.rectangle([width * 0.25, height * 0.2, width * 0.7, height * 0.75], fill=(238, 240, 240), outline=(90, 90, 90))
    for line in range(8):
        points = [
            (x, height * (0.35 + 0.04 * line) + 22 * math.sin(x / 60 + line + number)) for x in range(0, width, 12)
        ]
        draw.line(points, fill=(230 - 20 * line, 160, 30 + 20 * line), width=4)
    written = io.BytesIO()
    image.save(written, "JPEG", quality=70)
    return written.getvalue()


class Photos:
    """Photos by their SHA-256, as the object store gives them."""

    def __init__(self, count: int) -> None:
        self.kept = {hashlib.sha256(data).hexdigest(): data for data in map(a_photo, range(count))}

    def __call__(self, sha256: str) -> bytes:
        """The bytes of one photo."""
        return self.kept[sha256]

    def listed(self) -> list[dict[str, Any]]:
        """As the record lists them."""
        captions = [("施工前：弱电箱", "Before: the cabinet"), ("重做冷接头", "Re-terminated connector")]
        captions.append(("施工后：整线完成", "After: cables tidied"))
        return [
            {"sha256": sha256, "caption": words(*captions[n % 3]), "at": f"2026-11-21T06:{10 + n:02d}:00Z"}
            for n, sha256 in enumerate(self.kept)
        ]


def pen_strokes(seed: int, count: int = 4) -> StrokesValue:
    """Strokes that look like handwriting; the same for the same seed."""
    chance = random.Random(seed)
    strokes: list[Any] = []
    left, time = 20.0, 0
    for number in range(count):
        wide, high, phase = chance.uniform(14, 34), chance.uniform(14, 42), chance.uniform(0, 6)
        points = []
        for step in range(46):
            way, time = step / 45, time + 8
            x = left + way * 62 + wide * math.sin(phase + way * 7 + number)
            y = 70 + high * math.cos(phase * 1.3 + way * 6.1) - 12 * number * way
            points.append({"x": round(x, 2), "y": round(y, 2), "t": time})
        strokes.append(points)
        left, time = left + chance.uniform(38, 60), time + 180
    return {"width": 400, "height": 160, "strokes": strokes}


def steps() -> list[dict[str, Any]]:
    """The eight steps with their entries; the repair file was entered late."""
    made = []
    for number, ((zh, en), entries) in enumerate(zip(STEPS, ENTRIES, strict=True), 1):
        rows = [
            {
                "key": f"entry_{number}_{place}",
                "label": words(label_zh, label_en),
                "type": "text",
                "text": words(text_zh, text_en),
                "at": f"2026-11-21T06:{5 * number:02d}:00Z",
                "late": number == 5 and place == 1,
                "flags": [words("手机时钟偏差 3 分钟", "The phone's clock was 3 minutes off")] if number == 7 else [],
            }
            for place, (label_zh, label_en, text_zh, text_en) in enumerate(entries)
        ]
        done = f"2026-11-21T06:{5 * number:02d}:30Z"
        made.append({"key": f"s{number}", "number": number, "title": words(zh, en), "done_at": done, "entries": rows})
    return made


def consent() -> dict[str, Any]:
    """The text that both signers were shown."""
    zh = "本人已阅读本记录，确认上述服务已完成、所列情况属实，同意以电子签名方式签署。"
    en = "I have read this record. The work above was done and the facts are true; I agree to sign electronically."
    return {"version": "consent@1", "text": words(zh, en)}


def completed_record(language: str = "zh", photos: Photos | None = None, **changes: Any) -> dict[str, Any]:
    """A repair that was completed, signed by both, with everything that a record can hold."""
    record: dict[str, Any] = {
        "format": "doorstep-record/1",
        "number": NUMBER,
        "revision": 1,
        "corrects": None,
        "language": language,
        "sealed_at": "2026-11-21T08:00:00Z",
        "time_zone": "Asia/Shanghai",
        "company": words("示例电信上海分公司", "Example Telecom Shanghai"),
        "outcome": "completed",
        "customer": {"name": RARE_NAME, "phone_masked": "138****5678"},
        "site": {"address": RARE_ADDRESS, "area": "张江"},
        "line": {
            "account_masked": "021****3321",
            "product": "千兆宽带",
            "access": "GPON",
            "subscribed_down_mbps": 1000,
            "subscribed_up_mbps": 50,
        },
        "work_order": {
            "kind": "repair",
            "reference": "WO-20261120-0042",
            "symptoms": ["晚高峰卡顿", "光猫红灯闪烁"],
            "reported_at": "2026-11-20T02:15:00Z",
        },
        "visit": {
            "id": "4b0c9e1e-54ab-4a52-8ac7-0d1d1a7c4ef0",
            "window": {"start": "2026-11-21T06:00:00Z", "end": "2026-11-21T07:00:00Z"},
            "checklist": "visit_repair@1",
        },
        "technician": {"name": "赵翀", "code": "T-30417", "area": "张江"},
        "times": {
            "booked": "2026-11-20T02:20:00Z",
            "told": "2026-11-20T02:21:00Z",
            "called": "2026-11-21T05:20:00Z",
            "announced": "2026-11-21T05:50:00Z",
            "departed": "2026-11-21T05:25:00Z",
            "arrived": "2026-11-21T05:52:00Z",
            "begun": "2026-11-21T05:58:00Z",
            "ended": "2026-11-21T06:44:00Z",
            "left": "2026-11-21T06:50:00Z",
        },
        "punctuality": "on_time",
        "steps": steps(),
        "kit": [
            {
                "key": key,
                "name": words(zh, en),
                "carried": key != "sticky_note",
                "used": used,
                "condition": condition,
                "reason": "站内缺货，已登记补领" if key == "sticky_note" else None,
            }
            for key, zh, en, used, condition in KIT
        ],
        "measurements": [
            {
                "name": name,
                "label": words(zh, en),
                "value": value,
                "unit": unit,
                "baseline": baseline,
                "verdict": verdict,
                "limit": words(limit, limit),
                "limit_low": BOUNDS.get(name, (None, None))[0],
                "limit_high": BOUNDS.get(name, (None, None))[1],
                "method": "TR-143" if "rate" in name else "光功率计",
                "instrument": "OPM-5 #20417",
                "at": "2026-11-21T06:30:00Z",
            }
            for name, zh, en, value, unit, baseline, verdict, limit in MEASUREMENTS
        ],
        "photos": photos.listed() if photos else [],
        "open_questions": [
            {
                "text": "书房信号偏弱，能否免费增加一台面板 AP？",
                "answer_by": "2026-11-24T09:00:00Z",
                "answered_by": "王班长",
            }
        ],
        "alteration": {"what": "弱电箱内新增一个光纤熔接盒", "agreed_at": "2026-11-21T06:02:00Z", "signed": True},
        "rating": {"conduct": 5, "overall": 4, "recommend": 9, "comment": "师傅很专业，讲解清楚。"},
        "signatures": [
            {
                "who": "customer",
                "name": RARE_NAME,
                "at": "2026-11-21T06:47:00Z",
                "strokes_sha256": None,
                "reservation": None,
                "refused_reason": None,
                "consent": consent(),
            },
            {
                "who": "technician",
                "name": "赵翀",
                "at": "2026-11-21T06:48:00Z",
                "strokes_sha256": None,
                "reservation": None,
                "refused_reason": None,
                "consent": consent(),
            },
        ],
        "missed_visit": None,
    }
    return {**copy.deepcopy(record), **changes}


def refused_record(language: str = "zh", **changes: Any) -> dict[str, Any]:
    """The customer did not sign and said why."""
    record = completed_record(language)
    record["signatures"][0]["refused_reason"] = "书房信号问题未当场解决，客户希望答复后再签。"
    return {**record, **changes}


def missed_record(language: str = "zh", **changes: Any) -> dict[str, Any]:
    """Nobody was at home: the short form."""
    record = completed_record(language)
    record["signatures"] = [record["signatures"][1]]
    record["times"] |= {"begun": None, "ended": None}
    missed = {
        "note_left_at": "2026-11-21T06:24:00Z",
        "arrived_at": "2026-11-21T05:52:00Z",
        "left_at": "2026-11-21T06:25:00Z",
        "contact": "赵翀",
        "phone": "021-5550 1234",
    }
    empty: dict[str, Any] = {"steps": [], "kit": [], "measurements": [], "open_questions": []}
    return {
        **record,
        **empty,
        "outcome": "no_access",
        "alteration": None,
        "rating": None,
        "missed_visit": missed,
        **changes,
    }

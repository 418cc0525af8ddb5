"""An entry's value as a person would read it, in both languages: for records, health files and pages. Pure."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from checklists.answers import DECLINED
from checklists.definition import Field
from checklists.dial_errors import DIAL_ERRORS
from checklists.kit_v1 import KIT_V1
from checklists.words import Words

NOTHING = Words("—", "—")
YES, NO = Words("是", "Yes"), Words("否", "No")
WATCHED = {
    "gone": Words("已消除", "gone"),
    "still_there": Words("仍存在", "still there"),
    "could_not_test": Words("无法验证", "could not be tested"),
}
KIT_LABELS = {item.key: item.label for item in KIT_V1}


def joined(parts: list[Words]) -> Words:
    """Several texts as one list."""
    return Words("、".join(part.zh for part in parts), ", ".join(part.en for part in parts)) if parts else NOTHING


def same(text: object) -> Words:
    """A text that is the same in both languages (what somebody typed)."""
    return Words(str(text), str(text))


def number(value: object) -> str:
    """A number without a tail of zeros."""
    return f"{value:g}" if isinstance(value, float) and abs(value) < 1e15 else str(value)


def spoken_value(field: Field, value: Any, zone: ZoneInfo) -> Words:
    """The value in words. Values with flaws must not come here: the caller shows them as they were sent."""
    if value is None or value == "" or value == []:
        return NOTHING
    speak = _SPEAKERS.get(field.type)
    return speak(field, value, zone) if speak else same(value)


def _yes_no(field: Field, value: Any, zone: ZoneInfo) -> Words:
    return YES if value is True else NO


def _option(field: Field, value: Any) -> Words:
    return next((option.label for option in field.options if option.value == value), same(value))


def _choice(field: Field, value: Any, zone: ZoneInfo) -> Words:
    return _option(field, value)


def _several(field: Field, value: Any, zone: ZoneInfo) -> Words:
    return joined([_option(field, item) for item in value])


def _measured(field: Field, value: Any, zone: ZoneInfo) -> Words:
    return same(f"{number(value['value'])} {value.get('unit', '')}".strip())


def _number(field: Field, value: Any, zone: ZoneInfo) -> Words:
    if isinstance(value, dict):
        return _measured(field, value, zone)
    return same(f"{number(value)} {field.unit or ''}".strip())


def _rooms(field: Field, value: Any, zone: ZoneInfo) -> Words:
    def room(item: dict[str, Any]) -> Words:
        band = f" {item['band']} GHz" if item.get("band") else ""
        return same(f"{item.get('room', '')}{band} {number(item['value'])} {item.get('unit', '')}".strip())

    return joined([room(item) for item in value])


def _photos(field: Field, value: Any, zone: ZoneInfo) -> Words:
    return Words(f"{len(value)} 张照片", f"{len(value)} photo{'' if len(value) == 1 else 's'}")


def _signature(field: Field, value: Any, zone: ZoneInfo) -> Words:
    if value.get("refused"):
        return Words(f"未签名：{value.get('reason', '')}", f"Not signed: {value.get('reason', '')}")
    return Words(f"已签名：{value.get('name', '')}", f"Signed: {value.get('name', '')}")


def _moment(field: Field, value: Any, zone: ZoneInfo) -> Words:
    local = datetime.fromisoformat(value.replace("Z", "+00:00")).astimezone(zone)
    return Words(f"{local.month}月{local.day}日 {local:%H:%M}", f"{local.day} {local:%b} {local:%H:%M}")


def _rating(field: Field, value: Any, zone: ZoneInfo) -> Words:
    if value == DECLINED:
        return Words("客户未评价", "Left out by the customer")
    highest = int(field.max_value or 5)
    return Words(f"{value} 分（满分 {highest}）", f"{value} of {highest}")


def _kit(field: Field, value: Any, zone: ZoneInfo) -> Words:
    def item(one: dict[str, Any]) -> Words:
        label = KIT_LABELS.get(one.get("item", ""), same(one.get("item", "")))
        if field.kit_part == "used":
            return Words(f"{label.zh}×{one.get('used', 0)}", f"{label.en} × {one.get('used', 0)}")
        missing = one.get("carried") is False
        return (
            Words(f"{label.zh}（缺：{one.get('reason', '')}）", f"{label.en} (missing: {one.get('reason', '')})")
            if missing
            else label
        )

    shown = [one for one in value if field.kit_part != "used" or one.get("used")]
    return joined([item(one) for one in shown])


def _questions(field: Field, value: Any, zone: ZoneInfo) -> Words:
    return same("；".join(str(item.get("text", "")) for item in value))


def _watch(field: Field, value: Any, zone: ZoneInfo) -> Words:
    def one(item: dict[str, Any]) -> Words:
        result = WATCHED.get(item.get("result", ""), NOTHING)
        return Words(f"{item.get('symptom')}：{result.zh}", f"{item.get('symptom')}: {result.en}")

    return joined([one(item) for item in value])


def _dial_code(field: Field, value: Any, zone: ZoneInfo) -> Words:
    known = DIAL_ERRORS.get(value)
    return Words(f"{value}（{known.meaning.zh}）", f"{value} ({known.meaning.en})") if known else same(value)


def _device(field: Field, value: Any, zone: ZoneInfo) -> Words:
    return same(" ".join(str(value[part]) for part in ("manufacturer", "model", "serial") if value.get(part)))


_SPEAKERS: dict[str, Callable[[Field, Any, ZoneInfo], Words]] = {
    "yes_no": _yes_no,
    "choice": _choice,
    "multi_choice": _several,
    "symptoms": _several,
    "number": _number,
    "measurement": _measured,
    "room_measurements": _rooms,
    "photo": _photos,
    "signature": _signature,
    "moment": _moment,
    "rating": _rating,
    "kit": _kit,
    "open_questions": _questions,
    "symptom_watch": _watch,
    "dial_code": _dial_code,
    "device": _device,
}

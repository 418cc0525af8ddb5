"""A checklist as the JSON that the phone draws, with all that it needs to judge and explain without a network.

Every shape keeps all its keys (`null` and `[]` where there is nothing), so the phone never has to ask whether a key is
there. Texts are `{"zh": .., "en": ..}`. A field's `checks` are what the phone checks of its
answer. Limits stand here as published; those of one line, ready to be used, are in `phone_limits`.
"""

from dataclasses import fields, is_dataclass
from typing import Any

from checklists.answer_lists import CONDITIONS, SYMPTOM_RESULTS
from checklists.answer_measured import BANDS, METHODS
from checklists.answers import DECLINED
from checklists.definition import Checklist, Step
from checklists.dial_errors import DIAL_ERRORS
from checklists.kit_v1 import KIT_V1
from checklists.measurement_limits import TRUST_WORDS
from checklists.measurements import MEASUREMENTS, SNR_WANTED, TOO_FAST_TO_BE_TRUE
from checklists.phone_checks import checks_of
from checklists.progress import SPOKEN
from checklists.scripts_v1 import SCRIPTS
from checklists.verdict_words import REASONS, range_words
from checklists.words import Words

CHOICE_WORDS: dict[str, Words] = {
    "gone": Words("已消失", "Gone"),
    "still_there": Words("仍存在", "Still there"),
    "could_not_test": Words("未能测试", "Could not be tested"),
    "good": Words("完好", "Good"),
    "worn": Words("磨损，需更换", "Worn, to be replaced"),
    "instrument": Words("仪表测量", "Measured by instrument"),
    "page": Words("设备页面读取", "Read on the device's page"),
    "read_off": Words("指示或标签读取", "Read off a lamp or label"),
    DECLINED: Words("客户不评价", "The customer would rather not rate"),
}
VERDICT_WORDS: dict[str, Words] = {
    "pass": Words("合格", "Good"),
    "warn": Words("关注", "Watch"),
    "fail": Words("不合格", "Not good"),
    "implausible": Words("请核对", "Check it"),
    "plain": Words("已记录", "Kept"),
}


def phone_form(checklist: Checklist) -> dict[str, Any]:
    """The checklist with its measurements, dial-up codes, kit and service scripts; plain JSON, both languages."""
    asked = {field.measurement for _, field in checklist.fields() if field.measurement}
    steps = [_step(step) for step in checklist.steps]
    return {
        "key": checklist.key,
        **plain(checklist),
        "steps": steps,
        "measurements": {name: _measurement(name) for name in sorted(asked)},
        "reasons": plain(REASONS),
        "unanswered": plain(SPOKEN["unanswered"]),
        "dial_errors": [plain(error) for error in DIAL_ERRORS.values()],
        "kit": [plain(item) for item in KIT_V1],
        "scripts": [plain(script) for script in SCRIPTS if checklist.kind in script.kinds],
        "choices": {
            "symptom_results": _choices(SYMPTOM_RESULTS),
            "conditions": _choices(CONDITIONS),
            "methods": _choices(METHODS),
            "bands": [{"value": band, "label": plain(Words(f"{band} GHz", f"{band} GHz"))} for band in BANDS],
            "declined": _choices((DECLINED,))[0],
        },
        "verdicts": {name: plain(words) for name, words in VERDICT_WORDS.items()},
        "trust": {letter: plain(words) for letter, words in TRUST_WORDS.items()},
        "too_fast_to_be_true": TOO_FAST_TO_BE_TRUE,
        "snr_wanted": SNR_WANTED,
    }


def plain(thing: Any) -> Any:
    """Our frozen values as plain JSON: dataclasses and words become objects, tuples become lists."""
    if isinstance(thing, Words):
        return {"zh": thing.zh, "en": thing.en}
    if is_dataclass(thing) and not isinstance(thing, type):
        return {part.name: plain(getattr(thing, part.name)) for part in fields(thing)}
    if isinstance(thing, tuple):
        return [plain(item) for item in thing]
    if isinstance(thing, list):
        return [plain(item) for item in thing]
    if isinstance(thing, dict):
        return {name: plain(value) for name, value in thing.items()}
    return thing


def _step(step: Step) -> dict[str, Any]:
    """The step, each field with what the phone checks of its answer."""
    fields = [{**plain(field), "checks": plain(checks_of(field))} for field in step.fields]
    return {**plain(step), "fields": fields}


def _measurement(name: str) -> dict[str, Any]:
    """The measurement with what is possible, and what is good, in words; and what is said of each of its words."""
    measurement = MEASUREMENTS[name]
    low, high = measurement.plausible
    good = "/".join(measurement.good)
    return {
        **plain(measurement),
        "possible": None if low is None and high is None else plain(range_words(low, high, measurement.unit)),
        "wanted": plain(Words(good, good)) if good else None,
        "said_of": {word: "pass" if word in measurement.good else "fail" for word in measurement.allowed}
        | {word: "special" for word, _ in measurement.special},
        "meanings": {word: plain(meaning) for word, meaning in measurement.special},
    }


def _choices(values: tuple[str, ...]) -> list[dict[str, Any]]:
    return [{"value": value, "label": plain(CHOICE_WORDS[value])} for value in values]

"""Is an entry's value well-formed? Each type of field has one shape; anything else is a flaw, never an exception.

Values are plain JSON, as the phone sends them:

- yes_no `true`; choice `"worn"`; multi_choice `["rules", "record"]`; text `"..."`; rating `4` or `"declined"`;
- number, measurement `{"value": -18.5, "unit": "dBm", "instrument"?, "method"?: "instrument"|"page"|"read_off",
  "runs"?: [..], "confirmed"?: true}` (`confirmed`: implausible, but read twice and truly shown);
- room_measurements: a list of measurements, each with `"room"` and, for Wi-Fi, `"band": "2.4"|"5"|"6"`;
- photo: SHA-256 in hex, a list; moment: ISO 8601 with an offset; dial_code `691`;
- signature `{"strokes": [[{"x","y","t","p"?}, ..], ..], "width", "height", "name", "reservation"?}` or
  `{"refused": true, "reason": "...", "reservation"?}`;
- kit `[{"item", "carried", "used", "condition"?: "good"|"worn", "reason"?}]` (`carried` for the check before leaving,
  `used` for what went down); open_questions `[{"text", "answer_by"?}]`;
- symptoms: a list of option names or the customer's own words; symptom_watch `[{"symptom", "result": "gone"|
  "still_there"|"could_not_test", "watched_minutes"?, "note"?}]`;
- device `{"manufacturer", "model", "serial", "software"?, "mac"?}`.

`null`, `""` and `[]` take an answer back: well-formed, and no answer.
"""

from collections.abc import Callable

from checklists.answer_lists import (
    field_text_flaws,
    kit_flaws,
    open_question_flaws,
    photo_flaws,
    symptom_flaws,
    ticked_flaws,
    watch_flaws,
)
from checklists.answer_measured import device_flaws, measurement_flaws, number_flaws, room_flaws
from checklists.answer_shapes import AnswerContext, Flaw, flaw, moment_flaws, one_of, read_moment, whole, yes_no
from checklists.answer_signature import signature_flaws
from checklists.definition import Field, FieldType
from checklists.words import Words

__all__ = ["DECLINED", "AnswerContext", "Flaw", "flaws", "read_moment", "taken_back"]

DECLINED = "declined"
LOWEST_DIAL_CODE, HIGHEST_DIAL_CODE = 600, 999  # the range that diallers number their errors in
DIAL_CODE_WANTED = Words("拨号错误代码为三位数字，如 691。", "A dial-up code has three digits, such as 691.")


def taken_back(value: object) -> bool:
    """Whether the value says that there is no answer (any more)."""
    return value is None or (isinstance(value, str | list) and len(value) == 0)


def flaws(field: Field, value: object, context: AnswerContext | None = None) -> list[Flaw]:
    """What is wrong with `value` as an answer to `field`; an empty list when it is well-formed. Never raises."""
    if taken_back(value):
        return []
    return _CHECKS[field.type](field, value, context or AnswerContext())


def _yes_no(field: Field, value: object, context: AnswerContext) -> list[Flaw]:
    del field, context
    return yes_no(value)


def _choice(field: Field, value: object, context: AnswerContext) -> list[Flaw]:
    del context
    return one_of({option.value for option in field.options})(value, "")


def _moment(field: Field, value: object, context: AnswerContext) -> list[Flaw]:
    del field, context
    return moment_flaws(value)


def _rating(field: Field, value: object, context: AnswerContext) -> list[Flaw]:
    del context
    if field.may_decline and isinstance(value, str) and value == DECLINED:
        return []
    low, high = int(field.min_value or 0), int(field.max_value or 5)
    if whole(low, high)(value, ""):
        return flaw("out_of_range", words=Words(f"请在 {low} 到 {high} 之间评分。", f"Rate from {low} to {high}."))
    return []


def _dial_code(field: Field, value: object, context: AnswerContext) -> list[Flaw]:
    del field, context
    if whole(LOWEST_DIAL_CODE, HIGHEST_DIAL_CODE)(value, ""):
        return flaw("not_a_dial_code", words=DIAL_CODE_WANTED)
    return []


_CHECKS: dict[FieldType, Callable[[Field, object, AnswerContext], list[Flaw]]] = {
    "yes_no": _yes_no,
    "choice": _choice,
    "multi_choice": ticked_flaws,
    "text": field_text_flaws,
    "number": number_flaws,
    "measurement": measurement_flaws,
    "room_measurements": room_flaws,
    "photo": photo_flaws,
    "signature": signature_flaws,
    "moment": _moment,
    "rating": _rating,
    "kit": kit_flaws,
    "open_questions": open_question_flaws,
    "symptoms": symptom_flaws,
    "symptom_watch": watch_flaws,
    "dial_code": _dial_code,
    "device": device_flaws,
}

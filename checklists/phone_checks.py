"""What the phone checks of an answer by itself, as data: for each field a list of checks, each with its sentence.

The rules are those of progress.js: `blank`, `needs` (parts that every item has), `explained` (a part that asks for a
reason), `few`, `many`, `range`, `twice`, `watched`, `must` (values that have to be among the answer), `runs` (average
or median agree) and `plausible` (whose sentence is the verdict's). The first that holds is said. The phone may be
milder than the server, which stays the judge.
"""

from typing import Any

from checklists.answer_measured import NOT_THE_AVERAGE, NOT_THE_MEDIAN
from checklists.answers import DIAL_CODE_WANTED, HIGHEST_DIAL_CODE, LOWEST_DIAL_CODE
from checklists.definition import Field
from checklists.progress import SPOKEN
from checklists.words import Words

LONGEST_TEXT = 1000

Check = dict[str, Any]

_NEEDS: dict[str, tuple[tuple[str, ...], Words]] = {
    "device": (
        ("manufacturer", "model", "serial"),
        Words("请填写厂家、型号和序列号。", "Give maker, model and serial."),
    ),
    "room_measurements": (("room", "band"), Words("请填写房间和频段。", "Give the room and the band.")),
    "open_questions": (("text",), Words("请写明问题。", "Write the question.")),
}
_MEASURED: tuple[tuple[str, Words], ...] = (
    ("median", NOT_THE_MEDIAN),
    ("average", NOT_THE_AVERAGE),
    ("plausible", Words("请核对。", "Check it.")),
)


def checks_of(field: Field) -> list[Check]:
    """The checks of one field, in the order in which they are made."""
    found = _shape(field) + _counts(field)
    if field.type in ("measurement", "room_measurements"):
        found += [_check(rule, words) for rule, words in _MEASURED]
    if field.must_be_yes:
        found.append(_check("must", SPOKEN["must_be_yes"], values=[True]))
    if any(option.must for option in field.options):
        must = [option.value for option in field.options if option.must]
        found.append(_check("must", SPOKEN["must_be_ticked"], values=must))
    return found


def _check(rule: str, words: Words, **more: Any) -> Check:
    return {"rule": rule, "words": words, **more}


def _shape(field: Field) -> list[Check]:
    found = []
    if field.type == "text":
        found.append(_check("blank", Words("不能只填空格。", "This cannot be only spaces.")))
    if field.type in _NEEDS:
        parts, words = _NEEDS[field.type]
        found.append(_check("needs", words, parts=parts))
    if field.type == "room_measurements":
        words = Words("同一房间同一频段只测一次。", "One value for each room and band.")
        found.append(_check("twice", words, parts=("room", "band")))
    if field.kit_part == "carried":
        words = Words("缺少的物品须写明原因。", "Say why an item is missing.")
        found.append(_check("explained", words, part="carried", wanted=False, by="reason"))
    if field.type == "symptom_watch":
        words = Words("未能测试的，请写明原因。", "Say why it could not be tested.")
        found.append(_check("explained", words, part="result", wanted="could_not_test", by="note"))
        found.append(_check("watched", Words("还有报过的现象没有观察。", "A reported symptom is still to be watched.")))
    return found


def _counts(field: Field) -> list[Check]:
    if field.type == "dial_code":
        return [_check("range", DIAL_CODE_WANTED, low=LOWEST_DIAL_CODE, high=HIGHEST_DIAL_CODE)]
    if field.type == "number":
        low, high = field.min_value, field.max_value
        words = Words(f"应在 {low} 到 {high} 之间。", f"It should be from {low} to {high}.")
        return [_check("range", words, low=low, high=high)]
    if field.type == "text":
        most = field.max_count or LONGEST_TEXT
        return [_check("many", Words(f"最多 {most} 个字。", f"At most {most} characters."), high=most)]
    if field.kit_part == "carried":
        many = len(field.options)
        return [_check("few", Words(f"请逐项清点，共 {many} 项。", f"Check every item: there are {many}."), low=many)]
    found = []
    if field.min_count:
        few = field.min_count
        found.append(_check("few", Words(f"至少 {few} 项。", f"At least {few}."), low=few))
    if field.max_count:
        many = field.max_count
        found.append(_check("many", Words(f"最多 {many} 项。", f"At most {many}."), high=many))
    return found

"""Are the lists of a visit well-formed: kit, open questions, symptoms and what became of them?"""

from checklists.answer_shapes import (
    AnswerContext,
    Flaw,
    day_or_moment,
    flaw,
    form_flaws,
    list_flaws,
    one_line,
    one_of,
    several_lines,
    text_flaws,
    whole,
    yes_no,
)
from checklists.definition import Field
from checklists.kit_v1 import KIT_BY_KEY
from checklists.words import Words

SYMPTOM_RESULTS = ("gone", "still_there", "could_not_test")
CONDITIONS = ("good", "worn")
LONGEST_SYMPTOM = 60
MOST_USED = 20  # pieces of one item on one visit: more is a slip of the thumb


def kit_flaws(field: Field, value: object, context: AnswerContext) -> list[Flaw]:
    """The kit, item by item: what is carried (all of it, or why not), or how many were used."""
    del context
    items = tuple(option.value for option in field.options)
    carried_part = field.kit_part == "carried"

    def check(line: object, part: str) -> list[Flaw]:
        found = form_flaws(
            line,
            {"item": one_of(items), **({"carried": yes_no} if carried_part else {"used": whole(0, MOST_USED)})},
            {"carried": yes_no, "used": whole(0, MOST_USED), "condition": one_of(CONDITIONS), "reason": one_line(200)},
            part,
        )
        if found or not isinstance(line, dict):
            return found
        if line.get("carried") is False and carried_part and not line.get("reason"):
            words = Words("缺少的物品须写明原因。", "Say why this item is missing.")
            return flaw("reason_missing", f"{part}.reason", words)
        known = KIT_BY_KEY.get(line["item"])
        if line.get("used", 0) and known is not None and not known.goes_down:
            words = Words(
                "此物品可重复使用，不计消耗；请记录其状况。", "This item is reused. Record its condition, not a number."
            )
            return flaw("not_consumed", f"{part}.used", words)
        return []

    found = list_flaws(value, check, most=len(items))
    if found or not isinstance(value, list):
        return found
    named = [line["item"] for line in value]
    if len(set(named)) < len(named):
        return flaw("twice")
    if carried_part and len(named) < len(items):
        words = Words(f"请逐项清点，共 {len(items)} 项。", f"Check every item: there are {len(items)}.")
        return flaw("item_missing", words=words)
    return []


def open_question_flaws(field: Field, value: object, context: AnswerContext) -> list[Flaw]:
    """Questions that the supervisor will answer, each perhaps with the day by which."""
    del context

    def check(item: object, part: str) -> list[Flaw]:
        return form_flaws(item, {"text": several_lines(500)}, {"answer_by": day_or_moment}, part)

    return list_flaws(value, check, most=field.max_count or 10)


def symptom_flaws(field: Field, value: object, context: AnswerContext) -> list[Flaw]:
    """Symptoms by name: one of the field's options, or the customer's own words in one line."""
    del context
    return list_flaws(
        value, one_line(LONGEST_SYMPTOM), fewest=field.min_count or 0, most=field.max_count or 20, distinct=True
    )


def watch_flaws(field: Field, value: object, context: AnswerContext) -> list[Flaw]:
    """What became of each symptom; every symptom of `context.reported_symptoms` has to be there."""

    def check(item: object, part: str) -> list[Flaw]:
        found = form_flaws(
            item,
            {"symptom": one_line(LONGEST_SYMPTOM), "result": one_of(SYMPTOM_RESULTS)},
            {"watched_minutes": whole(0, 24 * 60), "note": several_lines(500)},
            part,
        )
        if not found and isinstance(item, dict) and item["result"] == "could_not_test" and "note" not in item:
            words = Words("未能测试的，请写明原因。", "Say why it could not be tested.")
            return flaw("reason_missing", f"{part}.note", words)
        return found

    found = list_flaws(value, check, most=field.max_count or 20)
    if found or not isinstance(value, list):
        return found
    watched = [item["symptom"] for item in value]
    if len(set(watched)) < len(watched):
        return flaw("twice")
    left = len(set(context.reported_symptoms) - set(watched))
    if left:
        words = Words(f"还有 {left} 个报过的现象没有观察。", f"Reported symptoms still to be watched: {left}.")
        return flaw("symptom_missing", words=words)
    return []


def ticked_flaws(field: Field, value: object, context: AnswerContext) -> list[Flaw]:
    """Ticked options, each once."""
    del context
    options = {option.value for option in field.options}
    return list_flaws(value, one_of(options), fewest=field.min_count or 0, most=len(options), distinct=True)


def photo_flaws(field: Field, value: object, context: AnswerContext) -> list[Flaw]:
    """Photos by the SHA-256 of their bytes, in lower-case hex."""
    del context

    def check(item: object, part: str) -> list[Flaw]:
        if isinstance(item, str) and len(item) == 64 and set(item) <= set("0123456789abcdef"):
            return []
        return flaw("not_a_hash", part, Words("照片编号有误，请重新拍摄。", "This names no photo. Take it again."))

    return list_flaws(value, check, fewest=field.min_count or 0, most=field.max_count or 10, distinct=True)


def field_text_flaws(field: Field, value: object, context: AnswerContext) -> list[Flaw]:
    """A text of several lines, as long as the field allows."""
    del context
    return text_flaws(value, longest=field.max_count or 1000, lines=True)

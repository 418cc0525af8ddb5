"""Is a signature well-formed: real strokes with a name, or a refusal with its reason?"""

from checklists.answer_shapes import (
    AnswerContext,
    Flaw,
    flaw,
    form_flaws,
    is_number,
    list_flaws,
    one_line,
    several_lines,
)
from checklists.definition import Field
from checklists.words import Words

MOST_STROKES = 300
MOST_POINTS = 20_000  # in all; a careful signature has some hundreds
SMALLEST_SHARE = 0.05  # of the pad, in one direction: less is a touch, not a signature

TOO_SMALL = Words("签名太小或只是一个点，请重新签名。", "This is too small for a signature. Please sign again.")
OFF_THE_PAD = Words("笔迹超出了签名框，请重新签名。", "The strokes leave the pad. Please sign again.")
NO_REFUSAL = Words("此处必须签名。", "A signature is needed here.")


def signature_flaws(field: Field, value: object, context: AnswerContext) -> list[Flaw]:
    """Strokes on a pad with the signer's name, or (where allowed) a refusal; either may carry a reservation."""
    del context
    reservation = {"reservation": several_lines(1000)}
    if isinstance(value, dict) and "refused" in value:
        if not field.may_refuse:
            return flaw("refusal_not_allowed", words=NO_REFUSAL)
        return form_flaws(value, {"refused": _only_true, "reason": several_lines(500)}, reservation)
    found = form_flaws(
        value,
        {"width": _side, "height": _side, "name": one_line(60), "strokes": _strokes},
        reservation,
    )
    if found or not isinstance(value, dict):
        return found
    return _ink_flaws(value["strokes"], value["width"], value["height"])


def _only_true(value: object, part: str) -> list[Flaw]:
    return [] if value is True else flaw("not_yes_no", part)


def _side(value: object, part: str) -> list[Flaw]:
    return [] if is_number(value) and 1 <= value <= 10_000 else flaw("out_of_range", part)


def _number(value: object, part: str) -> list[Flaw]:
    return [] if is_number(value) else flaw("not_a_number", part)


def _strokes(value: object, part: str) -> list[Flaw]:
    found = list_flaws(value, _stroke, part, fewest=1, most=MOST_STROKES)
    # Only the first few are told: a hostile pad could hold thousands of faulty points.
    return found[:5]


def _stroke(value: object, part: str) -> list[Flaw]:
    numbers = {"x": _number, "y": _number, "t": _number}
    return list_flaws(value, lambda p, at: form_flaws(p, numbers, {"p": _number}, at), part, fewest=1, most=MOST_POINTS)


def _ink_flaws(strokes: list[list[dict[str, float]]], width: float, height: float) -> list[Flaw]:
    points = [point for stroke in strokes for point in stroke]
    if len(points) > MOST_POINTS:
        words = Words("笔迹过多，请清除后重新签名。", "Too many strokes. Clear the pad and sign again.")
        return flaw("too_many", "strokes", words)
    xs, ys = [point["x"] for point in points], [point["y"] for point in points]
    # A finger may slide a little over the edge before the pad lets go of it.
    if min(xs) < -0.1 * width or max(xs) > 1.1 * width or min(ys) < -0.1 * height or max(ys) > 1.1 * height:
        return flaw("off_the_pad", "strokes", OFF_THE_PAD)
    if max(xs) - min(xs) < SMALLEST_SHARE * width and max(ys) - min(ys) < SMALLEST_SHARE * height:
        return flaw("too_small", "strokes", TOO_SMALL)
    return []

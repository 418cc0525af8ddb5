"""What the judge of measured values says, once, for the server and for the phone that judges without it.

Places: `{range}` what is wanted or possible, `{meaning}` what an instrument's word means, `{shown}` a value with unit.
"""

from checklists.words import Words

REASONS: dict[str, Words] = {
    "pass": Words("合格（{range}）。", "Good ({range})."),
    "warn": Words(
        "可用，但偏离合格范围（{range}），请关注。", "Usable, but outside the good range ({range}). Keep an eye on it."
    ),
    "fail": Words("不合格，应为 {range}。", "Not good; it should be {range}."),
    "special": Words("不合格：{meaning}。", "Not good: {meaning}."),
    "number": Words("这里应填写数字。", "This should be a number."),
    "too_fast": Words(
        "远高于签约速率，请核对小数点和单位。",
        "Far above the subscribed rate. Check the decimal point and the unit.",
    ),
    "impossible": Words(
        "超出可能的范围（{range}），请核对小数点、单位和正负号。",
        "This cannot be ({range}). Check the decimal point, unit and sign.",
    ),
    "plain": Words("已记录，本项不作判定。", "Kept; this is not judged here."),
    "meant": Words("是否应为 {shown}？", " Did you mean {shown}?"),
}


def range_words(low: float | None, high: float | None, unit: str, *, high_open: bool = False) -> Words:
    """A range as it is spoken: `-24 to -8 dBm`, `≥ 900 Mbit/s`. At least one bound is there."""
    unit = f" {unit}" if unit else ""
    if low is not None and high is not None:
        return Words(f"{low:g} 至 {high:g}{unit}", f"{low:g} to {high:g}{unit}")
    if low is not None:
        return Words(f"≥ {low:g}{unit}", f"≥ {low:g}{unit}")
    at_most = f"{'<' if high_open else '≤'} {high:g}{unit}"
    return Words(at_most, at_most)
